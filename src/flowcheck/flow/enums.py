"""Enumerations, and the objects that may stand for themselves as keys.

class Channel(Enum): SMS = "sms"    Channel.SMS is one object, its value "sms"
Channel("sms"), Channel["SMS"]      that object
senders[Channel.SMS]                the item under it
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.objects import class_lookup, class_names, mro
from flowcheck.flow.values import NOTHING, UNKNOWN_VALUE, Atom, Const, External, Ref, Value, attr, const, join, join_all

ENUMS = frozenset({f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")})


def is_enum(frame: Frame, cls: Atom | None) -> bool:
    """Whether a class is an enumeration."""
    return any(name in ENUMS or name.endswith((".TextChoices", ".IntegerChoices")) for name in class_names(frame, cls))


def make_members(frame: Frame, ref: Ref, at: Span) -> None:
    """Each constant of an enumeration's body becomes a member."""
    for content, value in list(frame.object(ref).fields.items()):
        name = str(content.name)
        if content.kind != "attr" or name.startswith("_") or is_callable(frame, value):
            continue
        member = Obj(
            "instance", {attr("value"): value, attr("_value_"): value, attr("name"): Value((const(name),))}, type=ref
        )
        frame.state.write(ref.id, content, frame.make(at, member, f"member:{name}"), is_strong=True)


def is_callable(frame: Frame, value: Value) -> bool:
    """Whether a name of an enumeration is a method and no member."""
    return any(obj.kind in {"function", "wrapper", "method"} for _, obj in frame.objects(value))


def is_enum_member(frame: Frame, obj: Obj) -> bool:
    """Whether an object is a member of an enumeration, of which there is only one each."""
    is_made = attr("_value_") in obj.fields or obj.origin is not None
    return obj.kind == "instance" and is_made and is_enum(frame, obj.type)


def members_of_enum(frame: Frame, ref: Ref) -> Items:
    """Iterating over an enumeration, or over a class whose metaclass says how."""
    if is_enum(frame, ref):
        held = [v for c, v in frame.object(ref).fields.items() if c.kind == "attr" and not str(c.name).startswith("_")]
        return Items([value for value in held if not is_callable(frame, value)], None)
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__iter__") if obj.type is not None else None
    if method is not None:
        return frame.machine.iterate(
            frame, call_value(frame, method, Arguments([Value((ref,))]), Span(1, 1, 1, 2)), Span(1, 1, 1, 2)
        )
    return Items([], UNKNOWN_VALUE)


def class_item(frame: Frame, ref: Ref, subscript: Value, at: Span) -> Value:
    """`Color["RED"]`, `Box[int]`"""
    obj = frame.object(ref)
    if is_enum(frame, ref):
        found = NOTHING
        for atom in frame.constants(subscript):
            if isinstance(atom, Const):
                found = join(found, obj.get(attr(str(atom.value))).present())
        return found
    method = class_lookup(frame, obj.type, "__getitem__") if obj.type is not None else None
    if method is not None:
        return call_value(frame, method, Arguments([Value((ref,)), subscript]), at)
    return Value((ref,))


def construct_special(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> Value | None:
    """Classes whose call makes no instance of their own: typed dictionaries, enumerations by value."""
    if any(isinstance(each, External) and each.name.endswith(".TypedDict") for each in mro(frame, ref)):
        return frame.machine.call_external(frame, "builtins.dict", None, arguments, at)
    if not is_enum(frame, ref):
        return None
    wanted = arguments.get(0)
    if wanted is None:
        return None
    constants = frame.constants(wanted)
    members = members_of_enum(frame, ref).known
    found = [m for m in members if may_equal(frame, frame.content(m, attr("value")), constants)]
    return join_all(found)


def may_equal(frame: Frame, value: Value, constants: tuple[Atom, ...]) -> bool:
    """Whether a value may be one of these constants."""
    held = frame.constants(value)
    return any(not isinstance(c, Const) or c in held for c in constants) or any(not isinstance(h, Const) for h in held)


def key_of_object(frame: Frame, ref: Ref) -> object | None:
    """What stands for an object used as a mapping key: members, functions and classes by identity, tuples by value."""
    obj = frame.object(ref)
    if obj.kind in {"function", "class"} or is_enum_member(frame, obj):
        found = frame.identity(ref)
        return ("object", found) if found is not None else None
    if obj.kind == "tuple" and obj.is_exact:
        parts = [frame.constants(value) for value in obj.elements()]
        if all(len(part) == 1 and isinstance(part[0], Const) for part in parts):
            return ("tuple", tuple(part[0].value for part in parts))  # type: ignore[union-attr]
    return None


def value_of_key(frame: Frame, name: object) -> Value:
    """The value that a key of that kind stands for."""
    if isinstance(name, tuple) and name[0] == "object":
        if name[1][0] != "outer":
            return Value((Ref(name[1]),))
        if name[1] in frame.identified:
            return Value((frame.identified[name[1]],))
    return UNKNOWN_VALUE
