from accounts import User
from customerio import CustomerIO, Regions, SendEmailRequest, SendSMSRequest, APIClient

cio = CustomerIO("site", "key", region=Regions.EU)


def people(user: User):
    cio.identify(id=str(user.id), email=user.recovery_email, city=user.city)  # leak
    cio.track(customer_id=str(user.id), name="signup", contact=user.phone)  # leak
    cio.track_anonymous(anonymous_id="3", name="signup", contact=user.phone)  # leak
    cio.pageview(customer_id=str(user.id), page="/x", contact=user.phone)  # leak
    cio.backfill(customer_id=str(user.id), name="signup", timestamp=1, contact=user.phone)  # leak
    cio.add_device(customer_id=str(user.id), device_id=user.phone, platform="ios")  # leak
    cio.merge_customers(primary_id_type="email", primary_id=user.recovery_email, secondary_id="3")  # leak
    cio.batch([{"type": "person", "attributes": {"phone": user.phone}}])  # leak
    cio.identify(id=str(user.id), city=user.city)  # clean
    cio.delete(customer_id=user.recovery_email)  # clean
    cio.suppress(customer_id=user.recovery_email)  # clean


def transactional(user: User):
    client = APIClient("key")
    client.send_email(SendEmailRequest(to=user.recovery_email, transactional_message_id="3"))  # clean
    client.send_sms(SendSMSRequest(to=user.phone, transactional_message_id="3"))  # clean
