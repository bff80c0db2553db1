import attrs
import typer
from attrs import converters, define, field, validators
from flask import Blueprint, Flask, current_app, g, request, session
from flask_wtf import FlaskForm
from pydantic import BaseModel, ConfigDict, Field, computed_field, field_serializer, model_validator
from wtforms import StringField

from ads import push

app = Flask(__name__)
blueprint = Blueprint("x", __name__)


class PhoneForm(FlaskForm):
    phone = StringField("Phone")  # flowcheck: security-collected
    city = StringField("City")


class Profile(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    phone: str = Field(alias="phoneNumber", json_schema_extra={"collected_for": "security"})
    city: str = ""

    @computed_field
    @property
    def tail(self) -> str:
        return self.phone[-4:]

    @computed_field
    @property
    def place(self) -> str:
        return self.city.title()

    @model_validator(mode="after")
    def check(self):
        push(self.phone)  # leak: phone
        push(self.city)  # clean
        return self

    @field_serializer("phone")
    def hide(self, value):
        return value[-2:]


@define
class Person:
    phone: str = field(metadata={"collected_for": "security"}, converter=str.strip, validator=validators.min_len(3))
    city: str = field(default="", converter=converters.optional(str))

    def __attrs_post_init__(self):
        push(self.phone)  # leak: phone
        push(self.city)  # clean


@blueprint.route("/phone", methods=["POST"])
def phone():
    form = PhoneForm()
    if form.validate_on_submit():
        session["phone"] = form.phone.data
        session["city"] = form.city.data
        g.contact = form.phone.data
        push(form.phone.data)  # leak: phone
        push(form.city.data)  # clean
        push(form.data["phone"])  # leak: phone
        push(form.data["city"])  # clean
        for name in form:
            push(name.label)  # clean
    return ""


@blueprint.after_request
def after(response):
    push(g.contact)  # leak: phone
    push(g.get("contact"))  # leak: phone
    push(session.get("city"))  # clean
    return response


@app.route("/session")
def from_session():
    push(session["phone"])  # leak: phone
    push(session["city"])  # clean
    push(session.pop("phone", None))  # leak: phone
    return ""


def models(profile: Profile, person: Person):
    push(profile.tail)  # leak: phone
    push(profile.place)  # clean
    push(profile.model_dump()["tail"])  # leak: phone
    push(profile.model_dump(include={"place"}))  # clean
    push(profile.model_dump(by_alias=True)["phoneNumber"])  # leak: phone
    push(profile.model_copy(update={"city": ""}).phone)  # leak: phone
    push(attrs.evolve(person, phone="").city)  # clean
    push(attrs.asdict(person))  # leak: phone


cli = typer.Typer()


@cli.command()
def export(city: str, limit: int = typer.Option(10)):
    push(city)  # clean
    push(limit)  # clean


@cli.callback()
def main(ctx: typer.Context):
    ctx.obj = Profile(phoneNumber="1", city="x")


@cli.command()
def show(ctx: typer.Context):
    push(ctx.obj.phone)  # leak: phone
    push(ctx.obj.city)  # clean
