from accounts import User
from adjust_client import AdjustClient
from adjust_client.client import EventData
from appsflyer.rest import Client as AppsFlyer
from branchio.client import Client as Branch


def appsflyer(user: User):
    client = AppsFlyer("app", "key")
    client.generate_event("signup", customer_user_id=user.phone)  # leak
    client.generate_event("signup", customer_user_id=str(user.id), custom_data={"contact": user.phone})  # leak
    client.request(data={"customer_user_id": user.recovery_email})  # leak
    client.generate_event("signup", customer_user_id=str(user.id))  # clean


async def adjust(user: User):
    client = AdjustClient(app_token="t")
    await client.send_event(event_data=EventData(event_token="e", callback_params={"contact": user.phone}))  # leak
    await client.send_event("e", event_data={"ip_address": user.phone})  # leak
    await client.send_event(event_data=EventData(event_token="e", callback_params={"city": user.city}))  # clean


def branch(user: User):
    Branch("key").create_deep_link_url(data={"contact": user.phone}, channel="mail")  # leak
    Branch("key").create_deep_link_url(data={}, identity=user.recovery_email)  # leak
    Branch("key").create_deep_link_url(data={"city": user.city}, channel="mail")  # clean
