import json

import boto3
from google.cloud import pubsub_v1

from ads import push
from models import User

sqs = boto3.client("sqs")
QUEUE = "https://sqs.eu-north-1.amazonaws.com/1/login-codes"
publisher = pubsub_v1.PublisherClient()


def send(user: User):
    sqs.send_message(QueueUrl=QUEUE, MessageBody=json.dumps({"to": user.phone}))
    sqs.send_message(QueueUrl="https://sqs.eu-north-1.amazonaws.com/1/partner-audience", MessageBody=user.phone)  # leak: User.phone
    sqs.send_message(QueueUrl="https://sqs.eu-north-1.amazonaws.com/1/partner-audience", MessageBody=user.city)  # clean
    publisher.publish("projects/shop/topics/partner-audience", data=user.phone.encode())  # leak: User.phone
    publisher.publish("projects/shop/topics/news", data=user.phone.encode())  # clean


def receive():
    for message in sqs.receive_message(QueueUrl=QUEUE)["Messages"]:
        push(json.loads(message["Body"])["to"])  # leak: User.phone
    for message in sqs.receive_message(QueueUrl="https://sqs.eu-north-1.amazonaws.com/1/other")["Messages"]:
        push(message["Body"])  # clean
