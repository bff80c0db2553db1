from django import forms

from accounts.models import Profile, User


class TwoFactorForm(forms.Form):
    phone = forms.CharField(label="Phone for two-factor login")  # flowcheck: security-collected
    nickname = forms.CharField()


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Profile
        fields = ["recovery_email", "newsletter_email"]
