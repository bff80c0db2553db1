"""Lets one part of the program hear of what happens in another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chirp.accounts.models import Account

Listener = Callable[["Account"], None]


class EventBus:
    """Calls those who subscribed to a topic, in the order in which they did."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {}

    def subscribe(self, topic: str, listener: Listener) -> None:
        """Have the listener called with every account that the topic is about."""
        self._listeners.setdefault(topic, []).append(listener)

    def publish(self, topic: str, account: Account) -> None:
        """Tell everybody who waits for the topic."""
        for listener in self._listeners.get(topic, []):
            listener(account)
