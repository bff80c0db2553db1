"""Keeps anybody from asking too often."""

from __future__ import annotations

from collections import Counter


class RateLimit:
    """Allows so many uses of each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._uses: Counter[str] = Counter()

    def allows(self, key: str) -> bool:
        """Count one more use, and say whether it is still within the limit."""
        self._uses[key] += 1
        return self._uses[key] <= self._most
