"""Models with marked fields."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models

class TimeStamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    class Meta:
        abstract = True

class User(AbstractUser):
    mfa_phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)

class Device(TimeStamped):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    number = models.CharField(max_length=20)  # flowcheck: security-collected
    label = models.CharField(max_length=20)

class Profile(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE)
    bio = models.TextField()
    contact = models.CharField(max_length=20)

class Audience(models.Model):
    contact = models.CharField(max_length=50)  # flowcheck: advertising
    name = models.CharField(max_length=50)
