from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    ads_consent = models.BooleanField(default=False)
    city = models.CharField(max_length=20)

    def has_consented(self, purpose):
        return self.ads_consent and purpose == "ads"
