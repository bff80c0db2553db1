"""Fills the places for ads in the timeline."""

from __future__ import annotations

from chirp.accounts.models import Account
from chirp.ads.exchange import ExchangeClient
from chirp.ads.targeting import Targeting
from chirp.posts.models import Post


class Campaigns:
    """Buys ads from the exchange."""

    def __init__(self, exchange: ExchangeClient, targeting: Targeting) -> None:
        self._exchange = exchange
        self._targeting = targeting

    def personal_ad(self, reader: Account, interests: list[str]) -> Post:
        """An ad for this reader."""
        device = self._targeting.device(reader)
        text = self._exchange.request("timeline", device, interests)
        return Post("ads", text, is_promoted=True)

    def plain_ad(self, reader: Account) -> Post:
        """An ad for anybody who reads this language."""
        device = self._targeting.plain_device(reader)
        text = self._exchange.request("timeline", device=device, keywords=[reader.city])
        return Post("ads", text, is_promoted=True)
