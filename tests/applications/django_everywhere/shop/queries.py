"""Queries of every shape, `_meta`, `model_to_dict`, reverse relations."""

from django.db.models import F, Prefetch, Value, OuterRef, Subquery, Case, When
from django.db.models.functions import Concat, Lower
from django.forms.models import model_to_dict
from .models import User, Device, Profile, Audience
from .ads import push

def fields(user: User):
    for f in user._meta.fields:
        push(getattr(user, f.name))  # leak: mfa_phone

def fields2(user: User):
    push({f.name: getattr(user, f.attname) for f in User._meta.get_fields()})  # leak: mfa_phone

def fields3(user: User):
    push({f.name: f.value_from_object(user) for f in user._meta.concrete_fields})  # leak: mfa_phone

def names(user: User):
    push([f.name for f in user._meta.fields])  # clean
    push(user._meta.get_field("mfa_phone").verbose_name)  # clean

def fields_of_other(profile: Profile):
    for f in profile._meta.fields:
        push(getattr(profile, f.name))  # leak: mfa_phone

def to_dict(user: User):
    push(model_to_dict(user))  # leak: mfa_phone
    push(model_to_dict(user, fields=["city"]))  # clean
    push(model_to_dict(user, exclude=["mfa_phone"]))  # clean
    push(model_to_dict(user, fields=["mfa_phone", "city"])["city"])  # clean

def prefetch():
    for user in User.objects.prefetch_related("devices"):
        for d in user.devices.all():
            push(d.number)  # leak: number
            push(d.label)  # clean
    for user in User.objects.prefetch_related(Prefetch("devices", queryset=Device.objects.filter(label="x"), to_attr="xs")):
        for d in user.xs:
            push(d.number)  # leak: number
            push(d.label)  # clean

def select():
    for d in Device.objects.select_related("user").only("user__mfa_phone"):
        push(d.user.mfa_phone)  # leak: mfa_phone
        push(d.user.city)  # clean

def strings():
    push(list(User.objects.values("devices__number")))  # leak: number
    push(list(User.objects.values("devices__label")))  # clean
    push(list(Device.objects.values_list("user__mfa_phone", "label")))  # leak: mfa_phone
    for phone, label in Device.objects.values_list("user__mfa_phone", "label"):
        push(phone)  # leak: mfa_phone
        push(label)  # clean
    for row in Device.objects.values_list("user__mfa_phone", "label", named=True):
        push(row.user__mfa_phone)  # leak: mfa_phone
        push(row.label)  # clean

def annotate():
    for u in User.objects.annotate(to=F("devices__number"), low=Lower("city")):
        push(u.to)  # leak: number
        push(u.low)  # clean
    for u in User.objects.annotate(c=Case(When(city="x", then=F("mfa_phone")), default=Value(""))):
        push(u.c)  # leak: mfa_phone
    newest = Device.objects.filter(user=OuterRef("pk")).order_by("-created")
    for u in User.objects.annotate(n=Subquery(newest.values("number")[:1]), l=Subquery(newest.values("label")[:1])):
        push(u.n)  # leak: number
        push(u.l)  # clean

def reverse(user: User):
    push([d.number for d in user.devices.all()])  # leak: number
    push([d.label for d in user.devices.all()])  # clean
    push(user.profile.bio)  # clean

def launder(user: User):
    profile = Profile.objects.get(user=user)
    profile.contact = user.mfa_phone
    profile.save()

def laundered(pk):
    push(Profile.objects.get(pk=pk).contact)  # leak: mfa_phone
    push(Profile.objects.get(pk=pk).bio)  # clean

def bulk():
    Audience.objects.bulk_create([Audience(contact=u.mfa_phone) for u in User.objects.all()])  # leak: mfa_phone
    Audience.objects.bulk_create([Audience(contact=u.city, name=u.mfa_phone) for u in User.objects.all()])  # clean

def creates(user: User):
    Audience.objects.create(contact=user.mfa_phone)  # leak: mfa_phone
    Audience.objects.create(contact=user.city)  # clean
    Audience.objects.update_or_create(name="x", defaults={"contact": user.mfa_phone})  # leak: mfa_phone
    Audience.objects.get_or_create(name="x", defaults={"contact": user.city})  # clean
    Audience.objects.filter(name="x").update(contact=user.mfa_phone)  # leak: mfa_phone
    Audience.objects.filter(name="x").update(name=user.mfa_phone)  # clean

def saved(user: User):
    a = Audience()
    a.contact = user.mfa_phone  # leak: mfa_phone
    a.name = user.city
    a.save()

def first():
    u = User.objects.filter(is_active=True).order_by("pk").first()
    if u:
        push(u.mfa_phone)  # leak: mfa_phone
    for u in User.objects.iterator():
        push(u.mfa_phone)  # leak: mfa_phone
    push(User.objects.in_bulk([1])[1].mfa_phone)  # leak: mfa_phone
    push(User.objects.raw("select * from shop_user")[0].mfa_phone)  # leak: mfa_phone
    push(User.objects.latest("pk").city)  # clean
    push(User.objects.count())  # clean
    push(User.objects.filter(mfa_phone__isnull=False).exists())  # clean

def dates():
    push(list(User.objects.values_list("pk", flat=True)))  # clean
    q = User.objects.all()
    q = q.defer("bio") if q else q
    push([u.mfa_phone for u in q[:10]])  # leak: mfa_phone
    push(User.objects.union(User.objects.all()).values("mfa_phone"))  # leak: mfa_phone

def ser():
    from django.core import serializers
    push(serializers.serialize("json", User.objects.all()))  # leak: mfa_phone
    push(serializers.serialize("json", User.objects.all(), fields=["city"]))  # clean
