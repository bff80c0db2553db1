"""Pages of the account settings."""

from __future__ import annotations

from chirp.accounts.contact import contact_card, reachable_phone
from chirp.accounts.models import Account
from chirp.identity import masked


def security_page(account: Account) -> str:
    """What owners see of their own security settings."""
    phone = reachable_phone(account)
    codes = f"Codes go to {masked(phone)}." if phone else "Login codes are off."
    return f"{account.display_name}\n{codes}"


def support_page(account: Account) -> str:
    """What the support desk sees while the owner is on the line."""
    return "\n".join(f"{key}: {value}" for key, value in contact_card(account).items())
