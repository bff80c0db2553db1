from facebook_business.adobjects.customaudience import CustomAudience
from flask_security import SQLAlchemyUserDatastore, UserMixin
from flask_security.forms import TwoFactorSetupForm
from flask_security.models import fsqla, fsqla_v2, fsqla_v3, sqla
from flask_security.unified_signin import UnifiedSigninSetupForm
from flask_security.utils import SmsSenderBaseClass
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
audience = CustomAudience("1")


class User(db.Model, fsqla_v3.FsUserMixin):
    city = db.Column(db.String(20))


class SecondUser(db.Model, fsqla_v2.FsUserMixin):
    pass


class FirstUser(db.Model, fsqla.FsUserMixin):
    pass


class PlainUser(sqla.FsUserMixin):
    pass


class OwnUser(UserMixin):
    pass


def rows():
    audience.add_users("PHONE", [user.tf_phone_number for user in User.query.all()])  # leak
    audience.add_users("CITY", [user.city for user in User.query.all()])  # clean
    audience.add_users("PHONE", [user.us_phone_number for user in User.query.filter_by(city="x")])  # leak
    audience.add_users("CODES", [User.query.get(1).mf_recovery_codes])  # leak
    audience.add_users("PHONE", [SecondUser.query.first().us_phone_number])  # leak
    audience.add_users("KEY", [SecondUser.query.first().us_totp_secrets])  # leak
    audience.add_users("KEY", [FirstUser.query.first().tf_totp_secret])  # leak
    audience.add_users("IP", [FirstUser.query.first().last_login_ip])  # leak
    audience.add_users("IP", [PlainUser().current_login_ip])  # leak


def of_user(user: OwnUser):
    audience.add_users("PHONE", [user.tf_phone_number])  # leak
    audience.add_users("NAME", [user.username])  # clean


def forms():
    form = TwoFactorSetupForm()
    if form.validate_on_submit():
        audience.add_users("PHONE", [form.phone.data])  # leak
    other = UnifiedSigninSetupForm()
    audience.add_users("PHONE", [other.phone.data])  # leak
    audience.add_users("PHONE", [other.submit.data])  # clean


class Datastore(SQLAlchemyUserDatastore):
    def tf_set(self, user, primary_method, totp_secret=None, phone=None):
        audience.add_users("PHONE", [phone])  # leak

    def us_set(self, user, method, totp_secret=None, phone=None):
        audience.add_users("PHONE", [phone])  # leak
        audience.add_users("METHOD", [method])  # clean


class Sender(SmsSenderBaseClass):
    def send_sms(self, from_number, to_number, msg):
        audience.add_users("PHONE", [to_number])  # leak
