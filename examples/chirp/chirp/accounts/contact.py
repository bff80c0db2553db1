"""How a person can be reached."""

from __future__ import annotations

from chirp.accounts.models import Account


def reachable_phone(account: Account) -> str | None:
    """The number on which the owner answers, if we know one."""
    return account.two_factor.phone if account.two_factor else None


def newsletter_address(account: Account) -> str | None:
    """The address the owner gave for our newsletter and for offers."""
    return account.preferences.newsletter_email or None


def contact_card(account: Account) -> dict[str, str]:
    """All that the support desk needs to get in touch."""
    card = {"handle": account.handle, "name": account.display_name, "city": account.city}
    if account.recovery:
        card["email"] = account.recovery.email
    return card


def public_card(account: Account) -> dict[str, str]:
    """The part of the card that anybody may see."""
    card = contact_card(account)
    card.pop("email", None)
    return card
