from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import LoginDevice, User
from ads.client import push
from ads.tasks import sync_device


@receiver(post_save, sender=LoginDevice)
def on_device(sender, instance, created, **kwargs):
    if created:
        sync_device.delay(instance.pk)
        push(instance.number)  # leak: LoginDevice.number
        push(instance.label)  # clean


def on_user(sender, instance, **kwargs):
    push(instance.tfa_phone)  # leak: User.tfa_phone
    push(instance.city)  # clean


post_save.connect(on_user, sender=User)
