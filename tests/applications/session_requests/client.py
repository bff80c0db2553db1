import requests

from models import User

BASE = "https://graph.facebook.com"


class Graph:
    version = "v19.0"

    def __init__(self, token):
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, path, **fields):
        return self.session.request(method, f"{BASE}/{self.version}/{path}", json=fields)  # leak: User.phone


class Crm:
    def call(self, method, path, **fields):
        return requests.request(method, f"https://crm.internal/{path}", json=fields)  # clean


def sync(user: User):
    Graph("t").call("POST", "act_1/users", payload={"data": [user.phone]})
    Graph("t").call("GET", "me")
    Crm().call("POST", "users", payload={"data": [user.phone]})
