"""Functions, methods, decorators and generators that ask for a person's consent on behalf of their caller."""

import functools
from dataclasses import dataclass
from models import User
from ads import push

class Denied(Exception): ...

def needs_consent(view):
    @functools.wraps(view)
    def wrapper(user, *args):
        if not user.ads_consent:
            raise Denied
        return view(user, *args)
    return wrapper

def logs(view):
    @functools.wraps(view)
    def wrapper(user, *args):
        print("called", user.ads_consent)
        return view(user, *args)
    return wrapper

@needs_consent
def b1(user: User):
    push(user.phone)  # allowed: phone

@logs
def b2(user: User):
    push(user.phone)  # leak: phone

def caller(user: User):
    b2(user)
    b1(user)

class Gate:
    def __init__(self, user: User):
        self.user = user
    def is_open(self):
        return self.user.ads_consent
    def ensure(self):
        if not self.is_open():
            raise Denied
    def send(self):
        if self.is_open():
            push(self.user.phone)  # allowed: phone
        else:
            push(self.user.phone)  # leak: phone
    def send2(self):
        self.ensure()
        push(self.user.phone)  # allowed: phone
    def send3(self):
        push(self.user.phone)  # leak: phone

def b3(user):
    if user.ads_consent:
        push(user.phone)  # allowed: phone
    else:
        push(user.phone)  # leak: phone

def b4(users):
    for user in users:
        if not user.ads_consent: continue
        push(user.phone)  # allowed: phone

def b5(users: list[User]):
    agreed = []
    rest = []
    for user in users:
        if user.ads_consent:
            agreed.append(user)
        else:
            rest.append(user)
    push([u.phone for u in agreed])  # allowed: phone
    push([u.phone for u in rest])  # leak: phone

def willing(users):
    for user in users:
        if user.ads_consent:
            yield user

def b6(users: list[User]):
    for user in willing(users):
        push(user.phone)  # allowed: phone

def b7(users: list[User]):
    phones = []
    for user in users:
        if user.ads_consent:
            phones.append(user.phone)
    push(phones)  # allowed: phone

def b8(user: User):
    allowed = user.ads_consent
    if not allowed:
        return
    push(user.phone)  # allowed: phone

def phone_if_agreed(user: User):
    return user.phone if user.ads_consent else None

def b9(user: User):
    push(phone_if_agreed(user))  # allowed: phone

def b10(user: User):
    if (ok := user.ads_consent):
        push(user.phone)  # allowed: phone

def b11(user: User):
    if user.ads_consent:
        pass
    push(user.phone)  # leak: phone

async def b12(user: User):
    await acheck(user)
    push(user.phone)  # allowed: phone

async def acheck(user):
    if not user.ads_consent:
        raise Denied

def b13(pk):
    user = User.objects.get(pk=pk)
    if not user.ads_consent:
        return
    push(user.phone)  # allowed: phone

def b14():
    for user in User.objects.all():
        if user.ads_consent:
            push(user.phone)  # allowed: phone
        push(user.phone)  # leak: phone

def b15(user: User, others: list[User]):
    if user.ads_consent:
        push([o.phone for o in others])  # leak: phone

def is_reachable(user):
    if not user.ads_consent:
        return
    return True

def b16(user: User):
    if is_reachable(user):
        push(user.phone)  # allowed: phone
    else:
        push(user.phone)  # leak: phone

def is_left_out(user):
    if user.ads_consent:
        return
    return True

def b17(user: User):
    if not is_left_out(user):
        push(user.phone)  # allowed: phone
    else:
        push(user.phone)  # leak: phone
