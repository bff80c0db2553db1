"""One-time codes for logging in."""

from __future__ import annotations

import hmac
import secrets

from chirp.accounts.contact import reachable_phone
from chirp.accounts.models import Account
from chirp.identity import fingerprint
from chirp.security.limits import RateLimit
from chirp.security.notify import Notifier


class LoginCodes:
    """Sends codes and checks them."""

    def __init__(self, notifier: Notifier) -> None:
        self._notifier = notifier
        self._waiting: dict[str, str] = {}
        self._limit = RateLimit(most=5)

    def send(self, account: Account) -> bool:
        """Send a code to the second factor; false when there is none, or too many were sent."""
        phone = reachable_phone(account)
        if phone is None or not self._limit.allows(fingerprint(phone)):
            return False
        code = f"{secrets.randbelow(10**6):06}"
        self._waiting[account.handle] = code
        self._notifier.notify(phone, f"Your Chirp code is {code}")
        return True

    def check(self, account: Account, code: str) -> bool:
        """Whether it is the code that was sent last."""
        return hmac.compare_digest(self._waiting.pop(account.handle, ""), code)
