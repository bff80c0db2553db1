from ads import push
from models import User
from repository import UnitOfWork


def enrol(user: User):
    with UnitOfWork() as work:
        work.users.add(user)


def campaign():
    with UnitOfWork() as work:
        push(work.users.contacts())  # leak: User.phone
        push(work.users.towns())  # clean
