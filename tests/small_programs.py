"""Programs of a few lines that tests of what is around the analysis check."""

from __future__ import annotations

LEAK = """\
class User:
    phone = ""  # flowcheck: security-collected

def sync_audience(rows):  # flowcheck: advertising
    pass

def nightly(user: User):
    sync_audience(user.phone)
"""
"""One leak, in the last line."""
