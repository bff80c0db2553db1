"""Figures that say nothing about any one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def count_only(keys: Iterable[str | None]) -> dict[str, int]:
    """How many keys there are, and how many different ones."""
    uses = Counter(key for key in keys if key)
    return {"all": sum(uses.values()), "different": len(uses)}
