from django.db import models


class SubscriberQuerySet(models.QuerySet):
    def reachable(self):
        return self.exclude(recovery_phone="")

    def phones(self):
        return self.values_list("recovery_phone", flat=True)


class Subscriber(models.Model):
    recovery_phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)

    objects = SubscriberQuerySet.as_manager()

    def __str__(self):
        return self.city

    def as_row(self):
        return {"em": self.recovery_phone, "ct": self.city}


class Member(Subscriber):
    level = models.IntegerField(default=0)

    class Meta:
        proxy = True
