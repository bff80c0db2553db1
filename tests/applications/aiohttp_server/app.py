import asyncio

from aiohttp import ClientSession, web

from ads import push
from models import User

routes = web.RouteTableDef()


async def load(pk) -> User:
    async with ClientSession() as session:
        async with session.get(f"https://accounts.internal/{pk}") as answer:
            return User(**await answer.json())


@routes.get("/users/{pk}")
async def show(request):
    user = await load(request.match_info["pk"])
    await asyncio.gather(notify(user), audit(user))
    return web.json_response({"city": user.city})


async def notify(user):
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean


async def audit(user):
    async with ClientSession() as session:
        await session.post("https://graph.facebook.com/v19.0/1/events", json={"ph": user.phone})  # leak: User.phone
        await session.post("https://graph.facebook.com/v19.0/1/events", json={"ct": user.city})  # clean


app = web.Application()
app.add_routes(routes)
