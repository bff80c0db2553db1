from accounts import User
from google.ads import datamanager_v1
from google.ads.datamanager_util.format import Formatter
from google.ads.datamanager_v1.services.ingestion_service import IngestionServiceAsyncClient
from google.ads.datamanager_v1.types import AddressInfo, AudienceMember, Event, UserData, UserIdentifier
from google.ads.datamanager_v1.types.audience import IpData


def ingest_members(user: User):
    formatter = Formatter()
    members = [
        AudienceMember(
            user_data=UserData(
                user_identifiers=[
                    UserIdentifier(phone_number=formatter.process_phone_number(user.phone, Formatter.Encoding.HEX))
                ]
            )
        )
    ]
    client = datamanager_v1.IngestionServiceClient()
    request = datamanager_v1.IngestAudienceMembersRequest(destinations=[], audience_members=members)
    client.ingest_audience_members(request=request)  # leak
    hashed = formatter.hash_string(formatter.format_email_address(user.recovery_email))
    client.ingest_users(request={"users": [{"user_data": {"email_address": hashed}}]})  # leak
    address = AddressInfo(given_name=formatter.format_phone_number(user.phone), postal_code=user.city)
    client.ingest_events(  # leak
        request=datamanager_v1.IngestEventsRequest(
            events=[Event(user_data=UserData(user_identifiers=[UserIdentifier(address=address)]))]
        )
    )
    client.ingest_events(request=datamanager_v1.IngestEventsRequest(events=[Event(client_id=user.city)]))  # clean


async def ingest_addresses(user: User):
    member = AudienceMember()
    member.ip_data = IpData(ip_address=Formatter().process_email_address(user.recovery_email))
    await IngestionServiceAsyncClient().ingest_audience_members(  # leak
        datamanager_v1.IngestAudienceMembersRequest(audience_members=[member])
    )
