"""Runs Chirp with stand-ins for the vendors' packages: what expected.toml calls a leak is one."""

# ruff: noqa: PLC0415 - the example is importable only while the stand-ins are

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fake_sdks import Delivered, fake_sdks

if TYPE_CHECKING:
    from chirp.app import App

CHIRP = Path(__file__).parents[1] / "examples" / "chirp"
PHONE = "+4670 555-0100"
DIGEST = hashlib.sha256(b"+46705550100").hexdigest()
RECOVERY = "ada@recovery.example"
READER = hashlib.sha256(b"reader@mail.example").hexdigest()
ADDRESS = "203.0.113.7"


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> Iterator[Delivered]:
    monkeypatch.syspath_prepend(CHIRP)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    with fake_sdks() as delivered:
        yield delivered


@pytest.fixture
def app(delivered: Delivered) -> App:
    from chirp.app import App
    from chirp.security.sessions import Session

    app = App()
    account = app.accounts.register("ada", "Ada", "Stockholm")
    app.accounts.protect("ada", PHONE, RECOVERY)
    account.preferences.newsletter_email = "Reader+chirp@mail.example"
    app.sessions.add(Session("ada", ADDRESS, "Firefox"))
    return app


def test_the_nightly_job_uploads_login_numbers(app: App, delivered: Delivered) -> None:
    from chirp.jobs import nightly

    app.accounts.register("bob", "Bob", "Oslo")
    nightly.run(app)

    assert delivered.of("add_users") == [("PHONE_SHA256", [DIGEST])]
    assert DIGEST in str(delivered.of("pixel_track"))
    assert delivered.of("upload_user_data") == [{"customer_id": "3003", "operations": []}]


def test_paying_customers_go_to_google(app: App, delivered: Delivered) -> None:
    from chirp.jobs import nightly

    app.accounts.upgrade("ada", "blue")
    nightly.run(app)

    assert DIGEST in str(delivered.of("upload_user_data"))
    assert "pixel_track" not in [name for name, _ in delivered.calls]


def test_an_upgrade_gives_the_recovery_address_away(app: App, delivered: Delivered) -> None:
    from chirp.jobs import hourly

    app.accounts.upgrade("ada", "blue")
    hourly.run(app)

    upgraded, registered = delivered.of("execute")
    assert RECOVERY not in str(registered)
    assert RECOVERY in str(upgraded)
    assert delivered.of("identify") == [
        ("ada", {"plan": "blue", "is_protected": True, "mail_provider": "recovery.example"})
    ]


def test_personal_ads_carry_the_login_address(app: App) -> None:
    account = app.directory.get("ada")
    app.timeline.page(account)
    app.timeline.public_page(account)

    personal, plain = app.campaigns._exchange.asked
    assert personal["device"] == {"language": "en", "ip": ADDRESS, "browser": "Firefox"}
    assert plain["device"] == {"language": "en", "known": "yes"}


def test_the_exchange_is_asked_for_hashed_login_numbers(app: App) -> None:
    from chirp.jobs import weekly

    weekly.run(app)

    assert [each["device"] for each in app.campaigns._exchange.asked] == [{"id": DIGEST}, {"town": "Stockholm"}]


def test_advertisers_learn_whom_we_know_by_phone(app: App) -> None:
    from chirp.ads.matching import CustomerFile
    from chirp.jobs.partners import answer

    assert answer(app, CustomerFile("shoes", {DIGEST})) == {"by phone": ["ada"], "by newsletter": []}
    assert answer(app, CustomerFile("shoes", {READER})) == {"by phone": [], "by newsletter": ["ada"]}


def test_lawful_deliveries_hold_nothing_given_for_security(app: App, delivered: Delivered) -> None:
    from chirp.jobs import nightly

    nightly.run(app)

    lawful = str([delivered.of("create"), delivered.of("track")])
    assert READER in lawful
    assert DIGEST not in lawful
    assert PHONE not in lawful


def test_offers_go_only_to_those_who_agreed(app: App, delivered: Delivered) -> None:
    from chirp.ads.offers import add_to_offers

    account = app.directory.get("ada")
    add_to_offers([account], "7")
    assert delivered.of("add_users") == []

    account.preferences.phone_offers = True
    add_to_offers([account], "7")
    assert delivered.of("add_users") == [("PHONE_SHA256", [DIGEST])]


def test_security_uses_the_number_for_what_it_was_given(app: App) -> None:
    from chirp.accounts.views import security_page, support_page
    from chirp.security.fraud import shared_phones

    account = app.directory.get("ada")
    assert app.codes.send(account)
    app.accounts.log_in("ada")

    assert [to for to, _ in app.sms.outbox] == [PHONE, PHONE]
    assert security_page(account).endswith("************00.")
    assert RECOVERY in support_page(account)
    assert shared_phones(app.directory) == set()
