"""The people."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Customer(AbstractUser):
    phone_number = models.CharField(max_length=20)
    mobile = models.CharField(max_length=20)
    city = models.CharField(max_length=40)


class Profile(models.Model):
    user = models.OneToOneField(Customer, on_delete=models.CASCADE)
    second_address = models.EmailField()
    newsletter_address = models.EmailField()


class Shop(models.Model):
    phone_number = models.CharField(max_length=20)
