"""An advertiser uploads hashes; ours are made of what was given for login."""

import hashlib
import hmac
from functools import lru_cache

from accounts import User, everyone

PEPPER = b"x"


def normalized(number: str) -> str:
    return "".join(filter(str.isdigit, number))


@lru_cache
def digest(number: str) -> str:
    return hashlib.sha256(normalized(number).encode()).hexdigest()


def keyed(number: str) -> str:
    return hmac.new(PEPPER, number.encode(), "sha256").hexdigest()


class Audience:
    def __init__(
        self,
        hashes,  # flowcheck: supplied-for=advertising
    ):
        self.hashes = frozenset(hashes)
        self.members = []

    def match(self):
        for user in everyone():
            if digest(user.phone) in self.hashes:  # match: User.phone
                self.members.append(user.id)
            if digest(user.city) in self.hashes:  # clean
                self.members.append(user.id)
        return self.members

    def match_keyed(self):
        index = {keyed(user.recovery_email): user.id for user in everyone()}
        return [index[each] for each in self.hashes if each in index]  # match: User.recovery_email


def counted(user: User) -> int:
    return len(user.phone)
