"""People whose answer is known where the code is called: the branch is decided, and asks all the same."""

from dataclasses import dataclass


@dataclass
class User:
    phone: str  # flowcheck: security-collected
    ads_consent: bool


def push(rows):  # flowcheck: advertising
    return rows


def inside_and_behind(user: User):
    if user.ads_consent:
        push(user.phone)  # allowed: phone
    push(user.phone)  # leak: phone


def left_early(user: User):
    if not user.ads_consent:
        return
    push(user.phone)  # allowed: phone


inside_and_behind(User("+15550100", True))
left_early(User("+15550101", True))
