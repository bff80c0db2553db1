from django.db import models


class Account(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    display_name = models.CharField(max_length=20)
    ads_consent = models.BooleanField(default=False)
