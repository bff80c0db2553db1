from django.contrib import admin
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Concat, Lower, Substr
from django.forms import ModelForm, formset_factory, modelform_factory
from django.forms.models import model_to_dict
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views import View
from django.views.generic import CreateView, DetailView, FormView, ListView

from ads import push
from models import Note, Person


def queries(pk):
    push(list(Person.objects.in_city("x").phones()))  # leak: phone
    push(list(Person.objects.in_city("x").values_list("city", flat=True)))  # clean
    push([str(person) for person in Person.objects.all()])  # leak: phone
    push(Person.objects.annotate(low=Lower("phone")).first().low)  # leak: phone
    push(Person.objects.annotate(low=Lower("city")).first().low)  # clean
    push(list(Note.objects.values_list("person__phone", flat=True)))  # leak: phone
    push(list(Note.objects.values("person__city", "text")))  # clean
    push([note.person.phone for note in Note.objects.select_related("person")])  # leak: phone
    push([note.text for person in Person.objects.prefetch_related("notes") for note in person.notes.all()])  # clean
    push(Note.objects.annotate(p=F("person__phone")).values_list("p"))  # leak: phone
    inner = Person.objects.filter(pk=OuterRef("person_id")).values("phone")[:1]
    push(list(Note.objects.annotate(p=Subquery(inner)).values_list("p", flat=True)))  # leak: phone
    push(Person.objects.aggregate(n=Count("phone")))  # clean
    push(Person.objects.values("city").annotate(n=Count("id")))  # clean
    push(Person.objects.filter(pk=pk).values_list("phone", "city").first()[1])  # clean
    push(Person.objects.filter(pk=pk).values_list("phone", "city").first()[0])  # leak: phone
    push(Person.objects.in_bulk([pk])[pk].phone)  # leak: phone
    push(Person.objects.only("city").get(pk=pk).city)  # clean
    push(Person.objects.filter(Q(city="x") & ~Q(phone="")).exists())  # clean
    push(list(Person.objects.values_list("phone", flat=True).distinct().order_by("phone")[:10]))  # leak: phone
    push(list(Person.objects.dates("date_joined", "year")))  # clean
    push(Person.objects.annotate(x=Case(When(city="x", then=F("phone")), default=Value(""))).first().x)  # leak: phone
    push(model_to_dict(Person.objects.get(pk=pk), fields=["city"]))  # clean
    push(model_to_dict(Person.objects.get(pk=pk)))  # leak: phone
    push(list(Person.objects.raw("SELECT * FROM models_person"))[0].phone)  # leak: phone
    for person in Person.objects.iterator(chunk_size=100):
        push(person.phone)  # leak: phone
        push(person.city)  # clean
    person, created = Person.objects.update_or_create(pk=pk, defaults={"city": "x"})
    push(person.phone)  # leak: phone
    push(created)  # clean
    push(getattr(person, "phone"))  # leak: phone
    push(getattr(person, "city"))  # clean


class PersonForm(ModelForm):
    class Meta:
        model = Person
        fields = "__all__"

    def clean_phone(self):
        push(self.cleaned_data["phone"])  # leak: phone
        return self.cleaned_data["phone"]

    def clean(self):
        cleaned = super().clean()
        push(cleaned["phone"])  # leak: phone
        push(cleaned["city"])  # clean
        return cleaned


class PersonView(DetailView):
    model = Person

    def get_context_data(self, **kwargs):
        push(self.object.phone)  # leak: phone
        push(self.object.city)  # clean
        push(self.request.user.phone)  # leak: phone
        return super().get_context_data(**kwargs)


class PersonCreate(CreateView):
    model = Person
    form_class = PersonForm

    def form_valid(self, form):
        push(form.cleaned_data["phone"])  # leak: phone
        push(form.cleaned_data["city"])  # clean
        push(form.instance.phone)  # leak: phone
        push(form.save(commit=False).phone)  # leak: phone
        return super().form_valid(form)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    actions = ["send"]
    list_display = ["city", "shown"]

    def shown(self, obj):
        push(obj.phone)  # leak: phone
        return obj.city

    @admin.action(description="x")
    def send(self, request, queryset):
        push([person.phone for person in queryset])  # leak: phone
        push([person.city for person in queryset])  # clean

    def save_model(self, request, obj, form, change):
        push(obj.phone)  # leak: phone
        push(form.cleaned_data["city"])  # clean
        super().save_model(request, obj, form, change)


def middleware(get_response):
    def inner(request):
        push(request.user.phone)  # leak: phone
        push(request.user.city)  # clean
        return get_response(request)

    return inner
