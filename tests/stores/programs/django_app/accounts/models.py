from django.contrib.auth.models import AbstractUser
from django.db import models
class UserQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)
class UserManager(models.Manager):
    def by_city(self, city):
        return self.filter(city=city)
    def phones(self):
        return self.values_list("phone", flat=True)
class TimeStamped(models.Model):
    created = models.DateTimeField()
    class Meta:
        abstract = True
class User(AbstractUser):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
    objects = UserManager()
    class Meta:
        db_table = "accounts"
class Device(TimeStamped):
    user = models.ForeignKey("accounts.User", related_name="devices", on_delete=models.CASCADE)
    number = models.CharField(max_length=20)
    label = models.CharField(max_length=20)
    objects = UserQuerySet.as_manager()
    class Meta:
        db_table = "devices"
class Audience(models.Model):
    phone = models.CharField(max_length=20)
    memo = models.CharField(max_length=20)
    class Meta:
        db_table = "ad_audience"
class Upload(models.Model):
    phone = models.CharField(max_length=20)
    city = models.CharField(max_length=20)
    class Meta:
        db_table = "uploads"
