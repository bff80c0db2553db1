"""The arguments of a call, and how they meet the parameters of a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowcheck.flow.values import NOTHING, Value, join

FILLING = frozenset({"append", "appendleft", "add", "extend", "insert", "update", "setdefault", "put", "put_nowait"})
"""Methods that put what they are given into what they are called on."""


class Arguments:
    """Evaluated arguments: by position, by keyword, and what stars of unknown length bring.

    `more` may stand at any position after the known ones, `extra` under any keyword.
    """

    __slots__ = ("extra", "keywords", "more", "positional")

    def __init__(
        self,
        positional: list[Value] | None = None,
        keywords: dict[str, Value] | None = None,
        more: Value | None = None,
        extra: Value | None = None,
    ) -> None:
        self.positional = positional or []
        self.keywords = keywords or {}
        self.more = more
        self.extra = extra

    def __iter__(self) -> Iterator[Value]:
        """Every value passed."""
        yield from self.positional
        yield from self.keywords.values()
        if self.more is not None:
            yield self.more
        if self.extra is not None:
            yield self.extra

    def behind(self, receiver: Value) -> Arguments:
        """The same with a first argument put before them."""
        return Arguments([receiver, *self.positional], self.keywords, self.more, self.extra)

    def mapped(self, change: Callable[[Value], Value]) -> Arguments:
        """The same with each value changed."""
        return Arguments(
            [change(value) for value in self.positional],
            {name: change(value) for name, value in self.keywords.items()},
            change(self.more) if self.more is not None else None,
            change(self.extra) if self.extra is not None else None,
        )

    def get(self, position: int, name: str = "") -> Value | None:
        """The argument at a position or under a name; None when it is not passed."""
        if position < len(self.positional):
            return self.positional[position]
        if name and name in self.keywords:
            return self.keywords[name]
        found = NOTHING
        if self.more is not None:
            found = join(found, self.more)
        if name and self.extra is not None:
            found = join(found, self.extra)
        return found if found is not NOTHING else None
