import json

from kafka import KafkaConsumer

from ads import push


def codes():
    for message in KafkaConsumer("login-codes", bootstrap_servers="x"):
        push(json.loads(message.value)["to"])  # leak: User.phone


def cities():
    for message in KafkaConsumer("cities", value_deserializer=json.loads):
        push(message.value["place"])  # clean
