from tortoise import fields
from tortoise.contrib.pydantic import pydantic_model_creator
from tortoise.models import Model


class Team(Model):
    id = fields.IntField(pk=True)
    name = fields.CharField(max_length=50)


class Player(Model):
    id = fields.IntField(pk=True)
    phone = fields.CharField(max_length=20)  # flowcheck: security-collected
    city = fields.CharField(max_length=20)
    note = fields.CharField(max_length=20)
    team = fields.ForeignKeyField("models.Team", related_name="players")

    class Meta:
        table = "players"


PlayerOut = pydantic_model_creator(Player, name="PlayerOut")
PlayerPublic = pydantic_model_creator(Player, name="PlayerPublic", exclude=("phone",))
