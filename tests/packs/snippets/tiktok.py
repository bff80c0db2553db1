from accounts import User
from business_api_client import AudienceApi, EventCallbackApi, PixelContext, PixelContextUser, PixelTrackBody
from business_api_client.api.event_callback_api import EventCallbackApi as ByModule
from business_api_client.models.pixel_context_user import PixelContextUser as UserOfModule


def track(user: User, token: str):
    context = PixelContext(user=PixelContextUser(phone_number=user.phone, external_id=str(user.id)), ip="1.2.3.4")
    body = PixelTrackBody(pixel_code="c", event="Purchase", context=context)
    EventCallbackApi().pixel_track(token, body=body)  # leak
    other = PixelTrackBody(pixel_code="c", event="Purchase", context=PixelContext(user=PixelContextUser(ttp="x")))
    EventCallbackApi().pixel_track(token, body=other)  # clean


def chained(user: User, token: str):
    body = PixelTrackBody(pixel_code="c", event="Purchase")
    body.context = PixelContext()
    body.context.user = UserOfModule()
    body.context.user.email = user.recovery_email
    ByModule().pixel_batch(token, body={"pixel_code": "c", "batch": [body]})  # leak


def audience(user: User, token: str):
    with open("audience.csv", "w") as file:
        file.write(user.phone)
    AudienceApi().dmp_custom_audience_file_upload(token, advertiser_id="1", file="audience.csv")  # leak
    AudienceApi().dmp_custom_audience_create(token, body={"file_paths": [user.phone]})  # leak
    AudienceApi().dmp_custom_audience_create(token, body={"file_paths": [user.city]})  # clean
