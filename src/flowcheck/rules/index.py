"""Which of many patterns match a name, without asking each of them.

Patterns are filed under the last identifiers they can match; those that can end in anything are asked
always. The same name is looked up only once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from flowcheck.rules.patterns import Pattern

_T = TypeVar("_T")


class PatternIndex(Generic[_T]):
    """Things filed under patterns; `matching` gives them in the order they were filed."""

    def __init__(self, filed: Iterable[tuple[Pattern, _T]]) -> None:
        self._entries = tuple(filed)
        self._by_word: dict[str, list[int]] = {}
        self._always: list[int] = []
        self._found: dict[str, tuple[_T, ...]] = {}
        for number, (pattern, _) in enumerate(self._entries):
            self._file(number, pattern)

    def _file(self, number: int, pattern: Pattern) -> None:
        words = pattern.last_words()
        if words is None:
            self._always.append(number)
        for word in words or ():
            self._by_word.setdefault(word, []).append(number)

    def matching(self, name: str) -> tuple[_T, ...]:
        """What is filed under patterns that match the dotted name."""
        known = self._found.get(name)
        if known is None:
            known = self._found[name] = self._look_up(name)
        return known

    def last_words(self) -> frozenset[str]:
        """The last identifiers that are filed; names that end otherwise match wildcards only."""
        return frozenset(self._by_word)

    def has_wildcards(self) -> bool:
        """Whether some pattern may match a name with any last identifier."""
        return bool(self._always)

    def _look_up(self, name: str) -> tuple[_T, ...]:
        last = name.rpartition(".")[2].rstrip("()")
        numbers = sorted({*self._by_word.get(last, ()), *self._always})
        return tuple(self._entries[number][1] for number in numbers if self._entries[number][0].matches(name))
