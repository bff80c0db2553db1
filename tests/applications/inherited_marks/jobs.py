from ads import push
from base import MetaChannel, Plain
from models import User


def nightly(user: User):
    MetaChannel().deliver([user.phone])  # leak: User.phone
    MetaChannel().deliver([user.city])  # clean
    Plain().deliver([user.phone])  # clean
    push(MetaChannel().code())  # leak: MetaChannel.code
