from accounts import User
from amplitude import Amplitude, BaseEvent, EventOptions, Identify, Revenue

client = Amplitude("key")


def track(user: User):
    client.track(BaseEvent(event_type="signup", user_id=str(user.id), user_properties={"phone": user.phone}))  # leak
    event = BaseEvent(event_type="signup")
    event["event_properties"] = {"contact": user.phone}
    client.track(event)  # leak
    client.track(BaseEvent(event_type="signup", user_id=str(user.id), user_properties={"city": user.city}))  # clean


def identify(user: User):
    client.identify(Identify().set("phone", user.phone).set("city", user.city), EventOptions(user_id="1"))  # leak
    once = Identify()
    once.set_once("phone", user.phone)
    client.group_identify("org", "1", once)  # leak
    more = Identify()
    more.append("phones", user.phone)
    client.identify(more, EventOptions(user_id=str(user.id)))  # leak
    first = Identify()
    first.prepend("phones", user.phone)
    client.identify(identify_obj=first, event_options=EventOptions(user_id=str(user.id)))  # leak
    client.identify(Identify().set("city", user.city), EventOptions(user_id=user.recovery_email))  # leak
    client.identify(Identify().set("city", user.city), EventOptions(user_id=str(user.id)))  # clean
    client.set_group("phone", user.phone, event_options=EventOptions(user_id=str(user.id)))  # leak
    client.revenue(Revenue(price=3.9), EventOptions(user_id=str(user.id), device_id=user.phone))  # leak
    client.revenue(Revenue(price=3.9), EventOptions(user_id=str(user.id)))  # clean
