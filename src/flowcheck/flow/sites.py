"""Sites: the names of objects as they pass from callee to caller, made of the calls on the way and the place."""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Frame
from flowcheck.flow.values import ObjectId

DEEPEST_SITE = 4
"""Calls that the name of an object remembers."""


END = 5
"""Where in a name the column stands at which its place ends, with the turn of the loops around where there are any."""


def moved_id(frame: Frame, id: ObjectId, at: Span) -> ObjectId:  # noqa: A002
    """The name in the caller of an object that a callee made."""
    site = ("from", frame.module, at.line, at.column, (at.end_column, *frame.turn) if frame.turn else at.end_column)
    depth, inner = 0, id
    while inner[0] in {"from", "old"}:
        if inner[:-1] == site:
            return inner  # made in a deeper turn of a recursion
        depth += 1
        last = inner[-1]
        assert isinstance(last, tuple)
        inner = last
    if depth >= DEEPEST_SITE:
        id = inner
    if frame.is_import:
        return ("G", *site[1:2], "from", *site[2:], id)
    return (*site, id)


def site_of(id: ObjectId) -> ObjectId:  # noqa: A002
    """The place that made an object, without the calls on the way from there and the turns of loops it stands in."""
    while id[0] in {"from", "old"}:
        inner = id[-1]
        assert isinstance(inner, tuple)
        id = inner
    return tuple(part[0] if place == END and isinstance(part, tuple) else part for place, part in enumerate(id))
