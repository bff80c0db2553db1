"""The classes that keep a number that is marked elsewhere, and those that have a number of another kind."""

from dataclasses import dataclass


@dataclass
class Account:
    phone: str  # flowcheck: security-collected


class Person:
    def __init__(self, account: Account):
        self.number = account.phone


class Invoice:
    def __init__(self, number):
        self.number = number
