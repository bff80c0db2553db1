"""Fills the places for ads in the timeline."""

from __future__ import annotations

from chirp.ads.exchange import ExchangeClient
from chirp.posts.models import Post


class Campaigns:
    """Buys ads from the exchange."""

    def __init__(self, exchange: ExchangeClient) -> None:
        self._exchange = exchange

    def personal_ad(self, device: dict[str, str], interests: list[str]) -> Post:
        """An ad for one reader."""
        text = self._exchange.request("timeline", device, interests)
        return Post("ads", text, is_promoted=True)

    def plain_ad(self, device: dict[str, str], city: str) -> Post:
        """An ad for anybody in the city."""
        text = self._exchange.request("timeline", device=device, keywords=[city])
        return Post("ads", text, is_promoted=True)

    def ask_for_person(self, person: str) -> str:
        """What the exchange would show to somebody."""
        return self._exchange.request("reach", {"id": person}, [])

    def ask_for_town(self, town: str) -> str:
        """What it would show to anybody in a town."""
        return self._exchange.request("reach", {"town": town}, [])
