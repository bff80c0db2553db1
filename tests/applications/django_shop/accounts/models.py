from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    tfa_phone = models.CharField(max_length=32, blank=True)  # flowcheck: security-collected
    city = models.CharField(max_length=64)

    class Meta:
        db_table = "users"

    @property
    def masked(self):
        return self.tfa_phone[-4:]


class Profile(models.Model):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile")
    recovery_email = models.EmailField()  # flowcheck: security-collected
    newsletter_email = models.EmailField(blank=True)


class LoginDevice(models.Model):
    owner = models.ForeignKey(User, on_delete=models.CASCADE)
    number = models.CharField(max_length=20)  # flowcheck: security-collected
    label = models.CharField(max_length=20)
