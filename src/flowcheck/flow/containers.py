"""The builtin containers: subscripts, stores and the methods of list, tuple, dict, set, deque, exactly as long as
their history is known.

    rows = [user.phone]; rows.insert(0, "x"); rows[1]     the phone
    rows = [user.phone]; rows.clear(); rows               nothing
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Diverges, Frame, whole_taints
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup, external_base
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    KEYS,
    NONE,
    NOTHING,
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
    join,
    join_all,
    key,
)

SEQUENCES = frozenset({"list", "tuple", "generator"})

CONTAINER_NAMES = {
    "list": "list", "tuple": "tuple", "dict": "dict", "set": "set", "frozenset": "set", "deque": "list", "generator": "list",
    "UserDict": "dict", "OrderedDict": "dict", "defaultdict": "dict", "Counter": "dict", "UserList": "list",
    "MutableMapping": "dict", "MutableSequence": "list",
}  # fmt: skip


def container_of(name: str) -> str | None:
    """The kind of container that a class of the standard library is: `collections.UserDict` is a dict."""
    module, _, last = name.removesuffix("()").rpartition(".")
    return CONTAINER_NAMES.get(last) if module in {"builtins", "collections", "collections.abc"} else None


def fresh_list(frame: Frame, items: Items, at: Span, kind: str = "list", tag: str = "") -> Value:
    """A new sequence or set with these elements."""
    if kind == "set":
        rest = items.any() if items.known or items.rest is not None else None
        return frame.make(at, Obj("set", rest=rest), tag)
    fields = {index(position): value for position, value in enumerate(items.known)}
    return frame.make(at, Obj(kind, fields, length=len(items.known), rest=items.rest), tag)


# --- subscripts ----------------------------------------------------------------------------------


def constant_keys(frame: Frame, subscript: Value) -> list[Hashable] | None:
    """The constants a subscript may be; None when it may be anything."""
    keys: list[Hashable] = []
    for atom in frame.constants(subscript):
        if isinstance(atom, Const):
            keys.append(atom.value)
        elif isinstance(atom, Ref):
            found = frame.machine.key_of_object(frame, atom)
            if found is None:
                return None
            keys.append(found)
        elif isinstance(atom, External):
            keys.append(("external", atom.name))
        elif atom != ABSENT:
            return None
    return keys or None


def get_item(frame: Frame, value: Value, subscript: Value, at: Span) -> Value:
    """`value[subscript]`"""
    value = frame.look(value)
    result = NOTHING
    for atom in value.present().atoms:
        result = join(result, item_of_atom(frame, atom, value, subscript, at))
    return result.tainted(whole_taints(value))


def item_of_atom(frame: Frame, atom: Atom, value: Value, subscript: Value, at: Span) -> Value:
    """An item of one thing that the value may be."""
    if isinstance(atom, Ref):
        return item_of_object(frame, atom, frame.object(atom), subscript, at)
    if isinstance(atom, Const) and isinstance(atom.value, str | bytes):
        return folded_item(frame, atom.value, subscript)
    if isinstance(atom, External):
        return frame.machine.item_of_external(frame, atom.name, subscript)
    if isinstance(atom, Input):
        return Value((Scalar(atom.type or ""),), value.taints)
    return UNKNOWN_VALUE if atom != NONE else NOTHING


def folded_item(frame: Frame, text: str | bytes, subscript: Value) -> Value:
    """A character of a constant text."""
    for atom in frame.constants(subscript):
        if isinstance(atom, Const) and isinstance(atom.value, int) and -len(text) <= atom.value < len(text):
            return Value((const(text[atom.value]),))
    return Value((Scalar(type(text).__name__),))


def item_of_object(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span) -> Value:
    """An item of an object."""
    if obj.kind == "fields":
        return item_of_object(frame, *snapshot(frame, obj, at), subscript, at)
    if obj.kind == "class":
        return frame.machine.class_item(frame, ref, subscript, at)
    if obj.kind == "instance":
        method = class_lookup(frame, obj.type, "__getitem__")
        if method is not None:
            return frame.machine.call(frame, method, Arguments([Value((ref,)), subscript]), at)
        if frame.machine.is_record(frame, obj):
            return item_of_sequence(frame, as_tuple(frame, ref, obj), subscript)
        if isinstance(obj.detail, str):
            return obj.get(ELEMENT)
        return item_of_mapping(frame, ref, obj, subscript, at)
    if obj.kind in SEQUENCES:
        return item_of_sequence(frame, obj, subscript)
    if obj.kind == "dict":
        return item_of_mapping(frame, ref, obj, subscript, at)
    if obj.kind == "external":
        cells = frame.machine.item_of_frame(frame, ref, obj, subscript, at)
        return cells if cells is not None else frame.machine.item_of_external_object(frame, ref, obj, subscript, at)
    keys = constant_keys(frame, subscript)
    if keys is None or obj.kind != "unknown":
        return frame.content(Value((ref,)), ELEMENT)
    return join_all(join(obj.get(key(name)), obj.rest or NOTHING) for name in keys)


def as_tuple(frame: Frame, ref: Ref, obj: Obj) -> Obj:
    """A named tuple seen as the tuple it is."""
    held = frame.machine.record_values(frame, ref, obj)
    return Obj("tuple", {index(place): value for place, value in enumerate(held)}, length=len(held))


def snapshot(frame: Frame, obj: Obj, at: Span) -> tuple[Ref, Obj]:
    """An instance's `__dict__` as the dictionary it is right now."""
    made = frame.machine.mapping_of_fields(frame, obj.get(OWNER), at)
    ref = next(atom for atom in made.atoms if isinstance(atom, Ref))
    return ref, frame.object(ref)


OWNER = Content("attr", "__self__")
"""The instance whose `__dict__` an object of kind fields is."""


def write_back(frame: Frame, obj: Obj, before: Obj, after: Obj) -> None:
    """Give an instance the fields that its `__dict__` got."""
    owner = obj.get(OWNER)
    for content, value in after.fields.items():
        if content.kind == "key" and before.fields.get(content) is not value:
            frame.write(owner, Content("attr", content.name), value)
    for content in before.fields:
        if content not in after.fields:
            frame.write(owner, Content("attr", content.name), Value((ABSENT,)))
    if after.rest is not None and after.rest is not before.rest:
        for ref, held in frame.objects(owner):
            frame.own(ref)
            frame.state.heap[ref.id] = held.replaced(rest=join(held.rest or NOTHING, after.rest))


def item_of_sequence(frame: Frame, obj: Obj, subscript: Value) -> Value:
    """`rows[1]`, `rows[-1]`, `rows[i]`"""
    keys = constant_keys(frame, subscript)
    if keys is None:
        return element_of(obj)
    found = NOTHING
    for each in keys:
        held = frame.content_of_object(obj, index(each)) if isinstance(each, int) else obj.fields.get(key(each), NOTHING)
        found = join(found, held)
    return found


def item_of_mapping(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span) -> Value:
    """`row["to"]`, `row[k]`; a default dictionary makes what is missing."""
    keys = constant_keys(frame, subscript)
    if keys is None:
        return join(join_all(obj.elements()), missing_item(frame, ref, obj, subscript, at))
    found = NOTHING
    for each in keys:
        held = obj.get(key(each))
        found = join(found, held.present())
        if ABSENT in held.atoms:
            found = join(found, missing_item(frame, ref, obj, Value((as_key(each),)), at))
    return found


def as_key(name: Hashable) -> Atom:
    """The atom of a constant key."""
    if name is None or isinstance(name, bool | int | float | str | bytes):
        return const(name)
    return Scalar()


def missing_item(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span) -> Value:
    """What a mapping gives for a key it does not have: `default_factory`, `__missing__`."""
    factory = obj.fields.get(FACTORY)
    if factory is not None:
        made = frame.machine.call(frame, factory, Arguments(), at)
        set_item(frame, Value((ref,)), subscript, made, at)
        return made
    if obj.kind == "instance":
        method = class_lookup(frame, obj.type, "__missing__")
        if method is not None:
            return frame.machine.call(frame, method, Arguments([Value((ref,)), subscript]), at)
    return NOTHING


FACTORY = Content("factory", None)


def get_slice(frame: Frame, value: Value, lower: Value | None, upper: Value | None, step: Value | None, at: Span) -> Value:
    """`value[lower:upper:step]`"""
    value = frame.look(value)
    bounds = [bound(frame, each) for each in (lower, upper, step)]
    result = NOTHING
    for atom in value.present().atoms:
        result = join(result, slice_of_atom(frame, atom, value, bounds, at))
    return result.tainted(whole_taints(value))


def bound(frame: Frame, value: Value | None) -> int | None | bool:
    """A constant bound of a slice; True stands for one that is not known."""
    if value is None:
        return None
    atoms = frame.constants(value)
    if len(atoms) == 1 and isinstance(atoms[0], Const):
        constant = atoms[0].value
        if constant is None or (isinstance(constant, int) and not isinstance(constant, bool)):
            return constant
    return True


def slice_of_atom(frame: Frame, atom: Atom, value: Value, bounds: list[int | None | bool], at: Span) -> Value:
    """A slice of one thing that the value may be."""
    is_known = not any(each is True for each in bounds)
    if isinstance(atom, Const) and isinstance(atom.value, str | bytes):
        return Value((const(atom.value[slice(*bounds)]),)) if is_known else Value((Scalar(atom.type),))
    if not isinstance(atom, Ref):
        return Value((Scalar(atom.type or "") if isinstance(atom, Input) else Scalar(),), value.taints)
    obj = frame.object(atom)
    kind = obj.kind if obj.kind in {"list", "tuple"} else "list"
    if obj.kind in SEQUENCES and obj.is_exact and is_known:
        items = [obj.fields[index(position)] for position in range(obj.length)][slice(*bounds)]
        return fresh_list(frame, Items(items, None), at, kind, f"slice:{kind}")
    if obj.kind == "external":
        rows = frame.machine.item_of_frame(frame, atom, obj, Value((Scalar("slice"),)), at)
        return rows if rows is not None else frame.machine.item_of_external_object(frame, atom, obj, UNKNOWN_VALUE, at)
    return fresh_list(frame, Items([], iterate(frame, Value((atom,)), at).any()), at, kind, f"slice:{kind}")


# --- stores ----------------------------------------------------------------------------------------


def set_item(frame: Frame, target: Value, subscript: Value, value: Value, at: Span) -> None:
    """`target[subscript] = value`"""
    target = frame.look(target).present()
    keys = constant_keys(frame, subscript)
    is_strong = len(target.atoms) == 1 and keys is not None and len(keys) == 1
    for atom in target.atoms:
        ref = atom
        if isinstance(atom, External):
            ref = frame.machine.external_object(frame, atom.name)
        if isinstance(ref, Ref):
            set_item_of_object(frame, ref, keys, subscript, value, is_strong=is_strong, at=at)


def set_item_of_object(
    frame: Frame, ref: Ref, keys: list[Hashable] | None, subscript: Value, value: Value, *, is_strong: bool, at: Span
) -> None:
    """Store an item in one object."""
    obj = frame.object(ref)
    if obj.kind == "instance":
        method = class_lookup(frame, obj.type, "__setitem__")
        if method is not None:
            frame.machine.call(frame, method, Arguments([Value((ref,)), subscript, value]), at)
            return
    if obj.kind == "fields":
        held, before = snapshot(frame, obj, at)
        set_item_of_object(frame, held, keys, subscript, value, is_strong=is_strong, at=at)
        write_back(frame, obj, before, frame.object(held))
        return
    obj = frame.own(ref)
    if keys is None:
        frame.state.write_any(ref.id, value)
        note_keys(frame, ref, subscript)
        frame.machine.note_store(frame, ref, ELEMENT, value)
        return
    for each in keys:
        content = stored_content(obj, each)
        if content is None:
            frame.state.write_any(ref.id, value)
        else:
            frame.state.write(ref.id, content, value, is_strong=is_strong)
            if subscript.taints:
                note_keys(frame, ref, subscript)
        frame.machine.note_store(frame, ref, content or ELEMENT, value)


def stored_content(obj: Obj, name: Hashable) -> Content | None:
    """The content that a constant subscript writes to; None when the position is not known."""
    if obj.kind not in SEQUENCES:
        return key(name)
    if not isinstance(name, int):
        return None
    position = name + obj.length if name < 0 and obj.rest is None else name
    return index(position) if 0 <= position < obj.length else None


def note_keys(frame: Frame, ref: Ref, subscript: Value) -> None:
    """Remember what an unknown key may be, for iterations over the keys."""
    obj = frame.own(ref)
    before = obj.fields.get(KEYS, NOTHING)
    frame.state.heap[ref.id] = obj.replaced({**obj.fields, KEYS: join(before, subscript)})


def delete_item(frame: Frame, target: Value, subscript: Value, at: Span) -> None:
    """`del target[subscript]`"""
    target = frame.look(target).present()
    keys = constant_keys(frame, subscript)
    for atom in target.atoms:
        if not isinstance(atom, Ref):
            continue
        obj = frame.object(atom)
        method = class_lookup(frame, obj.type, "__delitem__") if obj.kind == "instance" else None
        if method is not None:
            frame.machine.call(frame, method, Arguments([Value((atom,)), subscript]), at)
        elif keys is not None and len(keys) == 1 and len(target.atoms) == 1:
            remove_item(frame, atom, frame.own(atom), keys[0])


def remove_item(frame: Frame, ref: Ref, obj: Obj, name: Hashable) -> None:
    """Take one item out."""
    if obj.is_summary:
        return
    if obj.kind in SEQUENCES:
        items = sequence_items(obj)
        if obj.rest is None and isinstance(name, int) and -obj.length <= name < obj.length:
            del items[name]
            set_items(frame, ref, Items(items, None))
        return
    fields = {content: value for content, value in obj.fields.items() if content != key(name)}
    frame.state.heap[ref.id] = obj.replaced(fields)


def sequence_items(obj: Obj) -> list[Value]:
    """The elements known by position."""
    return [obj.fields[index(position)] for position in range(obj.length)]


def set_items(frame: Frame, ref: Ref, items: Items) -> None:
    """Replace all elements of a sequence or set, or add to them where it may be several objects."""
    obj = frame.own(ref)
    if obj.is_summary:
        added = items.any()
        frame.state.write_any(ref.id, added)
        return
    kept = {content: value for content, value in obj.fields.items() if content.kind not in {"index", "key", "keys"}}
    if obj.kind == "set":
        fields, length = kept, 0
        rest = items.any() if items.known or items.rest is not None else None
    else:
        fields = {**kept, **{index(position): value for position, value in enumerate(items.known)}}
        length, rest = len(items.known), items.rest
    fresh = Obj(obj.kind, fields, type=obj.type, detail=obj.detail, rest=rest, length=length, origin=obj.origin)
    fresh.initial = obj.initial
    frame.state.heap[ref.id] = fresh


# --- methods ----------------------------------------------------------------------------------------

Method: TypeAlias = Callable[[Frame, Ref, Obj, Arguments, Span], Value]
NONE_VALUE = Value((NONE,))


def call_method(frame: Frame, name: str, receiver: Value, arguments: Arguments, at: Span) -> Value | None:
    """A method of a builtin container on each object the receiver may be; None for one not known here."""
    method = METHODS.get(name)
    if method is None:
        return None
    result = NOTHING
    shared = whole_taints(frame.look(receiver))
    targets = frame.objects(receiver)
    for ref, obj in targets:
        if obj.kind == "fields":
            held, before = snapshot(frame, obj, at)
            result = join(result, method(frame, held, before, arguments, at))
            write_back(frame, obj, before, frame.object(held))
        else:
            result = join(result, method(frame, ref, obj, arguments, at))
    return result.tainted(shared)


def append(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.append(x)`, `seen.add(x)`"""
    del at
    value = arguments.get(0) or NOTHING
    obj = frame.own(ref)
    if obj.kind in SEQUENCES and obj.rest is None and not obj.is_summary:
        set_items(frame, ref, Items([*sequence_items(obj), value], None))
    else:
        rest = join(obj.rest or NOTHING, value)
        frame.state.heap[ref.id] = obj.replaced(rest=rest)
    frame.machine.note_store(frame, ref, ELEMENT, value)
    return NONE_VALUE


def append_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.appendleft(x)`"""
    return insert_at(frame, ref, obj, 0, arguments.get(0) or NOTHING, at)


def insert(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.insert(0, x)`"""
    positions = constant_keys(frame, arguments.get(0) or NOTHING)
    position = positions[0] if positions and len(positions) == 1 and isinstance(positions[0], int) else None
    return insert_at(frame, ref, obj, position, arguments.get(1) or NOTHING, at)


def insert_at(frame: Frame, ref: Ref, obj: Obj, position: int | None, value: Value, at: Span) -> Value:
    del at
    obj = frame.own(ref)
    items = sequence_items(obj)
    if position is not None and obj.rest is None:
        items.insert(position, value)
        set_items(frame, ref, Items(items, None))
    else:
        set_items(frame, ref, Items([], join_all([*items, obj.rest or NOTHING, value])))
    frame.machine.note_store(frame, ref, ELEMENT, value)
    return NONE_VALUE


def extend(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.extend(more)`, `rows += more`"""
    del obj
    added = iterate(frame, arguments.get(0) or NOTHING, at)
    obj = frame.own(ref)
    if obj.kind in SEQUENCES and obj.rest is None:
        set_items(frame, ref, Items([*sequence_items(obj), *added.known], added.rest))
    elif added.known or added.rest is not None:
        frame.state.heap[ref.id] = obj.replaced(rest=join(obj.rest or NOTHING, added.any()))
    frame.machine.note_store(frame, ref, ELEMENT, added.any())
    return NONE_VALUE


def extend_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.extendleft(more)`: each before the one before it."""
    del obj
    added = iterate(frame, arguments.get(0) or NOTHING, at)
    obj = frame.own(ref)
    if added.is_exact:
        set_items(frame, ref, Items([*added.known[::-1], *sequence_items(obj)], obj.rest))
    else:
        set_items(frame, ref, Items([], join(added.any(), element_of(obj))))
    frame.machine.note_store(frame, ref, ELEMENT, added.any())
    return NONE_VALUE


def rotate(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.rotate(1)`: the last element comes first."""
    del at
    steps = constant_keys(frame, arguments.get(0) or Value((const(1),)))
    items = sequence_items(obj)
    if obj.is_exact and steps is not None and len(steps) == 1 and isinstance(steps[0], int):
        turn = steps[0] % len(items) if items else 0
        set_items(frame, ref, Items([*items[len(items) - turn :], *items[: len(items) - turn]], None))
    else:
        set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def pop(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.pop()`, `rows.pop(0)`, `row.pop("to", default)`, `seen.pop()`"""
    if obj.kind == "set":
        return obj.rest if obj.rest is not None else NOTHING
    first = arguments.get(0)
    if obj.kind not in SEQUENCES:
        return pop_key(frame, ref, obj, arguments, at)
    keys: list[Hashable] | None = [-1] if first is None else constant_keys(frame, first)
    if keys is None or len(keys) != 1 or not isinstance(keys[0], int):
        found = element_of(obj)
        set_items(frame, ref, Items([], found))
        return found
    found = frame.content_of_object(obj, index(keys[0]))
    if obj.rest is None:
        remove_item(frame, ref, frame.own(ref), keys[0])
    elif keys[0] != -1:
        set_items(frame, ref, Items([], element_of(obj)))
    return found


def pop_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.popleft()`"""
    del arguments
    return pop(frame, ref, obj, Arguments([Value((const(0),))]), at)


def pop_key(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.pop("to", default)`"""
    found = get(frame, ref, obj, arguments, at)
    keys = constant_keys(frame, arguments.get(0) or NOTHING)
    if keys is not None and len(keys) == 1:
        remove_item(frame, ref, frame.own(ref), keys[0])
    return found


def get(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.get("to", default)`"""
    del ref, at
    default = arguments.get(1, "default")
    keys = constant_keys(frame, arguments.get(0) or NOTHING)
    if keys is None:
        return join(join_all(obj.elements()), default if default is not None else NONE_VALUE)
    found = NOTHING
    for each in keys:
        held = obj.get(key(each))
        found = join(found, held.present())
        if ABSENT in held.atoms or obj.rest is not None:
            found = join(found, default if default is not None else NONE_VALUE)
    return found


def set_default(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.setdefault("to", x)`"""
    del obj
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


def update(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.update(other, to=x)`, `seen.update(xs)`"""
    if obj.kind == "set":
        for each in arguments.positional:
            extend(frame, ref, obj, Arguments([each]), at)
        return NONE_VALUE
    for other in arguments.positional:
        merge(frame, ref, other, at)
    for name, value in arguments.keywords.items():
        set_item(frame, Value((ref,)), Value((const(name),)), value, at)
    if arguments.extra is not None:
        frame.own(ref)
        frame.state.write_any(ref.id, arguments.extra)
    return NONE_VALUE


def merge(frame: Frame, ref: Ref, other: Value, at: Span) -> None:
    """Put all items of a mapping, or of pairs, into a dictionary."""
    other = frame.look(other)
    for atom in other.present().atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "fields":
            merge_mapping(frame, ref, snapshot(frame, frame.object(atom), at)[1], other, at)
        elif isinstance(atom, Ref) and is_mapping(frame, atom):
            merge_mapping(frame, ref, frame.object(atom), other, at)
        elif isinstance(atom, Ref) and frame.object(atom).kind in {"list", "tuple", "generator", "set"}:
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
    return obj.kind == "dict" or (obj.kind == "instance" and container_of(external_base(frame, obj.type) or "") == "dict")


def merge_mapping(frame: Frame, ref: Ref, obj: Obj, other: Value, at: Span) -> None:
    """Items under constant keys stay apart."""
    for content, value in obj.fields.items():
        if content.kind == "key":
            stored = value.tainted(whole_taints(other))
            if ABSENT in stored.atoms:
                before = frame.own(ref).get(content)
                stored = join(before, stored.present())
            set_item_of_object(
                frame, ref, [content.name], NOTHING, stored, is_strong=True, at=at
            )
    if obj.rest is not None:
        frame.own(ref)
        frame.state.write_any(ref.id, obj.rest)
        note_keys(frame, ref, obj.fields.get(KEYS, UNKNOWN_VALUE))


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


def clear(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.clear()`"""
    del arguments, at, obj
    obj = frame.own(ref)
    if obj.is_summary:
        return NONE_VALUE
    kept = {content: value for content, value in obj.fields.items() if content.kind not in {"index", "key", "keys"}}
    fresh = Obj(obj.kind, kept, type=obj.type, detail=obj.detail, origin=obj.origin)
    fresh.initial = obj.initial
    frame.state.heap[ref.id] = fresh
    return NONE_VALUE


def keys(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.keys()`"""
    del arguments, obj
    return view(frame, ref, iterate(frame, Value((ref,)), at), at, "keys")


def view(frame: Frame, ref: Ref, held: Items, at: Span, name: str) -> Value:
    """A view of a dictionary: what it holds now, and where to look again later."""
    made = fresh_list(frame, held, at, "list", name)
    for each, _ in frame.objects(made):
        frame.state.write(each.id, Content("live", name), Value((ref,)), is_strong=True)
    return made


def values(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.values()`"""
    del arguments
    known = [value.present() for content, value in obj.fields.items() if content.kind == "key"]
    return view(frame, ref, Items(known, obj.rest), at, "values")


def items(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.items()`"""
    del arguments
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


def copy(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.copy()`"""
    del ref, arguments
    return frame.make(at, Obj(obj.kind, obj.fields, type=obj.type, detail=obj.detail, rest=obj.rest, length=obj.length), f"copy:{obj.kind}")


def reverse(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.reverse()`"""
    del arguments, at
    if obj.is_exact:
        set_items(frame, ref, Items(sequence_items(obj)[::-1], None))
    else:
        set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def sort(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.sort(key=f)`"""
    by = arguments.get(9, "key")
    if by is not None:
        frame.machine.call(frame, by, Arguments([element_of(obj)]), at)
    if obj.length or obj.rest is not None:
        set_items(frame, ref, Items([], element_of(obj)))
    return NONE_VALUE


def remove(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.remove(x)`, `seen.discard(x)`: one element that equals x goes."""
    del at
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


def pop_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.popitem()`: the last item, `row.popitem(last=False)`: the first."""
    held = [content for content in obj.fields if content.kind == "key"]
    is_last = arguments.get(0, "last")
    if obj.is_exact and held and KEYS not in obj.fields and (is_last is None or isinstance(is_last.atoms[0], Const)):
        taken = held[-1] if is_last is None or is_last.atoms == (const(True),) else held[0]
        if ABSENT not in obj.fields[taken].atoms:
            pair = Items([Value((as_key(taken.name),)), obj.fields[taken]], None)
            remove_item(frame, ref, frame.own(ref), taken.name)
            return fresh_list(frame, pair, at, "tuple", "popitem")
    names = iterate(frame, Value((ref,)), at)
    pair = Items([names.any(), join_all(obj.elements())], None)
    return fresh_list(frame, pair, at, "tuple", "popitem")


def move_to_end(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.move_to_end("to")`: only the order changes."""
    del at
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


def combined(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`a.union(b)`, `a.intersection(b)`, `a.symmetric_difference(b)`: elements of both."""
    del ref
    rest = element_of(obj)
    for other in arguments.positional:
        rest = join(rest, iterate(frame, other, at).any())
    return frame.make(at, Obj("set", rest=rest if rest.atoms or rest.taints else None), "set:combined")


def left_only(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`a.difference(b)`: elements of a."""
    del ref, arguments
    return frame.make(at, Obj("set", rest=obj.rest), "set:difference")


def count(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.count(x)`, `rows.index(x)`, `a.isdisjoint(b)`: nothing of the elements is in the result."""
    del frame, ref, obj, arguments, at
    return Value((Scalar("int"),))


def dunder_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__getitem__(i)`"""
    del obj
    return get_item(frame, Value((ref,)), arguments.get(0) or NOTHING, at)


def dunder_set_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__setitem__(i, x)`"""
    obj = frame.own(ref)
    names = constant_keys(frame, arguments.get(0) or NOTHING)
    value = arguments.get(1) or NOTHING
    for name in names or ():
        content = stored_content(obj, name)
        if content is not None:
            frame.state.write(ref.id, content, value, is_strong=names is not None and len(names) == 1)
    if names is None:
        frame.state.write_any(ref.id, value)
    del at
    return NONE_VALUE


METHODS: dict[str, Method] = {
    "append": append,
    "add": append,
    "appendleft": append_left,
    "insert": insert,
    "extend": extend,
    "extendleft": extend_left,
    "rotate": rotate,
    "total": count,
    "pop": pop,
    "popleft": pop_left,
    "popitem": pop_item,
    "move_to_end": move_to_end,
    "new_child": new_child,
    "get": get,
    "setdefault": set_default,
    "update": update,
    "clear": clear,
    "keys": keys,
    "values": values,
    "items": items,
    "copy": copy,
    "__copy__": copy,
    "reverse": reverse,
    "sort": sort,
    "remove": remove,
    "discard": remove,
    "union": combined,
    "intersection": combined,
    "symmetric_difference": combined,
    "difference": left_only,
    "count": count,
    "index": count,
    "isdisjoint": count,
    "issubset": count,
    "issuperset": count,
    "__len__": count,
    "__contains__": count,
    "__getitem__": dunder_item,
    "__setitem__": dunder_set_item,
}

__all__ = ["METHODS", "Diverges", "call_method", "get_item", "get_slice", "set_item"]
