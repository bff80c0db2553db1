from django.db import models
from ninja import ModelSchema, NinjaAPI, Schema

from ads import push

api = NinjaAPI()


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)


class EnrolIn(Schema):
    phone: str  # flowcheck: security-collected
    nickname: str


@api.post("/enrol")
def enrol(request, payload: EnrolIn):
    push(payload.phone)  # leak: EnrolIn.phone
    push(payload.nickname)  # clean
    push(payload.dict())  # leak: EnrolIn.phone
    User.objects.create(city="x", **payload.dict(include={"nickname"}))
    return {}


@api.get("/users/{pk}")
def show(request, pk: int):
    user = User.objects.get(pk=pk)
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean
    return {}
