from django.db.models.signals import post_save
from django.dispatch import receiver
from two_factor.plugins.phonenumber.models import PhoneDevice

from tasks import sync_audience


@receiver(post_save, sender=PhoneDevice)
def on_device(sender, instance, **kwargs):
    sync_audience.delay(instance.user_id)
