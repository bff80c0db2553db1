from accounts import User, everyone
from ttd_data import DataClient
from ttd_data.ipaddress import IPAddress
from ttd_data.models import AdvertiserDataItem, OfflineConversionDataItem, ThirdPartyDataItem
from ttd_data.uid2.models import AdvertiserDataItem as Item


def advertiser(config):
    client = DataClient(uid2_config=config)
    items = [AdvertiserDataItem(phone=user.phone, data=[]) for user in everyone()]
    client.advertiser.ingest_advertiser_data(advertiser_id="a", items=items)  # leak
    client.third_party.ingest_third_party_data(  # leak
        data_provider_id="d", items=[ThirdPartyDataItem(email=user.recovery_email) for user in everyone()]
    )
    client.offline_conversion.ingest_offline_conversion_data(  # leak
        data_provider_id="d", items=[OfflineConversionDataItem(hashed_phone=everyone()[0].phone)]
    )
    client.advertiser.ingest_advertiser_data(  # clean
        advertiser_id="a", items=[AdvertiserDataItem(tdid=user.city, data=[]) for user in everyone()]
    )


async def asynchronously(client: DataClient, user: User):
    await client.advertiser.ingest_advertiser_data_async(advertiser_id="a", items=[Item(phone=user.phone)])  # leak
    await client.third_party.ingest_third_party_data_async(items=[{"hashed_email": user.recovery_email}])  # leak
    await client.offline_conversion.ingest_offline_conversion_data_async(items=[{"phone": user.phone}])  # leak
    await client.third_party.ingest_third_party_data_async(items=[{"hashed_email": user.city}])  # clean


def addresses(user: User):
    IPAddress().ingest_first_party_ip_address_data(advertiser_id="a", items=[user.phone])  # leak
    IPAddress().ingest_third_party_ip_address_data(items=[{"ip": user.phone}])  # leak
