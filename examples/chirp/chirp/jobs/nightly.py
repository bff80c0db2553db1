"""The nightly job: snapshot, audiences, uploads, figures."""

from __future__ import annotations

from collections import Counter

from chirp.accounts.contact import newsletter_address, reachable_phone
from chirp.ads.audiences import audience_of
from chirp.ads.google import GoogleAds
from chirp.ads.offers import add_to_offers
from chirp.ads.pinterest import PinterestAds
from chirp.ads.segments import FreeUsers, Readers
from chirp.ads.tiktok import TikTokAds
from chirp.analytics.stats import count_only
from chirp.app import App
from chirp.jobs import snapshot
from chirp.security.fraud import shared_phones


def run(app: App) -> None:
    """Everything that is due once a night."""
    snapshot.take(app.directory, app.warehouse)
    upload_audiences(app)
    upload_segments(app)
    upload_customers(app)
    report_figures(app)


def upload_audiences(app: App) -> None:
    """Everybody we can reach, to Meta."""
    everybody = audience_of("everybody", app.directory, reachable_phone)
    app.meta.replace(everybody)
    add_to_offers(app.directory, app.settings.meta_audience)


def upload_segments(app: App) -> None:
    """Those who do not pay, and those who read our newsletter."""
    TikTokAds(app.settings).report(FreeUsers(app.directory))
    PinterestAds(app.settings).upload(Readers(app.directory))


def upload_customers(app: App) -> None:
    """Those who pay, to Google."""
    rows = app.warehouse.load(snapshot.TABLE)
    GoogleAds(app.settings).upload([row for row in rows if row["plan"] != "free"])


def report_figures(app: App) -> None:
    """How many there are of what."""
    rows = app.warehouse.load(snapshot.TABLE)
    app.tracker.report("cities", dict(Counter(row["city"] for row in rows)))
    app.tracker.report("phones", count_only(row.get("phone") for row in rows))
    app.tracker.report("suspicious", {"phones": len(shared_phones(app.directory))})
    readers = audience_of("readers", app.directory, newsletter_address)
    app.tracker.report("readers", {"all": len(readers)})
