from ads import push
from models import User


def contract(user: User):
    push(user.phone)  # flowcheck: ignore[FC001] the person asked for it in ticket 12
    push(user.phone)  # leak: User.phone
    push(user.city)  # clean
