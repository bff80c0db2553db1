import analytics as old_analytics
import rudderstack.analytics as rudder
import segment.analytics as analytics
from accounts import User
from analytics.client import Client as OldClient
from customerio import analytics as cdp
from customerio.analytics.client import Client as CdpClient
from rudderstack.analytics.client import Client as RudderClient
from segment.analytics.client import Client


def segment(user: User):
    analytics.write_key = "key"
    analytics.identify(user.id, {"phone": user.phone, "city": user.city})  # leak
    analytics.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    analytics.group(user.id, "group", traits={"contact": user.phone})  # leak
    analytics.alias(user.phone, str(user.id))  # leak
    analytics.page(user.id, "Docs", "Python", {"contact": user.phone})  # leak
    analytics.screen(user.id, "Settings", "Brightness", {"contact": user.phone})  # leak
    analytics.identify(user.id, {"city": user.city})  # clean
    getattr(analytics, "identify" if user.city else "track")(user.id, {"phone": user.phone})  # leak


def segment_client(user: User):
    client = Client("key", max_queue_size=100)
    client.identify(user_id=user.id, traits={"phone": user.phone})  # leak
    client.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    client.group(user.id, user.phone)  # leak
    client.alias(user.phone, str(user.id))  # leak
    client.page(user.id, properties={"contact": user.phone})  # leak
    client.screen(user.id, properties={"contact": user.phone})  # leak
    client.track(user.id, "Signed Up", {"city": user.city})  # clean


def before_it_was_renamed(user: User):
    old_analytics.identify(user.id, {"phone": user.phone})  # leak
    old_analytics.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    old_analytics.group(user.id, "group", {"contact": user.phone})  # leak
    old_analytics.alias(user.phone, str(user.id))  # leak
    old_analytics.page(user.id, properties={"contact": user.phone})  # leak
    old_analytics.screen(user.id, properties={"contact": user.phone})  # leak
    client = OldClient("key")
    client.identify(user.id, {"phone": user.phone})  # leak
    client.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    client.group(user.id, "group", {"contact": user.phone})  # leak
    client.alias(user.phone, str(user.id))  # leak
    client.page(user.id, properties={"contact": user.phone})  # leak
    client.screen(user.id, properties={"contact": user.phone})  # leak


def rudderstack(user: User):
    rudder.identify(user.id, {"phone": user.phone})  # leak
    rudder.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    rudder.group(user.id, "group", {"contact": user.phone})  # leak
    rudder.alias(user.phone, str(user.id))  # leak
    rudder.page(user.id, properties={"contact": user.phone})  # leak
    rudder.screen(user.id, properties={"contact": user.phone})  # leak
    client = RudderClient("key", on_error=print)
    client.identify(user.id, {"phone": user.phone})  # leak
    client.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    client.group(user.id, "group", {"contact": user.phone})  # leak
    client.alias(user.phone, str(user.id))  # leak
    client.page(user.id, properties={"contact": user.phone})  # leak
    client.screen(user.id, properties={"contact": user.phone})  # leak
    client.track(user.id, "Signed Up", {"city": user.city})  # clean


def customerio(user: User):
    cdp.identify(user.id, {"phone": user.phone})  # leak
    cdp.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    cdp.group(user.id, "group", {"contact": user.phone})  # leak
    cdp.alias(user.phone, str(user.id))  # leak
    cdp.page(user.id, properties={"contact": user.phone})  # leak
    cdp.screen(user.id, properties={"contact": user.phone})  # leak
    client = CdpClient("key")
    client.identify(user.id, {"phone": user.phone})  # leak
    client.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    client.group(user.id, "group", {"contact": user.phone})  # leak
    client.alias(user.phone, str(user.id))  # leak
    client.page(user.id, properties={"contact": user.phone})  # leak
    client.screen(user.id, properties={"contact": user.phone})  # leak
