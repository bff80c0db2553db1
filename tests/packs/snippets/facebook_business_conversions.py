import time

from accounts import User
from django_facebook_capi.capi_utils import send_event
from facebook_business.adobjects.serverside.batch_processor import BatchProcessor
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.event_request_async import EventRequestAsync
from facebook_business.adobjects.serverside.normalize import Normalize
from facebook_business.adobjects.serverside.user_data import UserData

PIXEL = "123"


def by_constructor(user: User):
    user_data = UserData(email=user.city, phone=user.phone, client_ip_address="1.2.3.4")
    event = Event(event_name="Purchase", event_time=int(time.time()), user_data=user_data)
    EventRequest(pixel_id=PIXEL, events=[event]).execute()  # leak


def by_properties(user: User):
    user_data = UserData()
    user_data.emails = [user.recovery_email]
    request = EventRequest(PIXEL, [Event("Lead", int(time.time()), user_data=user_data)])
    request.execute()  # leak
    other = UserData()
    other.first_name = user.city
    EventRequest(PIXEL, [Event("Lead", int(time.time()), user_data=other)]).execute()  # clean


def by_name(user: User):
    user_data = UserData()
    for field in ("phone", "last_name"):
        setattr(user_data, field, getattr(user, "phone"))
    events = [Event("Lead", int(time.time()), user_data=user_data)]
    EventRequest(pixel_id=PIXEL, events=events).execute()  # leak


def by_mapping(user: User):
    profile = {"external_id": user.recovery_email, "city": user.city}
    user_data = UserData(**{key: value for key, value in profile.items() if value})
    EventRequest(pixel_id=PIXEL, events=[Event("Lead", 1, user_data=user_data)]).execute()  # leak


def custom(user: User):
    data = CustomData(custom_properties={"contact": user.phone})
    EventRequest(PIXEL, [Event("Lead", 1, custom_data=data)]).execute()  # leak
    more = CustomData(value=3)
    more.add_custom_property("contact", user.phone)
    EventRequest(PIXEL, [Event("Lead", 1, custom_data=more)]).execute()  # leak
    other = CustomData(value=3)
    other.custom_properties = {"contact": user.phone}
    EventRequest(PIXEL, [Event("Lead", 1, custom_data=other)]).execute()  # leak
    plain = CustomData(value=3)
    plain.add_custom_property("town", user.city)
    EventRequest(PIXEL, [Event("Lead", 1, custom_data=plain)]).execute()  # clean


async def asynchronously(user: User):
    user_data = UserData(phone=Normalize.hash_sha_256(Normalize.normalize("ph", user.phone)))
    await EventRequestAsync(pixel_id=PIXEL, events=[Event("Lead", 1, user_data=user_data)]).execute()  # leak


def batched(user: User):
    events = [Event("Lead", 1, user_data=UserData(phone=user.phone))]
    BatchProcessor(50, 100).process_events(EventRequest(pixel_id=PIXEL), events)  # leak


def from_django(request, user: User):
    send_event(request, event_name="Lead", user_data={"ph": user.phone}, custom_data={})  # leak
    send_event(request, event_name="Lead", user_data={"ct": user.city}, custom_data={})  # clean


def never_sent(user: User):
    return UserData(phone=user.phone, country_code="no")  # leak
