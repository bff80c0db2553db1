import json
import os

import boto3

from ads import push
from models import User

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def enrol(event, context):
    body = json.loads(event["body"])
    phone = body["phone"]  # flowcheck: security-collected
    push(phone)  # leak: enrol.phone
    push(body["city"])  # clean
    return {"statusCode": 200}


def export(event, context):
    users = [User(**item) for item in table.scan()["Items"]]
    with open("/tmp/audience.csv", "w") as file:
        file.writelines(f"{user.phone}\n" for user in users)
    push(open("/tmp/audience.csv").read())  # leak: User.phone
    push([user.city for user in users])  # clean
    return {}
