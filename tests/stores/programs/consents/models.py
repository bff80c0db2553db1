from django.db import models
class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)
    ads_consent = models.BooleanField()
    class Meta:
        db_table = "users"
    @classmethod
    def recent(cls):
        return cls.objects.filter(city="x")
    @property
    def shown(self):
        return self.phone[-4:]
    def __str__(self):
        return self.phone
class Order(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    contact = models.CharField(max_length=20)
    place = models.CharField(max_length=20)
    def save(self, *args, **kwargs):
        if not self.contact:
            self.contact = self.user.phone
        super().save(*args, **kwargs)
