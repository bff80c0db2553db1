"""Methods of lists, deques and sets that keep or change an order.

rows = [user.phone]; rows.insert(0, "x"); rows[1]       the phone
queue.rotate(1); queue[0]                               what was last
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import LIMIT, SEQUENCES, sequence_items, set_items
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.subscripts import constant_keys
from flowcheck.flow.values import ELEMENT, NONE_VALUE, NOTHING, Const, Ref, Value, const, index, join, join_all


def append(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.append(x)`, `seen.add(x)`"""
    value = arguments.get(0) or NOTHING
    if frame.state.guards:
        value = frame.machine.agreed_here(frame, value, at)
    obj = frame.own(ref)
    if obj.kind in SEQUENCES and obj.rest is None and not obj.is_summary:
        if LIMIT in obj.fields:
            set_items(frame, ref, kept_last(frame, obj, Items([*sequence_items(obj), value], None)))
        else:  # the most frequent of all changes: not every element anew
            fields = {**obj.fields, index(obj.length): value}
            frame.state.heap[ref.id] = obj.replaced(fields, length=obj.length + 1)
    else:
        rest = join(obj.rest or NOTHING, value)
        frame.state.heap[ref.id] = obj.replaced(rest=rest)
    frame.machine.note_store(frame, ref, ELEMENT, value)
    return NONE_VALUE


def limit_of(frame: Frame, obj: Obj) -> int | None:
    """How many elements a deque keeps, where that is known."""
    held = obj.fields.get(LIMIT)
    keys = constant_keys(frame, held) if held is not None else None
    return keys[0] if keys is not None and len(keys) == 1 and isinstance(keys[0], int) else None


def kept_last(frame: Frame, obj: Obj, items: Items) -> Items:
    """What a deque keeps when elements come to its end: those at its beginning go."""
    limit = limit_of(frame, obj)
    is_over = limit is not None and items.is_exact and len(items.known) > limit
    return Items(items.known[len(items.known) - (limit or 0) :], None) if is_over else items


def kept_first(frame: Frame, obj: Obj, items: Items) -> Items:
    """What a deque keeps when elements come to its beginning: those at its end go."""
    limit = limit_of(frame, obj)
    return Items(items.known[:limit], None) if limit is not None and items.is_exact else items


def append_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.appendleft(x)`"""
    return insert_at(frame, ref, obj, 0, arguments.get(0) or NOTHING, at)


def insert(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.insert(0, x)`"""
    positions = constant_keys(frame, arguments.get(0) or NOTHING)
    position = positions[0] if positions and len(positions) == 1 and isinstance(positions[0], int) else None
    return insert_at(frame, ref, obj, position, arguments.get(1) or NOTHING, at)


def insert_at(frame: Frame, ref: Ref, obj: Obj, position: int | None, value: Value, at: Span) -> Value:
    """Put an element at a position, or anywhere."""
    obj = frame.own(ref)
    items = sequence_items(obj)
    if position is not None and obj.rest is None:
        items.insert(position, value)
        set_items(frame, ref, kept_first(frame, obj, Items(items, None)))
    else:
        set_items(frame, ref, Items([], join_all([*items, obj.rest or NOTHING, value])))
    frame.machine.note_store(frame, ref, ELEMENT, value)
    return NONE_VALUE


def extend(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.extend(more)`, `rows += more`"""
    added = iterate(frame, arguments.get(0) or NOTHING, at)
    obj = frame.own(ref)
    if obj.kind in SEQUENCES and obj.rest is None:
        set_items(frame, ref, kept_last(frame, obj, Items([*sequence_items(obj), *added.known], added.rest)))
    elif added.known or added.rest is not None:
        frame.state.heap[ref.id] = obj.replaced(rest=join(obj.rest or NOTHING, added.any()))
    frame.machine.note_store(frame, ref, ELEMENT, added.any())
    return NONE_VALUE


def extend_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.extendleft(more)`: each before the one before it."""
    added = iterate(frame, arguments.get(0) or NOTHING, at)
    obj = frame.own(ref)
    if added.is_exact:
        set_items(frame, ref, kept_first(frame, obj, Items([*added.known[::-1], *sequence_items(obj)], obj.rest)))
    else:
        set_items(frame, ref, Items([], join(added.any(), element_of(obj))))
    frame.machine.note_store(frame, ref, ELEMENT, added.any())
    return NONE_VALUE


def rotate(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.rotate(1)`: the last element comes first."""
    steps = constant_keys(frame, arguments.get(0) or Value((const(1),)))
    items = sequence_items(obj)
    if obj.is_exact and steps is not None and len(steps) == 1 and isinstance(steps[0], int):
        turn = steps[0] % len(items) if items else 0
        set_items(frame, ref, Items([*items[len(items) - turn :], *items[: len(items) - turn]], None))
    else:
        set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def reverse(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.reverse()`"""
    if obj.is_exact:
        set_items(frame, ref, Items(sequence_items(obj)[::-1], None))
    else:
        set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def sort(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.sort(key=f)`"""
    held = Items(sequence_items(obj), obj.rest) if obj.kind in SEQUENCES else Items([], element_of(obj))
    made = frame.machine.call_external(
        frame, "builtins.sorted", None, Arguments([Value((ref,))], arguments.keywords), at
    )
    if held.known or held.rest is not None:
        set_items(frame, ref, iterate(frame, made, at))
    return NONE_VALUE


def remove(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.remove(x)`, `seen.discard(x)`: one element that equals x goes."""
    if obj.kind in SEQUENCES and obj.is_exact:
        wanted = arguments.get(0) or NOTHING
        items = sequence_items(obj)
        same = [position for position, item in enumerate(items) if is_same(frame, item, wanted)]
        if same:
            del items[same[0]]
            set_items(frame, ref, Items(items, None))
        else:
            set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def is_same(frame: Frame, one: Value, other: Value) -> bool:
    """Whether two values are surely equal."""
    left, right = frame.constants(one), frame.constants(other)
    return len(left) == 1 and left == right and isinstance(left[0], Const | Ref)
