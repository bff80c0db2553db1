"""Reports sales to the platforms whose ads may have caused them."""

from __future__ import annotations

from chirp.accounts.contact import contact_card, public_card
from chirp.accounts.models import Account
from chirp.ads.meta import MetaAds


class ConversionReporter:
    """Listens for new accounts and for upgrades."""

    def __init__(self, meta: MetaAds) -> None:
        self._meta = meta

    def on_registered(self, account: Account) -> None:
        """Report that somebody is new."""
        self._meta.report_signup(public_card(account))

    def on_upgraded(self, account: Account) -> None:
        """Report the plan and who bought it."""
        self._meta.report_sale(contact_card(account), account.plan)
