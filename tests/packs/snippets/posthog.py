import posthog
from accounts import User
from posthog import Posthog, identify_context, new_context, tag
from posthog.client import Client

client = Posthog("key", host="https://eu.i.posthog.com")


def version_seven(user: User):
    posthog.capture("signup", distinct_id=str(user.id), properties={"$set": {"phone": user.phone}})  # leak
    posthog.set(distinct_id=str(user.id), properties={**user.__dict__, "plan": "free"})  # leak
    posthog.set_once(distinct_id=str(user.id), properties={"phone": user.phone})  # leak
    posthog.alias(previous_id=user.phone, distinct_id=str(user.id))  # leak
    posthog.group_identify("company", "1", {"contact": user.phone})  # leak
    with new_context():
        identify_context(user.recovery_email)  # leak
        tag("contact", user.phone)  # leak
    posthog.capture("signup", distinct_id=str(user.id), properties={"city": user.city})  # clean


def with_a_client(user: User):
    client.capture("signup", distinct_id=user.phone)  # leak
    client.set(distinct_id=str(user.id), properties={"phone": user.phone})  # leak
    client.set_once(distinct_id=str(user.id), properties={"phone": user.phone})  # leak
    client.alias(user.phone, str(user.id))  # leak
    client.group_identify("company", "1", properties={"contact": user.phone})  # leak
    client.feature_enabled("beta", str(user.id), person_properties={"phone": user.phone})  # leak
    client.feature_enabled("beta", str(user.id), person_properties={"city": user.city})  # clean
    Client("key").capture("signup", distinct_id=str(user.id), properties={"contact": user.phone})  # leak


def version_three(user: User):
    posthog.capture(user.phone, "signup", {"city": user.city})  # leak
    posthog.identify(str(user.id), {"phone": user.phone})  # leak
    client.identify(str(user.id), {"city": user.city})  # clean
