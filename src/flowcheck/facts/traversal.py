"""One way to walk over the records of a tree, for those who look for something wherever it stands.

f(a, b.c)      records_in: Call, Name f, Argument, Name a, Argument, Attribute, Name b
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Record


def parts_of(node: object) -> Iterator[object]:
    """What stands directly in a record or a tuple of records, in the order of the text."""
    if isinstance(node, tuple):
        yield from node
    elif isinstance(node, Record):
        for name in node.__struct_fields__:
            yield getattr(node, name)


def records_in(node: object) -> Iterator[Record]:
    """A record and every one below it, each before what stands in it; of a tuple likewise for each of its items."""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, Record):
            yield each
        pending.extend(reversed([*parts_of(each)]))


__all__ = ["parts_of", "records_in"]
