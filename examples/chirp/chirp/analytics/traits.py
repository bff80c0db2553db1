"""Traits: what we say about a person to the analytics service."""

from __future__ import annotations

from collections.abc import Callable

from chirp.accounts.contact import contact_card
from chirp.accounts.models import Account
from chirp.identity import domain_of

Trait = Callable[[Account], object]

TRAITS: dict[str, Trait] = {}


def trait(name: str) -> Callable[[Trait], Trait]:
    """Enter a function in the table of traits."""

    def enter(function: Trait) -> Trait:
        TRAITS[name] = function
        return function

    return enter


@trait("plan")
def plan(account: Account) -> str:
    """What the person pays for."""
    return account.plan


@trait("is_protected")
def is_protected(account: Account) -> bool:
    """Whether login codes are on."""
    return account.two_factor is not None


@trait("mail_provider")
def mail_provider(account: Account) -> str:
    """Where the person has a mailbox."""
    return domain_of(contact_card(account).get("email", ""))


def traits_of(account: Account) -> dict[str, object]:
    """All traits of a person."""
    return {name: compute(account) for name, compute in TRAITS.items()}
