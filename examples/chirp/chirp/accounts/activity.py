"""When and from where a person was last here."""

from __future__ import annotations

from chirp.accounts.models import Account
from chirp.security.sessions import SessionLog


def last_device(account: Account, sessions: SessionLog) -> dict[str, str]:
    """The device of the last login: its address and its browser."""
    session = sessions.last(account.handle)
    if session is None:
        return {}
    return {"ip": session.ip_address, "browser": session.browser}


def is_active(account: Account, sessions: SessionLog) -> bool:
    """Whether the person logged in at all."""
    return sessions.last(account.handle) is not None
