"""Warns people of logins from places they never logged in from."""

from __future__ import annotations

from chirp.accounts.contact import reachable_phone
from chirp.accounts.models import Account
from chirp.security.notify import Notifier
from chirp.security.sessions import SessionLog


class LoginAlerts:
    """Compares a login with those before it."""

    def __init__(self, sessions: SessionLog, notifier: Notifier) -> None:
        self._sessions = sessions
        self._notifier = notifier

    def on_login(self, account: Account) -> None:
        """Send an alert when the address is new."""
        phone = reachable_phone(account)
        if phone and self._is_new_place(account):
            self._notifier.notify(phone, "A new device logged in to your account.")

    def _is_new_place(self, account: Account) -> bool:
        addresses = [session.ip_address for session in self._sessions.of(account.handle)]
        return bool(addresses) and addresses[-1] not in addresses[:-1]
