import handlers  # noqa: F401 - registers
from bus import emit
from models import User


def enrol(user: User):
    emit("enrolled", contact=user.phone, place=user.city)
    emit("moved", place=user.city)
