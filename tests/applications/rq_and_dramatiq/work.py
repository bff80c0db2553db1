from datetime import timedelta

import dramatiq
from dramatiq import group, pipeline
from redis import Redis
from rq import Queue, Retry
from rq.decorators import job

from ads import push

queue = Queue("ads", connection=Redis())


class User:
    def __init__(self, phone, city):
        self.phone = phone  # flowcheck: security-collected
        self.city = city


def upload(number, place, note=""):
    push(number)  # leak: User.phone
    push(place)  # clean
    push(note)  # clean


def quiet(place):
    push(place)  # clean


@job("low", connection=Redis(), timeout=5)
def decorated(number):
    push(number)  # leak: User.phone


@dramatiq.actor
def deliver(number, place):
    push(number)  # leak: User.phone
    push(place)  # clean


@dramatiq.actor(max_retries=3, queue_name="low")
def slow(number):
    push(number)  # leak: User.phone


@dramatiq.actor
def clean_up(number):
    return number.strip()


@dramatiq.actor
def finish(number):
    push(number)  # leak: User.phone


@dramatiq.actor
def calm(place):
    push(place)  # clean


@dramatiq.actor
def failed(data, exception):
    print(exception)


def start(user: User):
    queue.enqueue(upload, user.phone, user.city, note="x", job_timeout=3)
    queue.enqueue_call(func=upload, args=(user.phone, user.city), timeout=3)
    queue.enqueue_in(timedelta(minutes=3), quiet, user.city)
    queue.enqueue("work.quiet", user.city, retry=Retry(max=3))
    decorated.delay(user.phone)
    deliver.send(user.phone, user.city)
    slow.send_with_options(args=(user.phone,), delay=1000, on_failure=failed)
    pipeline([clean_up.message(user.phone), finish.message()]).run()
    (clean_up.message(user.city) | calm.message()).run()
    group([calm.message(user.city), calm.message("x")]).run()
