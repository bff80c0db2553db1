"""The weekly job: asks the exchange whom a campaign would reach."""

from __future__ import annotations

from chirp.accounts.contact import reachable_phone
from chirp.app import App
from chirp.identity import fingerprint


def run(app: App) -> None:
    """Bring the table up to date, and ask for everybody in it."""
    for account in app.directory:
        phone = reachable_phone(account)
        if phone:
            app.reach.enter(account, fingerprint(phone))
    app.reach.fill()
    while not app.reach.people.empty():
        app.campaigns.ask_for_person(app.reach.people.get())
    while not app.reach.towns.empty():
        app.campaigns.ask_for_town(app.reach.towns.get())
