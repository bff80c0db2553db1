"""What waits to be told to others, so that nobody has to wait for their servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """Something that happened, and whom it is about."""

    topic: str
    person: dict[str, str]


class Outbox:
    """Messages in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: list[Message] = []

    def put(self, message: Message) -> None:
        """Add a message."""
        self._waiting.append(message)

    def drain(self) -> Iterator[Message]:
        """Every message that waits, each once."""
        while self._waiting:
            yield self._waiting.pop(0)
