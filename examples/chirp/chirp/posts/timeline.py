"""The timeline: the newest posts, and a promoted one among them."""

from __future__ import annotations

from chirp.accounts.models import Account
from chirp.ads.campaigns import Campaigns
from chirp.posts.models import Post
from chirp.posts.topics import interests_of


class Timeline:
    """Posts of everybody, the newest first."""

    def __init__(self, campaigns: Campaigns) -> None:
        self._campaigns = campaigns
        self._posts: list[Post] = []

    def publish(self, post: Post) -> None:
        """Add a post."""
        self._posts.insert(0, post)

    def page(self, reader: Account, size: int = 20) -> list[Post]:
        """What the reader sees: a page of posts, the first of them promoted."""
        interests = interests_of(reader.handle, self._posts)
        promoted = self._campaigns.personal_ad(reader, interests)
        return [promoted, *self._posts[: size - 1]]

    def public_page(self, reader: Account, size: int = 20) -> list[Post]:
        """What those see who said no to personal ads."""
        return [self._campaigns.plain_ad(reader), *self._posts[: size - 1]]
