"""Sends what is measured to the analytics service."""

from __future__ import annotations

from segment import analytics

from chirp.accounts.models import Account
from chirp.analytics.traits import traits_of


class Tracker:
    """The only place that talks to the service."""

    def on_upgraded(self, account: Account) -> None:
        """Note the upgrade, and what is known about the person now."""
        analytics.identify(account.handle, traits_of(account))
        analytics.track(account.handle, "Upgraded", {"plan": account.plan})

    def report(self, name: str, figures: dict[str, int]) -> None:
        """Note figures about everybody."""
        analytics.track("chirp", name, figures)
