"""Finds an advertiser's customers among our people."""

from __future__ import annotations

from dataclasses import dataclass, field

from chirp.accounts.directory import Directory
from chirp.ads.digests import newsletter_digest, phone_digest


@dataclass
class CustomerFile:
    """What an advertiser uploads: the digests of its own customers' contacts."""

    advertiser: str
    digests: set[str] = field(default_factory=set)  # flowcheck: supplied-for=advertising


def known_customers(file: CustomerFile, directory: Directory) -> list[str]:
    """Handles of the advertiser's customers, found by phone number."""
    handles = directory.index(phone_digest)
    return [handle for digest, handle in handles.items() if digest in file.digests]


def known_readers(file: CustomerFile, directory: Directory) -> list[str]:
    """Handles of the advertiser's customers, found by newsletter address."""
    readers = directory.index(newsletter_digest)
    return [handle for digest, handle in readers.items() if digest in file.digests]
