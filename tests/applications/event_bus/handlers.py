from ads import push
from bus import on


@on("enrolled")
def to_ads(contact, place):
    push(contact)  # leak: User.phone
    push(place)  # clean


@on("moved")
def to_news(place):
    push(place)  # clean
