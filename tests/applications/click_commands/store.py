import json

from models import User


def everyone() -> list[User]:
    with open("users.json") as file:
        return [User(**row) for row in json.load(file)]
