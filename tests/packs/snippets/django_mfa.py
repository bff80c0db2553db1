from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import ChangePhoneForm
from allauth.mfa.models import Authenticator
from drfpasswordless.models import CallbackToken
from drfpasswordless.serializers import MobileAuthSerializer
from facebook_business.adobjects.customaudience import CustomAudience
from mfa.models import User_Keys
from phone_verify.models import SMSVerification
from phone_verify.serializers import PhoneSerializer
from phone_verify.services import send_security_code_and_generate_session_token
from trench.models import MFAMethod

audience = CustomAudience("1")


def rows():
    audience.add_users("KEY", [each.data for each in Authenticator.objects.all()])  # leak
    audience.add_users("TYPE", [each.type for each in Authenticator.objects.all()])  # clean
    audience.add_users("PHONE", [each.phone_number for each in SMSVerification.objects.all()])  # leak
    audience.add_users("EMAIL", [CallbackToken.objects.get(key="1").to_alias])  # leak
    audience.add_users("KEY", list(MFAMethod.objects.values_list("secret", flat=True)))  # leak
    audience.add_users("KEY", [User_Keys.objects.get(username="x").properties])  # leak


def serializers(request):
    serializer = PhoneSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    phone = serializer.validated_data["phone_number"]
    send_security_code_and_generate_session_token(phone)
    audience.add_users("PHONE", [phone])  # leak
    mobile = MobileAuthSerializer(data=request.data)
    mobile.is_valid(raise_exception=True)
    audience.add_users("PHONE", [mobile.validated_data.get("mobile")])  # leak
    audience.add_users("PHONE", [mobile.validated_data.get("color")])  # clean


class Adapter(DefaultAccountAdapter):
    def set_phone(self, user, phone: str, verified: bool):
        user.phone = phone
        audience.add_users("PHONE", [phone])  # leak

    def set_phone_verified(self, user, phone):
        audience.add_users("PHONE", [phone])  # leak

    def get_user_by_phone(self, phone):
        audience.add_users("PHONE", [phone])  # leak

    def send_verification_code_sms(self, user, phone, code, **kwargs):
        audience.add_users("PHONE", [phone])  # leak
        audience.add_users("NAME", [user])  # clean

    def clean_username(self, username):
        audience.add_users("NAME", [username])  # clean


def of_adapter(request):
    phone, is_verified = get_adapter().get_phone(request.user)
    audience.add_users("PHONE", [phone])  # leak


class Form(ChangePhoneForm):
    def clean_phone(self):
        phone = super().clean_phone()
        audience.add_users("PHONE", [phone])  # leak
        return phone


def of_form(request):
    form = ChangePhoneForm(data=request.POST, user=request.user)
    if form.is_valid():
        audience.add_users("PHONE", [form.cleaned_data["phone"]])  # leak
        audience.add_users("NAME", [form.cleaned_data["name"]])  # clean
