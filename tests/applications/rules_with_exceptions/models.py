from dataclasses import dataclass


def secret(function):
    return function


@dataclass
class User:
    phone: str
    city: str
    ads_consent: bool = False
    mail_consent: bool = False


@dataclass
class Guest:
    phone: str


def read_phone():
    return input()


def read_city():
    return input()


@secret
def hidden():
    return input()


def shown():
    return input()


def asks_all(user):
    return input() == "y"


def asks_nobody(user):
    return input() == "y"
