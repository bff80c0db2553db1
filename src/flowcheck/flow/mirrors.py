"""Mirrors: how a callee sees what it is given, the more coarsely the more ways it is called in.

keep([a, b])        a list of two           Mirror("list", length=2)
                    after many contexts     Mirror("list", is_open=True, is_summary=True)
"""

from __future__ import annotations

from collections.abc import Hashable

from msgspec.structs import replace

from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import Mirror, inward, is_free_of_context
from flowcheck.flow.pythons import STANDARD_MODULES
from flowcheck.flow.values import (
    KEYS,
    NONE,
    UNKNOWN_MEMBER,
    Atom,
    Computed,
    Const,
    Content,
    Input,
    Ref,
    Scalar,
)

MOST_MIRRORED = 16
"""Positions or keys of a container that a callee sees apart; longer ones it sees as open."""

NO_LIBRARIES = 1
NO_CONSTANTS = 2
ONLY_CLEAR = 3
NOTHING_APART = 4
"""How coarsely a callee sees what it is given: objects of libraries by their class, then all by kinds alone, then only
what is of one kind, then as a stranger.
"""

MOST_ARGUMENTS = 6
"""A tuple of at most so many items is told apart by its length: it is what `*args` brings, in a decorated function."""

AT = Content("at", None)
"""Where a generator that was run in part stands (flow/stepping.py)."""

OF_DICTIONARIES = frozenset({"factory", "keys", "attr", "counts"})
"""Kinds of contents that a dictionary has beside its items."""


def mirror_of(obj: Obj) -> Mirror:
    """How a callee sees an object."""
    own_class = isinstance(obj.type, Ref | Input) and not is_free_of_context(obj.type)
    length = obj.length
    known: tuple[Content, ...] = ()
    is_open = obj.rest is not None
    if obj.kind in {"list", "tuple", "generator"} and length > MOST_MIRRORED:
        length, is_open = 0, True
    if obj.kind == "dict":
        known = tuple(inward(content) for content in obj.fields if content.kind == "key")
        if len(known) > MOST_MIRRORED:
            known, is_open = (), True
        known = (*known, *(content for content in obj.fields if content.kind in OF_DICTIONARIES))
    elif obj.kind in {"function", "method", "class", "scope", "wrapper", "external"}:
        known = tuple(obj.fields)
    elif (obj.kind == "generator" and AT in obj.fields) or (obj.kind == "tuple" and obj.detail is not None):
        known = tuple(content for content in obj.fields if content.kind != "index")
    elif obj.kind == "list":
        known = tuple(content for content in obj.fields if content.kind == "limit")
    return Mirror(
        obj.kind,
        None if own_class else obj.type,
        hashable(obj.detail),
        length,
        is_open,
        known,
        obj.is_summary,
        own_class,
    )


def hashable(detail: object) -> Hashable:
    """The detail of an object, which tells mirrors apart."""
    assert isinstance(detail, Hashable)
    return detail


def coarsened(mirror: Mirror, coarseness: int) -> Mirror:
    """The mirror as a callee sees it that has many contexts already."""
    is_short = mirror.kind == "tuple" and mirror.length <= MOST_ARGUMENTS and coarseness < NOTHING_APART
    if coarseness >= NO_CONSTANTS and not is_short:
        mirror = loose(mirror)
    return opaque(mirror) if coarseness >= NO_LIBRARIES and mirror.kind == "external" else mirror


def opaque(mirror: Mirror) -> Mirror:
    """The mirror of what a library made, without what the program has put there: who reads that asks for it."""
    name = str(mirror.detail)
    if name.partition(".")[0] in STANDARD_MODULES:
        return mirror
    if name.startswith(UNKNOWN_MEMBER):
        return Mirror("unknown", None, None, 0, False, (), mirror.is_summary)
    known = tuple(content for content in mirror.known if content.kind not in {"attr", "element"})
    return replace(mirror, length=0, known=known, has_own_class=False)


def loose(mirror: Mirror) -> Mirror:
    """The mirror of a container whose length and keys are not told apart."""
    if mirror.kind not in {"list", "tuple", "dict", "set", "generator"} or mirror.detail is not None:
        return mirror
    known: tuple[Content, ...] = ()
    if mirror.kind == "dict":
        known = (KEYS, *(content for content in mirror.known if content.kind not in {"key", "keys"}))
    return replace(mirror, length=0, is_open=True, known=known, is_summary=True)


def summarised(mirror: Mirror) -> Mirror:
    """The mirror of several objects at once."""
    return replace(mirror, is_summary=True)


def opened(mirror: Mirror) -> Mirror:
    """A container that others may have added to."""
    return replace(mirror, is_open=True) if mirror.kind in {"list", "dict", "set"} else mirror


def kind_of(atom: Atom) -> Atom:
    """What a callee learns of an atom that is no object: constants but None only by their type."""
    if isinstance(atom, Computed) or (isinstance(atom, Const) and atom != NONE):
        return Scalar(atom.type)
    if isinstance(atom, Input):
        return Scalar(atom.type or "")
    return atom
