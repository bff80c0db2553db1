from dataclasses import dataclass, field
from typing import Annotated

from ads import both, pay, push, report


@dataclass
class Account:
    phone: str  # flowcheck: security-collected
    # flowcheck: collected-for=billing
    number: Annotated[str, "security-collected"]
    device: str = field(default="", metadata={"collected_for": "billing"})
    city: str = ""
    ads_consent: bool = False


def nightly(account: Account):
    push(account.phone)  # leak: Account.phone; BILL2: Account.phone
    push(account.number)  # leak: Account.number; BILL2: Account.number
    push(account.device)  # leak: Account.device; BILL2: Account.device
    push(account.city)  # clean
    report(account.phone)  # BILL1: Account.phone; SEC1: Account.phone
    report(account.number)  # BILL1: Account.number; SEC1: Account.number
    report(account.device)  # BILL1: Account.device; SEC1: Account.device
    report(account.city)  # clean
    pay(account.phone)  # clean
    pay(account.device)  # clean


def twice(account: Account):
    both(account.city)  # clean
    both(account.phone)  # BILL1: Account.phone; SEC1: Account.phone


def agreed(account: Account):
    if account.ads_consent:
        push(account.phone)  # allowed: Account.phone
        report(account.phone)  # BILL1: Account.phone; SEC1: Account.phone
