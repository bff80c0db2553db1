"""What is given to verify a person is the declared purpose: never a use, and what comes back carries nothing."""

import pyotp
from accounts import User
from authy.api import AuthyApiClient
from facebook_business.adobjects.customaudience import CustomAudience
from messagebird import Client as MessageBird
from plivo import RestClient
from twilio.rest import Client
from vonage_verify import SmsChannel, VerifyRequest
from vonage_verify.verify import Verify
from vonage_verify_legacy.verify_legacy import VerifyLegacy

audience = CustomAudience("1")


def twilio(user: User):
    client = Client("sid", "token")
    sent = client.verify.v2.services("VA").verifications.create(to=user.phone, channel="sms")
    audience.add_users("SID", [sent.sid])  # clean
    check = client.verify.services("VA").verification_checks.create(to=user.phone, code="123")
    audience.add_users("STATUS", [check.status])  # clean
    factor = client.verify.v2.services("VA").entities("x").new_factors.create(friendly_name=user.phone)
    audience.add_users("SID", [factor.sid])  # clean


async def later(user: User):
    client = Client("sid", "token")
    sent = await client.verify.v2.services("VA").verifications.create_async(to=user.phone, channel="sms")
    audience.add_users("SID", [sent.sid])  # clean


def others(user: User):
    api = AuthyApiClient("key")
    made = api.users.create(user.recovery_email, user.phone, 47)
    audience.add_users("ID", [made.id])  # clean
    audience.add_users("OK", [api.phones.verification_start(user.phone, 47, via="sms").ok()])  # clean
    audience.add_users("OK", [api.phones.verification_check(user.phone, 47, "1").ok()])  # clean
    audience.add_users("ID", [MessageBird("key").verify_create(user.phone, {}).id])  # clean
    audience.add_users("ID", [MessageBird("key").verify_create_email(user.recovery_email, "x").id])  # clean
    audience.add_users("ID", [RestClient("a", "b").verify_session.create(recipient=user.phone).session_uuid])  # clean
    request = VerifyRequest(brand="x", workflow=[SmsChannel(to=user.phone)])
    audience.add_users("ID", [Verify(None).start_verification(request).request_id])  # clean
    audience.add_users("ID", [VerifyLegacy(None).start_verification(request).request_id])  # clean


def secrets(user: User):
    audience.add_users("URI", [pyotp.totp.TOTP("base32").provisioning_uri(name=user.phone)])  # leak
    audience.add_users("URI", [pyotp.HOTP("base32").provisioning_uri(name=user.phone)])  # leak
    audience.add_users("CODE", [pyotp.TOTP("base32").now()])  # clean
