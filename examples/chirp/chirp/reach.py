"""Whom a campaign may reach: a table of a database, and a queue of what is due to be told."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from queue import SimpleQueue

from chirp.accounts.models import Account


class Reach:
    """The table, and the queues that the weekly job fills from it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.executescript(Path(__file__).with_name("reach.sql").read_text(encoding="utf-8"))
        self.people: SimpleQueue[str] = SimpleQueue()
        self.towns: SimpleQueue[str] = SimpleQueue()

    def enter(self, account: Account, contact: str) -> None:
        """Enter somebody, or what is new about them."""
        row = (account.handle, contact, account.city)
        self._database.execute("REPLACE INTO reach (handle, contact, city) VALUES (?, ?, ?)", row)

    def fill(self) -> None:
        """Queue everybody, and every town once."""
        for (contact,) in self._database.execute("SELECT contact FROM reach ORDER BY handle"):
            self.people.put(contact)
        for (town,) in self._database.execute("SELECT DISTINCT r.city FROM reach AS r ORDER BY r.city"):
            self.towns.put(town)
