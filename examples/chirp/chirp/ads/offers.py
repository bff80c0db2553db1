"""Offers by phone, for those who asked for them."""

from __future__ import annotations

from collections.abc import Iterable

from facebook_business.adobjects.customaudience import CustomAudience

from chirp.accounts.models import Account
from chirp.identity import fingerprint


def add_to_offers(accounts: Iterable[Account], audience_id: str) -> None:
    """Enter everybody who said that the login number may be used for offers."""
    offers = CustomAudience(audience_id)
    for account in accounts:
        if account.two_factor and account.preferences.phone_offers:
            number = fingerprint(account.two_factor.phone)
            offers.add_users(schema=CustomAudience.Schema.phone_hash, users=[number])
