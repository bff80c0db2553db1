from django.db import models


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)

    class Meta:
        db_table = "models_user"


class Upload(models.Model):
    customer = models.CharField(max_length=20)
    number = models.CharField(max_length=20)  # flowcheck: supplied-for=advertising
    place = models.CharField(max_length=20)

    class Meta:
        db_table = "models_upload"
