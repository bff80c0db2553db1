"""Attributes as Python finds them: instance, class, descriptors, bases, `__getattr__`; and classes themselves.

user.phone            an instance's field; the class's; a property's getter; what `__getattr__` returns
user.save             a method bound to the instance
session.post          a member of something outside the code base
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame, whole_taints
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    NONE,
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Atom,
    Content,
    External,
    ModuleRef,
    Ref,
    Taints,
    Value,
    attr,
    const,
    index,
    join,
    join_all,
    joined_taints,
    member_name,
)

CONTAINERS = frozenset({"list", "tuple", "dict", "set"})
FUNCTION = attr("__func__")
RECEIVER = attr("__self__")
WRAPPED = attr("__wrapped__")
OWNER = attr("__thisclass__")


@dataclass(frozen=True, slots=True)
class Bound:
    """A function of the code base found through an instance or class, which it takes as first argument."""

    function: Value
    receiver: Value


@dataclass(frozen=True, slots=True)
class Member:
    """A method of something outside the code base: `builtins.str.strip`, `requests.Session().post`."""

    name: str
    receiver: Value


Found: TypeAlias = Value | Bound | Member


# --- reading an attribute --------------------------------------------------------------------


def get_attribute(frame: Frame, value: Value, name: str, at: Span) -> Value:
    """`value.name` as a value; methods become objects that remember their receiver."""
    result = NOTHING
    for found in lookup(frame, value, name, at):
        result = join(result, as_value(frame, found, name, at))
    return result


def note_missing(frame: Frame, node: tree.Attribute, value: Value) -> None:
    """An attribute that nothing has, in a `try`: of None in a variable, of an instance that is known whole."""
    atoms = frame.look(value).atoms
    is_variable = isinstance(node.value, tree.Name) and (node.value.scope == tree.LOCAL or frame.is_import)
    if is_variable and atoms == (NONE,):
        frame.surely_raises("AttributeError", node.at)
    elif len(atoms) == 1 and isinstance(atoms[0], Ref) and frame.object(atoms[0]).kind == "instance":
        frame.surely_raises("AttributeError", node.at, atoms[0])


def as_value(frame: Frame, found: Found, name: str, at: Span) -> Value:
    """What was found, as a value that can be stored and called later."""
    match found:
        case Bound(function, receiver):
            return frame.make(at, Obj("method", {FUNCTION: function, RECEIVER: receiver}), f"method:{name}")
        case Member(member, receiver):
            made = frame.make(at, Obj("method", {RECEIVER: receiver}, detail=member), f"method:{name}")
            return made.tainted(unnamed_taints(frame, receiver))
    return found


def as_holder(frame: Frame, value: Value, at: Span) -> Value:
    """The value, where a member that a library's object has is an object of its own: something is stored in it.

    event.user.email = x        `event.user` is no method, and whoever reads it again finds the address
    """
    held = NOTHING
    for atom in value.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is None or obj.kind != "method" or not isinstance(obj.detail, str):
            held = join(held, Value((atom,)))
            continue
        owner = as_holder(frame, obj.get(RECEIVER), at)
        name = obj.detail.rpartition(".")[2]
        made = frame.make(at, Obj("external", detail=obj.detail), f"part:{obj.detail}")
        if any(each.kind == "external" for _, each in frame.objects(owner)):
            frame.write(owner, attr(name), made)
        held = join(held, made)
    return held.tainted(value.taints)


def unnamed_taints(frame: Frame, receiver: Value) -> Taints:
    """The taints of an object of a library that may be in any of its attributes."""
    taints = receiver.taints
    for _, obj in frame.objects(receiver):
        if obj.kind == "external":
            for held in (obj.fields.get(ELEMENT), obj.rest):
                taints = joined_taints(taints, frame.deep_taints(held)) if held is not None else taints
    return taints


def lookup(frame: Frame, value: Value, name: str, at: Span) -> list[Found]:
    """All that `value.name` may be."""
    value = frame.look(value)
    shared = whole_taints(value)
    found: list[Found] = []
    for atom in value.atoms:
        each = attribute_of(frame, atom, value, name, at)
        found.append(shared_by(each, shared) if shared else each)
    return found


def shared_by(found: Found, shared: Taints) -> Found:
    """What was found in something that is marked as a whole."""
    match found:
        case Value():
            return found.tainted(shared)
        case Member(name, receiver):
            return Member(name, receiver.tainted(shared))
    return found


def attribute_of(frame: Frame, atom: Atom, value: Value, name: str, at: Span) -> Found:
    """What `name` is on one of the things that the value may be."""
    person = frame.machine.user_of_request(frame, Value((atom,)), name, at) if name in {"user", "session"} else None
    if person is not None:
        return person
    if isinstance(atom, Ref):
        return ATTRIBUTES.get(frame.object(atom).kind, opaque_attribute)(frame, atom, name, at)
    if isinstance(atom, ModuleRef):
        if name == "__dict__":
            return frame.make(at, Obj("fields", {RECEIVER: Value((Ref(("G", atom.name)),))}), "__dict__:module")
        return frame.machine.module_member(frame, atom.name, name)
    if isinstance(atom, External):
        return external_attribute_of_name(frame, atom, name)
    type_name = scalar_type(atom)
    if atom in (NONE, ABSENT) or (len(value.atoms) > 1 and type_name in MEMBERS and name not in MEMBERS[type_name]):
        return NOTHING
    if type_name in SCALAR_MEMBERS:
        return Member(f"builtins.{type_name}.{name}", Value((atom,), value.taints))
    return frame.machine.member_of_unknown(frame, Value((atom,), value.taints), name, at)


MEMBERS = {made.__name__: frozenset(dir(made)) for made in (str, bytes, int, float, bool)}
"""What the builtin types have: of several things that a value may be, one without a member is not the one meant."""

SCALAR_MEMBERS = frozenset({"str", "bytes", "int", "float", "bool"})


SHARED_OBJECTS = frozenset({"flask.g", "flask.globals.g", "quart.g"})
"""Objects of libraries that exist to hold what one function leaves for another."""

ASKING = frozenset({"get", "pop"})
"""Their methods, which take the name of what is wanted."""


def external_attribute_of_name(frame: Frame, atom: External, name: str) -> Found:
    """`hashlib.sha256`; data written to such an object earlier is found again."""
    if atom.name in SHARED_OBJECTS and name not in ASKING:
        return frame.content(Value((frame.machine.external_object(frame, atom.name),)), attr(name))
    stored = frame.state.heap.get(("G", "external", atom.name))
    if stored is not None and attr(name) in stored.fields:
        return stored.fields[attr(name)]
    return Value((External(member_name(atom.name, name)),))


def instance_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """An attribute of an instance of a class of the code base: what its `__getattribute__` says, where it has one."""
    obj = frame.object(ref)
    if not frame.machine.is_mentioned("__getattribute__") or is_within(frame, ref, "__getattribute__"):
        return plain_attribute(frame, ref, name, at)
    hook = class_lookup(frame, obj.type, "__getattribute__")
    if hook is None:
        return plain_attribute(frame, ref, name, at)
    return frame.machine.call(frame, hook, Arguments([Value((ref,)), Value((const(name),))]), at)


def is_within(frame: Frame, ref: Ref, hook: str) -> bool:
    """Whether a hook of an object is under evaluation, for that very object."""
    if frame.code.name != hook or not frame.code.parameters:
        return False
    name = frame.code.parameters[0].name
    held = frame.state.variables.get(frame.variable(name))
    if held is None and frame.scope is not None:
        held = frame.content(Value((frame.scope,)), attr(name))
    return held is not None and ref in frame.look(held).atoms


def shared_fields(frame: Frame, ref: Ref, obj: Obj) -> Value | None:
    """The mapping that was put in the place of an object's `__dict__`."""
    if not frame.machine.replaces_dict(frame, obj):
        return None
    held = frame.content(Value((ref,)), attr("__dict__")).present()
    return held if held.atoms else None


def plain_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """An attribute as `object.__getattribute__` finds it."""
    obj = frame.object(ref)
    receiver = Value((ref,))
    shared = shared_fields(frame, ref, obj)
    if name == "__class__" and obj.type is not None:
        return Value((obj.type,))
    if name == "__dict__":
        return shared if shared is not None else frame.make(at, Obj("fields", {RECEIVER: receiver}), "__dict__")
    in_class = class_lookup(frame, obj.type, name)
    if in_class is not None and is_method_like(frame, in_class):
        own = shadowing(frame, obj, name)
        if own is not None and ABSENT not in own.atoms and not is_property(frame, in_class):
            return own
        return bind(frame, in_class, receiver, obj.type, at)
    related = frame.machine.related_field(frame, ref, obj, name, in_class, at)
    if related is not None:
        return related
    if in_class is None and attr(name) not in obj.fields:
        base = external_base(frame, obj.type)
        told = frame.machine.told_by_class(frame, ref, obj, name, at) if base is not None else None
        if told is not None:
            return told
        if base is not None and frame.machine.is_known_call(f"{base}.{name}"):
            return Member(f"{base}.{name}", receiver)
    own = obj.get(attr(name))
    if shared is not None:
        own = frame.machine.get_item(frame, shared, Value((const(name),)))
    if (
        in_class is not None
        or attr(name) in obj.fields
        or frame.machine.is_inherited(frame, obj, name)
        or (obj.origin is not None and makes_missing(frame, obj))
    ):
        own = frame.look(own)
    if ABSENT not in own.atoms and (own.atoms or own.taints):
        return own
    fallback = in_class if in_class is not None else missing_attribute(frame, ref, obj, name, at)
    if isinstance(fallback, Value):
        return join(own.present(), fallback)
    return own.present() if own.present().atoms else fallback


def makes_missing(frame: Frame, obj: Obj) -> bool:
    """Whether a class has `__getattr__`, so that it matters whether a field is there."""
    return frame.machine.is_mentioned("__getattr__") and class_lookup(frame, obj.type, "__getattr__") is not None


def shadowing(frame: Frame, obj: Obj, name: str) -> Value | None:
    """What an instance has under the name of a method, if it may have anything there: `job.run = other`."""
    own = obj.fields.get(attr(name))
    if own is not None or obj.origin is None or not frame.machine.is_shadowed(name):
        return own
    held = frame.look(obj.get(attr(name)))
    return None if UNKNOWN in held.atoms else held


def missing_attribute(frame: Frame, ref: Ref, obj: Obj, name: str, at: Span) -> Found:
    """Neither the instance nor a known class has it: `__getattr__`, or a base outside the code base."""
    getter = class_lookup(frame, obj.type, "__getattr__")
    if getter is not None and not name.startswith("__"):
        return frame.machine.call(frame, getter, Arguments([Value((ref,)), Value((const(name),))]), at)
    member = inherited_member(frame, obj.type, name)
    return Member(member, Value((ref,))) if member is not None else NOTHING


def inherited_member(frame: Frame, cls: Atom | None, name: str) -> str | None:
    """The dotted name under which a class outside the code base has a member: the first base of which that is known,
    else the first.
    """
    bases = [each.name for each in mro(frame, cls) if isinstance(each, External) and each.name not in PLAIN_BASES]
    found = next((base for base in bases if frame.machine.has_member(base, name)), bases[0] if bases else None)
    return str(frame.machine.member_name(found, name)) if found is not None else None


def class_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """An attribute read from a class: functions come unbound, class methods bound."""
    obj = frame.object(ref)
    if name in {"__name__", "__qualname__"}:
        return Value((const(class_name(frame, ref).rpartition(".")[2]),))
    if name == "__dict__":
        return frame.machine.mapping_of_fields(frame, Value((ref,)), at)
    if name == "__class__" and obj.type is not None:
        return Value((obj.type,))
    if name == "__members__" and frame.machine.is_enum(frame, ref):
        return frame.machine.members_mapping(frame, ref, at)
    if name in {"_fields", "__match_args__"} and class_lookup(frame, ref, name) is None:
        return names_of_fields(frame, ref, at)
    found = class_lookup(frame, ref, name)
    manager = frame.machine.manager_of(frame, ref, name, found, at)
    if manager is not None:
        return manager
    if found is not None:
        return bind_to_class(frame, found, Value((ref,)), at)
    if obj.type is not None:
        in_meta = class_lookup(frame, obj.type, name)
        if in_meta is not None:
            return bind(frame, in_meta, Value((ref,)), obj.type, at)
        getter = class_lookup(frame, obj.type, "__getattr__") if not name.startswith("__") else None
        if getter is not None:
            return frame.machine.call(frame, getter, Arguments([Value((ref,)), Value((const(name),))]), at)
    member = inherited_member(frame, ref, name)
    return Member(member, Value((ref,))) if member is not None else NOTHING


def names_of_fields(frame: Frame, ref: Ref, at: Span) -> Value:
    """`Row._fields`: the names of a record's fields, as a tuple."""
    names = frame.machine.record_fields(frame, ref)
    fields = {index(place): Value((const(name),)) for place, name in enumerate(names)}
    return frame.make(at, Obj("tuple", fields, length=len(names)), "fields")


def bind_to_class(frame: Frame, found: Value, receiver: Value, at: Span) -> Found:
    """What a class's attribute is when read from the class itself."""
    for atom in frame.look(found).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind == "wrapper" and obj.detail == "classmethod":
                return Bound(obj.get(WRAPPED), receiver)
            if obj.kind == "wrapper" and obj.detail == "staticmethod":
                return obj.get(WRAPPED)
            if obj.kind == "instance":
                getter = class_lookup(frame, obj.type, "__get__")
                if getter is not None:
                    arguments = Arguments([Value((atom,)), Value((NONE,)), receiver])
                    return frame.machine.call(frame, getter, arguments, at)
    return found


def bind(frame: Frame, found: Value, receiver: Value, cls: Atom | None, at: Span) -> Found:
    """What a class's attribute is when read through an instance: methods bind, descriptors compute."""
    result: Value = NOTHING
    bound: list[Bound] = []
    for atom in frame.look(found).present().atoms:
        each: Found = Value((atom,), found.taints)
        if isinstance(atom, Ref):
            each = bound_object(frame, atom, frame.object(atom), receiver, cls, at)
        if isinstance(each, Bound):
            bound.append(each)
        elif isinstance(each, Value):
            result = join(result, each)
        else:
            return each
    return joined_bound(bound) if bound else result


def joined_bound(bound: list[Bound]) -> Bound:
    """The methods that an attribute may be; all take the receiver of the first."""
    functions = NOTHING
    for each in bound:
        if each.receiver.atoms == bound[0].receiver.atoms:
            functions = join(functions, each.function)
    return Bound(functions, bound[0].receiver)


def bound_object(frame: Frame, atom: Ref, obj: Obj, receiver: Value, cls: Atom | None, at: Span) -> Found:
    """One object found in a class, bound to an instance."""
    if obj.kind == "function":
        return Bound(Value((atom,)), receiver)
    if obj.kind == "wrapper":
        wrapped = obj.get(WRAPPED)
        if obj.detail == "staticmethod":
            return wrapped
        if obj.detail == "classmethod":
            return Bound(wrapped, Value((cls,)) if cls is not None else UNKNOWN_VALUE)
        if obj.detail in {"property", "cached_property"}:
            return frame.machine.call(frame, wrapped, Arguments([receiver]), at)
        if obj.detail == "partial":
            return Value((atom,))
        return Bound(Value((atom,)), receiver)
    if obj.kind == "instance":
        getter = class_lookup(frame, obj.type, "__get__")
        if getter is not None:
            owner = Value((cls,)) if cls is not None else UNKNOWN_VALUE
            return frame.machine.call(frame, getter, Arguments([Value((atom,)), receiver, owner]), at)
    return Value((atom,))


def is_method_like(frame: Frame, found: Value) -> bool:
    """Whether a class's attribute does something when read through an instance."""
    for atom in frame.look(found).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind in {"function", "wrapper"}:
                return True
            if obj.kind == "instance" and class_lookup(frame, obj.type, "__get__") is not None:
                return True
    return False


def is_property(frame: Frame, found: Value) -> bool:
    """Whether it takes precedence over the instance's own fields."""
    for atom in frame.look(found).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind == "wrapper" and obj.detail == "property":
                return True
            if obj.kind == "instance" and class_lookup(frame, obj.type, "__set__") is not None:
                return True
    return False


def callable_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """Attributes of functions, bound methods and wrappers."""
    obj = frame.object(ref)
    if obj.kind == "wrapper" and obj.detail == "property" and name in {"setter", "getter", "deleter"}:
        return Member(f"builtins.property.{name}", Value((ref,)))
    found = frame.content(Value((ref,)), attr(name)) if frame.is_rebound(ref, obj, attr(name)) else None
    if found is None or found.atoms == (ABSENT,):
        found = obj.fields.get(attr(name))
    if found is not None:
        return found
    if name in {"__name__", "__qualname__"} and obj.kind == "function":
        return Value((const(frame.machine.code_of(obj).name),))
    if name == "__wrapped__" and obj.kind == "function":
        return Value((ref,))
    if obj.kind == "wrapper" and obj.detail == "partial" and name in {"args", "keywords", "func"}:
        return frame.machine.part_of_partial(frame, obj, name, at)
    if obj.kind == "method" and isinstance(obj.detail, str):
        return Member(f"{obj.detail}.{name}", obj.get(RECEIVER))
    if obj.kind == "wrapper":
        return Member(f"{obj.detail}.{name}", Value((ref,)))
    return frame.machine.task_member(frame, ref, name) or NOTHING


def container_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """Methods of the builtin containers; a named tuple's fields."""
    obj = frame.object(ref)
    if attr(name) in obj.fields:
        return obj.fields[attr(name)]
    if isinstance(obj.type, Ref):
        in_class = class_lookup(frame, obj.type, name)
        if in_class is not None:
            return Bound(in_class, Value((ref,)))
    return Member(f"builtins.{obj.kind}.{name}", Value((ref,)))


def external_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """A member of an object that a library made: what was stored there, else by name."""
    obj = frame.object(ref)
    found = obj.fields.get(attr(name))
    if found is not None:
        return found
    column = frame.machine.attribute_of_frame(frame, ref, obj, name, at)
    if column is not None:
        return column
    return Member(f"{obj.detail}.{name}", Value((ref,)))


def generator_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """Methods of generators."""
    return Member(f"builtins.generator.{name}", Value((ref,)))


def fields_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """Methods of an instance's `__dict__`."""
    return Member(f"builtins.dict.{name}", Value((ref,)))


def unknown_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """An attribute of an object of unknown class."""
    obj = frame.object(ref)
    found = obj.fields.get(attr(name))
    if found is not None:
        return found
    return frame.machine.member_of_unknown(frame, Value((ref,)), name, at)


def super_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """An attribute of `super()`, kept in a variable."""
    obj = frame.object(ref)
    owner = next(iter(frame.look(obj.get(OWNER)).atoms), None)
    receivers = [atom for atom in frame.look(obj.get(RECEIVER)).atoms if isinstance(atom, Ref)]
    found = [frame.machine.lookup_above(frame, owner, atom, name, at) for atom in receivers]
    if len(found) == 1:
        return found[0]
    return join_all(as_value(frame, each, name, at) for each in found)


def opaque_attribute(frame: Frame, ref: Ref, name: str, at: Span) -> Found:
    """Anything else: only what was stored there."""
    return frame.object(ref).get(attr(name)).present()


ATTRIBUTES = {
    "instance": instance_attribute,
    "class": class_attribute,
    "function": callable_attribute,
    "method": callable_attribute,
    "wrapper": callable_attribute,
    "external": external_attribute,
    "generator": generator_attribute,
    "super": super_attribute,
    "unknown": unknown_attribute,
    "fields": fields_attribute,
    **dict.fromkeys(CONTAINERS, container_attribute),
}


# --- classes ---------------------------------------------------------------------------------


def class_lookup(frame: Frame, cls: Atom | None, name: str) -> Value | None:
    """An attribute in a class or its bases, in method resolution order."""
    content = attr(name)
    for each in mro(frame, cls):
        if isinstance(each, Ref):
            obj = frame.object(each)
            if frame.is_rebound(each, obj, content):
                found = frame.content(Value((each,)), content)
            else:
                found = obj.fields.get(content, NOTHING)
            if found.atoms and found.atoms != (ABSENT,):
                return found
    return None


def external_base(frame: Frame, cls: Atom | None) -> str | None:
    """The first base outside the code base; `object` does not count."""
    for each in mro(frame, cls):
        if isinstance(each, External) and each.name not in PLAIN_BASES:
            return each.name
    return None


PLAIN_BASES = frozenset(
    {"builtins.object", "typing.Generic", "typing.Protocol", "abc.ABC", "builtins.type", "enum.Enum"}
)


def mro(frame: Frame, cls: Atom | None) -> tuple[Atom, ...]:
    """The method resolution order: C3, with classes outside the code base as they come."""
    if cls is None:
        return ()
    if not isinstance(cls, Ref):
        looked = frame.look(Value((cls,))).atoms
        if looked == (cls,):
            return (cls,) if isinstance(cls, External) else ()
        return tuple(each for atom in looked for each in mro(frame, atom))
    return frame.machine.linearized(frame, cls)


def bases_of(frame: Frame, cls: Ref) -> list[Atom]:
    """The direct bases, in order."""
    obj = frame.object(cls)
    bases: list[Atom] = []
    position = 0
    while Content("base", position) in obj.fields:
        bases.extend(as_base(frame, atom) for atom in frame.look(obj.fields[Content("base", position)]).atoms)
        position += 1
    return bases


def as_base(frame: Frame, atom: Atom) -> Atom:
    """`app.Task`, a class that an object of a library has: known by its name alone."""
    if isinstance(atom, Ref):
        obj = frame.object(atom)
        if obj.kind in {"external", "method"} and isinstance(obj.detail, str):
            return External(obj.detail)
    return atom


def class_name(frame: Frame, cls: Atom | None) -> str:
    """The dotted name of a class; empty when unknown."""
    if isinstance(cls, External):
        return cls.name
    if isinstance(cls, Ref):
        obj = frame.object(cls)
        if obj.kind == "class":
            return frame.machine.code_name(obj)
    return ""


def class_names(frame: Frame, cls: Atom | None) -> list[str]:
    """The names of a class and its bases."""
    return [name for each in mro(frame, cls) if (name := class_name(frame, each))]
