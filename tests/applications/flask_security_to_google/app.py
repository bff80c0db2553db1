import hashlib

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.models import fsqla_v3 as fsqla
from flask_sqlalchemy import SQLAlchemy
from google.ads.googleads.client import GoogleAdsClient

app = Flask(__name__)
db = SQLAlchemy(app)
fsqla.FsModels.set_db_info(db)


class Role(db.Model, fsqla.FsRoleMixin):
    pass


class User(db.Model, fsqla.FsUserMixin):
    city = db.Column(db.String(20))


security = Security(app, SQLAlchemyUserDatastore(db, User, Role))


def operation(client, number):
    made = client.get_type("OfflineUserDataJobOperation")
    identifier = client.get_type("UserIdentifier")
    identifier.hashed_phone_number = hashlib.sha256(number.encode()).hexdigest()
    made.create.user_identifiers.append(identifier)
    return made


@app.cli.command("sync")
def sync():
    client = GoogleAdsClient.load_from_storage()
    service = client.get_service("OfflineUserDataJobService")
    users = User.query.filter(User.tf_phone_number.isnot(None)).all()
    service.add_offline_user_data_job_operations(  # leak: FsUserMixin.tf_phone_number
        resource_name="job", operations=[operation(client, user.tf_phone_number) for user in users]
    )
    service.add_offline_user_data_job_operations(  # clean
        resource_name="job", operations=[operation(client, user.city) for user in users]
    )
