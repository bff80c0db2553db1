"""Our side of the ad exchange, whose servers a partner runs."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ExchangeClient:
    """Asks the exchange for an ad; here the questions are kept, and the answer is always the same."""

    url: str
    asked: list[dict[str, object]] = field(default_factory=list)

    def request(self, placement: str, device: dict[str, str], keywords: list[str]) -> str:
        """The text of the ad that won the auction."""
        self.asked.append({"placement": placement, "device": device, "keywords": keywords})
        return "Buy shoes"
