"""What iterating over a value yields, in order as far as that is known.

for name, send in [("a", push), ("b", post)]:     Items(known=[("a", push), ("b", post)], rest=None)
for row in rows:  (a list that grew in a loop)      Items(known=[], rest=any element)
"""

from __future__ import annotations

from dataclasses import dataclass

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.extended import KEPT_IN_DATA, builtin_of, extended_class
from flowcheck.flow.frames import Diverges, Frame, whole_taints
from flowcheck.flow.heap import Obj, State, input_value, joined_state
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.values import (
    ELEMENT,
    KEYS,
    NOTHING,
    ROWS,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Content,
    External,
    Input,
    Ref,
    Scalar,
    Value,
    const,
    index,
    is_global,
    join,
    join_all,
)


@dataclass(frozen=True, slots=True)
class Items:
    """The leading elements that are known by position, and what any further one may be."""

    known: list[Value]
    rest: Value | None

    @property
    def is_exact(self) -> bool:
        """Whether there is no further one."""
        return self.rest is None

    def any(self) -> Value:
        """What some element may be."""
        return join_all([*self.known, self.rest] if self.rest is not None else self.known)


NO_ITEMS = Items([], None)
LONGEST_TEXT = 64


def iterate(frame: Frame, value: Value, at: Span) -> Items:
    """The elements of a value; of several containers position by position."""
    value = frame.look(value)
    found = [items_of_atom(frame, atom, value, at) for atom in value.present().atoms]
    parts = [part for part in found if part is not None]
    shared = whole_taints(value)
    joined = joined_items(parts)
    if not shared:
        return joined
    return Items([each.tainted(shared) for each in joined.known], joined.rest.tainted(shared) if joined.rest else None)


def joined_items(parts: list[Items]) -> Items:
    """Items that may be any of these."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NO_ITEMS
    shortest = min(len(part.known) for part in parts)
    known = [join_all(part.known[position] for part in parts) for position in range(shortest)]
    others = [value for part in parts for value in part.known[shortest:]]
    others += [part.rest for part in parts if part.rest is not None]
    return Items(known, join_all(others) if others else None)


def items_of_atom(frame: Frame, atom: Atom, value: Value, at: Span) -> Items | None:
    """The elements of one thing; None when it has none to speak of."""
    if isinstance(atom, Ref):
        return items_of_object(frame, atom, frame.object(atom), at)
    if isinstance(atom, Const):
        if isinstance(atom.value, str) and len(atom.value) <= LONGEST_TEXT:
            return Items([Value((const(letter),)) for letter in atom.value], None)
        return Items([], UNKNOWN_VALUE) if isinstance(atom.value, str | bytes) else None
    if isinstance(atom, External):
        return Items([], frame.machine.element_of_external(frame, atom.name))
    if isinstance(atom, Input) and not scalar_type(atom):
        return Items([], Value((Input((*atom.path, ELEMENT)),), value.taints))
    return Items([], UNKNOWN_VALUE)


def items_of_object(frame: Frame, ref: Ref, obj: Obj, at: Span) -> Items:
    """The elements of an object, by its kind."""
    if obj.kind == "fields":
        made = frame.machine.mapping_of_fields(frame, obj.get(Content("attr", "__self__")), at)
        return iterate(frame, made, at)
    if obj.kind == "generator":
        frame.machine.run_generator(frame, ref, at)
        obj = frame.object(ref)
    if obj.kind == "list":
        obj = seen_now(frame, obj, at)
    if obj.kind in {"list", "tuple", "generator"}:
        return Items([obj.fields[index(position)] for position in range(obj.length)], rest_of(obj))
    if obj.kind == "set":
        return Items([], obj.rest) if obj.rest is not None else NO_ITEMS
    if obj.kind == "dict":
        return keys_of(frame, obj)
    if obj.kind == "instance":
        return items_of_instance(frame, ref, obj, at)
    if obj.kind == "class":
        return frame.machine.members_of_enum(frame, ref)
    if obj.kind == "external" and frame.machine.has_member(str(obj.detail), "__iter__"):
        return iterate(
            frame, frame.machine.call_external(frame, f"{obj.detail}.__iter__", Value((ref,)), Arguments(), at), at
        )
    if ROWS in obj.fields:
        return iterate(frame, obj.fields[ROWS], at)
    if obj.kind == "unknown" and obj.origin is not None:
        return Items([], join(obj.rest or NOTHING, input_value((*obj.origin, ELEMENT))))
    held = join(obj.rest or NOTHING, obj.fields.get(ELEMENT, NOTHING))
    if obj.origin is not None and ELEMENT not in obj.fields and is_global(ref.id):
        held = join(held, obj.get(ELEMENT).present())
    return Items([], held if held.atoms else UNKNOWN_VALUE)


ITERATOR = "iterator"
"""The detail of a list that holds what an iterator has still to give."""


def seen_now(frame: Frame, obj: Obj, at: Span) -> Obj:
    """A view of a dictionary as it is by now."""
    for content, owner in obj.fields.items():
        if content.kind == "live":
            for ref, mapping in frame.objects(owner):
                if mapping.kind == "dict" and len(owner.atoms) == 1:
                    made = frame.machine.view_of(frame, str(content.name), ref, mapping, at)
                    return frame.object(made) if made is not None else obj
    return obj


def rest_of(obj: Obj) -> Value | None:
    """What lies behind the known positions; a summary object may hold any number of elements."""
    return obj.rest


def keys_of(frame: Frame, obj: Obj) -> Items:
    """The keys of a dictionary, in order of insertion."""
    known = [Value((frame.key_atom(content.name),)) for content in obj.fields if content.kind == "key"]
    others = obj.fields.get(KEYS)
    if obj.rest is None:
        return Items([name.tainted(others.taints) for name in known] if others is not None else known, None)
    return Items(known, others if others is not None else UNKNOWN_VALUE)


def items_of_instance(frame: Frame, ref: Ref, obj: Obj, at: Span) -> Items:
    """`for x in instance`: `__iter__` and `__next__`, or `__getitem__`, or the container it extends."""
    method = class_lookup(frame, obj.type, "__iter__") or class_lookup(frame, obj.type, "__aiter__")
    if method is not None:
        iterator = frame.machine.call(frame, method, Arguments([Value((ref,))]), at)
        return items_of_iterator(frame, iterator, at)
    if class_lookup(frame, obj.type, "__next__") is not None:
        return items_of_iterator(frame, Value((ref,)), at)
    method, held = class_lookup(frame, obj.type, "__getitem__"), builtin_of(frame, ref)
    if held is not None and (method is None or extended_class(frame, obj.type) not in KEPT_IN_DATA):
        return iterate(frame, held, at)
    if method is not None:
        return items_by_position(frame, method, Value((ref,)), at)
    if frame.machine.is_record(frame, obj):
        return Items(frame.machine.record_values(frame, ref, obj), None)
    known = [value for content, value in obj.fields.items() if content.kind == "index"]
    if obj.rest is None and known:
        return Items(known, None)
    if isinstance(obj.detail, str):
        return Items([], obj.get(ELEMENT))
    return Items(known, obj.rest if obj.rest is not None else UNKNOWN_VALUE)


MOST_POSITIONS = 8
"""Positions of a sequence of the code base's own that are asked for one by one."""


def items_by_position(frame: Frame, getter: Value, sequence: Value, at: Span) -> Items:
    """What `__getitem__` gives for 0, 1, ... until it has no more; where that is not seen, for any position."""
    known: list[Value] = []
    for position in range(MOST_POSITIONS):
        found = item_or_end(frame, getter, Arguments([sequence, Value((const(position),))]), at)
        if found is None:
            return Items(known, None)
        known.append(found)
    return Items([], join(join_all(known), frame.machine.call(frame, getter, Arguments([sequence, ANY_NUMBER]), at)))


ANY_NUMBER = Value((Scalar("int"),))


def item_or_end(frame: Frame, getter: Value, arguments: Arguments, at: Span) -> Value | None:
    """What a call gives; None where it only raises, or has nothing to give."""
    before = frame.state.fork()
    frame.raising.append([])
    try:
        found = frame.machine.call(frame, getter, arguments, at)
    except Diverges:
        frame.state = before
        return None
    finally:
        frame.raising.pop()
    return found if found.atoms or found.taints else None


def items_of_iterator(frame: Frame, iterator: Value, at: Span) -> Items:
    """What an iterator yields: for one written as a class, what `__next__` returns on the way to a fixpoint."""
    parts = []
    for atom in frame.look(iterator).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            method = None
            if obj.kind == "instance":
                method = class_lookup(frame, obj.type, "__next__") or class_lookup(frame, obj.type, "__anext__")
            if method is not None:
                parts.append(Items([], repeated(frame, method, Value((atom,)), at)))
                continue
        parts.append(iterate(frame, Value((atom,), iterator.taints), at))
    return joined_items(parts)


def repeated(frame: Frame, method: Value, receiver: Value, at: Span) -> Value:
    """What calling a method again and again returns."""
    result = NOTHING
    for _ in range(3):
        before: State = frame.state.fork()
        try:
            result = join(result, frame.machine.call(frame, method, Arguments([receiver]), at))
        except Diverges:
            frame.state = before
            break
        frame.state = joined_state(before, frame.state)
    return result
