import json

from ads import push
from models import User
from ports import Channel


class FileUsers:
    def all(self) -> list[User]:
        with open("users.json") as file:
            return [User(**row) for row in json.load(file)]


class AdChannel(Channel):
    def send(self, contact: str) -> None:
        push(contact)  # leak: User.phone


class CityChannel(Channel):
    def send(self, contact: str) -> None:
        push(contact)  # clean


class QuietChannel(Channel):
    def send(self, contact: str) -> None:
        print(contact)
