"""Forms, class-based views, signals, cache and session."""

from django import forms
from django.dispatch import receiver
from django.db.models.signals import post_save
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.shortcuts import get_object_or_404, render
from django.views.generic import CreateView, DetailView, FormView, ListView, UpdateView, View, TemplateView
from .ads import push
from .models import Device, User, Profile

class DeviceForm(forms.ModelForm):
    class Meta:
        model = Device
        fields = ["number", "label"]
    def clean_number(self):
        number = self.cleaned_data["number"]
        push(number)  # leak: number
        return number
    def clean(self):
        data = super().clean()
        push(data["number"])  # leak: number
        push(data["label"])  # clean
        return data
    def save(self, commit=True):
        device = super().save(commit=commit)
        push(device.number)  # leak: number
        push(device.label)  # clean
        return device

class PhoneForm(forms.Form):
    phone = forms.CharField()  # flowcheck: security-collected
    nick = forms.CharField()

def plain(request):
    form = PhoneForm(request.POST)
    if form.is_valid():
        push(form.cleaned_data["phone"])  # leak: phone
        push(form.cleaned_data["nick"])  # clean
        push(form["phone"].value())  # leak: phone
        push(form.data["phone"])  # leak: phone

class Enroll(FormView):
    form_class = PhoneForm
    def form_valid(self, form):
        push(form.cleaned_data.get("phone"))  # leak: phone
        push(form.cleaned_data.get("nick"))  # clean
        return super().form_valid(form)

class DeviceCreate(CreateView):
    model = Device
    fields = ["number", "label"]
    def form_valid(self, form):
        response = super().form_valid(form)
        push(self.object.number)  # leak: number
        push(self.object.label)  # clean
        push(form.instance.number)  # leak: number
        return response

class DeviceDetail(DetailView):
    model = Device
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        push(context["object"].number)  # leak: number
        push(context["device"].number)  # leak: number
        push(self.get_object().number)  # leak: number
        push(self.object.label)  # clean
        return context

class Users(ListView):
    model = User
    def get_queryset(self):
        qs = super().get_queryset().filter(is_active=True)
        push([u.mfa_phone for u in qs])  # leak: mfa_phone
        return qs
    def get(self, request, *args, **kwargs):
        push(request.user.mfa_phone)  # leak: mfa_phone
        for u in self.get_queryset():
            push(u.mfa_phone)  # leak: mfa_phone
            push(u.city)  # clean

@login_required
def by_pk(request, pk):
    user = get_object_or_404(User, pk=pk)
    push(user.mfa_phone)  # leak: mfa_phone
    push(user.city)  # clean
    request.session["p"] = user.mfa_phone
    cache.set("c:phone", user.mfa_phone, 30)
    cache.set("c:city", user.city)

def later(request):
    push(request.session["p"])  # leak: mfa_phone
    push(request.session.get("q"))  # clean
    push(cache.get("c:phone"))  # leak: mfa_phone
    push(cache.get("c:city"))  # clean

@receiver(post_save, sender=User)
def on_save(sender, instance, created, **kwargs):
    push(instance.mfa_phone)  # leak: mfa_phone
    push(instance.city)  # clean

def device_saved(sender, instance, **kwargs):
    push(instance.number)  # leak: number
    push(instance.label)  # clean

post_save.connect(device_saved, sender=Device)

def model_getter(request):
    UserModel = get_user_model()
    push(UserModel.objects.get(pk=1).mfa_phone)  # leak: mfa_phone
    push(UserModel.objects.get(pk=1).city)  # clean
