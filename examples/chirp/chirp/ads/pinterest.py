"""Pinterest: customer lists."""

from __future__ import annotations

from pinterest.ads.customer_lists import CustomerList

from chirp.ads.segments import Segment
from chirp.settings import Settings


class PinterestAds:
    """Uploads segments whole."""

    def __init__(self, settings: Settings) -> None:
        self._account = settings.pinterest_account

    def upload(self, segment: Segment) -> None:
        """Make a list of the segment's members."""
        records = ",".join(segment.members())
        CustomerList.create(ad_account_id=self._account, name=segment.name, records=records, list_type="EMAIL")
