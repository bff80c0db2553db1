import json

import redis
import redis.asyncio as aioredis
from django.core.cache import cache, caches
from django.db import models

from ads import push

client = redis.Redis.from_url("redis://localhost", decode_responses=True)
pool = aioredis.from_url("redis://localhost")


class User(models.Model):
    phone = models.CharField(max_length=20)  # flowcheck: security-collected
    city = models.CharField(max_length=20)


def write(user: User):
    cache.set(f"user:{user.pk}", {"phone": user.phone, "city": user.city}, timeout=60)
    cache.set("city", user.city)
    cache.set_many({"a": user.phone, "b": user.city})
    caches["fast"].set("number", user.phone)
    cache.add("maybe", user.phone)
    client.set("plain", user.phone, ex=60)
    client.mset({"m:phone": user.phone, "m:city": user.city})
    client.hset("h", mapping={"phone": user.phone, "city": user.city})
    client.zadd("z", {user.phone: 1})
    client.rpush("list", json.dumps({"phone": user.phone, "city": user.city}))
    client.xadd("stream", {"phone": user.phone})
    client.append("log", user.phone)
    client.getset("swap", user.phone)
    pipe = client.pipeline()
    pipe.set("piped", user.phone)
    pipe.set("piped:city", user.city)
    pipe.execute()


async def write_async(user: User):
    await pool.set("async", user.phone)
    await pool.set("async:city", user.city)


async def read_async():
    push(await pool.get("async"))  # leak: User.phone
    push(await pool.get("async:city"))  # clean


def read(pk):
    held = cache.get(f"user:{pk}")
    push(held["phone"])  # leak: User.phone
    push(held["city"])  # clean
    push(cache.get("city"))  # clean
    push(cache.get("a"))  # leak: User.phone
    push(cache.get("b"))  # clean
    push(cache.get_many(["a"]))  # leak: User.phone
    push(cache.get_many(["b"]))  # clean
    push(caches["fast"].get("number"))  # leak: User.phone
    push(cache.get("maybe", ""))  # leak: User.phone
    push(cache.get_or_set("other", lambda: "x"))  # clean
    push(client.get("plain"))  # leak: User.phone
    push(client.get("m:phone"))  # leak: User.phone
    push(client.get("m:city"))  # clean
    push(client.mget(["m:phone", "m:city"]))  # leak: User.phone
    push(client.mget("m:city"))  # clean
    push(client.hgetall("h"))  # leak: User.phone
    push(client.hget("h", "city"))  # clean
    push(client.hvals("h"))  # leak: User.phone
    push(client.zrange("z", 0, -1))  # leak: User.phone
    push(client.lrange("list", 0, -1))  # leak: User.phone
    push([json.loads(each)["city"] for each in client.lrange("list", 0, -1)])  # clean
    push([json.loads(each)["phone"] for each in client.lrange("list", 0, -1)])  # leak: User.phone
    push(client.xrange("stream"))  # leak: User.phone
    push(client.get("log"))  # leak: User.phone
    push(client.get("swap"))  # leak: User.phone
    push(client.get("piped"))  # leak: User.phone
    push(client.get("piped:city"))  # clean
    push(client.exists("plain"))  # clean
    push(client.ttl("plain"))  # clean
    push(client.llen("list"))  # clean
    push(client.incr("plain:count"))  # clean
