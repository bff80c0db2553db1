from accounts import User
from snap_business_sdk.public.conversion_api import ConversionApi
from snap_business_sdk.public.conversion_event import ConversionEvent


def send(user: User, token: str):
    api = ConversionApi(token)
    api.send_event(ConversionEvent(pixel_id="c", event_type="SIGN_UP", phone_number=user.phone))  # leak
    api.send_event_sync(ConversionEvent(pixel_id="c", event_type="SIGN_UP", email=user.recovery_email))  # leak
    api.send_test_event(ConversionEvent(pixel_id="c", event_type="SIGN_UP", zip=user.phone))  # leak
    events = []
    for each in [user]:
        event = ConversionEvent(pixel_id="c", event_type="SIGN_UP")
        event.hashed_phone_number = each.phone
        events.append(event)
    api.send_events(events)  # leak
    api.send_events_sync(events)  # leak
    api.send_test_events(raw_events=events)  # leak
    api.send_event(ConversionEvent(pixel_id="c", event_type="SIGN_UP", city=user.city))  # clean
