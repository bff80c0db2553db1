"""Fields that only a method annotates, whose values come from nobody knows where."""


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
