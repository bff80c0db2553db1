"""The hourly job: tells the platforms what happened since the last one."""

from __future__ import annotations

from chirp.app import App


def run(app: App) -> None:
    """Deliver everything that waits."""
    for sale in app.sales.drain():
        app.meta.report_sale(sale.topic, sale.person)
    for signup in app.signups.drain():
        app.meta.report_signup(signup.topic, signup.person)
