"""The account and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated


@dataclass
class TwoFactor:
    """The second factor of a login."""

    phone: str  # flowcheck: security-collected
    confirmed: bool = False


@dataclass
class Recovery:
    """How an owner who lost the password gets back in."""

    email: Annotated[str, "security-collected"]


@dataclass
class Preferences:
    """What the owner agreed to; nothing until asked."""

    newsletter_email: str = ""
    phone_offers: bool = False


@dataclass
class Account:
    """A person on Chirp."""

    handle: str
    display_name: str
    city: str
    language: str = "en"
    plan: str = "free"
    two_factor: TwoFactor | None = None
    recovery: Recovery | None = None
    preferences: Preferences = field(default_factory=Preferences)
