from django.core.cache import cache, caches
from django.db import models

from ads import push


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)


def warm(pk):
    user = User.objects.get(pk=pk)
    cache.set(f"contact:{pk}", user.phone, timeout=300)
    cache.set(f"place:{pk}", user.city, 300)
    caches["default"].set("last", user.phone)


def use(pk):
    push(cache.get(f"contact:{pk}"))  # leak: User.phone
    push(cache.get(f"place:{pk}"))  # clean
    push(caches["default"].get("last"))  # leak: User.phone


def lazily(pk):
    push(cache.get_or_set(f"phones:{pk}", lambda: User.objects.get(pk=pk).phone))  # leak: User.phone


def in_session(request):
    request.session["contact"] = User.objects.get(pk=1).phone
    request.session["place"] = User.objects.get(pk=1).city


def from_session(request):
    push(request.session["contact"])  # leak: User.phone
    push(request.session.get("place"))  # clean
