import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from multiprocessing import Pool

from ads import push
from models import User


def deliver(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


def one(user):
    return user.phone


def place(user):
    return user.city


def run(users: list[User]):
    threading.Thread(target=deliver, args=(users[0].phone,), kwargs={"place": users[0].city}).start()
    with ThreadPoolExecutor() as pool:
        for future in as_completed([pool.submit(one, user) for user in users]):
            push(future.result())  # leak: User.phone
        push(list(pool.map(place, users)))  # clean
    with Pool(4) as pool:
        push(pool.map(one, users))  # leak: User.phone
