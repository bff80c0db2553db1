from celery import Celery, chain, chord, group, shared_task

from ads import push
from models import User

app = Celery("shop")


@app.task(bind=True, max_retries=3, default_retry_delay=60)
def deliver(self, contact, place):
    try:
        push(contact)  # leak: User.phone
        push(place)  # clean
    except OSError as error:
        raise self.retry(exc=error)


@shared_task
def load(pk):
    return User.objects.get(pk=pk).phone


@shared_task
def forward(contact, place="x"):
    push(contact)  # leak: User.phone
    push(place)  # clean


@shared_task(name="ads.tasks.named")
def named(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


@shared_task
def collect(contacts):
    push(contacts)  # leak: User.phone


@app.task
def harmless(place):
    push(place)  # clean


def enqueue(user: User):
    deliver.delay(user.phone, user.city)
    harmless.apply_async(args=[user.city], countdown=3)
    app.send_task("ads.tasks.named", args=[user.phone, user.city])


def pipeline(user: User):
    chain(load.s(user.pk), forward.s(place=user.city))()
    chord(group(load.s(each.pk) for each in User.objects.all()), collect.s())()


def immutable(user: User):
    forward.si(user.phone, user.city).apply_async()
    forward.signature((user.phone,), {"place": user.city}).delay()
    forward.apply_async(kwargs={"contact": user.phone, "place": user.city}, queue="ads")
