"""Enumerations, and the objects that may stand for themselves as keys.

class Channel(Enum): SMS = "sms"    Channel.SMS is one object, its value "sms"
Channel("sms"), Channel["SMS"]      that object
senders[Channel.SMS]                the item under it
"""

from __future__ import annotations

from collections.abc import Hashable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.extended import builtin_of, extended_class
from flowcheck.flow.folding import folded_binary
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import BUILTIN
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.metaclasses import plain_function
from flowcheck.flow.objects import PLAIN_BASES, class_lookup, class_names, mro
from flowcheck.flow.records import record_kind, record_values
from flowcheck.flow.subscripts import constant_keys
from flowcheck.flow.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    External,
    NumberKey,
    Ref,
    Scalar,
    TextKey,
    Value,
    attr,
    const,
    index,
    is_global,
    join,
    join_all,
    key,
)

ENUMS = frozenset({f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")})
FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})
TEXTS = frozenset({"enum.StrEnum", "enum.IntEnum", "enum.IntFlag", "enum.ReprEnum"})

VALUE = attr("value")
GIVEN = attr("_value_")
AUTOMATIC = "enum.auto()"
MEMBER = "enum.member()"
NO_MEMBER = "enum.nonmember()"


def is_enum(frame: Frame, cls: Atom | None) -> bool:
    """Whether a class is an enumeration."""
    return any(name in ENUMS or name.endswith((".TextChoices", ".IntegerChoices")) for name in class_names(frame, cls))


def is_flag(frame: Frame, cls: Atom | None) -> bool:
    """Whether a class is an enumeration whose members combine."""
    return any(name in FLAGS for name in class_names(frame, cls))


def hides_value(frame: Frame, obj: Obj) -> bool:
    """Whether the text of an object shows only the name of a member."""
    return is_enum_member(frame, obj) and not any(name in TEXTS for name in class_names(frame, obj.type))


# --- making the members ------------------------------------------------------------------------------


def make_members(frame: Frame, ref: Ref, at: Span) -> None:
    """Each constant of an enumeration's body becomes a member; an equal value is another name of the same one."""
    members: list[Value] = []
    for content, value in list(frame.object(ref).fields.items()):
        name = str(content.name)
        if content.kind != "attr" or name.startswith("_") or is_callable(frame, value):
            continue
        if is_made_by(frame, value, NO_MEMBER):
            frame.state.write(ref.id, content, unwrapped(frame, value), is_strong=True)
            continue
        given = member_value(frame, ref, name, value, members, at)
        alias = [each for each in members if is_equal(frame, frame.content(each, VALUE), given)]
        member = alias[0] if alias else make_member(frame, ref, name, given, at)
        members.append(member)
        frame.state.write(ref.id, content, member, is_strong=True)


def is_callable(frame: Frame, value: Value) -> bool:
    """Whether a name of an enumeration is a method and no member."""
    return any(obj.kind in {"function", "wrapper", "method"} for _, obj in frame.objects(value))


def is_made_by(frame: Frame, value: Value, detail: str) -> bool:
    """Whether a value comes from `auto()`, `member(x)` or `nonmember(x)`."""
    return any(obj.detail == detail for _, obj in frame.objects(value))


def unwrapped(frame: Frame, value: Value) -> Value:
    """What `member(x)` and `nonmember(x)` were given."""
    return join_all(obj.get(VALUE) for _, obj in frame.objects(value))


def member_value(frame: Frame, ref: Ref, name: str, value: Value, before: list[Value], at: Span) -> Value:
    """What a body gives to a member: `auto()` is computed from the members before it."""
    if is_made_by(frame, value, MEMBER):
        return unwrapped(frame, value)
    return automatic_value(frame, ref, name, before, at) if is_made_by(frame, value, AUTOMATIC) else value


def automatic_value(frame: Frame, ref: Ref, name: str, before: list[Value], at: Span) -> Value:
    """`auto()`: what `_generate_next_value_` says, the name of a text, the next bit of a flag, else the next number."""
    values = [frame.content(each, VALUE) for each in before]
    maker = class_lookup(frame, ref, "_generate_next_value_")
    if maker is not None:
        made = [Value((const(name),)), Value((const(1),)), Value((const(len(values)),))]
        earlier = frame.make(at, sequence("list", values), f"auto:{name}")
        return call_value(frame, function_of(frame, maker), Arguments([*made, earlier]), at)
    if "enum.StrEnum" in class_names(frame, ref):
        return Value((const(name.lower()),))
    numbers = [atom.value for each in values for atom in each.atoms if isinstance(atom, Const)]
    known = [number for number in numbers if isinstance(number, int)]
    if is_flag(frame, ref):
        return Value((const(1 << max((number.bit_length() for number in known), default=0)),))
    return Value((const(max(known, default=0) + 1),))


def sequence(kind: str, values: list[Value]) -> Obj:
    """A sequence of these elements."""
    return Obj(kind, {index(place): value for place, value in enumerate(values)}, length=len(values))


def function_of(frame: Frame, value: Value) -> Value:
    """The function below `staticmethod`."""
    for _, obj in frame.objects(value):
        if obj.kind == "wrapper" and obj.detail == "staticmethod":
            return obj.get(attr("__wrapped__"))
    return value


def is_equal(frame: Frame, one: Value, other: Value) -> bool:
    """Whether two values are surely equal."""
    ours, theirs = constant_keys(frame, one), constant_keys(frame, other)
    return ours is not None and ours == theirs and len(ours) == 1


def make_member(frame: Frame, ref: Ref, name: str, value: Value, at: Span) -> Value:
    """A member: by the class's own `__new__`, with its value and what its `__init__` keeps."""
    arguments = Arguments(member_arguments(frame, value, at))
    maker = class_lookup(frame, ref, "__new__")
    member = (
        call_value(frame, maker, arguments.behind(Value((ref,))), at)
        if maker is not None
        else frame.make(at, Obj("instance", type=ref), f"member:{name}")
    )
    for each, _ in frame.objects(member):
        frame.own(each)
        given = frame.object(each).fields.get(GIVEN, value)
        named = Value((const(name),))
        fields = {VALUE: given, GIVEN: given, attr("name"): named, attr("_name_"): named}
        plain = member_builtin(frame, ref, each, value, at)
        frame.state.heap[each.id] = frame.object(each).replaced(
            {**frame.object(each).fields, **fields, **({BUILTIN: plain} if plain is not None else {})}
        )
    initializer = class_lookup(frame, ref, "__init__")
    if initializer is not None:
        call_value(frame, initializer, arguments.behind(member), at)
    return member


def member_arguments(frame: Frame, value: Value, at: Span) -> list[Value]:
    """What a member's class is called with: the parts of a tuple, else the value."""
    if any(obj.kind == "tuple" for _, obj in frame.objects(value)):
        return iterate(frame, value, at).known
    return [value]


def member_builtin(frame: Frame, ref: Ref, member: Ref, value: Value, at: Span) -> Value | None:
    """What a member of an enumeration of texts or numbers is as one."""
    held = frame.object(member).fields.get(BUILTIN)
    if held is not None:
        return held
    name = extended_class(frame, ref)
    if name is None:
        return value if is_flag(frame, ref) else None
    parts = member_arguments(frame, value, at)
    return parts[0] if len(parts) == 1 else frame.machine.call_external(frame, name, None, Arguments(parts), at)


# --- looking them up ---------------------------------------------------------------------------------


def is_enum_member(frame: Frame, obj: Obj) -> bool:
    """Whether an object is a member of an enumeration, of which there is only one each."""
    is_made = GIVEN in obj.fields or obj.origin is not None
    return obj.kind == "instance" and is_made and is_enum(frame, obj.type)


def members_of_enum(frame: Frame, ref: Ref) -> Items:
    """Iterating over an enumeration, or over a class whose metaclass says how."""
    if is_enum(frame, ref):
        return Items(list(dict.fromkeys(named_members(frame, ref).values())), None)
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__iter__") if obj.type is not None else None
    if method is not None:
        return frame.machine.iterate(
            frame, call_value(frame, method, Arguments([Value((ref,))]), Span(1, 1, 1, 2)), Span(1, 1, 1, 2)
        )
    return Items([], UNKNOWN_VALUE)


def named_members(frame: Frame, ref: Ref) -> dict[str, Value]:
    """The members by name, those of other names too."""
    held = {str(c.name): v for c, v in frame.object(ref).fields.items() if c.kind == "attr"}
    return {
        name: value for name, value in held.items() if not name.startswith("_") and is_member_value(frame, value, ref)
    }


def is_member_value(frame: Frame, value: Value, ref: Ref) -> bool:
    """Whether an attribute of an enumeration is one of its members."""
    return any(GIVEN in obj.fields and obj.type == ref for _, obj in frame.objects(value))


def members_mapping(frame: Frame, ref: Ref, at: Span) -> Value:
    """`Channel.__members__`"""
    return frame.make(at, Obj("dict", {key(name): each for name, each in named_members(frame, ref).items()}), "members")


def class_item(frame: Frame, ref: Ref, subscript: Value, at: Span) -> Value:
    """`Color["RED"]`, `Box[int]`"""
    obj = frame.object(ref)
    if is_enum(frame, ref):
        found = NOTHING
        for atom in frame.constants(subscript):
            if isinstance(atom, Const):
                found = join(found, obj.get(attr(str(atom.value))).present())
            elif isinstance(atom, Scalar):
                found = join(found, members_of_enum(frame, ref).any())
        return found
    method = class_lookup(frame, obj.type, "__getitem__") if obj.type is not None else None
    method = method if method is not None else class_lookup(frame, ref, "__class_getitem__")
    if method is not None:
        return call_value(frame, plain_function(frame, method), Arguments([Value((ref,)), subscript]), at)
    return Value((ref,))


def construct_special(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> Value | None:
    """Classes whose call makes no instance of their own: typed dictionaries, enumerations by value."""
    if any(isinstance(each, External) and each.name.endswith(".TypedDict") for each in mro(frame, ref)):
        return frame.machine.call_external(frame, "builtins.dict", None, arguments, at)
    if not is_enum(frame, ref):
        return None
    wanted = arguments.get(0)
    return member_of_value(frame, ref, wanted, at) if wanted is not None else None


def member_of_value(frame: Frame, ref: Ref, wanted: Value, at: Span) -> Value:
    """`Channel("sms")`: the members whose value that may be; what `_missing_` gives where that may be none."""
    members = members_of_enum(frame, ref).known
    keys = constant_keys(frame, wanted)
    found = [member for member in members if may_be_value_of(frame, member, wanted, keys)]
    surely = any(is_equal(frame, frame.content(member, VALUE), wanted) for member in found)
    method = class_lookup(frame, ref, "_missing_") if not surely else None
    if method is None:
        return join_all(found)
    missing = call_value(frame, function_below(frame, method), Arguments([Value((ref,)), wanted]), at)
    return join_all([*found, missing])


def function_below(frame: Frame, value: Value) -> Value:
    """The function below `classmethod`."""
    return join_all(
        obj.get(attr("__wrapped__")) if obj.kind == "wrapper" else Value((ref,)) for ref, obj in frame.objects(value)
    )


def may_be_value_of(frame: Frame, member: Value, wanted: Value, keys: list[object] | None) -> bool:
    """Whether a member may have a value, or be it."""
    if any(atom in member.atoms for atom in frame.look(wanted).atoms):
        return True
    held = constant_keys(frame, frame.content(member, VALUE))
    if held is None or keys is None:
        return not any(is_enum_member(frame, obj) for _, obj in frame.objects(wanted))
    return any(name in held for name in keys)


# --- flags ---------------------------------------------------------------------------------------------


def flag_parts(frame: Frame, *values: Value) -> list[tuple[Obj, Const]] | None:
    """Members of flags with their numbers; None when a value is anything else, or its number not known."""
    found: list[tuple[Obj, Const]] = []
    for value in values:
        objects = frame.objects(value)
        if len(objects) != 1 or len(frame.look(value).atoms) != 1 or not is_flag(frame, objects[0][1].type):
            return None
        atoms = frame.constants(objects[0][1].get(GIVEN))
        if len(atoms) != 1 or not isinstance(atoms[0], Const):
            return None
        found.append((objects[0][1], atoms[0]))
    return found


def combined_flags(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`Right.READ | Right.SEND`: the member of that number, or one made for the combination."""
    parts = flag_parts(frame, left, right)
    cls = parts[0][0].type if parts is not None else None
    if parts is None or not isinstance(cls, Ref):
        return None
    number = folded_binary(operator, parts[0][1], parts[1][1])
    if number is None:
        return None
    value = Value((number,))
    for member in named_members(frame, cls).values():
        if is_equal(frame, frame.content(member, VALUE), value):
            return member
    fields = {VALUE: value, GIVEN: value, BUILTIN: value}
    return frame.make(at, Obj("instance", fields, type=cls), f"flag:{number.value!r}")


def flag_contains(frame: Frame, flags: Value, flag: Value) -> Value | None:
    """`Right.SEND in rights`"""
    parts = flag_parts(frame, flag, flags)
    if parts is None:
        return None
    one, all_of = parts[0][1].value, parts[1][1].value
    return Value((const(one & all_of == one),)) if isinstance(one, int) and isinstance(all_of, int) else None


# --- members as keys -------------------------------------------------------------------------------------


def key_of_object(frame: Frame, ref: Ref) -> object | None:
    """What stands for an object used as a mapping key: members, functions, classes and instances that know no equals
    by identity, tuples by value.
    """
    obj = frame.object(ref)
    if is_enum_member(frame, obj):
        return key_of_member(frame, ref)
    if obj.kind in {"function", "class"}:
        return identity_key(frame, ref)
    if obj.kind == "instance" and is_equal_to_itself_alone(frame, obj):
        return identity_key(frame, ref)
    if obj.kind == "tuple" and obj.is_exact:
        return key_of_parts(frame, "tuple", obj.elements())
    if obj.kind == "instance" and isinstance(obj.type, Ref) and not obj.is_summary:
        return key_of_record(frame, ref, obj, obj.type)
    return None


def key_of_record(frame: Frame, ref: Ref, obj: Obj, cls: Ref) -> object | None:
    """A record is found under any other one with the same fields, a named tuple under the same tuple too."""
    kind = record_kind(frame, cls)
    own = class_lookup(frame, cls, "__eq__") or class_lookup(frame, cls, "__hash__")
    if kind not in {"dataclass", "namedtuple"} or own is not None:
        return None
    if kind == "namedtuple":
        return key_of_parts(frame, "tuple", record_values(frame, ref, obj))
    return key_of_parts(frame, frame.machine.code_name(frame.object(cls)), record_values(frame, ref, obj))


def key_of_parts(frame: Frame, kind: Hashable, parts: list[Value]) -> object | None:
    """What stands for a tuple or record, where all its parts are constants or stand for themselves everywhere."""
    names: list[Hashable] = []
    for part in parts:
        atoms = frame.constants(part)
        if len(atoms) != 1:
            return None
        name: object | None = None
        match atoms[0]:
            case Const(value=value):
                names.append(value)
                continue
            case Ref() as ref:
                name = key_of_object(frame, ref)
            case _:
                pass
        if not isinstance(name, tuple) or (name[0] == "object" and not is_global(name[1])):
            return None
        names.append(name)
    return (kind, tuple(names))


def is_equal_to_itself_alone(frame: Frame, obj: Obj) -> bool:
    """Whether it is one instance, of a class of the code base whose instances are compared by identity."""
    if obj.is_summary or not isinstance(obj.type, Ref) or record_kind(frame, obj.type):
        return False
    bases = [each for each in mro(frame, obj.type) if isinstance(each, External) and each.name not in PLAIN_BASES]
    return not bases and all(
        class_lookup(frame, obj.type, name) is None for name in ("__eq__", "__hash__", "__index__")
    )


def identity_key(frame: Frame, ref: Ref) -> object | None:
    """The key that an object is found under by what it is alone."""
    found = frame.identity(ref)
    return ("object", found) if found is not None else None


def key_of_member(frame: Frame, ref: Ref) -> object | None:
    """A member that is a text or number is found under that too."""
    held = builtin_of(frame, ref)
    atoms = frame.constants(held) if held is not None else ()
    constant = atoms[0].value if len(atoms) == 1 and isinstance(atoms[0], Const) else None
    if isinstance(constant, str):
        return with_member(TextKey(constant), ref) if is_global(ref.id) else constant
    if isinstance(constant, int) and extended_class(frame, frame.object(ref).type) is not None:
        return with_member(NumberKey(constant), ref) if is_global(ref.id) else constant
    return identity_key(frame, ref)


def with_member(name: TextKey | NumberKey, member: Ref) -> TextKey | NumberKey:
    """The key with the member that it is."""
    name.member = member.id
    return name
