from redis import Redis
from rq import Queue
from rq.decorators import job

from ads import push
from models import User

queue = Queue("ads", connection=Redis())


def deliver(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


def deliver_by_name(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


@job("ads", connection=Redis())
def decorated(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


def calm(place):
    push(place)  # clean


def start(user: User):
    queue.enqueue(deliver, user.phone, place=user.city)
    queue.enqueue("app.deliver_by_name", args=(user.phone, user.city))
    decorated.delay(user.phone, user.city)
    queue.enqueue_call(func=calm, args=(user.city,))
