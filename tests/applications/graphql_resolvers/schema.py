import strawberry
from django.db import models

from ads import push


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)


@strawberry.input
class EnrolInput:
    phone: str  # flowcheck: security-collected
    nickname: str


@strawberry.type
class Mutation:
    @strawberry.mutation
    def enrol(self, data: EnrolInput) -> bool:
        push(data.phone)  # leak: EnrolInput.phone
        push(data.nickname)  # clean
        return True


@strawberry.type
class Query:
    @strawberry.field
    def contact(self, pk: int) -> str:
        user = User.objects.get(pk=pk)
        push(user.phone)  # leak: User.phone
        push(user.city)  # clean
        return user.city
