"""Redis, Kafka, SQS, Pub/Sub and files, written here and read there."""

import json
import redis
import boto3
import pika
from kafka import KafkaProducer, KafkaConsumer
from confluent_kafka import Producer, Consumer
from google.cloud import pubsub_v1
from models import User
from ads import push

r = redis.Redis()

def w(user: User):
    r.set("phone:last", user.phone)
    r.set("city:last", user.city)
    r.hset("profile", "phone", user.phone)
    r.hset("profile", mapping={"city": user.city})
    r.lpush("phones", user.phone)
    r.lpush("cities", user.city)
    r.sadd("phoneset", user.phone)
    r.setex(f"code:{user.city}", 30, user.phone)
    r.publish("chan", json.dumps({"phone": user.phone, "city": user.city}))

def rd(pk):
    push(r.get("phone:last"))  # leak: phone
    push(r.get("city:last"))  # clean
    push(r.hget("profile", "phone"))  # leak: phone
    push(r.hget("profile", "city"))  # clean
    push(r.hgetall("profile"))  # leak: phone
    push(r.lrange("phones", 0, -1))  # leak: phone
    push(r.rpop("cities"))  # clean
    push(r.smembers("phoneset"))  # leak: phone
    push(r.get(f"code:{pk}"))  # leak: phone
    sub = r.pubsub()
    sub.subscribe("chan")
    for m in sub.listen():
        push(json.loads(m["data"])["phone"])  # leak: phone
        push(json.loads(m["data"])["city"])  # clean

def k(user: User):
    p = KafkaProducer(value_serializer=lambda v: json.dumps(v).encode())
    p.send("signups", {"phone": user.phone, "city": user.city})
    p.send("cities", value={"city": user.city})
    c = Producer({})
    c.produce("conf", value=user.phone, callback=print)

def kc():
    for m in KafkaConsumer("signups", value_deserializer=lambda b: json.loads(b)):
        push(m.value["phone"])  # leak: phone
        push(m.value["city"])  # clean; spurious: phone
    for m in KafkaConsumer("cities"):
        push(m.value)  # clean
    c = Consumer({})
    c.subscribe(["conf"])
    while True:
        m = c.poll(1.0)
        if m is None: continue
        push(m.value())  # leak: phone

def s(user: User):
    sqs = boto3.client("sqs")
    sqs.send_message(QueueUrl="https://sqs/q1", MessageBody=json.dumps({"phone": user.phone}))
    sqs.send_message(QueueUrl="https://sqs/q2", MessageBody=user.city)

def sc():
    sqs = boto3.client("sqs")
    for m in sqs.receive_message(QueueUrl="https://sqs/q1")["Messages"]:
        push(json.loads(m["Body"])["phone"])  # leak: phone
    for m in sqs.receive_message(QueueUrl="https://sqs/q2")["Messages"]:
        push(m["Body"])  # clean

def g(user: User):
    pub = pubsub_v1.PublisherClient()
    pub.publish(pub.topic_path("p", "login"), data=user.phone.encode())
    pub.publish(pub.topic_path("p", "town"), data=user.city.encode())

def gc():
    def cb(message):
        push(message.data)  # leak: phone
        message.ack()
    def cb2(message):
        push(message.data)  # clean
    sub = pubsub_v1.SubscriberClient()
    sub.subscribe(sub.subscription_path("p", "login"), callback=cb)
    sub.subscribe(sub.subscription_path("p", "town"), callback=cb2)

def f(user: User):
    with open("people.json", "w") as out:
        json.dump({"phone": user.phone, "city": user.city}, out)
    with open("log.txt", "a") as out:
        print(user.phone, file=out)

def fr():
    with open("people.json") as inp:
        d = json.load(inp)
    push(d["phone"])  # leak: phone
    push(d["city"])  # clean
    push(open("log.txt").readlines())  # leak: phone
    push(open("other.txt").read())  # clean

import pathlib, csv, sqlite3, pickle, shelve
def f2(user: User):
    pathlib.Path("p.txt").write_text(user.phone)
    (pathlib.Path("d") / "q.txt").write_text(user.city)
    with open("c.csv", "w") as o:
        w = csv.DictWriter(o, ["phone", "city"])
        w.writerow({"phone": user.phone, "city": user.city})
    with shelve.open("sh") as s: 
        s["phone"] = user.phone
        s["city"] = user.city
def f2r():
    push(pathlib.Path("p.txt").read_text())  # leak: phone
    push((pathlib.Path("d") / "q.txt").read_text())  # clean
    for row in csv.DictReader(open("c.csv")):
        push(row["phone"])  # leak: phone
    with shelve.open("sh") as s:
        push(s["phone"])  # leak: phone
        push(s["city"])  # clean
