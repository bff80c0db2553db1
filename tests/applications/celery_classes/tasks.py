from celery import Task, shared_task
from celery.schedules import crontab

from ads import push
from models import User
from worker import app


class Export(Task):
    name = "ads.export"

    def run(self, contact, place):
        push(contact)  # leak: User.phone
        push(place)  # clean


export = app.register_task(Export())


@app.on_after_configure.connect
def schedule(sender, **kwargs):
    sender.add_periodic_task(crontab(hour=3), nightly.s())


@shared_task(autoretry_for=(OSError,), retry_backoff=True)
def nightly():
    for user in User.objects.filter(city="x"):
        push(user.phone)  # leak: User.phone
        push(user.city)  # clean
        one.delay(user.pk)


@shared_task(ignore_result=True)
def one(pk):
    user = User.objects.get(pk=pk)
    push({"em": user.phone})  # leak: User.phone
    push({"ct": user.city})  # clean


def start(user: User):
    export.delay(user.phone, user.city)
