from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from ads import push


class Member(Model):
    phone = fields.CharField(max_length=20)  # flowcheck: security-collected
    city = fields.CharField(max_length=20)


class Login(Model):
    member = fields.ForeignKeyField("models.Member", related_name="logins")
    device = fields.CharField(max_length=20)


async def nightly():
    member = await Member.get(id=1)
    push(member.phone)  # leak: Member.phone
    push(member.city)  # clean
    for each in await Member.filter(Q(city="x") | Q(city="y")):
        push(each.phone)  # leak: Member.phone
        push(each.city)  # clean
    async for each in Member.all():
        push(each.phone)  # leak: Member.phone
    push(await Member.filter(city="x").values_list("phone", flat=True))  # leak: Member.phone
    push(await Member.all().values("city"))  # clean
    first = await Member.filter(city="x").first()
    push(first.phone)  # leak: Member.phone
    for login in await Login.all().prefetch_related("member"):
        push(login.member.phone)  # leak: Member.phone
        push(login.device)  # clean
    push(await Member.filter(city="x").count())  # clean
