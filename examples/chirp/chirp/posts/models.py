"""Posts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Post:
    """A post, or an ad that looks like one."""

    author: str
    text: str
    is_promoted: bool = False
