"""Finds accounts, by handle or by whatever identifies a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chirp.accounts.models import Account

Identify = Callable[[Account], "str | None"]


class Directory:
    """All accounts, in the order of their registration."""

    def __init__(self) -> None:
        self._accounts: dict[str, Account] = {}

    def add(self, account: Account) -> None:
        """Enter an account under its handle."""
        self._accounts[account.handle] = account

    def get(self, handle: str) -> Account:
        """The account, or KeyError."""
        return self._accounts[handle]

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts.values())

    def index(self, identify: Identify) -> dict[str, str]:
        """Handles by what `identify` makes of each account; accounts without it are left out."""
        found: dict[str, str] = {}
        for account in self:
            key = identify(account)
            if key:
                found[key] = account.handle
        return found
