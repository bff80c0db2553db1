from accounts import User
from mixpanel import Mixpanel

mp = Mixpanel("token")


def profiles(user: User):
    mp.track(user.id, "Signed Up", {"contact": user.phone})  # leak
    mp.import_data("key", user.id, "Signed Up", 1, {"contact": user.phone})  # leak
    mp.people_set(user.id, {"$phone": user.phone, "city": user.city})  # leak
    mp.people_set_once(user.id, {"$phone": user.phone})  # leak
    mp.people_append(user.id, {"phones": user.phone})  # leak
    mp.people_union(user.id, {"phones": [user.phone]})  # leak
    mp.people_update({"$distinct_id": user.id, "$set": {"$phone": user.phone}})  # leak
    mp.group_set("company", "1", {"contact": user.phone})  # leak
    mp.alias(user.phone, str(user.id))  # leak
    mp.people_set(user.id, {"city": user.city})  # clean
    mp.people_delete(user.phone)  # clean
