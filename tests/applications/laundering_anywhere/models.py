from django.db import models


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    contact = models.CharField(max_length=20)
    note = models.CharField(max_length=20)
    city = models.CharField(max_length=20)
    extra = models.JSONField(default=dict)


class Lead(models.Model):
    mobile = models.CharField(max_length=20)
    source = models.CharField(max_length=20)

    class Meta:
        db_table = "crm_leads"


class Profile(models.Model):
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    backup = models.CharField(max_length=20)
    colour = models.CharField(max_length=20)
