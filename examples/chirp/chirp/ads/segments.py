"""Segments: people who have something in common, and how a platform may recognise them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from chirp.accounts.contact import newsletter_address, reachable_phone
from chirp.accounts.models import Account
from chirp.identity import fingerprint


class Segment(ABC):
    """Some of the accounts."""

    name: str

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = list(accounts)

    @abstractmethod
    def includes(self, account: Account) -> bool:
        """Whether the account belongs here."""

    @abstractmethod
    def contact(self, account: Account) -> str | None:
        """What to recognise the person by."""

    def members(self) -> Iterator[str]:
        """The digests of the members that can be recognised."""
        for account in self._accounts:
            if self.includes(account):
                contact = self.contact(account)
                if contact:
                    yield fingerprint(contact)


class FreeUsers(Segment):
    """Those who do not pay yet, by phone: nearly everybody has one for login codes."""

    name = "free"

    def includes(self, account: Account) -> bool:
        return account.plan == "free"

    def contact(self, account: Account) -> str | None:
        return reachable_phone(account)


class Readers(Segment):
    """Those who asked for the newsletter, by the address they gave for it."""

    name = "readers"

    def includes(self, account: Account) -> bool:
        return bool(account.preferences.newsletter_email)

    def contact(self, account: Account) -> str | None:
        return newsletter_address(account)
