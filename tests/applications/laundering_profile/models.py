from django.db import models


class User(models.Model):
    tfa_phone = models.CharField(max_length=20)  # flowcheck: security-collected
    phone = models.CharField(max_length=20)
    marketing_email = models.EmailField()
    recovery_email = models.EmailField()  # flowcheck: security-collected
    city = models.CharField(max_length=20)


class Contact(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    address = models.CharField(max_length=50)
    source = models.CharField(max_length=50)
