"""Finds accounts that one person holds in the names of many."""

from __future__ import annotations

from collections import Counter

from chirp.accounts.contact import reachable_phone
from chirp.accounts.directory import Directory
from chirp.identity import fingerprint


def shared_phones(directory: Directory, most: int = 3) -> set[str]:
    """Digests of the numbers that protect more accounts than one person needs."""
    uses = Counter(fingerprint(phone) for account in directory if (phone := reachable_phone(account)))
    return {key for key, count in uses.items() if count > most}
