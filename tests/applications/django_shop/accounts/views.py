from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django.views.generic import DetailView, FormView, ListView, UpdateView

from accounts.forms import BackupForm, ProfileForm, TwoFactorForm
from accounts.models import Profile, User
from ads.client import push


def enable(request):
    form = TwoFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.user.city = form.cleaned_data["nickname"]
        request.user.save(update_fields=["city"])
        push(form.cleaned_data["phone"])  # leak: TwoFactorForm.phone
        push(form.cleaned_data["nickname"])  # clean
        push(form.cleaned_data)  # leak: TwoFactorForm.phone
        return redirect("home")
    return render(request, "enable.html", {"form": form})


class EnableView(FormView):
    form_class = TwoFactorForm
    template_name = "enable.html"

    def form_valid(self, form):
        push(form.cleaned_data["phone"])  # leak: TwoFactorForm.phone
        push(form.cleaned_data["nickname"])  # clean
        return super().form_valid(form)


class BackupView(FormView):
    form_class = BackupForm

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "owner": self.request.user}

    def form_valid(self, form):
        push(form.cleaned_data["backup"])  # leak: BackupForm.backup
        push(form.cleaned_data["note"])  # clean
        return super().form_valid(form)


class ProfileUpdate(UpdateView):
    model = Profile
    form_class = ProfileForm

    def form_valid(self, form):
        profile = form.save(commit=False)
        push(profile.recovery_email)  # leak: Profile.recovery_email
        push(profile.newsletter_email)  # clean
        return super().form_valid(form)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        push(self.object.recovery_email)  # leak: Profile.recovery_email
        push(self.get_object().newsletter_email)  # clean
        return context


class UserDetail(DetailView):
    model = User

    def get(self, request, *args, **kwargs):
        user = self.get_object()
        push(user.tfa_phone)  # leak: User.tfa_phone
        push(user.city)  # clean
        return JsonResponse({"city": user.city})


class UserList(ListView):
    queryset = User.objects.filter(is_active=True)

    def get_queryset(self):
        found = super().get_queryset()
        push([user.tfa_phone for user in found])  # leak: User.tfa_phone
        push([user.city for user in found])  # clean
        return found


class Api(View):
    def post(self, request, pk):
        user = get_object_or_404(User, pk=pk)
        push({"to": user.profile.recovery_email})  # leak: Profile.recovery_email
        push({"to": user.profile.newsletter_email})  # clean
        for device in user.logindevice_set.all():
            push(device.number)  # leak: LoginDevice.number
            push(device.label)  # clean
        return JsonResponse({})


def current(request):
    push(request.user.tfa_phone)  # leak: User.tfa_phone
    push(request.user.city)  # clean
    push(request.user.masked)  # leak: User.tfa_phone
    push(request.user.profile.recovery_email)  # leak: Profile.recovery_email
