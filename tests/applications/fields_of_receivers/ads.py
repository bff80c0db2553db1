"""Methods that read a field of their receiver, whose class came in under another name."""

import people as p
from people import Invoice
from people import Person as Base

Kept = p.Person


def push(rows):  # flowcheck: advertising
    return rows


def extended(base):
    return base


class Imported(Base):
    def send(self):
        push(self.number)  # leak: phone


class Assigned(Kept):
    def send(self):
        push(self.number)  # leak: phone


class Made(extended(p.Person)):
    def send(self):
        push(self.number)  # leak: phone


class Bill(Invoice):
    def send(self):
        push(self.number)  # clean
