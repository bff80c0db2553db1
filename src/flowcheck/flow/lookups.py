"""Look-ups and set operations: where two collections of data meet without a comparison being written.

id_by_phone = {user.phone: user.id for user in users}
id_by_phone.get(number), id_by_phone[number], number in id_by_phone      the number meets every phone
phones.intersection(uploaded), User.phone.in_(uploaded)                  likewise
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow import matches, sources
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.values import KEYS, NO_TAINTS, Below, Ref, Taint, Taints, Value, joined_taints

LOOKUPS = frozenset({"get", "pop", "setdefault", "__getitem__", "__contains__", "has_key"})
COLUMN_OPERATIONS = frozenset(
    {"in_", "notin_", "not_in", "like", "ilike", "contains", "startswith", "endswith", "is_", "any_", "isin", "is_in"}
)
TEXT_OPERATIONS = frozenset({"startswith", "endswith", "find", "rfind", "index", "count"})
SEARCHES = frozenset({"index", "count", "remove"})
SEARCHED = ("builtins.list.", "builtins.tuple.", "collections.deque.")
"""Sequences that look for a value among their elements."""
SET_OPERATIONS = frozenset(
    {"intersection", "isdisjoint", "issubset", "issuperset", "difference", "intersection_update", "difference_update"}
)


def note_lookup(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """A method of a mapping or set that brings its argument together with what it holds."""
    if not frame.machine.labels.has_supplied or receiver is None:
        return
    method = name.rpartition(".")[2]
    given = arguments.get(0)
    if given is None:
        return
    if method in LOOKUPS:
        matches.note_match(frame, "look-up", key_taints(frame, receiver), frame.deep_taints(given), at)
    elif method in SEARCHES and name.startswith(SEARCHED):
        matches.note_match(frame, "look-up", frame.deep_taints(receiver), frame.deep_taints(given), at)
    elif method in TEXT_OPERATIONS if name.startswith("builtins.str.") else method in COLUMN_OPERATIONS:
        matches.note_match(frame, method, frame.deep_taints(receiver), frame.deep_taints(given), at)
    elif method in SET_OPERATIONS and name.startswith(("builtins.set.", "builtins.frozenset.")):
        for other in arguments.positional:
            others = frame.deep_taints(frame.machine.forced(frame, other))
            matches.note_match(frame, method, frame.deep_taints(receiver), others, at)


def read_item(frame: Frame, value: Value, subscript: Value, found: Value, at: Span) -> Value:
    """`value[subscript]`"""
    if frame.machine.labels.has_supplied and subscript.taints:
        matches.note_match(frame, "look-up", key_taints(frame, value), subscript.taints, at)
    return sources.read_item(frame, value, subscript, found, at)


def note_comparison(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> None:
    """`a == b`, `a in b`; of a mapping only the keys count."""
    labels = frame.machine.labels
    if not labels.has_supplied or operator not in matches.MATCHING:
        return
    theirs = frame.deep_taints(right)
    if operator in {"in", "not in"} and is_mapping(frame, right):
        theirs = key_taints(frame, right)
    matches.note_match(frame, operator, frame.deep_taints(left), theirs, at)


def is_mapping(frame: Frame, value: Value) -> bool:
    """Whether a value is a dictionary, and nothing else."""
    objects = frame.objects(value)
    return bool(objects) and all(obj.kind == "dict" for _, obj in objects)


def key_taints(frame: Frame, value: Value) -> Taints:
    """The taints of a mapping's keys."""
    taints: Taints = NO_TAINTS
    for ref, obj in frame.objects(value):
        if obj.kind in {"dict", "unknown"}:
            taints = joined_taints(taints, keys_of_object(frame, ref, obj))
    return taints


def keys_of_object(frame: Frame, ref: Ref, obj: Obj) -> Taints:
    """Likewise, of one mapping; of one that came in, whatever keys the caller's has."""
    held = obj.fields.get(KEYS)
    taints = frame.deep_taints(held) if held is not None else NO_TAINTS
    if obj.origin is not None and (obj.rest is not None or obj.kind == "unknown"):
        taints = joined_taints(taints, {Taint(Below((*obj.origin, KEYS))): None})
    return taints
