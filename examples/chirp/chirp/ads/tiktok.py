"""TikTok: events of our pixel, sent from the server."""

from __future__ import annotations

from business_api_client.api.event_callback_api import EventCallbackApi
from business_api_client.models.pixel_context import PixelContext
from business_api_client.models.pixel_context_user import PixelContextUser
from business_api_client.models.pixel_track_body import PixelTrackBody

from chirp.ads.segments import Segment
from chirp.settings import Settings


class TikTokAds:
    """Reports the members of a segment as if each had visited the page."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.tiktok_token
        self._pixel = settings.tiktok_pixel
        self._api = EventCallbackApi()

    def report(self, segment: Segment) -> None:
        """One event for each member."""
        for key in segment.members():
            context = PixelContext(user=PixelContextUser(phone_number=key))
            body = PixelTrackBody(pixel_code=self._pixel, event=segment.name, context=context)
            self._api.pixel_track(self._token, body=body)
