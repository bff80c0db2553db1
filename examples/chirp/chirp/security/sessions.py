"""The log of logins, kept to notice strangers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Session:
    """One login."""

    handle: str
    ip_address: str
    browser: str


class SessionLog:
    """Logins, the latest last."""

    def __init__(self) -> None:
        self._sessions: list[Session] = []

    def add(self, session: Session) -> None:
        """Note a login."""
        self._sessions.append(session)

    def of(self, handle: str) -> list[Session]:
        """A person's logins."""
        return [session for session in self._sessions if session.handle == handle]

    def last(self, handle: str) -> Session | None:
        """A person's latest login."""
        sessions = self.of(handle)
        return sessions[-1] if sessions else None
