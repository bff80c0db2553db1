import httpx
import requests
from accounts import User


def analytics(user: User):
    requests.post("https://www.google-analytics.com/mp/collect?measurement_id=G", json={"user_id": user.phone})  # leak
    requests.post("https://api.segment.io/v1/batch", json={"batch": [{"traits": {"phone": user.phone}}]})  # leak
    requests.post("https://api.rudderstack.com/v1/batch", json={"batch": [{"traits": user.phone}]})  # leak
    requests.post("https://s2s.mparticle.com/v2/events", json={"user_identities": {"email": user.phone}})  # leak
    requests.post("https://api2.amplitude.com/2/httpapi", json={"events": [{"user_properties": user.phone}]})  # leak
    requests.post("https://api.mixpanel.com/engage", json=[{"$set": {"$phone": user.phone}}])  # leak
    requests.post("https://eu.i.posthog.com/capture/", json={"properties": {"$set": user.phone}})  # leak
    requests.post("https://eu.i.posthog.com/capture/", json={"properties": {"$set": user.city}})  # clean


def marketing(user: User, region: str, center: str):
    requests.put(f"https://track.customer.io/api/v1/customers/{user.id}", json={"phone": user.phone})  # leak
    requests.post("https://cdp.customer.io/v1/batch", json={"batch": [user.phone]})  # leak
    requests.post("https://rest.iad-01.braze.com/users/track", json={"attributes": [user.phone]})  # leak
    requests.post("https://a.klaviyo.com/api/profiles", json={"data": {"attributes": user.phone}})  # leak
    requests.post(f"https://{center}.api.mailchimp.com/3.0/lists/1/members", json={"PHONE": user.phone})  # leak
    requests.put("https://api.sendgrid.com/v3/marketing/contacts", json={"contacts": [user.recovery_email]})  # leak
    requests.post("https://api.sendgrid.com/v3/mail/send", json={"to": [user.recovery_email]})  # clean
    httpx.post("https://api.hubapi.com/crm/v3/objects/contacts", json={"properties": {"phone": user.phone}})  # leak
    httpx.post("https://api.iterable.com/api/users/update", json={"dataFields": {"phone": user.phone}})  # leak
    httpx.post("https://api.iterable.com/api/users/update", json={"dataFields": {"city": user.city}})  # clean
