"""What people do with their accounts."""

from __future__ import annotations

from chirp.accounts.directory import Directory
from chirp.accounts.models import Account, Recovery, TwoFactor
from chirp.events import EventBus


class AccountService:
    """Changes accounts and says so on the bus."""

    def __init__(self, directory: Directory, bus: EventBus) -> None:
        self._directory = directory
        self._bus = bus

    def register(self, handle: str, name: str, city: str) -> Account:
        """A new account, with nothing given but what the profile shows."""
        account = Account(handle, name, city)
        self._directory.add(account)
        self._bus.publish("account.registered", account)
        return account

    def protect(self, handle: str, phone: str, recovery_email: str) -> None:
        """Turn on login codes, and note where to send help when the password is lost."""
        account = self._directory.get(handle)
        account.two_factor = TwoFactor(phone)
        account.recovery = Recovery(recovery_email)

    def log_in(self, handle: str) -> None:
        """A login that passed every check."""
        self._bus.publish("account.logged_in", self._directory.get(handle))

    def upgrade(self, handle: str, plan: str) -> None:
        """Move to a paid plan."""
        account = self._directory.get(handle)
        account.plan = plan
        self._bus.publish("account.upgraded", account)
