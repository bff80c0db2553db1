from django.db import connection
from django.db.models import F
from models import Lead, Profile, User


class Session:
    def __init__(self):
        self.last = ""
        self.page = ""


SESSION = Session()
BY_ID = {}


def on_login(user: User):
    user.contact = user.phone
    user.save(update_fields=["contact"])
    User.objects.filter(pk=user.pk).update(note=F("phone"))
    Lead.objects.create(mobile=user.phone, source=user.city)
    Lead.objects.bulk_create([Lead(mobile=user.phone, source="x")])
    SESSION.last = user.phone
    SESSION.page = user.city
    BY_ID[user.pk] = {"to": user.phone, "place": user.city}


def on_profile(user: User):
    profile = Profile(user=user)
    profile.backup = normalise(user.phone)
    profile.colour = user.city
    profile.save()
    setattr(user, "city_code", user.city)


def normalise(number):
    return number.replace(" ", "")
