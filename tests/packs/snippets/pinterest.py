from accounts import User, everyone
from openapi_generated.pinterest_client.api.conversion_events_api import ConversionEventsApi
from openapi_generated.pinterest_client.api.customer_lists_api import CustomerListsApi
from openapi_generated.pinterest_client.model.customer_list_request import CustomerListRequest
from pinterest.ads.conversion_events import Conversion
from pinterest.ads.customer_lists import CustomerList


def lists(account: str):
    records = ",".join(user.recovery_email for user in everyone())
    CustomerList.create(ad_account_id=account, name="vip", records=records, list_type="EMAIL")  # leak
    CustomerList.create(ad_account_id=account, name="vip", records="", list_type="EMAIL")  # clean
    customers = CustomerList(ad_account_id=account, customer_list_id="3")
    customers.update_fields(records=records, operation_type="ADD")  # leak
    customers.update_fields(records=",".join(user.city for user in everyone()), operation_type="ADD")  # clean


def conversions(account: str, user: User):
    event = Conversion.create_conversion_event(  # leak
        event_name="checkout", action_source="web", event_time=1, event_id="e", user_data={"ph": [user.phone]}
    )
    Conversion.send_conversion_events(ad_account_id=account, conversion_events=[event])  # leak
    other = Conversion.create_conversion_event(  # clean
        event_name="checkout", action_source="web", event_time=1, event_id="e", user_data={"ct": [user.city]}
    )
    Conversion.send_conversion_events(ad_account_id=account, conversion_events=[other])  # clean


def generated(client, account: str, user: User):
    api = CustomerListsApi(client)
    api.customer_lists_create(account, CustomerListRequest(name="vip", records=user.phone))  # leak
    api.customer_lists_update(  # leak
        ad_account_id=account, customer_list_id="1", customer_list_update_request={"records": user.phone}
    )
    ConversionEventsApi(client).events_create(  # leak
        ad_account_id=account, conversion_events={"data": [{"user_data": {"ph": [user.phone]}}]}
    )
    api.customer_lists_create(account, CustomerListRequest(name="vip", records=user.city))  # clean
