import csv

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from models import Upload, User


def filters(pk):
    numbers = Upload.objects.filter(customer=pk).values_list("number", flat=True)
    User.objects.filter(phone__in=numbers)  # match: User.phone
    User.objects.filter(city__in=numbers)  # clean
    User.objects.filter(phone__in=list(numbers)).values_list("id", flat=True)  # match: User.phone
    User.objects.filter(Q(phone__in=numbers) | Q(city="x"))  # match: User.phone
    User.objects.exclude(phone__in=numbers)  # match: User.phone
    User.objects.filter(Exists(Upload.objects.filter(number=OuterRef("phone"))))  # match: User.phone
    User.objects.filter(Exists(Upload.objects.filter(place=OuterRef("city"))))  # clean


def loops():
    for upload in Upload.objects.all():
        user = User.objects.filter(phone=upload.number).first()  # match: User.phone
        other = User.objects.filter(city=upload.place).first()  # clean
        yield user, other


def statements():
    with connection.cursor() as cursor:
        cursor.execute("SELECT u.id FROM models_user u JOIN models_upload a ON a.number = u.phone")  # match: User.phone
        cursor.execute("SELECT u.id FROM models_user u JOIN models_upload a ON a.place = u.city")  # clean
        cursor.execute(  # match: User.phone
            "SELECT id FROM models_user WHERE md5(phone) IN (SELECT md5(number) FROM models_upload)"
        )


def from_file():
    with open("uploads/list.csv") as file:
        rows = list(csv.reader(file))  # flowcheck: supplied-for=advertising
    return User.objects.filter(phone__in=[row[0] for row in rows])  # match: User.phone
