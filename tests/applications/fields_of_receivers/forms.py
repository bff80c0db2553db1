"""A form got by its name from what an extension keeps, and methods that only one class has."""

import typing as t

from ads import push
from flask import current_app
from flask_login import current_user
from werkzeug.local import LocalProxy
from wtforms import Form, RadioField, StringField

extension = LocalProxy(lambda: current_app.extensions["portal"])


class PortalForm(Form):
    city = StringField("City")


class PhoneForm(PortalForm):
    method = RadioField("How")
    number = StringField("Phone")  # flowcheck: security-collected


class Member:
    backup_number = ""  # flowcheck: security-collected

    def notify_member(self, method, **given):
        return notify(self, method, **given)


def notify(member, method, number=None, city=None):
    if method == "email":
        push(city)  # clean
    elif method == "sms":
        push(number)  # leak: number, backup_number


def built(name, **given):
    return extension.forms[name].instantiator(name, extension.forms[name].cls, **given)


def from_request(name, **given) -> PortalForm:
    return built(name, formdata=None, **given)


def view():
    form = t.cast(PhoneForm, from_request("phone"))
    method = form.method.data
    number = form.number.data if method == "sms" else None
    current_user.notify_member(method=method, number=number)
    current_user.notify_member(method=method, city=form.city.data)
    push(t.cast(PhoneForm, from_request("phone")).number.data)  # leak: number
    push(t.cast(PhoneForm, from_request("phone")).city.data)  # clean


def helper(form):
    member = form.member
    member.notify_member(form.method.data, number=getattr(member, "backup_number", None))
