import dramatiq

from ads import push
from models import User


@dramatiq.actor(queue_name="ads", max_retries=3)
def deliver(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


@dramatiq.actor
def later(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


@dramatiq.actor
def calm(place):
    push(place)  # clean


def start(user: User):
    deliver.send(user.phone, user.city)
    later.send_with_options(args=(user.phone,), kwargs={"place": user.city}, delay=3000)
    calm.send(user.city)
