"""The SMS gateway."""

from __future__ import annotations


class SmsGateway:
    """Hands messages to the carrier; here they wait to be picked up."""

    def __init__(self) -> None:
        self.outbox: list[tuple[str, str]] = []

    def send(self, to: str, text: str) -> None:
        """Send a text message to a number."""
        self.outbox.append((to, text))
