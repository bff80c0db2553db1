import json

import redis

from ads import push
from models import User

store = redis.Redis(host="localhost", decode_responses=True)
PREFIX = "otp:"


def begin(user: User):
    store.setex(f"{PREFIX}{user.id}", 300, user.phone)
    store.set("city:last", user.city)
    store.hset("login:1", mapping={"contact": user.phone})
    store.lpush("ads:queue", json.dumps({"to": user.phone}))
    store.lpush("news:queue", user.city)


def resend(user_id):
    push(store.get(f"{PREFIX}{user_id}"))  # leak: User.phone
    push(store.get("city:last"))  # clean
    push(store.hget("login:1", "contact"))  # leak: User.phone
    push(store.get("other:1"))  # clean


def worker():
    while True:
        _, raw = store.blpop("ads:queue")
        push(json.loads(raw)["to"])  # leak: User.phone
        push(store.rpop("news:queue"))  # clean
