"""Notes what may have been caused by an ad, for the platforms that showed it."""

from __future__ import annotations

from chirp.accounts.contact import contact_card, public_card
from chirp.accounts.models import Account
from chirp.outbox import Message, Outbox


class ConversionReporter:
    """Listens for new accounts and for upgrades."""

    def __init__(self, sales: Outbox, signups: Outbox) -> None:
        self._sales = sales
        self._signups = signups

    def on_registered(self, account: Account) -> None:
        """Note that somebody is new."""
        self._signups.put(Message("CompleteRegistration", public_card(account)))

    def on_upgraded(self, account: Account) -> None:
        """Note that somebody bought a plan."""
        self._sales.put(Message("Subscribe", contact_card(account)))
