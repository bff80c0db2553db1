import hashlib

from accounts import User, everyone
from facebook_business.adobjects.adspixel import AdsPixel
from facebook_business.adobjects.application import Application
from facebook_business.adobjects.customaudience import CustomAudience
from facebook_business.adobjects.offlineconversiondataset import OfflineConversionDataSet
from facebook_business.api import FacebookAdsApi
from facebookads.adobjects.customaudience import CustomAudience as OldCustomAudience


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def fill_audience(audience_id: str):
    FacebookAdsApi.init(access_token="token")
    audience = CustomAudience(audience_id)
    audience.add_users(  # leak
        schema=["PHONE", "EMAIL"], is_raw=True, users=[[user.phone, user.city] for user in everyone()]
    )
    audience.add_users(CustomAudience.Schema.phone_hash, [sha256(user.phone) for user in everyone()])  # leak
    audience.add_users(CustomAudience.Schema.phone_hash, [sha256(user.city) for user in everyone()])  # clean
    OldCustomAudience(audience_id).add_users("PHONE_SHA256", [user.phone for user in everyone()])  # leak
    audience.create_user(params={"payload": {"schema": "PHONE", "data": [u.phone for u in everyone()]}})  # leak
    audience.create_users_replace(  # leak
        params={
            "payload": {"schema": ["PHONE"], "data": [[sha256(user.phone)] for user in everyone()]},
            "session": {"session_id": 1, "batch_seq": 1, "last_batch_flag": True},
        }
    )
    audience.create_users_replace(params={"payload": {"schema": ["CT"], "data": [[u.city] for u in everyone()]}})  # clean
    audience.remove_users("PHONE", [user.phone for user in everyone()])  # leak
    audience.delete_users(params={"payload": {"schema": "PHONE", "data": [u.phone for u in everyone()]}})  # leak


def deferred(audience: CustomAudience, user: User):
    params = CustomAudience.format_params("PHONE", [user.phone])
    request = audience.create_user(pending=True)
    request.add_params(params)  # leak
    api = FacebookAdsApi.get_default_api()
    api.call("POST", (audience.get_id(), "users"), params=params)  # leak
    api.call("POST", ("123", "users"), params={"payload": {"schema": "CT", "data": [user.city]}})  # clean


def events(pixel_id: str, user: User):
    AdsPixel(pixel_id).create_event(params={"data": [{"user_data": {"ph": [sha256(user.phone)]}}]})  # leak
    OfflineConversionDataSet("9").create_event(params={"data": [{"match_keys": {"phone": [user.phone]}}]})  # leak
    Application("7").create_activity(params={"event": "CUSTOM_APP_EVENTS", "ud": {"ph": user.phone}})  # leak
    AdsPixel(pixel_id).create_event(params={"data": [{"user_data": {"ct": [sha256(user.city)]}}]})  # clean
