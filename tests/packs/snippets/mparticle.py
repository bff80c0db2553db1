import mparticle
from accounts import User
from mparticle.models.batch import Batch
from mparticle.models.user_identities import UserIdentities


def upload(user: User):
    api = mparticle.EventsApi(mparticle.Configuration())
    batch = mparticle.Batch(environment="development")
    batch.user_identities = mparticle.UserIdentities(customerid=str(user.id), mobile_number=user.phone)
    api.upload_events(batch)  # leak
    identities = UserIdentities()
    identities.email = user.recovery_email
    api.bulk_upload_events([Batch(user_identities=identities, events=[])])  # leak
    api.upload_events(body={"user_attributes": {"$mobile": user.phone}})  # leak
    api.upload_events(Batch(user_identities=UserIdentities(customerid=str(user.id)), ip="1.2.3.4"))  # clean
