from tortoise.expressions import F, Q
from tortoise.functions import Count, Lower
from tortoise.transactions import in_transaction

from ads import push
from models import Player, PlayerOut, PlayerPublic, Team


async def rows(pk):
    player = await Player.get(id=pk)
    push(player.phone)  # leak: Player.phone
    push(player.city)  # clean
    player = await Player.get_or_none(id=pk)
    push(player.phone)  # leak: Player.phone
    player = await Player.filter(Q(city="x") | Q(id=3)).first()
    push(player.phone)  # leak: Player.phone
    push(player.city)  # clean
    async for each in Player.all():
        push(each.phone)  # leak: Player.phone
        push(each.city)  # clean
    for each in await Player.all().order_by("-id").limit(3):
        push(each.phone)  # leak: Player.phone
    push(await Player.all().values_list("phone", flat=True))  # leak: Player.phone
    push(await Player.all().values_list("city", flat=True))  # clean
    push(await Player.all().values("id", "phone"))  # leak: Player.phone
    push(await Player.all().values("id", "city"))  # clean
    push(await Player.all().values("id", number="phone"))  # leak: Player.phone
    push(await Player.all().count())  # clean
    push(await Player.annotate(low=Lower("phone")).values_list("low", flat=True))  # leak: Player.phone
    push(await Player.annotate(n=Count("id")).values_list("n", flat=True))  # clean
    push(await Player.exists(phone="1"))  # clean


async def relations(pk):
    team = await Team.get(id=pk).prefetch_related("players")
    for player in team.players:
        push(player.phone)  # leak: Player.phone
        push(player.city)  # clean
    push(await team.players.all().values_list("phone", flat=True))  # leak: Player.phone
    push(await Team.all().values_list("players__phone", flat=True))  # leak: Player.phone
    push(await Team.all().values_list("players__city", flat=True))  # clean
    player = await Player.get(id=pk)
    await player.fetch_related("team")
    push(player.team.name)  # clean


async def changed(pk):
    player = await Player.create(phone="1", city="x")
    push(player.phone)  # leak: Player.phone
    found, created = await Player.get_or_create(id=pk, defaults={"city": "x"})
    push(found.phone)  # leak: Player.phone
    await Player.filter(id=pk).update(note=F("phone"))


async def schemas(pk):
    push(await PlayerOut.from_tortoise_orm(await Player.get(id=pk)))  # leak: Player.phone
    push(await PlayerPublic.from_tortoise_orm(await Player.get(id=pk)))  # clean
    async with in_transaction() as connection:
        found = await connection.execute_query_dict("SELECT phone, city FROM players")
        push([row["phone"] for row in found])  # leak: Player.phone
