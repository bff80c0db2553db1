import hashlib

from accounts import User, everyone
from google.ads.googleads.client import GoogleAdsClient
from google.ads.googleads.v26.common.types.offline_user_data import OfflineUserAddressInfo, UserData, UserIdentifier
from google.ads.googleads.v26.services.services.conversion_adjustment_upload_service import (
    ConversionAdjustmentUploadServiceClient,
)
from google.ads.googleads.v26.services.services.conversion_upload_service.client import ConversionUploadServiceClient
from google.ads.googleads.v26.services.services.local_services_lead_service.client import LocalServicesLeadServiceClient
from google.ads.googleads.v24.services.services.offline_user_data_job_service import (
    OfflineUserDataJobServiceAsyncClient,
    OfflineUserDataJobServiceClient,
)
from google.ads.googleads.v26.services.services.user_data_service.client import UserDataServiceClient
from google.ads.googleads.v26.services.types.conversion_adjustment_upload_service import ConversionAdjustment
from google.ads.googleads.v26.services.types.conversion_upload_service import CallConversion, ClickConversion
from google.ads.googleads.v26.services.types.offline_user_data_job_service import OfflineUserDataJobOperation
from google.ads.googleads.v26.services.types.user_data_service import UserDataOperation


def normalize_and_hash(text):
    return hashlib.sha256(text.strip().lower().encode("utf-8")).hexdigest()


def build_operations(client, users):
    operations = []
    for user in users:
        user_data = client.get_type("UserData")
        user_identifier = client.get_type("UserIdentifier")
        user_identifier.hashed_phone_number = normalize_and_hash(user.phone)
        user_data.user_identifiers.append(user_identifier)
        operation = client.get_type("OfflineUserDataJobOperation")
        operation.create = user_data
        operations.append(operation)
    return operations


def build_city_operations(client, users):
    operations = []
    for user in users:
        user_data = client.get_type("UserData")
        user_identifier = client.get_type("UserIdentifier")
        user_identifier.address_info.city = user.city
        user_data.user_identifiers.append(user_identifier)
        operation = client.get_type("OfflineUserDataJobOperation")
        operation.create = user_data
        operations.append(operation)
    return operations


def add_users_to_customer_match_user_list(job):
    client = GoogleAdsClient.load_from_storage(version="v26")
    service = client.get_service("OfflineUserDataJobService")
    request = client.get_type("AddOfflineUserDataJobOperationsRequest")
    request.resource_name = job
    request.operations = build_operations(client, everyone())
    request.enable_partial_failure = True
    service.add_offline_user_data_job_operations(request=request)  # leak
    service.add_offline_user_data_job_operations(  # leak
        resource_name=job, operations=build_operations(client, everyone())
    )
    service.add_offline_user_data_job_operations(  # clean
        resource_name=job, operations=build_city_operations(client, everyone())
    )


def with_typed_classes(user: User, job: str):
    identifier = UserIdentifier(hashed_phone_number=normalize_and_hash(user.phone))
    address = UserIdentifier(address_info=OfflineUserAddressInfo(hashed_first_name=normalize_and_hash(user.city)))
    operation = OfflineUserDataJobOperation(create=UserData(user_identifiers=[identifier, address]))
    OfflineUserDataJobServiceClient().add_offline_user_data_job_operations(  # leak
        resource_name=job, operations=[operation]
    )


async def asynchronously(user: User, job: str):
    identifier = UserIdentifier()
    identifier.address_info.hashed_street_address = normalize_and_hash(user.recovery_email)
    operation = OfflineUserDataJobOperation(create=UserData(user_identifiers=[identifier]))
    await OfflineUserDataJobServiceAsyncClient().add_offline_user_data_job_operations(  # leak
        request={"resource_name": job, "operations": [operation]}
    )


def upload_user_data(customer_id: str):
    client = GoogleAdsClient.load_from_env()
    service = client.get_service("UserDataService")
    service.upload_user_data(  # leak
        request={
            "customer_id": customer_id,
            "operations": [
                {"create": {"user_identifiers": [{"hashed_phone_number": normalize_and_hash(user.phone)}]}}
                for user in everyone()
            ],
        }
    )
    identifier = UserIdentifier(third_party_user_id=everyone()[0].phone)
    operation = UserDataOperation(create=UserData(user_identifiers=[identifier]))
    UserDataServiceClient().upload_user_data(request={"operations": [operation]})  # leak
    plain = UserDataOperation(create=UserData(user_identifiers=[UserIdentifier(third_party_user_id="8")]))
    UserDataServiceClient().upload_user_data(request={"operations": [plain]})  # clean


def conversions(user: User, customer_id: str):
    client = GoogleAdsClient.load_from_storage("google-ads.yaml")
    service = client.get_service("ConversionUploadService")
    click = client.get_type("ClickConversion")
    click.gclid = "abc"
    identifier = client.get_type("UserIdentifier")
    identifier.hashed_email = normalize_and_hash(user.recovery_email)
    click.user_identifiers.append(identifier)
    request = client.get_type("UploadClickConversionsRequest")
    request.customer_id = customer_id
    request.conversions.append(click)
    service.upload_click_conversions(request=request)  # leak
    call = client.get_type("CallConversion")
    call.caller_id = user.phone
    service.upload_call_conversions(customer_id=customer_id, conversions=[call], partial_failure=True)  # leak
    typed = ClickConversion(user_ip_address=user.phone)
    ConversionUploadServiceClient().upload_click_conversions(customer_id=customer_id, conversions=[typed])  # leak
    typed_call = CallConversion(caller_id=user.city)
    ConversionUploadServiceClient().upload_call_conversions(conversions=[typed_call])  # clean


def adjustments(user: User):
    adjustment = ConversionAdjustment(user_agent=user.recovery_email)
    ConversionAdjustmentUploadServiceClient().upload_conversion_adjustments(  # leak
        customer_id="1", conversion_adjustments=[adjustment], partial_failure=True
    )
    LocalServicesLeadServiceClient().append_lead_conversation(  # leak
        customer_id="1", conversations=[{"text": user.phone}]
    )


def typed(service: UserDataServiceClient, user: User):
    identifier = UserIdentifier()
    identifier.hashed_phone_number = normalize_and_hash(user.phone)
    operation = UserDataOperation(create=UserData(user_identifiers=[identifier]))
    service.upload_user_data(request={"operations": [operation]})  # leak
    address = OfflineUserAddressInfo()
    address.city = user.city
    other = UserDataOperation(create=UserData(user_identifiers=[UserIdentifier(address_info=address)]))
    service.upload_user_data(request={"operations": [other]})  # clean
