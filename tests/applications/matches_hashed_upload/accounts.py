import json
from dataclasses import dataclass


@dataclass
class User:
    id: int
    phone: str  # flowcheck: security-collected
    recovery_email: str  # flowcheck: security-collected
    city: str


def everyone() -> list[User]:
    with open("users.json") as file:
        return [User(**row) for row in json.load(file)]
