from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.user_data import UserData

from models import Profile


def purchase(pk):
    profile = Profile.objects.get(pk=pk)
    data = UserData(phone=profile.contact)
    EventRequest("pixel", events=[Event("Purchase", 1, user_data=data)]).execute()  # leak: set_phone.phone
    other = UserData(city=profile.city)
    EventRequest("pixel", events=[Event("Purchase", 1, user_data=other)]).execute()  # clean
