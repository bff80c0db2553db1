"""What rules say of functions that are decorated holds of those alone."""

from web import audited, public


class User:
    phone = ""  # flowcheck: security-collected


@public
def shown(user: User):
    return user.phone  # leak: User.phone


def hidden(user: User):
    return user.phone  # clean


@audited
def send(rows):
    return len(rows)


def job(user: User):
    send([user.phone])  # leak: User.phone
    send(["city"])  # clean
