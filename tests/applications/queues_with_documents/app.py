import json
from dataclasses import asdict, dataclass

import boto3
import pika
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from confluent_kafka import Consumer, Producer
from google.cloud import pubsub_v1
from kafka import KafkaConsumer, KafkaProducer

from ads import push

QUEUE = "https://sqs.eu-north-1.amazonaws.com/123/logins"
sqs = boto3.client("sqs")
sns = boto3.resource("sns")


@dataclass
class Login:
    phone: str  # flowcheck: security-collected
    city: str


def send(login: Login):
    sqs.send_message(QueueUrl=QUEUE, MessageBody=json.dumps(asdict(login)))
    sqs.send_message_batch(QueueUrl="batch", Entries=[{"Id": "1", "MessageBody": json.dumps({"phone": login.phone})}])
    sqs.send_message(QueueUrl="cities", MessageBody=json.dumps({"city": login.city}))
    producer = KafkaProducer(value_serializer=lambda value: json.dumps(value).encode())
    producer.send("logins", {"phone": login.phone, "city": login.city})
    producer.send("cities", key=b"x", value={"city": login.city})
    other = Producer({"bootstrap.servers": "x"})
    other.produce("conf", key="x", value=json.dumps(asdict(login)))
    publisher = pubsub_v1.PublisherClient()
    publisher.publish(publisher.topic_path("p", "pub"), json.dumps({"phone": login.phone, "city": login.city}).encode())
    channel = pika.BlockingConnection().channel()
    channel.basic_publish(exchange="", routing_key="rabbit", body=json.dumps({"phone": login.phone}))


async def send_async(login: Login):
    producer = AIOKafkaProducer()
    await producer.start()
    await producer.send_and_wait("async", json.dumps({"phone": login.phone, "city": login.city}).encode())


def receive():
    answer = sqs.receive_message(QueueUrl=QUEUE, MaxNumberOfMessages=10)
    for message in answer.get("Messages", []):
        body = json.loads(message["Body"])
        push(body["phone"])  # leak: Login.phone
        push(body["city"])  # clean


    for message in sqs.receive_message(QueueUrl="cities")["Messages"]:
        push(json.loads(message["Body"]))  # clean
    for message in sqs.receive_message(QueueUrl="batch")["Messages"]:
        push(json.loads(message["Body"])["phone"])  # leak: Login.phone


def consume():
    for message in KafkaConsumer("logins", bootstrap_servers="x"):
        value = json.loads(message.value)
        push(value["phone"])  # leak: Login.phone
        push(value["city"])  # clean
    for message in KafkaConsumer("cities"):
        push(message.value)  # clean
    consumer = Consumer({"group.id": "x"})
    consumer.subscribe(["conf"])
    while True:
        message = consumer.poll(1.0)
        if message is None or message.error():
            continue
        push(message.value())  # leak: Login.phone
        push(json.loads(message.value())["city"])  # clean


async def consume_async():
    consumer = AIOKafkaConsumer("async", bootstrap_servers="x")
    await consumer.start()
    async for message in consumer:
        data = json.loads(message.value)
        push(data["phone"])  # leak: Login.phone
        push(data["city"])  # clean


def callback(message):
    data = json.loads(message.data)
    push(data["phone"])  # leak: Login.phone
    push(data["city"])  # clean; spurious: Login.phone
    message.ack()


def subscribe():
    subscriber = pubsub_v1.SubscriberClient()
    subscriber.subscribe(subscriber.subscription_path("p", "pub"), callback=callback)


def on_message(channel, method, properties, body):
    push(json.loads(body)["phone"])  # leak: Login.phone


def rabbit():
    channel = pika.BlockingConnection().channel()
    channel.basic_consume(queue="rabbit", on_message_callback=on_message, auto_ack=True)
    channel.start_consuming()


def handler(event, context):
    for record in event["Records"]:
        push(json.loads(record["body"])["x"])  # clean
