import hubspot
from accounts import User
from hubspot import HubSpot
from hubspot.crm.contacts import (
    BatchInputSimplePublicObjectBatchInput,
    SimplePublicObjectBatchInput,
    SimplePublicObjectBatchInputUpsert,
    SimplePublicObjectInput,
    SimplePublicObjectInputForCreate,
)
from hubspot.crm.contacts.api.basic_api import BasicApi
from hubspot.events.send import BehavioralEventHttpCompletionRequest
from hubspot.marketing.transactional import PublicSingleSendRequestEgg


def contacts(user: User):
    api = HubSpot(access_token="token")
    created = SimplePublicObjectInputForCreate(properties={"email": user.city, "phone": user.phone})
    api.crm.contacts.basic_api.create(simple_public_object_input_for_create=created)  # leak
    changed = SimplePublicObjectInput(properties={"phone": user.phone})
    api.crm.contacts.basic_api.update("1", changed)  # leak
    batch = BatchInputSimplePublicObjectBatchInput(
        inputs=[SimplePublicObjectBatchInput(id="1", properties={"phone": user.phone})]
    )
    api.crm.contacts.batch_api.create(batch)  # leak
    api.crm.contacts.batch_api.update(batch)  # leak
    upsert = SimplePublicObjectBatchInputUpsert(id="x", properties={"phone": user.phone})
    api.crm.contacts.batch_api.upsert({"inputs": [upsert]})  # leak
    other = SimplePublicObjectInputForCreate(properties={"city": user.city})
    api.crm.contacts.basic_api.create(simple_public_object_input_for_create=other)  # clean
    BasicApi(api).create({"properties": {"phone": user.phone}})  # leak


def events(user: User):
    client = hubspot.Client.create(access_token="token")
    request = BehavioralEventHttpCompletionRequest(event_name="x", email=user.recovery_email)
    client.events.send.basic_api.send(behavioral_event_http_completion_request=request)  # leak
    egg = PublicSingleSendRequestEgg(message={"to": user.recovery_email}, email_id=3)
    client.marketing.transactional.single_send_api.send_email(egg)  # leak
