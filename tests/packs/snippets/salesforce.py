import FuelSDK
from accounts import User
from FuelSDK import ET_Client, ET_DataExtension_Row, ET_Subscriber, ET_TriggeredSend


def subscribers(user: User):
    client = ET_Client()
    client.AddSubscriberToList(user.recovery_email, ["3"], user.id)  # leak
    subscriber = ET_Subscriber()
    subscriber.auth_stub = client
    subscriber.props = {"EmailAddress": user.recovery_email, "SubscriberKey": "x"}
    subscriber.post()  # leak
    subscriber.patch()  # leak
    row = FuelSDK.ET_DataExtension_Row()
    row.CustomerKey = "x"
    row.props = {"phone": user.phone}
    row.post()  # leak
    row.patch()  # leak
    trigger = ET_TriggeredSend()
    trigger.subscribers = [{"EmailAddress": user.recovery_email}]
    trigger.send()  # leak
    plain = ET_DataExtension_Row()
    plain.props = {"city": user.city}
    plain.post()  # clean
