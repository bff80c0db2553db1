from peewee import CharField, ForeignKeyField, Model, SqliteDatabase

from ads import push

db = SqliteDatabase("people.db")


class BaseModel(Model):
    class Meta:
        database = db


class Person(BaseModel):
    phone = CharField()  # flowcheck: security-collected
    city = CharField()


class Visit(BaseModel):
    person = ForeignKeyField(Person, backref="visits")
    place = CharField()


def nightly():
    for person in Person.select().where(Person.city == "x").order_by(Person.id):
        push(person.phone)  # leak: Person.phone
        push(person.city)  # clean
    push([row.phone for row in Person.select(Person.phone)])  # leak: Person.phone
    push([phone for (phone,) in Person.select(Person.phone).tuples()])  # leak: Person.phone
    push(list(Person.select(Person.phone, Person.city).dicts()))  # leak: Person.phone
    push([row["city"] for row in Person.select(Person.phone, Person.city).dicts()])  # clean
    push(Person.get(Person.id == 1).phone)  # leak: Person.phone
    push(Person.get_by_id(1).city)  # clean
    push(Person.get_or_none(Person.id == 1).phone)  # leak: Person.phone
    for visit in Visit.select().join(Person):
        push(visit.person.phone)  # leak: Person.phone
        push(visit.place)  # clean
    push([visit.place for visit in Person.get_by_id(1).visits])  # clean
    push(Person.select().count())  # clean
