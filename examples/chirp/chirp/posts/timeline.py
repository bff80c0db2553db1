"""The timeline: the newest posts, and a promoted one among them."""

from __future__ import annotations

from chirp.accounts.models import Account
from chirp.ads.campaigns import Campaigns
from chirp.ads.targeting import Targeting
from chirp.posts.models import Post
from chirp.posts.topics import interests_of


class Timeline:
    """Posts of everybody, the newest first."""

    def __init__(self, campaigns: Campaigns, targeting: Targeting) -> None:
        self._campaigns = campaigns
        self._targeting = targeting
        self._posts: list[Post] = []

    def publish(self, post: Post) -> None:
        """Add a post."""
        self._posts.insert(0, post)

    def page(self, reader: Account, size: int = 20) -> list[Post]:
        """What the reader sees: a page of posts, the first of them promoted."""
        device = self._targeting.device(reader)
        promoted = self._campaigns.personal_ad(device, interests_of(reader.handle, self._posts))
        return [promoted, *self._posts[: size - 1]]

    def public_page(self, reader: Account, size: int = 20) -> list[Post]:
        """What those see who said no to personal ads."""
        device = self._targeting.plain_device(reader)
        return [self._campaigns.plain_ad(device, reader.city), *self._posts[: size - 1]]
