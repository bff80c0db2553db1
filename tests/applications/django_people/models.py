from django.contrib.auth.models import AbstractUser
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver

from ads import push


class ContactMixin(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected

    class Meta:
        abstract = True


class PersonQuerySet(models.QuerySet):
    def in_city(self, city):
        return self.filter(city=city)

    def phones(self):
        return self.values_list("phone", flat=True)


class Person(ContactMixin, AbstractUser):
    city = models.CharField(max_length=20)
    objects = PersonQuerySet.as_manager()

    def save(self, *args, **kwargs):
        push(self.phone)  # leak: phone
        super().save(*args, **kwargs)

    def __str__(self):
        return f"{self.city} {self.phone}"


class Note(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()


@receiver(post_save, sender=Person)
def saved(sender, instance, created, **kwargs):
    push(instance.phone)  # leak: phone
    push(instance.city)  # clean


@receiver(pre_save, sender=Note)
def saving(sender, instance, **kwargs):
    push(instance.person.phone)  # leak: phone
    push(instance.text)  # clean
