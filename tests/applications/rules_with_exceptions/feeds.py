from models import User


def products(user: User):
    return user.phone  # leak: User.phone


def internal(user: User):
    return user.phone  # clean
