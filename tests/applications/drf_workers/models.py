from django.db import models


class Company(models.Model):
    name = models.CharField(max_length=20)


class Worker(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="workers")
