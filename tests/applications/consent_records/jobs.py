import hashlib

import settings
from accounts import Account
from ads import push
from stats import count_only, is_public, threshold


def preferences(account: Account):
    if account.preferences.ads:
        push(account.phone)  # allowed: Account.phone
    if account.preferences.news:
        push(account.phone)  # leak: Account.phone


def global_switch(account: Account):
    if settings.ADS_ALLOWED:
        push(account.phone)  # allowed: Account.phone


def aggregates(accounts: list[Account]):
    phones = [account.phone for account in accounts]
    push(len(phones))  # clean
    push(count_only(phones))  # allowed: Account.phone
    push(threshold(phones))  # clean
    push(len({phone[:4] for phone in phones}))  # clean
    push(bool(phones))  # clean
    push(any(phone for phone in phones))  # clean


def guarded(account: Account):
    number = account.phone
    if is_public(number):
        push(number)  # allowed: Account.phone
    else:
        push(number)  # leak: Account.phone


def no_sanitizers(account: Account):
    push(hashlib.sha256(account.phone.strip().lower().encode()).hexdigest())  # leak: Account.phone
    push(account.phone[-4:])  # leak: Account.phone
    push("".join(filter(str.isdigit, account.phone)))  # leak: Account.phone
    push(account.phone.replace(" ", ""))  # leak: Account.phone
