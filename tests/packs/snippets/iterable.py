from accounts import User
from iterable import Iterable
from iterablepythonwrapper.client import IterableApi


def users(user: User):
    api = IterableApi(api_key="key")
    api.update_user(email=user.recovery_email, data_fields={})  # leak
    api.bulk_update_user(users=[{"dataFields": {"phone": user.phone}}])  # leak
    api.add_subscribers_to_list(list_id=3, subscribers=[{"email": user.recovery_email}])  # leak
    api.track_event(event_name="x", email="a@b.c", data_fields={"contact": user.phone})  # leak
    api.track_purchase(user={"email": user.recovery_email}, items=[], total=3)  # leak
    api.register_device_token(email=user.recovery_email, device_token="x", device_platform="GCM")  # leak
    api.send_email(campaign_id=3, recipient_email=user.recovery_email)  # leak
    api.send_sms_message(campaign_id=3, recipient_email=user.recovery_email)  # leak
    api.update_user(user_id=str(user.id), data_fields={"city": user.city})  # clean
    api.forget_a_user_in_compliance_with_gdpr(user.recovery_email)  # clean


def other_package(user: User):
    client = Iterable("key")
    client.users.update(email=user.recovery_email, data_fields={})  # leak
    client.users.bulk_update(users=[{"phone": user.phone}])  # leak
    client.users.update_email(current_email="a@b.c", new_email=user.recovery_email)  # leak
    client.users.update(user_id=str(user.id), data_fields={"city": user.city})  # clean
