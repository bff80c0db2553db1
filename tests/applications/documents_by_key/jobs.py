import csv
import json
from pathlib import Path

import pandas as pd
import redis

from ads import push
from models import User

store = redis.Redis(decode_responses=True)
cache = redis.StrictRedis.from_url("redis://localhost")


def write(user: User, users: list[User]):
    with open("state.json", "w") as out:
        json.dump({"contact": user.phone, "place": user.city}, out)
    Path("nested.json").write_text(json.dumps({"user": {"phone": user.phone, "city": user.city}, "n": 1}))
    with open("rows.json", "w") as out:
        json.dump([{"phone": u.phone, "city": u.city} for u in users], out)
    store.hset("login:1", mapping={"contact": user.phone, "place": user.city})
    store.hset("login:2", "contact", user.phone)
    store.hset("login:2", "place", user.city)
    cache.set("doc", json.dumps({"to": user.phone, "city": user.city}))
    with open("users.csv", "w") as out:
        writer = csv.DictWriter(out, ["phone", "city"])
        writer.writeheader()
        writer.writerows({"phone": u.phone, "city": u.city} for u in users)
    pd.DataFrame([{"phone": u.phone, "city": u.city} for u in users]).to_csv("frame.csv", index=False)


def read():
    with open("state.json") as file:
        state = json.load(file)
    push(state["contact"])  # leak: User.phone
    push(state["place"])  # clean
    nested = json.loads(Path("nested.json").read_text())
    push(nested["user"]["phone"])  # leak: User.phone
    push(nested["user"]["city"])  # clean
    push(nested["n"])  # clean
    with open("rows.json") as file:
        rows = json.load(file)
    push([row["phone"] for row in rows])  # leak: User.phone
    push([row["city"] for row in rows])  # clean


def read_store():
    push(store.hget("login:1", "contact"))  # leak: User.phone
    push(store.hget("login:1", "place"))  # clean
    push(store.hgetall("login:1")["contact"])  # leak: User.phone
    push(store.hgetall("login:1")["place"])  # clean
    push(store.hget("login:2", "contact"))  # leak: User.phone
    push(store.hget("login:2", "place"))  # clean
    push(store.hmget("login:2", ["place"]))  # clean
    push(store.hmget("login:2", "contact", "place")[0])  # leak: User.phone
    doc = json.loads(cache.get("doc"))
    push(doc["to"])  # leak: User.phone
    push(doc["city"])  # clean


def read_tables():
    with open("users.csv") as file:
        for row in csv.DictReader(file):
            push(row["phone"])  # leak: User.phone
            push(row["city"])  # clean
    df = pd.read_csv("frame.csv")
    push(df["phone"])  # leak: User.phone
    push(df["city"])  # clean
    push(pd.read_csv("frame.csv", usecols=["city"]))  # clean
    push(pd.read_csv("frame.csv"))  # leak: User.phone
    push(pd.read_csv("users.csv")["city"].tolist())  # clean
    push(pd.read_csv("users.csv")["phone"].tolist())  # leak: User.phone
