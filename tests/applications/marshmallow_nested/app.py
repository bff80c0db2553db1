from dataclasses import dataclass

from flask import Flask, jsonify, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_dump, post_load, pre_load, validates

from ads import push

app = Flask(__name__)


@dataclass
class Member:
    name: str
    phone: str  # flowcheck: security-collected
    city: str = ""


class AddressSchema(Schema):
    street = fields.Str()
    postcode = fields.Str()  # flowcheck: security-collected


class MemberSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    name = fields.Str(required=True)
    phone = fields.Str(required=True)  # flowcheck: security-collected
    city = fields.Str()
    address = fields.Nested(AddressSchema)
    initials = fields.Method("get_initials")
    shown = fields.Function(lambda obj: obj.phone[-2:])

    def get_initials(self, obj):
        return obj.name[:1]

    @pre_load
    def trim(self, data, **kwargs):
        data["phone"] = data["phone"].strip()
        return data

    @validates("phone")
    def check(self, value, **kwargs):
        push(value)  # leak: phone

    @validates("city")
    def check_city(self, value, **kwargs):
        push(value)  # clean


class LoadingSchema(Schema):
    phone = fields.Str()  # flowcheck: security-collected
    city = fields.Str()

    @post_load
    def make(self, data, **kwargs):
        return Member(name="", phone=data["phone"], city=data["city"])

    @post_dump(pass_many=True)
    def wrap(self, data, many, **kwargs):
        return {"data": data}


member_schema = MemberSchema()
public_schema = MemberSchema(only=("name", "city"))
hidden_schema = MemberSchema(exclude=["phone", "shown"])


@app.post("/members")
def create():
    try:
        data = member_schema.load(request.get_json())
    except ValidationError as error:
        return jsonify(error.messages), 400
    push(data["phone"])  # leak: phone
    push(data["city"])  # clean
    push(data["address"]["postcode"])  # leak: postcode
    push(data["address"]["street"])  # clean
    push(data.get("phone"))  # leak: phone
    made = LoadingSchema().load(request.json)
    push(made.phone)  # leak: phone
    push(made.city)  # clean
    both = MemberSchema(many=True).load(request.json)
    push([each["phone"] for each in both])  # leak: phone
    push([each["city"] for each in both])  # clean
    return jsonify({})


def dump(member: Member, members: list[Member]):
    push(member_schema.dump(member))  # leak: phone, postcode
    push(member_schema.dump(member)["city"])  # clean
    push(member_schema.dump(member)["phone"])  # leak: phone
    push(public_schema.dump(member))  # clean
    push(hidden_schema.dump(member))  # leak: postcode
    push(member_schema.dump(members, many=True))  # leak: phone, postcode
    push([row["city"] for row in member_schema.dump(members, many=True)])  # clean
    push(member_schema.dumps(member))  # leak: phone, postcode
    push(public_schema.dumps(member))  # clean
    push(LoadingSchema(many=True).dump(members)["data"])  # leak: phone
