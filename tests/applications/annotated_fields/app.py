"""Fields that only a method annotates, whose values come from nobody knows where; what strangers pass."""

import copy


class User:
    phone = ""  # flowcheck: security-collected
    city = ""


class Shop:
    phone = ""
    city = ""


def push(rows):  # flowcheck: advertising
    ...


class Office:
    def __init__(self, find):
        self.seats: int = find("seats")
        self.shop: Shop = find("shop")
        self.user: User = find("user")
        self.guest: User


def invite(office: Office):
    push(office.shop.phone)  # clean
    push(office.user.phone)  # leak: phone
    push(office.user.city)  # clean
    push(office.guest.phone)  # leak: phone
    push(office.seats)  # clean


def pairs(pair: tuple[Shop, User], many: tuple[Shop, ...]):
    push(pair[0].phone)  # clean
    push(pair[1].phone)  # leak: phone
    push(many[3].phone)  # clean


def tables(user: User, flag: bool):
    full = {"city": 1}
    if not full:
        push(user.phone)  # clean
    perhaps = {}
    if flag:
        perhaps["city"] = 1
    if not perhaps:
        push(user.phone)  # leak: phone


class Box:
    def __init__(self):
        self.value = ""


def tries(user: User):
    box = Box()
    try:
        box.value = user.phone
        box.value = "x"
        int(user.city)
    except ValueError:
        push(box.value)  # clean


class Guest:
    def __init__(self, phone, city):
        self.phone = phone  # flowcheck: security-collected
        self.city = city


def copies(guest: Guest):
    other = copy.deepcopy(guest)
    push(other.phone)  # leak: phone
    push(other.city)  # clean
