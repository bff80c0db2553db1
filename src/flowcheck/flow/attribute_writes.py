"""Attributes set and deleted, as the object's class has it: setters, descriptors, `__setattr__`, a shared `__dict__`.

user.phone = x          a property's setter, a descriptor's `__set__`, what `__setattr__` does, else the field
del user.phone          likewise: the deleter, `__delete__`, `__delattr__`
user.__class__ = Guest  the object is a Guest from here on
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, is_within, shared_fields
from flowcheck.flow.subscripts import delete_item, set_item
from flowcheck.flow.values import (
    ABSENT_VALUE,
    NONE_VALUE,
    Atom,
    Const,
    External,
    ModuleRef,
    Ref,
    Value,
    attr,
    const,
    join_all,
)


def set_attribute(frame: Frame, target: Value, name: str, value: Value, at: Span) -> None:
    """`target.name = value`"""
    atoms = frame.look(target).atoms
    plain = [atom for atom in atoms if not (isinstance(atom, Ref) and sets_itself(frame, atom, name, value, at))]
    if name == "__class__" and len(atoms) == 1 and plain and changes_class(frame, atoms[0], value):
        return
    frame.write(join_all(Value((written_object(frame, atom),)) for atom in plain), attr(name), value)


def written_object(frame: Frame, atom: Atom) -> Atom:
    """The object that keeps what is stored in a thing."""
    if isinstance(atom, External):
        return frame.machine.external_object(frame, atom.name)
    return Ref(("G", atom.name)) if isinstance(atom, ModuleRef) else atom


def changes_class(frame: Frame, atom: Atom, value: Value) -> bool:
    """`o.__class__ = Guest`; whether that was one object and one class."""
    classes = frame.look(value).atoms
    if not isinstance(atom, Ref) or len(classes) != 1 or not isinstance(classes[0], Ref):
        return False
    obj = frame.own(atom)
    if obj.kind != "instance" or obj.is_summary:
        return False
    frame.state.heap[atom.id] = obj.of_class(classes[0])
    return True


def sets_itself(frame: Frame, ref: Ref, name: str, value: Value, at: Span) -> bool:
    """Whether the class handles the assignment; it has then been run."""
    obj = frame.object(ref)
    if obj.kind != "instance":
        return False
    hook = class_lookup(frame, obj.type, "__setattr__")
    if hook is not None and not is_within(frame, ref, "__setattr__"):
        frame.machine.call(frame, hook, Arguments([Value((ref,)), Value((const(name),)), value]), at)
        return True
    if isinstance(obj.type, Ref) and frame.machine.is_frozen(frame, obj.type, name):
        frame.surely_raises("dataclasses.FrozenInstanceError", at)
        return True
    return sets_by_class(frame, ref, obj, name, value, at)


def sets_by_class(frame: Frame, ref: Ref, obj: Obj, name: str, value: Value, at: Span) -> bool:
    """Whether a property, a descriptor or a shared `__dict__` takes the value; what `object.__setattr__` does."""
    if runs_accessor(frame, ref, obj, name, ("setter", "__set__"), [value], at):
        return True
    shared = shared_fields(frame, ref, obj) if name != "__dict__" else None
    if shared is not None:
        set_item(frame, shared, Value((const(name),)), value, at)
    return shared is not None


def runs_accessor(
    frame: Frame, ref: Ref, obj: Obj, name: str, accessor: tuple[str, str], given: list[Value], at: Span
) -> bool:
    """Whether a property's function or a descriptor's method handles an attribute; it has then been run."""
    function, method = accessor
    found = class_lookup(frame, obj.type, name)
    for atom in frame.look(found).atoms if found is not None else ():
        if not isinstance(atom, Ref):
            continue
        held = frame.object(atom)
        if held.kind == "wrapper" and held.detail == "property" and attr(function) in held.fields:
            frame.machine.call(frame, held.fields[attr(function)], Arguments([Value((ref,)), *given]), at)
            return True
        run = class_lookup(frame, held.type, method) if held.kind == "instance" else None
        if run is not None:
            frame.machine.call(frame, run, Arguments([Value((atom,)), Value((ref,)), *given]), at)
            return True
    return False


def delete_attribute(frame: Frame, target: Value, name: str, at: Span) -> None:
    """`del target.name`"""
    atoms = frame.look(target).atoms
    plain = [atom for atom in atoms if not (isinstance(atom, Ref) and deletes_itself(frame, atom, name, at))]
    frame.write(join_all(Value((written_object(frame, atom),)) for atom in plain), attr(name), ABSENT_VALUE)


def deletes_itself(frame: Frame, ref: Ref, name: str, at: Span) -> bool:
    """Whether the class handles the deletion; it has then been run."""
    obj = frame.object(ref)
    if obj.kind != "instance":
        return False
    hook = class_lookup(frame, obj.type, "__delattr__")
    if hook is not None and not is_within(frame, ref, "__delattr__"):
        frame.machine.call(frame, hook, Arguments([Value((ref,)), Value((const(name),))]), at)
        return True
    return deletes_by_class(frame, ref, obj, name, at)


def deletes_by_class(frame: Frame, ref: Ref, obj: Obj, name: str, at: Span) -> bool:
    """Whether a property, a descriptor or a shared `__dict__` deletes it; what `object.__delattr__` does."""
    if runs_accessor(frame, ref, obj, name, ("deleter", "__delete__"), [], at):
        return True
    shared = shared_fields(frame, ref, obj)
    if shared is not None:
        delete_item(frame, shared, Value((const(name),)), at)
    return shared is not None


@handles("builtins.object.__delattr__")
def call_object_delattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__delattr__(self, name)`, `super().__delattr__(name)`"""
    given = [receiver, *arguments.positional] if receiver.atoms and len(arguments.positional) == 1 else None
    target, subject = given if given is not None else (first(arguments), arguments.get(1) or Value(()))
    for atom in frame.constants(subject):
        name = atom.value if isinstance(atom, Const) else None
        if isinstance(name, str):
            plain = [
                Value((ref,))
                for ref, obj in frame.objects(target)
                if obj.kind != "instance" or not deletes_by_class(frame, ref, obj, name, at)
            ]
            frame.write(join_all(plain), attr(name), ABSENT_VALUE)
    return NONE_VALUE
