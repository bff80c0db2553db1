from django.db import models


class Member(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=50)
