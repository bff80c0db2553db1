import asyncio

from ads import push
from models import User


async def produce(queue, users):
    for user in users:
        await queue.put(user.phone)
    await queue.put(None)


async def consume(queue):
    while (item := await queue.get()) is not None:
        push(item)  # leak: User.phone


async def cities(queue):
    while (item := await queue.get()) is not None:
        push(item)  # clean


async def run(users: list[User]):
    phones, places = asyncio.Queue(), asyncio.Queue()
    for user in users:
        await places.put(user.city)
    await asyncio.gather(produce(phones, users), consume(phones), cities(places))
    async with asyncio.timeout(3):
        push([user.city for user in users])  # clean
