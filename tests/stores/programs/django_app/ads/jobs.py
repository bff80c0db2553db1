from django.db import connection
from django.db.models import Q, F
from django.shortcuts import get_object_or_404
from django.contrib.auth import get_user_model
from accounts.models import User, Device, Audience, Upload
from accounts import models as m
def sync_audience(rows):  # flowcheck: advertising
    return rows
def managers():
    sync_audience([u.phone for u in User.objects.by_city("x")]) # leak
    sync_audience([u.city for u in User.objects.by_city("x")])
    sync_audience(User.objects.phones()) # leak
    sync_audience([d.number for d in Device.objects.active()]) # leak
    sync_audience([d.label for d in Device.objects.active()])
    sync_audience(get_object_or_404(User, pk=1).phone) # leak
    sync_audience(get_object_or_404(User, pk=1).city)
    sync_audience(m.User.objects.exclude(city="x").last().phone) # leak
    sync_audience(list(User.objects.filter(devices__label="x").values("devices__number"))) # leak
    sync_audience(list(User.objects.filter(devices__label="x").values("devices__label")))
    user = User.objects.get(pk=1)
    sync_audience([d.number for d in user.devices.all()]) # leak
    sync_audience([d.label for d in user.devices.filter(label="x")])
    sync_audience(Device.objects.select_related("user").first().user.phone) # leak
    sync_audience(User.objects.count())
    sync_audience(User.objects.filter(phone="x").exists())
    sync_audience(User.objects.filter(phone="x").values_list("id", flat=True))
    for d in Device.objects.prefetch_related("user").iterator():
        sync_audience({"to": d.user.phone, "x": d.label}) # leak
def sinks():
    user = User.objects.get(pk=1)
    Audience.objects.create(phone=user.phone, memo="") # leak
    Audience.objects.create(phone="", memo=user.phone)
    row = Audience()
    row.phone = user.phone # leak
    row.memo = user.phone
    row.save()
    Audience.objects.filter(pk=1).update(phone=user.phone) # leak
    Audience.objects.filter(pk=1).update(memo=user.phone)
    Audience.objects.bulk_create([Audience(phone=u.phone) for u in User.objects.all()]) # leak
    Audience.objects.update_or_create(memo="x", defaults={"phone": user.phone}) # leak
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ad_audience (phone) SELECT phone FROM accounts") # leak
        cursor.execute("INSERT INTO ad_audience (phone) SELECT city FROM accounts")
        cursor.execute("SELECT phone FROM accounts WHERE id = %s", [1])
        sync_audience(cursor.fetchone()[0]) # leak
        cursor.execute("SELECT city FROM accounts WHERE id = %s", [1])
        sync_audience(cursor.fetchone()[0])
        cursor.execute("SELECT * FROM accounts")
        for row in cursor.fetchall():
            sync_audience(row) # leak
    sync_audience([u.phone for u in User.objects.raw("SELECT * FROM accounts")]) # leak
    sync_audience([u.city for u in User.objects.raw("SELECT * FROM accounts")])
def matches(
    uploaded,  # flowcheck: supplied-for=advertising
):
    User.objects.filter(Q(phone__in=uploaded) | Q(city="x")) # match
    User.objects.filter(Q(phone__in=uploaded)) # match
    User.objects.filter(Q(city__in=uploaded))
    User.objects.filter(phone__in=Upload.objects.values("phone")) # match
    User.objects.filter(city__in=Upload.objects.values("city"))
    User.objects.get(phone=uploaded[0]) # match
    Device.objects.filter(user__phone__in=uploaded) # match
    Device.objects.filter(user__city__in=uploaded)
    User.objects.filter(devices__number__in=uploaded) # match
    for u in Upload.objects.all():
        User.objects.filter(phone=u.phone).first() # match
        User.objects.filter(phone=u.city).first()
    with connection.cursor() as c:
        c.execute("SELECT a.id FROM accounts a WHERE a.phone IN (SELECT phone FROM uploads)") # match
        c.execute("SELECT a.id FROM accounts a WHERE a.phone = ANY(%s)", [list(uploaded)]) # match
        c.execute(f"SELECT a.id FROM accounts a WHERE a.phone IN ({','.join(['%s'] * len(uploaded))})", uploaded) # match
        c.execute("SELECT a.id FROM accounts a WHERE a.city = ANY(%s)", [list(uploaded)])
