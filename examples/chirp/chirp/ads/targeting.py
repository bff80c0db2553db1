"""What we tell the exchange about the one who will see the ad."""

from __future__ import annotations

from chirp.accounts.activity import is_active, last_device
from chirp.accounts.models import Account
from chirp.security.sessions import SessionLog


class Targeting:
    """Describes readers."""

    def __init__(self, sessions: SessionLog) -> None:
        self._sessions = sessions

    def device(self, account: Account) -> dict[str, str]:
        """The reader's device, as exactly as we know it."""
        return {"language": account.language, **last_device(account, self._sessions)}

    def plain_device(self, account: Account) -> dict[str, str]:
        """No more than a page view gives away."""
        known = is_active(account, self._sessions)
        return {"language": account.language, "known": "yes" if known else "no"}
