from accounts import User
from ads import push
from mailer import send


def nightly(user: User):
    send(user.email, "news")  # SHOP001: User.email; SHOP002: User.email
    send("x@example.org", user.email)  # clean
    push(user.email)  # leak: User.email
    push(user.city)  # clean
