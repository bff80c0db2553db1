import http.client
import json
import urllib.request

import aiohttp
import httpx
import requests
import urllib3
from accounts import User
from requests_oauthlib import OAuth1Session
from requests_toolbelt.sessions import BaseUrlSession

GRAPH = "https://graph.facebook.com/v19.0"
PIXEL = "1234"


def constants(user: User, token: str):
    requests.post(f"{GRAPH}/{PIXEL}/events", json={"data": [{"user_data": {"ph": [user.phone]}}]})  # leak
    requests.post(GRAPH + "/act_1/users", data={"payload": json.dumps({"data": [user.phone]})})  # leak
    requests.post("%s/%s/usersreplace" % (GRAPH, PIXEL), data={"payload": user.phone})  # leak
    requests.post("{}/{}/activities".format(GRAPH, PIXEL), data={"ud": user.phone})  # leak
    requests.post(f"{GRAPH}/{PIXEL}/events", json={"data": [{"user_data": {"ct": [user.city]}}]})  # clean
    requests.post(f"{GRAPH}/{PIXEL}/comments", json={"message": user.phone})  # clean
    requests.get("https://example.org/events", params={"ph": user.phone})  # clean


class Settings:
    BASE_URL = "https://business-api.tiktok.com/open_api/v1.3"


class Base:
    def __init__(self, user: User):
        self.user = user
        self.session = requests.Session()

    def send(self):
        return self.session.request("POST", self.url(), data=json.dumps(self.payload()))  # leak

    def url(self):
        return f"{Settings.BASE_URL}/event/track/"

    def payload(self):
        return {"data": [{"user": {"phone": self.user.phone}}]}


def layers(user: User):
    Base(user).send()


def base_urls(user: User):
    with httpx.Client(base_url="https://tr.snapchat.com") as client:
        client.post("/v3/pixel/events", json={"data": [{"user_data": {"ph": user.phone}}]})  # leak
        client.post("/v3/pixel/events", json={"data": [{"user_data": {"ct": user.city}}]})  # clean
        client.post("/v2/conversion", json={"hashed_phone_number": user.phone})  # leak
    session = requests.Session()
    session.headers["Authorization"] = "token"
    session.post("https://adsapi.snapchat.com/v1/segments/1/users", json={"users": [{"data": [user.phone]}]})  # leak


async def asynchronous(user: User, account: str):
    async with httpx.AsyncClient(base_url="https://api.pinterest.com/v5") as client:
        await client.post(f"/ad_accounts/{account}/events", json={"data": [{"user_data": {"ph": user.phone}}]})  # leak
        await client.post(f"/ad_accounts/{account}/customer_lists", json={"records": user.phone})  # leak
    async with aiohttp.ClientSession("https://api.linkedin.com") as session:
        async with session.post("/rest/conversionEvents", json={"user": {"userIds": [user.phone]}}) as answer:  # leak
            await answer.json()
    async with aiohttp.ClientSession() as session:
        await session.post("https://api.linkedin.com/rest/dmpSegments/1/users", json={"x": user.phone})  # leak
        await session.post("https://api.linkedin.com/rest/posts", json={"x": user.phone})  # clean


def standard_library(user: User):
    body = json.dumps({"conversions": [{"identifiers": [{"hashed_phone_number": user.phone}]}]}).encode()
    request = urllib.request.Request("https://ads-api.x.com/12/measurement/conversions/o8", data=body)  # leak
    with urllib.request.urlopen(request) as answer:
        answer.read()
    pool = urllib3.PoolManager()
    pool.request("POST", "https://ads-api.twitter.com/12/accounts/a/custom_audiences/b/users", body=body)  # leak


def google(user: User, customer: str):
    ads = "https://googleads.googleapis.com/v17"
    requests.post(f"{ads}/customers/{customer}/offlineUserDataJobs:create", json={"x": user.phone})  # leak
    requests.post(f"{ads}/customers/{customer}:uploadClickConversions", json={"x": user.phone})  # leak
    requests.post(f"{ads}/customers/{customer}/googleAds:search", json={"query": user.phone})  # clean
    requests.post("https://datamanager.googleapis.com/v1/audienceMembers:ingest", json={"x": user.phone})  # leak


def others(user: User):
    requests.post("https://capi.uet.microsoft.com/v1/tag/events", json={"userData": {"ph": user.phone}})  # leak
    requests.post("https://campaign.api.bingads.microsoft.com/Api/x.svc", data=f"<Email>{user.phone}</Email>")  # leak
    criteo = "https://api.criteo.com/2024-01"
    requests.patch(f"{criteo}/marketing-solutions/audience-segments/1/contact-list", json={"x": user.phone})  # leak
    httpx.post("https://advertising-api.amazon.com/dp/records/hashed", json={"records": [user.phone]})  # leak
    httpx.post("https://ads-api.reddit.com/api/v2.0/conversions/events/a", json={"events": [user.phone]})  # leak
    httpx.post("https://services.adroll.com/audience/v1/x", json={"x": user.phone})  # leak
    httpx.post("https://usw-data.adsrvr.org/data/advertiser", json={"Items": [user.phone]})  # leak
    httpx.post("https://api2.appsflyer.com/inappevent/app", json={"customer_user_id": user.phone})  # leak
    httpx.post("https://s2s.adjust.com/event", params={"callback_params": user.phone})  # leak
    httpx.post("https://api2.branch.io/v2/event/standard", json={"user_data": user.phone})  # leak
    httpx.post("https://api2.branch.io/v2/event/standard", json={"user_data": user.city})  # clean


def connections(user: User):
    connection = http.client.HTTPSConnection("graph.facebook.com")
    connection.request("POST", f"/v19.0/{PIXEL}/events", json.dumps({"ph": user.phone}))  # leak
    connection.request("POST", f"/v19.0/{PIXEL}/comments", json.dumps({"ph": user.phone}))  # clean
    oauth = OAuth1Session("key", client_secret="secret")
    oauth.post("https://ads-api.x.com/12/measurement/conversions/o8", json={"x": user.phone})  # leak
    session = BaseUrlSession(base_url="https://graph.facebook.com/v19.0/")
    session.post(f"/{PIXEL}/events", json={"ph": user.phone})  # leak
