"""The shop's people."""

from django.db import models
class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
    ads_consent = models.BooleanField(default=False)
    def may_advertise(self): return self.ads_consent
class Consent(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    ads = models.BooleanField(default=False)
