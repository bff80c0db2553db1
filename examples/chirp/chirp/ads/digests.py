"""The digests by which advertisers may know our people."""

from __future__ import annotations

from chirp.accounts.contact import newsletter_address, reachable_phone
from chirp.accounts.models import Account
from chirp.identity import fingerprint


def phone_digest(account: Account) -> str | None:
    """The digest of an account's phone number."""
    phone = reachable_phone(account)
    return fingerprint(phone) if phone else None


def newsletter_digest(account: Account) -> str | None:
    """The digest of the address that was given for the newsletter."""
    address = newsletter_address(account)
    return fingerprint(address) if address else None
