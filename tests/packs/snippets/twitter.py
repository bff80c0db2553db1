from accounts import User, everyone
from twitter_ads.audience import CustomAudience, TailoredAudience
from twitter_ads.client import Client
from twitter_ads.http import Request


def audience(account, user: User):
    audience = CustomAudience.create(account, "vip")
    users = [{"operation_type": "Update", "params": {"users": [{"phone": [user.phone]}]}} for user in everyone()]
    audience.users(users)  # leak
    CustomAudience.load(account, "x1").users([{"params": {"users": [{"email": [user.city]}]}}])  # clean
    TailoredAudience.load(account, "x1").users(users)  # leak


def raw(client: Client, user: User):
    resource = "/11/measurement/conversions/o8z6j"
    conversion = {"conversions": [{"identifiers": [{"hashed_phone_number": user.phone}]}]}
    Request(client, "post", resource, body=conversion).perform()  # leak
    Request(client, "get", "/11/accounts", params={"q": user.city}).perform()  # clean
