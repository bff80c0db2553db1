"""A day at Chirp: two people, one upgrade, one advertiser, and the jobs."""

from __future__ import annotations

from chirp.ads.matching import CustomerFile
from chirp.app import App
from chirp.jobs import hourly, nightly, partners, weekly
from chirp.posts.models import Post
from chirp.security.sessions import Session


def main() -> None:
    """Live through the day."""
    app = App()
    ada = app.accounts.register("ada", "Ada", "Stockholm")
    app.accounts.protect("ada", "+46 70 555 01 00", "ada@mail.example")
    ada.preferences.newsletter_email = "ada+news@mail.example"
    bob = app.accounts.register("bob", "Bob", "Oslo")

    app.sessions.add(Session("ada", "203.0.113.7", "Firefox"))
    app.accounts.log_in("ada")
    app.timeline.publish(Post("ada", "Good morning #stockholm"))
    app.timeline.page(ada)
    app.timeline.public_page(bob)

    app.accounts.upgrade("ada", "blue")
    hourly.run(app)
    nightly.run(app)
    weekly.run(app)
    print(partners.answer(app, CustomerFile("shoes")))


if __name__ == "__main__":
    main()
