import hashlib

import mailchimp_marketing as MailchimpMarketing
from accounts import User
from mailchimp3 import MailChimp
from mailchimp_marketing import Client
from mailchimp_marketing.api.lists_api import ListsApi


def members(user: User, list_id: str):
    client = MailchimpMarketing.Client()
    client.set_config({"api_key": "key", "server": "us1"})
    body = {"email_address": "a@b.c", "merge_fields": {"PHONE": user.phone}}
    client.lists.add_list_member(list_id, body)  # leak
    subscriber = hashlib.md5(user.city.encode()).hexdigest()
    client.lists.set_list_member(list_id, subscriber, body)  # leak
    client.lists.update_list_member(list_id, subscriber, body)  # leak
    client.lists.batch_list_members(list_id, {"members": [body], "update_existing": True})  # leak
    client.lists.create_list_member_event(list_id, subscriber, {"name": "x", "properties": {"to": user.phone}})  # leak
    client.lists.update_list_member_tags(list_id, subscriber, body={"tags": [{"name": user.phone}]})  # leak
    client.lists.create_segment_member(list_id, "seg", {"email_address": user.recovery_email})  # leak
    client.lists.batch_segment_members({"members_to_add": [user.recovery_email]}, list_id, "seg")  # leak
    client.lists.create_segment(list_id, {"name": "x", "static_segment": [user.recovery_email]})  # leak
    client.lists.add_list_member(list_id, {"email_address": user.city})  # clean
    Client().lists.add_list_member(list_id, {"email_address": user.recovery_email})  # leak
    ListsApi(client).add_list_member(list_id, {"email_address": user.recovery_email})  # leak


def older_package(user: User):
    client = MailChimp(mc_api="key", mc_user="user")
    client.lists.members.create("list", {"email_address": user.recovery_email})  # leak
    client.lists.members.update(list_id="list", subscriber_hash="x", data={"merge_fields": {"P": user.phone}})  # leak
    client.lists.members.create_or_update("list", "x", {"email_address": user.recovery_email})  # leak
    client.lists.members.create("list", {"email_address": user.city})  # clean
