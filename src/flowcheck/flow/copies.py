"""Copies: fresh objects with the contents of others.

other = copy(user); other.phone = ""            user.phone is still there
other = deepcopy(rows); other[0].clear()        rows[0] is as it was
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import mapping_of_fields
from flowcheck.flow.extended import builtin_content
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import BUILTIN
from flowcheck.flow.iteration import iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.values import NOTHING, UNKNOWN_VALUE, Ref, Value, attr, derived, join


@handles("copy.copy")
def call_copy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copy.copy(x)`"""
    special = frame.machine.call_special(frame, first(arguments), "__copy__", [], at)
    return special if special is not None else shallow_copy(frame, first(arguments), at)


def whole(frame: Frame, ref: Ref, obj: Obj) -> Obj:
    """The object with all fields that its class is known to have: those of one that came in are read only now."""
    if obj.kind != "instance" or obj.origin is None or not isinstance(obj.type, Ref):
        return obj
    names = [*frame.machine.record_fields(frame, obj.type), *frame.machine.fields_assigned(frame, obj.type)]
    contents = [attr(name) for name in dict.fromkeys(names)]
    held = builtin_content(frame, obj)
    contents.extend([held] if held is not None else [])
    return obj.replaced({**{content: frame.content(Value((ref,)), content) for content in contents}, **obj.fields})


def shallow_copy(frame: Frame, value: Value, at: Span) -> Value:
    """Fresh objects with the same contents."""
    result, value = NOTHING, frame.look(value)
    for atom in value.atoms:
        if isinstance(atom, Ref):
            obj = whole(frame, atom, frame.object(atom))
            made = rebuilt(frame, atom, obj, at)
            if made is not None:
                result = join(result, made)
                continue
            copied = Obj(
                obj.kind,
                obj.fields,
                type=obj.type,
                detail=obj.detail,
                rest=obj.rest,
                length=obj.length,
                origin=obj.origin,
            )
            copied.initial = None
            if BUILTIN in obj.fields:
                copied = copied.replaced({**obj.fields, BUILTIN: shallow_copy(frame, obj.fields[BUILTIN], at)})
            result = join(result, frame.make(at, copied, f"copy:{obj.kind}"))
        else:
            result = join(result, Value((atom,)))
    return result.tainted(value.taints)


def rebuilt(frame: Frame, ref: Ref, obj: Obj, at: Span) -> Value | None:
    """A copy by the hooks of the class: `__reduce__`, `__getstate__`, `__setstate__`; None where it has none."""
    if obj.kind != "instance" or not isinstance(obj.type, Ref):
        return None
    for name in ("__reduce_ex__", "__reduce__"):
        reduced = frame.machine.call_special(frame, Value((ref,)), name, [UNKNOWN_VALUE][: name.endswith("ex__")], at)
        if reduced is not None:
            return made_from(frame, reduced, at)
    setter = class_lookup(frame, obj.type, "__setstate__")
    state = frame.machine.call_special(frame, Value((ref,)), "__getstate__", [], at)
    if setter is None and state is None:
        return None
    made = frame.make(at, Obj("instance", type=obj.type), "rebuilt")
    given = state if state is not None else mapping_of_fields(frame, Value((ref,)), at)
    set_state(frame, made, setter, given, at)
    return made


def made_from(frame: Frame, reduced: Value, at: Span) -> Value:
    """What `__reduce__` says: a callable, its arguments, perhaps a state."""
    parts = iterate(frame, reduced, at).known
    if len(parts) < 2:
        return derived(frame.deep_taints(reduced))
    arguments = iterate(frame, parts[1], at)
    made: Value = frame.machine.call(frame, parts[0], Arguments(arguments.known, more=arguments.rest), at)
    if len(parts) > 2:
        for _, obj in frame.objects(made):
            set_state(frame, made, class_lookup(frame, obj.type, "__setstate__"), parts[2], at)
    return made


def set_state(frame: Frame, made: Value, setter: Value | None, state: Value, at: Span) -> None:
    """Give a fresh instance its state: by its class, else the items of a dictionary as its fields."""
    if setter is not None:
        frame.machine.call(frame, setter, Arguments([made, state]), at)
        return
    for _, obj in frame.objects(state):
        for content, value in obj.fields.items():
            if content.kind == "key":
                frame.write(made, attr(str(content.name)), value)


@handles("copy.deepcopy")
def call_deepcopy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copy.deepcopy(x)`: fresh objects all the way down."""
    special = frame.machine.call_special(frame, first(arguments), "__deepcopy__", [NOTHING], at)
    return special if special is not None else deep_copy(frame, first(arguments), at, {}, 0)


def deep_copy(
    frame: Frame, value: Value, at: Span, done: dict[Ref, Value], depth: int, *, by_class: bool = True
) -> Value:
    """A copy of a value and of what it holds, by the hooks of the classes unless these have had their say."""
    result, value = NOTHING, frame.look(value)
    for atom in value.atoms:
        if not isinstance(atom, Ref) or depth > 6:
            result = join(result, Value((atom,)))
            continue
        obj = whole(frame, atom, frame.object(atom))
        if obj.kind in {"function", "class", "wrapper", "method"}:
            result = join(result, Value((atom,)))
            continue
        again = rebuilt(frame, atom, obj, at) if by_class and atom not in done else None
        if again is not None:
            done[atom] = deep_copy(frame, again, at, done, depth, by_class=False)
        if atom not in done:
            done[atom] = frame.make(
                at, Obj(obj.kind, {}, type=obj.type, detail=obj.detail), f"deep:{depth}:{len(done)}"
            )
            (made,) = done[atom].atoms
            assert isinstance(made, Ref)
            fields = {c: deep_copy(frame, v, at, done, depth + 1, by_class=by_class) for c, v in obj.fields.items()}
            rest = deep_copy(frame, obj.rest, at, done, depth + 1, by_class=by_class) if obj.rest is not None else None
            frame.state.heap[made.id] = Obj(
                obj.kind, fields, type=obj.type, detail=obj.detail, rest=rest, length=obj.length, origin=obj.origin
            )
            frame.state.heap[made.id].initial = None
        result = join(result, done[atom])
    return result.tainted(value.taints)
