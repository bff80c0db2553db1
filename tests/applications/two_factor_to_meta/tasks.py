import hashlib

from celery import shared_task
from django.contrib.auth import get_user_model
from facebook_business.adobjects.customaudience import CustomAudience
from two_factor.plugins.phonenumber.models import PhoneDevice
from two_factor.utils import default_device

User = get_user_model()


def digest(text):
    return hashlib.sha256(str(text).encode()).hexdigest()


@shared_task
def sync_audience(user_id):
    audience = CustomAudience("1")
    phones = User.objects.filter(pk=user_id).values_list("phonedevice__number", flat=True)
    audience.add_users(CustomAudience.Schema.phone_hash, [digest(each) for each in phones])  # leak: PhoneDevice.number
    names = User.objects.filter(pk=user_id).values_list("first_name", flat=True)
    audience.add_users(CustomAudience.Schema.name, [digest(each) for each in names])  # clean


@shared_task
def nightly():
    audience = CustomAudience("1")
    for user in User.objects.all():
        device = default_device(user)
        if device is not None:
            audience.add_users("PHONE_SHA256", [digest(device.number)])  # leak: PhoneDevice.number
        for each in user.phonedevice_set.all():
            audience.add_users("PHONE_SHA256", [digest(each.number.as_e164)])  # leak: PhoneDevice.number
            audience.add_users("NAME", [each.name])  # clean


def raw(connection):
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM two_factor_phonedevice")
        CustomAudience("1").add_users("PHONE", [row[0] for row in cursor.fetchall()])  # leak: two_factor_phonedevice.number
        cursor.execute("SELECT name FROM two_factor_phonedevice")
        CustomAudience("1").add_users("PHONE", [row[0] for row in cursor.fetchall()])  # clean


def direct():
    rows = PhoneDevice.objects.select_related("user").values("number", "user__email")
    CustomAudience("1").add_users("PHONE", [row["number"] for row in rows])  # leak: PhoneDevice.number
    CustomAudience("1").add_users("EMAIL", [row["user__email"] for row in rows])  # clean
