from peewee import BooleanField, CharField, ForeignKeyField, Model, SqliteDatabase

db = SqliteDatabase("people.db")


class BaseModel(Model):
    class Meta:
        database = db


class Owner(BaseModel):
    phone = CharField()  # flowcheck: security-collected
    city = CharField()
    consented = BooleanField(default=False)


class Pet(BaseModel):
    owner = ForeignKeyField(Owner, backref="pets")
    name = CharField()
    chip = CharField()
