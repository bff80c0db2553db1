"""Groups of people, as ad platforms take them: lists of digests."""

from __future__ import annotations

from collections.abc import Iterable

from chirp.accounts.directory import Identify
from chirp.accounts.models import Account
from chirp.identity import fingerprint


class Audience:
    """A named list of digests, each once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._keys: dict[str, None] = {}

    def add(self, contact: str) -> None:
        """Add a person by phone number or address."""
        self._keys[fingerprint(contact)] = None

    def keys(self) -> list[str]:
        """The digests, in the order in which people were added."""
        return list(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def audience_of(name: str, accounts: Iterable[Account], identify: Identify) -> Audience:
    """An audience of all accounts for which there is a contact."""
    audience = Audience(name)
    for account in accounts:
        contact = identify(account)
        if contact:
            audience.add(contact)
    return audience
