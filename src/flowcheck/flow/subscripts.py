"""Subscripts: items read, written and deleted, by constant keys and positions as exactly as they are known.

rows = [user.phone, "x"]; rows[0]       the phone
row["to"] = user.phone; row[name]       the phone among others, unless `name` is a constant
rows[1:]                                a list of the rest
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import SEQUENCES, fresh_list, sequence_items, set_items, snapshot, write_back
from flowcheck.flow.extended import builtin_of
from flowcheck.flow.folding import has_hole, may_equal
from flowcheck.flow.frames import Frame, whole_taints
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.values import (
    ABSENT,
    ABSENT_VALUE,
    ELEMENT,
    KEYS,
    NONE,
    NONE_VALUE,
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
    attr,
    const,
    index,
    join,
    join_all,
    key,
)

SQL_COLUMN, COLUMN_NAME = "(sql).Column", Content("attr", "__name__")
"""What a column of a table of SQLAlchemy is to the interpreter: rows are subscripted by it as by its name."""


def constant_keys(frame: Frame, subscript: Value) -> list[Hashable] | None:
    """The constants a subscript may be; None when it may be anything."""
    keys: list[Hashable] = []
    for atom in frame.constants(subscript):
        if isinstance(atom, Const):
            keys.append(atom.value)
        elif isinstance(atom, Ref) and frame.object(atom).detail == SQL_COLUMN:
            named = constant_keys(frame, frame.object(atom).get(COLUMN_NAME))
            if named is None:
                return None
            keys.extend(named)
        elif isinstance(atom, Ref):
            found = frame.machine.key_of_object(frame, atom)
            held = builtin_of(frame, atom) if found is None else None
            others = constant_keys(frame, held) if held is not None else None
            if found is None and others is None:
                found = index_of_object(frame, atom)
            if found is None and others is None:
                return None
            keys.extend(others if others is not None else [found])
        elif isinstance(atom, External):
            keys.append(("external", atom.name))
        elif atom != ABSENT:
            return None
    return keys or None


def index_of_object(frame: Frame, ref: Ref) -> Hashable | None:
    """The constant that an object's `__index__` returns."""
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__index__") if obj.kind == "instance" else None
    if method is None:
        return None
    made = frame.constants(frame.machine.call(frame, method, Arguments([Value((ref,))]), frame.code.body_at))
    return made[0].value if len(made) == 1 and isinstance(made[0], Const) else None


def get_item(frame: Frame, value: Value, subscript: Value, at: Span) -> Value:
    """`value[subscript]`"""
    value = frame.look(value)
    slices = [obj for _, obj in frame.objects(subscript) if obj.detail == "builtins.slice()"]
    if len(slices) == 1 and len(subscript.atoms) == 1:
        lower, upper, step = (slices[0].get(Content("attr", name)) for name in ("start", "stop", "step"))
        return get_slice(frame, value, lower, upper, step, at)
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
        mapping = snapshot(frame, obj, at, constant_keys(frame, subscript))
        return item_of_object(frame, *mapping, subscript, at)
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
        field = frame.machine.form_item(frame, ref, obj, constant_keys(frame, subscript) or (), at)
        if field is not None:
            return field
        held = builtin_of(frame, ref)
        return (
            item_of_builtin(frame, ref, held, subscript, at)
            if held is not None
            else item_of_mapping(frame, ref, obj, subscript, at)
        )
    if obj.kind in SEQUENCES:
        if is_out_of_range(frame, obj, subscript):
            frame.surely_raises("IndexError", at, ref)
        return item_of_sequence(frame, obj, subscript)
    if obj.kind == "dict":
        return item_of_mapping(frame, ref, obj, subscript, at)
    if obj.kind == "external":
        cells = frame.machine.item_of_frame(frame, ref, obj, subscript, at)
        return cells if cells is not None else frame.machine.item_of_external_object(frame, ref, obj, subscript, at)
    if obj.kind == "method" and isinstance(obj.detail, str):
        return frame.machine.item_of_external_object(frame, ref, obj, subscript, at)
    keys = constant_keys(frame, subscript)
    if keys is None or obj.kind != "unknown":
        return frame.content(Value((ref,)), ELEMENT)
    return join_all(join(obj.get(key(name)), obj.rest or NOTHING) for name in keys)


def is_out_of_range(frame: Frame, obj: Obj, subscript: Value) -> bool:
    """Whether a sequence has no element under a position."""
    if not obj.is_exact:
        return False
    keys = constant_keys(frame, subscript) or ()
    return bool(keys) and all(isinstance(each, int) and not -obj.length <= each < obj.length for each in keys)


def item_of_builtin(frame: Frame, owner: Ref, held: Value, subscript: Value, at: Span) -> Value:
    """An item of what an instance is as a builtin; what a dictionary does not have, its owner may make."""
    result = NOTHING
    for atom in held.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if isinstance(atom, Ref) and obj is not None and obj.kind == "dict":
            result = join(result, item_of_mapping(frame, atom, obj, subscript, at, owner))
        else:
            result = join(result, item_of_atom(frame, atom, held, subscript, at))
    return result.tainted(whole_taints(held))


def as_tuple(frame: Frame, ref: Ref, obj: Obj) -> Obj:
    """A named tuple seen as the tuple it is."""
    held = frame.machine.record_values(frame, ref, obj)
    return Obj("tuple", {index(place): value for place, value in enumerate(held)}, length=len(held))


def item_of_sequence(frame: Frame, obj: Obj, subscript: Value) -> Value:
    """`rows[1]`, `rows[-1]`, `rows[i]`"""
    keys = constant_keys(frame, subscript)
    if keys is None:
        return element_of(obj)
    found = NOTHING
    for each in keys:
        held = (
            frame.content_of_object(obj, index(each)) if isinstance(each, int) else obj.fields.get(key(each), NOTHING)
        )
        found = join(found, held)
    return found


def item_of_mapping(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span, owner: Ref | None = None) -> Value:
    """`row["to"]`, `row[k]`; a default dictionary makes what is missing, and so may the instance that owns it."""
    keys = constant_keys(frame, subscript)
    if keys is None:
        frame.may_raise("KeyError", subscript, at)
        return join(join_all(obj.elements()), missing_item(frame, ref, obj, subscript, at, owner))
    found = NOTHING
    for each in keys:
        held = held_under(obj, each)
        found = join(found, held.present())
        if ABSENT in held.atoms:
            missed = Value((frame.key_atom(each),), subscript.taints)
            found = join(found, missing_item(frame, ref, obj, missed, at, owner))
    is_missing = not found.atoms and obj.kind == "dict" and obj.is_exact
    if is_missing and owner is None:
        frame.surely_raises("KeyError", at, ref, subscript)
    frame.may_raise("KeyError", subscript, at, surely=is_missing)
    return found


def held_under(obj: Obj, name: Hashable) -> Value:
    """What a mapping holds under a key; where parts of a text are not known, under all that it may be."""
    held = obj.get(key(name))
    if not isinstance(name, str) or not (has_hole(name) or len(obj.fields) <= MOST_COMPARED):
        return held
    others = [
        value
        for content, value in obj.fields.items()
        if content.kind == "key"
        and isinstance(content.name, str)
        and content.name != name
        and (has_hole(name) or has_hole(content.name))
        and may_equal(name, content.name)
    ]
    return join_all([held, *others]) if others else held


MOST_COMPARED = 64
"""Keys of a mapping that are compared with a constant one, since parts of them may not be known."""


def missing_item(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span, owner: Ref | None = None) -> Value:
    """What a mapping gives for a key it does not have: `default_factory`, `__missing__`."""
    factory = obj.fields.get(FACTORY)
    if factory is not None:
        made = frame.machine.call(frame, factory, Arguments(), at)
        set_item(frame, Value((ref,)), subscript, made, at)
        return made
    owner = ref if obj.kind == "instance" else owner
    method = class_lookup(frame, frame.object(owner).type, "__missing__") if owner is not None else None
    if owner is not None and method is not None:
        return frame.machine.call(frame, method, Arguments([Value((owner,)), subscript]), at)
    return NOTHING


FACTORY = Content("factory", None)


def get_slice(
    frame: Frame, value: Value, lower: Value | None, upper: Value | None, step: Value | None, at: Span
) -> Value:
    """`value[lower:upper:step]`"""
    value = frame.look(value)
    bounds = [bound(frame, each) for each in (lower, upper, step)]
    result = NOTHING
    for atom in value.present().atoms:
        special = by_own_method(frame, atom, "__getitem__", (lower, upper, step), [], at)
        result = join(result, slice_of_atom(frame, atom, value, bounds, at) if special is None else special)
    return result if result.atoms in EMPTY else result.tainted(whole_taints(value))


def by_own_method(
    frame: Frame, atom: Atom, name: str, bounds: Sequence[Value | None], more: list[Value], at: Span
) -> Value | None:
    """`o[a:b]` on an instance whose class says what that is: the method takes a slice. None for anything else."""
    obj = frame.object(atom) if isinstance(atom, Ref) else None
    method = class_lookup(frame, obj.type, name) if obj is not None and obj.kind == "instance" else None
    if method is None:
        return None
    fields = {
        attr(each): value if value is not None else NONE_VALUE
        for each, value in zip(("start", "stop", "step"), bounds, strict=True)
    }
    made = frame.make(at, Obj("external", fields, detail="builtins.slice()"), "slice")
    return frame.machine.call(frame, method, Arguments([Value((atom,)), made, *more]), at)


EMPTY = (const(""),), (const(b""),)


def bound(frame: Frame, value: Value | None) -> int | bool | None:
    """A constant bound of a slice; True stands for one that is not known."""
    if value is None:
        return None
    made = frame.machine.call_special(frame, value, "__index__", [], frame.code.body_at)
    atoms = frame.constants(made if made is not None else value)
    if len(atoms) == 1 and isinstance(atoms[0], Const):
        constant = atoms[0].value
        if constant is None or (isinstance(constant, int) and not isinstance(constant, bool)):
            return constant
    return True


def slice_of_atom(frame: Frame, atom: Atom, value: Value, bounds: list[int | bool | None], at: Span) -> Value:
    """A slice of one thing that the value may be."""
    is_known = not any(each is True for each in bounds)
    if isinstance(atom, Const) and isinstance(atom.value, str | bytes):
        return Value((const(atom.value[slice(*bounds)]),)) if is_known else Value((Scalar(atom.type),))
    if not isinstance(atom, Ref):
        return Value((Scalar(atom.type or "") if isinstance(atom, Input) else Scalar(),), value.taints)
    obj = frame.object(atom)
    held = builtin_of(frame, atom) if obj.kind == "instance" else None
    if held is not None:
        parts = join_all(slice_of_atom(frame, each, held, bounds, at) for each in held.atoms)
        return parts.tainted(whole_taints(held))
    kind = obj.kind if obj.kind in {"list", "tuple"} else "list"
    if obj.kind in SEQUENCES and obj.is_exact and is_known:
        items = [obj.fields[index(position)] for position in range(obj.length)][slice(*bounds)]
        return fresh_list(frame, Items(items, None), at, kind, f"slice:{kind}")
    if obj.kind == "external":
        rows = frame.machine.item_of_frame(frame, atom, obj, Value((Scalar("slice"),)), at)
        return rows if rows is not None else frame.machine.item_of_external_object(frame, atom, obj, UNKNOWN_VALUE, at)
    return fresh_list(frame, Items([], iterate(frame, Value((atom,)), at).any()), at, kind, f"slice:{kind}")


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
        plain = builtin_of(frame, ref)
        if plain is not None:
            set_item(frame, plain, subscript, value, at)
            return
    if obj.kind == "fields":
        held, before = snapshot(frame, obj, at, keys)
        set_item_of_object(frame, held, keys, subscript, value, is_strong=is_strong, at=at)
        write_back(frame, obj, before, frame.object(held))
        return
    if obj.kind == "tuple":
        frame.surely_raises("TypeError", at)
        return
    obj = frame.own(ref)
    columns = frame.machine.columns_written(frame, obj, subscript) if obj.kind == "external" else None
    if columns is not None and columns != keys:
        keys, is_strong = list(columns), False
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
        if isinstance(atom, External) and keys is not None and len(keys) == 1:
            outside = frame.machine.external_object(frame, atom.name)
            remove_item(frame, outside, frame.own(outside), keys[0])
        if not isinstance(atom, Ref):
            continue
        obj = frame.object(atom)
        method = class_lookup(frame, obj.type, "__delitem__") if obj.kind == "instance" else None
        held = builtin_of(frame, atom) if obj.kind == "instance" else None
        if method is not None:
            frame.machine.call(frame, method, Arguments([Value((atom,)), subscript]), at)
        elif held is not None:
            delete_item(frame, held, subscript, at)
        elif obj.kind == "fields":
            mapping, before = snapshot(frame, obj, at, keys)
            delete_item(frame, Value((mapping,)), subscript, at)
            write_back(frame, obj, before, frame.object(mapping))
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
    if obj.kind == "external" and obj.origin is not None:
        fields[key(name)] = ABSENT_VALUE  # what is not among its fields may be there
    frame.state.heap[ref.id] = obj.replaced(fields)
