from accounts import User
from braze.client import BrazeClient
from braze_api_client import Client
from braze_api_client.resources.base import CreatableResource


def shared_package_name(user: User):
    client = BrazeClient(api_key="key", api_url="https://rest.iad-01.braze.com")
    client.user_track(attributes=[{"external_id": user.id, "phone": user.phone}], events=None)  # leak
    client.campaign_trigger_schedule_create(campaign_id="c", recipients=[{"trigger_properties": user.phone}])  # leak
    client.user_track(attributes=[{"external_id": user.id, "home_city": user.city}])  # clean
    client.user_delete(external_ids=[user.phone])  # clean


def edx(user: User):
    client = BrazeClient(api_key="key", api_url="https://rest.iad-01.braze.com", app_id="")
    client.track_user(attributes=[{"external_id": user.id, "phone": user.phone}])  # leak
    client.identify_users(aliases_to_identify=[{"external_id": user.phone}])  # leak
    client.create_recipients(alias_label="x", user_id_by_email={user.recovery_email: user.id})  # leak
    client.create_braze_alias(emails=[user.recovery_email], alias_label="x")  # leak
    client.send_email(email_type="x", emails=[user.recovery_email], subject="x", body="x", from_email="x")  # leak
    client.send_campaign_message("c", emails=[user.recovery_email])  # leak
    client.send_canvas_message("c", emails=[user.recovery_email])  # leak
    client.send_campaign_message("c", trigger_properties={"city": user.city})  # clean


def api_client(user: User):
    client = Client(api_key="key", api_url="https://rest.iad-01.braze.com")
    client.users.track.create_item({"attributes": [{"phone": user.phone}]})  # leak
    client.users.track.create_item({"attributes": [{"home_city": user.city}]})  # clean


def any_resource(resource: CreatableResource, user: User):
    resource.create_item({"attributes": [{"phone": user.phone}]})  # leak
    resource.create_item({"attributes": [{"home_city": user.city}]})  # clean
