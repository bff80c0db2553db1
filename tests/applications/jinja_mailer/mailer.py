from email.message import EmailMessage

from jinja2 import Environment, Template

from ads import push
from models import User

TEMPLATE = Template("Hello {{ name }}")
environment = Environment()


def render(user: User):
    push(TEMPLATE.render(name=user.phone))  # leak: User.phone
    push(TEMPLATE.render(name=user.city))  # clean
    push(environment.from_string("{{ to }}").render({"to": user.phone}))  # leak: User.phone


def message(user: User):
    mail = EmailMessage()
    mail["To"] = user.phone
    mail.set_content(user.city)
    push(mail.as_string())  # leak: User.phone
    other = EmailMessage()
    other.set_content(user.city)
    push(other.as_string())  # clean
