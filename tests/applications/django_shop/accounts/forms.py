from django import forms

from accounts.models import Profile, User


class TwoFactorForm(forms.Form):
    phone = forms.CharField(label="Phone for two-factor login")  # flowcheck: security-collected
    nickname = forms.CharField()


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ["recovery_email", "newsletter_email"]


class BackupForm(forms.Form):
    backup = forms.CharField(label="Phone to fall back on")  # flowcheck: security-collected
    note = forms.CharField()

    def __init__(self, *args, owner=None, **kwargs):
        if owner is None:
            raise ValueError("whose?")
        super().__init__(*args, **kwargs)
