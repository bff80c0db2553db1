"""Meta: custom audiences and the conversions interface."""

from __future__ import annotations

import time

from facebook_business.adobjects.customaudience import CustomAudience
from facebook_business.adobjects.serverside.custom_data import CustomData
from facebook_business.adobjects.serverside.event import Event
from facebook_business.adobjects.serverside.event_request import EventRequest
from facebook_business.adobjects.serverside.user_data import UserData

from chirp.ads.audiences import Audience
from chirp.settings import Settings


class MetaAds:
    """Uploads in batches, reports sales one by one."""

    batch_size = 1000

    def __init__(self, settings: Settings) -> None:
        self._pixel = settings.meta_pixel
        self._audience = settings.meta_audience

    def replace(self, audience: Audience) -> None:
        """Make the audience at Meta what ours is."""
        remote = CustomAudience(self._audience)
        keys = audience.keys()
        for start in range(0, len(keys), self.batch_size):
            batch = keys[start : start + self.batch_size]
            remote.add_users(schema=CustomAudience.Schema.phone_hash, users=batch)

    def report_sale(self, topic: str, person: dict[str, str]) -> None:
        """Tell Meta that somebody bought a plan, so that it can say which ad did it."""
        user = UserData(email=person.get("email"), city=person["city"])
        event = Event(event_name=topic, event_time=int(time.time()), user_data=user)
        request = EventRequest(pixel_id=self._pixel, events=[event])
        request.execute()

    def report_signup(self, topic: str, person: dict[str, str]) -> None:
        """Tell Meta that there is a new profile, with what the profile shows to everybody."""
        profile = CustomData(custom_properties=person)
        event = Event(event_name=topic, event_time=int(time.time()), custom_data=profile)
        EventRequest(pixel_id=self._pixel, events=[event]).execute()
