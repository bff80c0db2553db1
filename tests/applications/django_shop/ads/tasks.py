from celery import shared_task
from django.forms.models import model_to_dict

from accounts.models import LoginDevice, User
from ads.client import push


@shared_task
def sync_device(pk):
    device = LoginDevice.objects.select_related("owner").get(pk=pk)
    push(device.number)  # leak: LoginDevice.number
    push(device.owner.tfa_phone)  # leak: User.tfa_phone
    push(device.owner.city)  # clean


@shared_task(bind=True, max_retries=3)
def nightly(self):
    rows = User.objects.filter(logindevice__label="main").values_list("logindevice__number", "city")
    for number, city in rows:
        push(number)  # leak: LoginDevice.number
        push(city)  # clean
    for user in User.objects.all():
        push(model_to_dict(user))  # leak: User.tfa_phone
        push(model_to_dict(user, fields=["city"]))  # clean
        push({field.name: getattr(user, field.name) for field in user._meta.fields})  # leak: User.tfa_phone
        push(user.__dict__)  # leak: User.tfa_phone
