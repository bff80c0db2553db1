import attr
from attrs import asdict, define, evolve, field, frozen

from ads import push


@define
class Contact:
    phone: str = field(metadata={"collected_for": "security"})
    city: str = ""
    tags: list = field(factory=list)


@attr.s(auto_attribs=True)
class Old:
    phone: str = attr.ib(metadata={"collected_for": "security"})
    city: str = attr.ib(default="")


@frozen
class Row:
    to: str
    place: str


def send(contact: Contact, old: Old):
    push(contact.phone)  # leak: Contact.phone
    push(contact.city)  # clean
    push(asdict(contact))  # leak: Contact.phone
    push(asdict(contact)["city"])  # clean
    push(old.phone)  # leak: Old.phone
    push(attr.asdict(old)["city"])  # clean
    row = Row(to=contact.phone, place=contact.city)
    push(row.to)  # leak: Contact.phone
    push(row.place)  # clean
    push(evolve(row, to="").to)  # clean
    push(evolve(row, place="").to)  # leak: Contact.phone
