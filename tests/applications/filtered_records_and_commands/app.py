import attr
import attrs
import click
from attrs import asdict, define, field, filters

from ads import push


@define
class Contact:
    phone: str = field(metadata={"collected_for": "security"})
    city: str = ""


def send(contact: Contact):
    push(asdict(contact, filter=lambda attribute, value: attribute.name != "phone"))  # clean
    push(asdict(contact, filter=filters.exclude(attrs.fields(Contact).phone)))  # clean
    push(asdict(contact, filter=filters.exclude("phone")))  # clean
    push(asdict(contact, filter=filters.include("city")))  # clean
    push(attr.asdict(contact, filter=attr.filters.include("phone")))  # leak: Contact.phone
    push(asdict(contact, filter=filters.exclude("city")))  # leak: Contact.phone
    push(asdict(contact, filter=lambda attribute, value: value is not None))  # leak: Contact.phone
    push(asdict(contact, filter=lambda a, v: a.name in ("city",)))  # clean
    push(attrs.astuple(contact)[1])  # clean
    push(attrs.astuple(contact)[0])  # leak: Contact.phone
    push(attrs.astuple(contact, filter=filters.exclude("phone")))  # clean


@click.group(invoke_without_command=True)
@click.pass_context
def cli(ctx):
    contact = load()
    ctx.invoke(export, contact=contact.phone, place=contact.city)
    ctx.invoke(quiet, contact=contact.city)


@cli.command()
@click.option("--contact")
@click.option("--place")
def export(contact, place):
    push(contact)  # leak: Contact.phone
    push(place)  # clean


@cli.command()
@click.option("--contact")
def quiet(contact):
    push(contact)  # clean


def load() -> Contact:
    return Contact(phone=input(), city=input())


@cli.command()
@click.pass_context
def again(ctx):
    contact = load()
    ctx.forward(later, contact=contact.phone)


@cli.command()
@click.option("--contact")
@click.option("--place", default="")
def later(contact, place):
    push(contact)  # leak: Contact.phone
    push(place)  # clean


@cli.command()
@click.pass_context
def called(ctx):
    contact = load()
    ctx.invoke(helper, contact.city, other=contact.phone)


def helper(value, other):
    push(value)  # clean
    push(other)  # leak: Contact.phone
