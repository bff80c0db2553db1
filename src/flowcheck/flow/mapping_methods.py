"""Methods of dictionaries.

row.setdefault("to", user.phone); row.get("to")         the phone
row.update(other, to="x")                               other's items, then "x" under `to`
both = ChainMap(own); both.new_child({"to": "x"})       under `to` the first that there is
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list, snapshot
from flowcheck.flow.extended import as_builtin
from flowcheck.flow.frames import Frame, whole_taints
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.subscripts import (
    constant_keys,
    get_item,
    held_under,
    note_keys,
    remove_item,
    set_item,
    set_item_of_object,
)
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    KEYS,
    NONE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Content,
    Ref,
    Value,
    const,
    join,
    join_all,
    key,
)


def pop_key(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.pop("to", default)`"""
    found = get(frame, ref, obj, arguments, at)
    keys = constant_keys(frame, arguments.get(0) or NOTHING)
    if keys is not None and arguments.get(1, "default") is None and all(key(each) not in obj.fields for each in keys):
        frame.surely_raises("KeyError", at, ref, arguments.get(0) or NOTHING)
    if keys is not None and len(keys) == 1:
        remove_item(frame, ref, frame.own(ref), keys[0])
    return found


def get(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.get("to", default)`"""
    default = arguments.get(1, "default")
    keys = constant_keys(frame, arguments.get(0) or NOTHING)
    if keys is None:
        return join(join_all(obj.elements()), default if default is not None else NONE_VALUE)
    found = NOTHING
    for each in keys:
        held = held_under(obj, each)
        found = join(found, held.present())
        if ABSENT in held.atoms or obj.rest is not None:
            found = join(found, default if default is not None else NONE_VALUE)
    return found


def set_default(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.setdefault("to", x)`"""
    subscript, value = arguments.get(0) or NOTHING, arguments.get(1) or NONE_VALUE
    keys = constant_keys(frame, subscript)
    obj = frame.own(ref)
    if keys is None:
        set_item(frame, Value((ref,)), subscript, value, at)
        return join(join_all(obj.elements()), value)
    result = NOTHING
    for each in keys:
        held = obj.get(key(each))
        stored = join(held.present(), value) if ABSENT in held.atoms or not held.atoms else held
        frame.state.write(ref.id, key(each), stored, is_strong=len(keys) == 1)
        result = join(result, stored)
    frame.machine.note_store(frame, ref, ELEMENT, value)
    return result


def merge(frame: Frame, ref: Ref, other: Value, at: Span) -> None:
    """Put all items of a mapping, or of pairs, into a dictionary."""
    other = as_builtin(frame, other)
    for atom in other.present().atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "fields":
            merge_mapping(frame, ref, snapshot(frame, frame.object(atom), at)[1], other, at)
        elif isinstance(atom, Ref) and is_mapping(frame, atom):
            merge_mapping(frame, ref, frame.object(atom), other, at)
        elif isinstance(atom, Ref) and has_keys(frame, atom):
            merge_own_mapping(frame, ref, atom, at)
        elif isinstance(atom, Ref) and frame.object(atom).kind in PAIRS:
            merge_pairs(frame, ref, iterate(frame, Value((atom,)), at), at)
        elif atom != NONE:
            frame.own(ref)
            opaque = frame.content(Value((atom,), other.taints), ELEMENT)
            frame.state.write_any(ref.id, opaque.tainted(other.taints))


def is_mapping(frame: Frame, ref: Ref) -> bool:
    """Whether its items are found under keys."""
    obj = frame.object(ref)
    if obj.kind == "tuple" and obj.detail is not None:
        return any(content.kind == "key" for content in obj.fields)
    return obj.kind == "dict"


PAIRS = frozenset({"list", "tuple", "generator", "set", "instance"})
"""Kinds of objects that give items as pairs."""


def has_keys(frame: Frame, ref: Ref) -> bool:
    """Whether it is an instance of a mapping of the code base's own."""
    obj = frame.object(ref)
    return obj.kind == "instance" and (
        class_lookup(frame, obj.type, "keys") is not None or class_lookup(frame, obj.type, "__getitem__") is not None
    )


def merge_own_mapping(frame: Frame, ref: Ref, mapping: Ref, at: Span) -> None:
    """The items of a class that says itself what its keys are, and what is under them."""
    held = Value((mapping,))
    names = iterate(frame, held, at)
    for name in [*names.known, *([names.rest] if names.rest is not None else [])]:
        set_item(frame, Value((ref,)), name, get_item(frame, held, name, at), at)


def merge_mapping(frame: Frame, ref: Ref, obj: Obj, other: Value, at: Span) -> None:
    """Items under constant keys stay apart."""
    for content, value in obj.fields.items():
        if content.kind == "key":
            stored = value.tainted(whole_taints(other))
            if ABSENT in stored.atoms:
                before = frame.own(ref).get(content)
                stored = join(before, stored.present())
            set_item_of_object(frame, ref, [content.name], NOTHING, stored, is_strong=True, at=at)
    if obj.rest is not None:
        frame.own(ref)
        frame.state.write_any(ref.id, obj.rest)
        note_keys(frame, ref, obj.fields.get(KEYS, UNKNOWN_VALUE))
    elif KEYS in obj.fields and obj.fields[KEYS].taints:
        note_keys(frame, ref, obj.fields[KEYS])


def merge_pairs(frame: Frame, ref: Ref, pairs: Items, at: Span) -> None:
    """`dict([("to", x), ...])`"""
    for pair in [*pairs.known, *([pairs.rest] if pairs.rest is not None else [])]:
        name = get_item(frame, pair, Value((const(0),)), at)
        value = get_item(frame, pair, Value((const(1),)), at)
        if pair is pairs.rest:
            frame.own(ref)
            keys = constant_keys(frame, name)
            if keys is None:
                frame.state.write_any(ref.id, value)
                note_keys(frame, ref, name)
            for each in keys or ():
                frame.state.write(ref.id, key(each), value, is_strong=False)
        else:
            set_item(frame, Value((ref,)), name, value, at)


def keys(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.keys()`"""
    return view(frame, ref, iterate(frame, Value((ref,)), at), at, "keys")


def view(frame: Frame, ref: Ref, held: Items, at: Span, name: str) -> Value:
    """A view of a dictionary: what it holds now, and where to look again later."""
    made = fresh_list(frame, held, at, "list", name)
    for each, _ in frame.objects(made):
        frame.state.write(each.id, Content("live", name), Value((ref,)), is_strong=True)
    return made


def values(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.values()`"""
    known = [value.present() for content, value in obj.fields.items() if content.kind == "key"]
    return view(frame, ref, Items(known, obj.rest), at, "values")


def items(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.items()`"""
    names = iterate(frame, Value((ref,)), at)
    held = [value.present() for content, value in obj.fields.items() if content.kind == "key"]
    pairs = [
        fresh_list(frame, Items([name, value], None), at, "tuple", f"item:{position}")
        for position, (name, value) in enumerate(zip(names.known, held, strict=False))
    ]
    rest = None
    if obj.rest is not None or names.rest is not None:
        pair = Items([names.rest or UNKNOWN_VALUE, obj.rest or NOTHING], None)
        rest = fresh_list(frame, pair, at, "tuple", "item:*")
    return view(frame, ref, Items(pairs, rest), at, "items")


def pop_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.popitem()`: the last item, `row.popitem(last=False)`: the first."""
    held = [content for content in obj.fields if content.kind == "key"]
    is_last = arguments.get(0, "last")
    if obj.is_exact and held and KEYS not in obj.fields and (is_last is None or isinstance(is_last.atoms[0], Const)):
        taken = held[-1] if is_last is None or is_last.atoms == (const(True),) else held[0]
        if ABSENT not in obj.fields[taken].atoms:
            pair = Items([Value((frame.key_atom(taken.name),)), obj.fields[taken]], None)
            remove_item(frame, ref, frame.own(ref), taken.name)
            return fresh_list(frame, pair, at, "tuple", "popitem")
    names = iterate(frame, Value((ref,)), at)
    pair = Items([names.any(), join_all(obj.elements())], None)
    return fresh_list(frame, pair, at, "tuple", "popitem")


def move_to_end(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.move_to_end("to")`: only the order changes."""
    keys = constant_keys(frame, arguments.get(0) or NOTHING)
    last = arguments.get(1, "last")
    moved = key(keys[0]) if keys is not None and len(keys) == 1 else KEYS
    if moved != KEYS and moved in obj.fields and (last is None or last.atoms == (const(True),)):
        own = frame.own(ref)
        fields = {content: value for content, value in own.fields.items() if content != moved}
        frame.state.heap[ref.id] = own.replaced({**fields, moved: own.fields[moved]})
    return NONE_VALUE


def new_child(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`both.new_child({"to": x})`: a chain with one more mapping before the others."""
    first = arguments.get(0, "m") or frame.make(at, Obj("dict"), "child:map")
    return chained(frame, [first, *iterate(frame, obj.get(MAPS).present(), at).known], Value((ref,)), at)


MAPS = Content("attr", "maps")


def chained(frame: Frame, mappings: list[Value], parents: Value, at: Span) -> Value:
    """A chain of mappings: under each key what the first has that has it."""
    made = frame.make(at, Obj("dict"), f"chain:{len(mappings)}")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    for value in reversed(mappings):
        merge(frame, ref, value, at)
    held = fresh_list(frame, Items(mappings, None), at, "list", f"chain:maps:{len(mappings)}")
    frame.state.write(ref.id, MAPS, held, is_strong=True)
    frame.state.write(ref.id, Content("attr", "parents"), parents, is_strong=True)
    return made
