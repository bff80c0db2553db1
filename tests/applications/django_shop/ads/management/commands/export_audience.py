import csv

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db.models import F, Value
from django.db.models.functions import Concat

from ads.client import push

User = get_user_model()


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("--out", default="audience.csv")

    def handle(self, *args, **options):
        with open("audience.csv", "w", newline="") as file:
            writer = csv.writer(file)
            for user in User.objects.only("tfa_phone").iterator():
                writer.writerow([user.tfa_phone])
        push("audience.csv")  # leak: User.tfa_phone
        rows = User.objects.annotate(to=F("tfa_phone"), place=F("city"))
        for row in rows:
            push(row.to)  # leak: User.tfa_phone
            push(row.place)  # clean
        labelled = User.objects.annotate(label=Concat(F("tfa_phone"), Value("-x"))).values("label", "city")
        push([row["label"] for row in labelled])  # leak: User.tfa_phone
        push([row["city"] for row in labelled])  # clean
        push(User.objects.values("city", to=F("tfa_phone")).first()["to"])  # leak: User.tfa_phone
