"""Numberings: records that others refer to by the number they got when they were first met."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Item = TypeVar("Item", bound=Hashable)


class Numbering(Generic[Item]):
    """Items by number, and the number of each."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._numbers: dict[Item, int] = {}

    def __getitem__(self, number: int) -> Item:
        """The item of a number."""
        return self._items[number]

    def __len__(self) -> int:
        """How many items there are."""
        return len(self._items)

    def number(self, item: Item) -> int:
        """The number of an item, the next one if it is new."""
        found = self._numbers.setdefault(item, len(self._items))
        if found == len(self._items):
            self._items.append(item)
        return found
