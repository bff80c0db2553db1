from accounts import User
from linkedin_api.clients.restli.client import RestliClient


def conversions(user: User, token: str):
    client = RestliClient()
    body = {"user": {"userIds": [{"idType": "SHA256_EMAIL", "idValue": user.recovery_email}]}}
    client.create(resource_path="/conversionEvents", entity=body, access_token=token)  # leak
    client.batch_create(resource_path="/conversionEvents", entities=[body], access_token=token)  # leak
    client.update(resource_path="/dmpSegments/{id}", path_keys={"id": 3}, entity=body, access_token=token)  # leak
    client.partial_update(resource_path="/dmpSegments/{id}", patch_set_object=body, access_token=token)  # leak
    client.action(resource_path="/dmpSegments/{id}/users", action_params=body, access_token=token)  # leak
    client.create(resource_path="/posts", entity=body, access_token=token)  # clean
    client.create(resource_path="/conversionEvents", entity={"user": user.city}, access_token=token)  # clean
