from django import forms

from models import Member


class MemberForm(forms.ModelForm):
    class Meta:
        model = Member
        fields = ["phone", "city"]


class CodeForm(forms.Form):
    mobile = forms.CharField()  # flowcheck: security-collected
    city = forms.CharField()
