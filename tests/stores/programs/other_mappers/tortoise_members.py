import adtech
from tortoise import fields
from tortoise.models import Model
class Member(Model):
    phone = fields.CharField(max_length=20)  # flowcheck: security-collected
    city = fields.CharField(max_length=20)
async def a():
    adtech.push([p.phone for p in await Member.filter(city="x")]) # leak
    adtech.push([p.city for p in await Member.all()])
    adtech.push((await Member.get(id=1)).phone) # leak
    async for m in Member.all():
        adtech.push(m.phone) # leak
    adtech.push(await Member.all().values_list("phone", flat=True)) # leak
    adtech.push((await Member.first()).city)
