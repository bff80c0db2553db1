from marshmallow import Schema, fields, post_load

from ads import push
from models import User


class EnrolSchema(Schema):
    phone = fields.Str(required=True)  # flowcheck: security-collected
    nickname = fields.Str()


class UserSchema(Schema):
    phone = fields.Str()
    city = fields.Str()

    @post_load
    def make(self, data, **kwargs):
        return User(**data)


class PublicSchema(Schema):
    city = fields.Str()


def enrol(request):
    data = EnrolSchema().load(request.get_json())
    push(data["phone"])  # leak: EnrolSchema.phone
    push(data["nickname"])  # clean
    push(data)  # leak: EnrolSchema.phone


def show(user: User):
    push(UserSchema().dump(user))  # leak: User.phone
    push(PublicSchema().dump(user))  # clean
    push(UserSchema(many=True).dump([user]))  # leak: User.phone
    push(UserSchema().dumps(user))  # leak: User.phone
    push(UserSchema(only=("city",)).dump(user))  # clean
