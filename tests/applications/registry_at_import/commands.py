"""What is asked of the registry at import was put there before, by code that is not to be seen here."""

from registry import model

User = model("user")

from ads import push


class Account:
    def __init__(self, phone, city):
        self.phone = phone  # flowcheck: security-collected
        self.city = city


class Command:
    def phone_of(self, account: Account):
        return account.phone

    def handle(self, account: Account):
        push(self.phone_of(account))  # leak: phone
        push(account.city)  # clean
