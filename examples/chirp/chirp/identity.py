"""Normal forms of phone numbers and addresses, and the digests by which systems recognise them."""

from __future__ import annotations

import hashlib


def normalized_phone(text: str) -> str:
    """The number with nothing but its digits and a leading plus."""
    return "+" + "".join(character for character in text if character.isdigit())


def normalized_email(text: str) -> str:
    """The address in lower case, without the tag that some people add."""
    local, _, domain = text.strip().lower().partition("@")
    return f"{local.split('+')[0]}@{domain}"


def domain_of(address: str) -> str:
    """What stands behind the at sign."""
    return normalized_email(address).rpartition("@")[2]


def normalized(text: str) -> str:
    """The normal form of an address or a number, whichever it is."""
    return normalized_email(text) if "@" in text else normalized_phone(text)


def fingerprint(text: str) -> str:
    """The digest under which ad platforms and our own tables know a contact."""
    return hashlib.sha256(normalized(text).encode("utf-8")).hexdigest()


def masked(text: str) -> str:
    """What the owner sees in the settings: stars and the last two characters."""
    return "*" * (len(text) - 2) + text[-2:]
