"""Answers advertisers who sent us a list of their customers."""

from __future__ import annotations

from chirp.ads.matching import CustomerFile, known_customers, known_readers
from chirp.app import App


def answer(app: App, file: CustomerFile) -> dict[str, list[str]]:
    """Whom of the advertiser's customers we know, and how."""
    return {
        "by phone": known_customers(file, app.directory),
        "by newsletter": known_readers(file, app.directory),
    }
