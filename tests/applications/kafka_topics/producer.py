import json

from kafka import KafkaProducer

from models import User

producer = KafkaProducer(value_serializer=lambda value: json.dumps(value).encode())


def publish(user: User):
    producer.send("login-codes", value={"to": user.phone, "place": user.city})
    producer.send("cities", value={"place": user.city})
    producer.send("ads.audience", {"to": user.phone})  # leak: User.phone
    producer.send("ads.audience", {"to": user.city})  # clean
