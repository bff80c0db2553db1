from mongoengine import Document, EmailField, ReferenceField, StringField
from pymongo import MongoClient

from ads import push

client = MongoClient("mongodb://localhost")
db = client["shop"]


class Member(Document):
    recovery_email = EmailField()  # flowcheck: security-collected
    city = StringField()


class Visit(Document):
    member = ReferenceField(Member)
    place = StringField()


def documents():
    for member in Member.objects(city="x"):
        push(member.recovery_email)  # leak: Member.recovery_email
        push(member.city)  # clean
    push(Member.objects.first().recovery_email)  # leak: Member.recovery_email
    push([visit.place for visit in Visit.objects.all()])  # clean
    push(Visit.objects.first().member.recovery_email)  # leak: Member.recovery_email


def collections(member: Member):
    db.contacts.insert_one({"address": member.recovery_email, "place": member.city})
    db["logs"].insert_one({"place": member.city})
