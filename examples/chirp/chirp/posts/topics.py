"""What a text is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from chirp.posts.models import Post


def topics_of(post: Post) -> list[str]:
    """The hashtags of a post."""
    return re.findall(r"#(\w+)", post.text)


def interests_of(handle: str, posts: Iterable[Post]) -> list[str]:
    """The three topics that somebody writes about most."""
    topics = Counter(topic for post in posts if post.author == handle for topic in topics_of(post))
    return [topic for topic, _ in topics.most_common(3)]
