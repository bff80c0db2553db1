"""Finds an advertiser's customers among our people."""

from __future__ import annotations

from dataclasses import dataclass, field

from chirp.accounts.contact import newsletter_address, reachable_phone
from chirp.accounts.directory import Directory
from chirp.accounts.models import Account
from chirp.identity import fingerprint


@dataclass
class CustomerFile:
    """What an advertiser uploads: the digests of its own customers' contacts."""

    advertiser: str
    digests: set[str] = field(default_factory=set)  # flowcheck: supplied-for=advertising


def phone_digest(account: Account) -> str | None:
    """The digest of an account's phone number."""
    phone = reachable_phone(account)
    return fingerprint(phone) if phone else None


def newsletter_digest(account: Account) -> str | None:
    """The digest of the address that was given for the newsletter."""
    address = newsletter_address(account)
    return fingerprint(address) if address else None


def known_customers(file: CustomerFile, directory: Directory) -> list[str]:
    """Handles of the advertiser's customers, found by phone number."""
    handles = directory.index(phone_digest)
    return [handle for digest, handle in handles.items() if digest in file.digests]


def known_readers(file: CustomerFile, directory: Directory) -> list[str]:
    """Handles of the advertiser's customers, found by newsletter address."""
    readers = directory.index(newsletter_digest)
    return [handle for digest, handle in readers.items() if digest in file.digests]
