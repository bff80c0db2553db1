from accounts import User
from bingads.service_client import ServiceClient
from bingads.v13.bulk import BulkFileWriter, BulkServiceManager, EntityUploadParameters, FileUploadParameters
from bingads.v13.bulk.entities import BulkOfflineConversion
from bingads.v13.bulk.entities.audiences import BulkCustomerListItem


def customer_list(authorization, user: User):
    campaigns = ServiceClient("CampaignManagementService", 13, authorization_data=authorization)
    data = campaigns.factory.create("CustomerListUserData")
    data.CustomerListItemSubType = "Email"
    data.CustomerListItems.string = [user.recovery_email]
    campaigns.ApplyCustomerListUserData(CustomerListUserData=data)  # leak
    campaigns.ApplyCustomerListItems(CustomerListItems=[user.phone])  # leak
    conversion = campaigns.factory.create("OfflineConversion")
    conversion.HashedPhoneNumber = user.phone
    campaigns.ApplyOfflineConversions(OfflineConversions={"OfflineConversion": [conversion]})  # leak
    campaigns.ApplyOnlineConversionAdjustments(OnlineConversionAdjustments=[user.phone])  # leak
    other = campaigns.factory.create("OfflineConversion")
    other.ConversionName = user.city
    campaigns.ApplyOfflineConversions(OfflineConversions={"OfflineConversion": [other]})  # clean


def bulk(authorization, user: User):
    manager = BulkServiceManager(authorization_data=authorization)
    items = [BulkCustomerListItem(text=user.recovery_email, sub_type="Email", parent_id=-20)]
    manager.upload_entities(EntityUploadParameters(entities=items, response_mode="ErrorsAndResults"))  # leak
    conversion = BulkOfflineConversion(offline_conversion={"HashedEmailAddress": user.recovery_email})
    with BulkFileWriter("upload.csv") as writer:
        writer.write_entity(conversion)  # leak
    with open("items.csv", "w") as file:
        file.write(user.phone)
    manager.upload_file(FileUploadParameters(upload_file_path="items.csv"))  # leak
    manager.upload_entities(EntityUploadParameters(entities=[BulkCustomerListItem(text=user.city)]))  # clean
