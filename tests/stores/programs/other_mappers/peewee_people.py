import adtech
from peewee import Model, CharField, ForeignKeyField, SqliteDatabase
db = SqliteDatabase("x.db")
class BaseModel(Model):
    class Meta:
        database = db
class Person(BaseModel):
    phone = CharField()  # flowcheck: security-collected
    city = CharField()
class Device(BaseModel):
    person = ForeignKeyField(Person, backref="devices")
    number = CharField()
    class Meta:
        table_name = "devices"
def a():
    adtech.push([p.phone for p in Person.select().where(Person.city == "x")]) # leak
    adtech.push([p.city for p in Person.select(Person.city)])
    adtech.push(Person.get(Person.city == "x").phone) # leak
    adtech.push(Person.get_by_id(1).city)
    adtech.push([d.number for d in Device.select()]) # leak
    adtech.push(Device.get_or_none(Device.number == "x").person.phone) # leak
    adtech.push([d.number for d in Person.get_by_id(1).devices]) # leak
