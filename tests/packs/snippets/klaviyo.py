import klaviyo
from accounts import User, everyone
from klaviyo_api import KlaviyoAPI
from openapi_client.api.events_api import EventsApi
from openapi_client.api.profiles_api import ProfilesApi
from openapi_client.models.profile_create_query import ProfileCreateQuery
from openapi_client.models.profile_create_query_resource_object_attributes import (
    ProfileCreateQueryResourceObjectAttributes,
)


def profiles(user: User):
    api = KlaviyoAPI("key", max_delay=60, max_retries=3)
    attributes = {"email": user.city, "phone_number": user.phone}
    body = {"data": {"type": "profile", "attributes": attributes}}
    api.Profiles.create_profile(body)  # leak
    api.Profiles.create_or_update_profile(body)  # leak
    api.Profiles.update_profile("id", body)  # leak
    api.Profiles.bulk_import_profiles({"data": {"attributes": {"profiles": {"data": [body]}}}})  # leak
    api.Profiles.bulk_subscribe_profiles({"data": {"attributes": {"profiles": [u.phone for u in everyone()]}}})  # leak
    api.Profiles.merge_profiles({"data": {"id": user.recovery_email}})  # leak
    api.Events.create_event({"data": {"attributes": {"profile": attributes}}})  # leak
    api.Events.bulk_create_events({"data": {"attributes": {"events-bulk-create": attributes}}})  # leak
    api.Profiles.create_profile({"data": {"attributes": {"location": {"city": user.city}}}})  # clean


def by_module(client, user: User):
    attributes = ProfileCreateQueryResourceObjectAttributes(phone_number=user.phone)
    ProfilesApi(client).create_profile(ProfileCreateQuery(data={"attributes": attributes}))  # leak
    EventsApi(client).create_event({"data": user.phone})  # leak


def before_it_was_deprecated(user: User):
    client = klaviyo.Klaviyo(public_token="x", private_token="y")
    client.Public.track("Signed Up", email=user.recovery_email, properties={})  # leak
    client.Public.identify(email=user.city, properties={"$phone_number": user.phone})  # leak
    client.Lists.add_subscribers_to_list("list", [{"phone_number": user.phone}])  # leak
    client.Lists.add_members_to_list("list", [{"phone_number": user.phone}])  # leak
    client.Profiles.update_profile(profile_id="id", properties={"phone": user.phone})  # leak
    client.Profiles.update_profile(profile_id="id", properties={"city": user.city})  # clean
