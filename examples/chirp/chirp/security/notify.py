"""Tells people something, over whatever channel is at hand."""

from __future__ import annotations

from typing import Protocol


class Channel(Protocol):
    """A way to a person."""

    def send(self, to: str, text: str) -> None:
        """Deliver the text."""


class Notifier:
    """Sends texts over one channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def notify(self, to: str, text: str) -> None:
        """Send the text at once."""
        self._channel.send(to, text)
