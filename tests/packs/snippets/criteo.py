import criteo_api_marketingsolutions_v2027_01 as criteo
from accounts import User
from criteo_api_marketingsolutions_v2027_01.api.audience_api import AudienceApi
from criteo_api_marketingsolutions_v2027_01.model.contactlist_amendment import ContactlistAmendment
from criteo_api_marketingsolutions_v2027_01.model.contactlist_amendment_attributes import (
    ContactlistAmendmentAttributes,
)
from criteo_api_marketingsolutions_v2027_01.model.contactlist_amendment_request import ContactlistAmendmentRequest
from criteo_api_retailmedia_v2027_01.api import audience_api
from criteo_api_retailmedia_v2027_01.model.retail_media_contactlist_amendment_attributes import (
    RetailMediaContactlistAmendmentAttributes,
)
from criteo_api_retailmedia_v2027_01.model.retail_media_contactlist_amendment_request import (
    RetailMediaContactlistAmendmentRequest,
)


def amend(client: criteo.ApiClient, user: User):
    attributes = ContactlistAmendmentAttributes(
        operation="add", identifier_type="email", identifiers=[user.recovery_email]
    )
    request = ContactlistAmendmentRequest(data=ContactlistAmendment(type="x", attributes=attributes))
    AudienceApi(client).update_contact_list_by_audience_segment("3", contactlist_amendment_request=request)  # leak
    other = ContactlistAmendmentRequest(data=ContactlistAmendmentAttributes(identifiers=[user.city]))
    AudienceApi(client).update_contact_list_by_audience_segment("3", contactlist_amendment_request=other)  # clean


def amend_retail(client, user: User):
    attributes = RetailMediaContactlistAmendmentAttributes(identifiers=[user.phone])
    request = RetailMediaContactlistAmendmentRequest(data={"attributes": attributes})
    api = audience_api.AudienceApi(client)
    api.add_remove_contact_list_by_audience_segment(  # leak
        "3", retail_media_contactlist_amendment_request=request
    )
