"""Celery: by call, by name, in chains, groups and chords."""

from celery import Celery, shared_task, chain, group, chord, signature
from models import User
from ads import push
app = Celery("x")

@app.task
def t1(phone, city):
    push(phone)  # leak: phone
    push(city)  # clean

@shared_task(bind=True, name="audience.sync")
def t2(self, phone, city=None):
    push(phone)  # leak: phone
    push(city)  # clean
    self.retry(args=(phone, city))

@shared_task
def t3(phone):
    return phone

@shared_task
def t4(phone):
    push(phone)  # leak: phone

@shared_task
def t5(city):
    push(city)  # clean

@shared_task
def t6(phones):
    push(phones)  # leak: phone

@shared_task
def t7(phone, tag):
    push(phone)  # leak: phone
    push(tag)  # clean

@shared_task(name="byname")
def t8(phone, city):
    push(phone)  # leak: phone
    push(city)  # clean

@shared_task
def t9(x):
    push(x)  # leak: phone

@shared_task
def t10(x):
    push(x)  # clean

class Klass(app.Task):
    name = "klass"
    def run(self, phone):
        push(phone)  # leak: phone

def go(user: User):
    t1.delay(user.phone, user.city)
    t2.apply_async(args=[user.phone], kwargs={"city": user.city})
    chain(t3.s(user.phone), t4.s())()
    chain(t3.s(user.city), t5.s()).delay()
    chord([t3.s(user.phone), t3.s(user.phone)])(t6.s())
    (t3.s(user.phone) | t7.s("tag")).apply_async()
    app.send_task("byname", args=[user.phone, user.city])
    group(t9.s(user.phone), t10.s(user.city))()
    Klass().delay(user.phone)
