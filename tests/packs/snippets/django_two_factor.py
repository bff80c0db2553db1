import pyotp
from django.db import connection
from django.db.models.signals import post_save
from django.dispatch import receiver
from django_otp.plugins.otp_email.models import EmailDevice
from django_otp.plugins.otp_hotp.models import HOTPDevice
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from facebook_business.adobjects.customaudience import CustomAudience
from otp_twilio.models import TwilioSMSDevice
from two_factor.models import PhoneDevice as OldPhoneDevice
from two_factor.plugins.phonenumber.forms import PhoneNumberForm, PhoneNumberMethodForm
from two_factor.plugins.phonenumber.models import PhoneDevice
from two_factor.plugins.phonenumber.utils import backup_phones
from two_factor.utils import default_device

audience = CustomAudience("1")


def rows():
    for device in PhoneDevice.objects.all():
        audience.add_users("PHONE", [device.number.as_e164])  # leak
        audience.add_users("NAME", [device.name])  # clean
    audience.add_users("PHONE", list(PhoneDevice.objects.values_list("number", flat=True)))  # leak
    audience.add_users("PHONE", list(PhoneDevice.objects.values_list("name", flat=True)))  # clean
    audience.add_users("PHONE", [device.number for device in OldPhoneDevice.objects.filter(user_id=1)])  # leak
    audience.add_users("KEY", [device.key for device in PhoneDevice.objects.all()])  # leak
    audience.add_users("EMAIL", [device.email for device in EmailDevice.objects.devices_for_user(1)])  # leak
    audience.add_users("KEY", [device.key for device in TOTPDevice.objects.all()])  # leak
    audience.add_users("KEY", [HOTPDevice.objects.get(pk=1).key])  # leak
    audience.add_users("KEY", [StaticToken.objects.first().token])  # leak
    audience.add_users("PHONE", [TwilioSMSDevice.objects.first().number])  # leak


def of_user(user):
    device = default_device(user)
    if device:
        audience.add_users("PHONE", [device.number.as_international])  # leak
    for phone in backup_phones(user):
        audience.add_users("PHONE", [str(phone.number)])  # leak


def forms(request):
    form = PhoneNumberForm(request.POST)
    if form.is_valid():
        audience.add_users("PHONE", [form.cleaned_data["number"]])  # leak
        audience.add_users("PHONE", [form.cleaned_data["color"]])  # clean
    other = PhoneNumberMethodForm(data=request.POST)
    if other.is_valid():
        audience.add_users("PHONE", [other.cleaned_data.get("number")])  # leak


@receiver(post_save, sender=PhoneDevice)
def on_device(sender, instance, **kwargs):
    audience.add_users("PHONE", [instance.number])  # leak
    audience.add_users("NAME", [instance.name])  # clean


class Gateway:
    """settings.TWO_FACTOR_SMS_GATEWAY"""

    def send_sms(self, device, token):
        audience.add_users("PHONE", [device.number])  # clean

    def make_call(self, device: PhoneDevice, token: str):
        audience.add_users("PHONE", [device.number])  # leak


def in_sql():
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, method FROM two_factor_phonedevice")
        rows = cursor.fetchall()
        audience.add_users("PHONE", [number for number, _ in rows])  # leak
        audience.add_users("METHOD", [method for _, method in rows])  # clean
        cursor.execute("SELECT email FROM otp_email_emaildevice")
        audience.add_users("EMAIL", cursor.fetchall())  # leak
