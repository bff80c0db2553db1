from peewee import JOIN, fn
from playhouse.shortcuts import model_to_dict

from ads import push
from models import Owner, Pet, db


def rows(pk):
    owner = Owner.get(Owner.id == pk)
    push(owner.phone)  # leak: Owner.phone
    push(owner.city)  # clean
    owner = Owner.get_by_id(pk)
    push(owner.phone)  # leak: Owner.phone
    owner = Owner.get_or_none(Owner.city == "x")
    push(owner.phone)  # leak: Owner.phone
    for each in Owner.select():
        push(each.phone)  # leak: Owner.phone
        push(each.city)  # clean
    for each in Owner.select(Owner.city).where(Owner.id > 3):
        push(each.city)  # clean
    for phone, city in Owner.select(Owner.phone, Owner.city).tuples():
        push(phone)  # leak: Owner.phone
        push(city)  # clean
    for row in Owner.select(Owner.phone, Owner.city).dicts():
        push(row["phone"])  # leak: Owner.phone
        push(row["city"])  # clean
    for row in Owner.select(Owner.phone.alias("contact"), Owner.city).dicts():
        push(row["contact"])  # leak: Owner.phone
    for row in Owner.select(fn.LOWER(Owner.phone).alias("low")).namedtuples():
        push(row.low)  # leak: Owner.phone
    push(Owner.select(fn.COUNT(Owner.id)).scalar())  # clean
    push(Owner.select(fn.MAX(Owner.phone)).scalar())  # leak: Owner.phone
    push(Owner.select().count())  # clean
    push(model_to_dict(owner))  # leak: Owner.phone
    push(model_to_dict(owner, exclude=[Owner.phone]))  # clean
    push(model_to_dict(owner, only=[Owner.city]))  # clean


def relations():
    for pet in Pet.select().join(Owner):
        push(pet.owner.phone)  # leak: Owner.phone
        push(pet.owner.city)  # clean
        push(pet.name)  # clean
    for pet in Pet.select(Pet, Owner).join(Owner, JOIN.LEFT_OUTER):
        push(pet.owner.phone)  # leak: Owner.phone
    for owner in Owner.select().prefetch(Pet):
        push([pet.name for pet in owner.pets])  # clean
    pet = Pet.get_by_id(1)
    push(pet.owner.phone)  # leak: Owner.phone


def changed(pk):
    owner = Owner.create(phone="1", city="x")
    push(owner.phone)  # leak: Owner.phone
    owner, made = Owner.get_or_create(id=pk)
    push(owner.phone)  # leak: Owner.phone
    Pet.update(chip=owner.phone).where(Pet.id == pk).execute()
    push(Pet.get_by_id(3).chip)  # leak: Owner.phone


def raw():
    cursor = db.execute_sql("SELECT phone, city FROM owner")
    for phone, city in cursor.fetchall():
        push(phone)  # leak: Owner.phone
        push(city)  # clean
    for owner in Owner.raw("SELECT * FROM owner"):
        push(owner.phone)  # leak: Owner.phone
