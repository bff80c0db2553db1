"""Builtins that reach attributes, names and modules by a text.

getattr(user, "phone")                  user.phone
vars(user)["phone"]                     likewise
import_module("shop.ads").push          the function of that module
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.attribute_writes import delete_attribute, set_attribute, sets_by_class
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.names import imported_module, module_id
from flowcheck.flow.namespaces import fields_of_module, is_known, may_be_any, wanted_names
from flowcheck.flow.objects import Found, as_value, get_attribute, plain_attribute
from flowcheck.flow.subscripts import constant_keys
from flowcheck.flow.values import (
    ABSENT_VALUE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Content,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    key,
)


def constant_texts(frame: Frame, value: Value | None) -> list[str] | None:
    """The constant names that a value may be."""
    keys = constant_keys(frame, value) if value is not None else None
    return [each for each in keys if isinstance(each, str)] if keys is not None else None


@handles("builtins.getattr")
def call_getattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`getattr(o, "name", default)`"""
    target, subject, default = first(arguments), arguments.get(1), arguments.get(2)
    names = wanted_names(frame, target, subject)
    result = NOTHING if default is None or is_known(frame, subject) else default
    if not names or may_be_any(frame, subject):
        result = join(dynamic_attribute(frame, target, at), result)
    for name in names:
        found = frame.look(frame.machine.attribute(frame, target, name, at))
        result = join(result, found)
        if default is not None and (not found.atoms or ABSENT_VALUE.atoms[0] in found.atoms):
            result = join(result, default)
    return result.present()


def dynamic_attribute(frame: Frame, target: Value, at: Span) -> Value:
    """An attribute whose name is not known: any field of the object."""
    result = NOTHING
    for _, obj in frame.objects(target):
        for content, value in obj.fields.items():
            if content.kind == "attr":
                result = join(result, value.present())
    return join(result, derived(frame.deep_taints(target))) if result is NOTHING else result


@handles("builtins.object.__setattr__")
def call_object_setattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__setattr__(self, "name", value)`, `super().__setattr__("name", value)`"""
    return set_by_name(frame, receiver, arguments, at, is_plain=True)


@handles("builtins.setattr")
def call_setattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`setattr(o, "name", value)`"""
    return set_by_name(frame, receiver, arguments, at, is_plain=False)


def set_plainly(frame: Frame, target: Value, name: str, value: Value, at: Span) -> None:
    """What `object.__setattr__` does: the class's `__setattr__` is passed over."""
    plain = [
        Value((ref,))
        for ref, obj in frame.objects(target)
        if obj.kind != "instance" or not sets_by_class(frame, ref, obj, name, value, at)
    ]
    frame.write(join_all(plain), attr(name), value)


def set_by_name(frame: Frame, receiver: Value, arguments: Arguments, at: Span, *, is_plain: bool) -> Value:
    """An attribute set under a name that is a value."""
    given = list(arguments.positional)
    if receiver.atoms and len(given) == 2:
        given.insert(0, receiver)
    if len(given) < 3:
        return NONE_VALUE
    target, subject, value = given[:3]
    names = constant_texts(frame, subject) if is_known(frame, subject) else None
    if value.taints:
        value = value.after(frame.hop("write", at, "stored by setattr"))
    if names is None:
        for ref, obj in frame.objects(target):
            fields = {c: join(v, value) if c.kind == "attr" else v for c, v in obj.fields.items()}
            frame.own(ref)
            frame.state.heap[ref.id] = frame.object(ref).replaced(fields, rest=join(obj.rest or NOTHING, value))
        return NONE_VALUE
    for name in names:
        held = frame.machine.written_field(frame, target, name, value, at)
        stored = held if len(names) == 1 else join(frame.content(target, attr(name)).present(), held)
        if receiver.atoms or is_plain:
            set_plainly(frame, target, name, stored, at)
        else:
            set_attribute(frame, target, name, stored, at)
    return NONE_VALUE


@handles("builtins.delattr")
def call_delattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`delattr(o, "name")`"""
    names = constant_texts(frame, arguments.get(1)) if is_known(frame, arguments.get(1)) else None
    for name in names or ():
        delete_attribute(frame, first(arguments), name, at)
    return NONE_VALUE


@handles("builtins.hasattr")
def call_hasattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`hasattr(o, "name")`"""
    names = wanted_names(frame, first(arguments), arguments.get(1))
    outcomes: set[bool | None] = set() if is_known(frame, arguments.get(1)) else {None}
    for name in names or ():
        for atom in frame.look(first(arguments)).atoms:
            if scalar_type(atom) in SCALARS:
                outcomes.add(hasattr(SCALARS[scalar_type(atom)], name))
                continue
            found = frame.look(get_attribute(frame, Value((atom,)), name, at))
            is_open = isinstance(atom, Ref) and frame.object(atom).kind in {"unknown", "external"}
            is_sure = found.atoms and ABSENT_VALUE.atoms[0] not in found.atoms
            if isinstance(atom, Ref) and not is_open and (is_sure or not found.present().atoms):
                outcomes.add(bool(is_sure))
            else:
                outcomes.add(None)
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    return Value((Scalar("bool"),))


SCALARS: dict[str | None, type] = {
    "str": str, "bytes": bytes, "int": int, "float": float, "bool": bool, "NoneType": type(None),
}  # fmt: skip
"""The types of Python whose attributes no program changes."""


@handles("builtins.object.__getattribute__")
def call_getattribute(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__getattribute__(self, name)`"""
    given = [receiver, *arguments.positional] if receiver.atoms else arguments.positional
    names = wanted_names(frame, given[0], given[1]) if len(given) > 1 else []
    result = NOTHING
    for ref, obj in frame.objects(given[0]):
        for name in names:
            found: Found = frame.content(Value((ref,)), attr(name)).present()
            if obj.kind == "instance":
                found = plain_attribute(frame, ref, name, at)
            result = join(result, as_value(frame, found, name, at))
    return result


def mapping_of_fields(frame: Frame, target: Value, at: Span, only: list[str] | None = None) -> Value:
    """A dictionary with the fields of an object; of a module `only` the names that are asked for."""
    fields: dict[Content, Value] = {}
    rest: Value | None = None
    for ref, obj in frame.objects(target):
        if obj.kind == "module":
            fields.update(fields_of_module(frame, str(ref.id[1]), only))
            continue
        if only is not None and obj.kind == "instance":
            fields.update((key(name), frame.look(frame.content(Value((ref,)), attr(name)))) for name in only)
            continue
        names = frame.field_names(ref) if obj.kind == "instance" and obj.origin is not None else None
        if names is not None:
            for name in names:
                held = frame.look(frame.content(Value((ref,)), attr(name)))
                fields[key(name)] = join(fields.get(key(name), NOTHING), held)
            continue
        for content, value in obj.fields.items():
            if content.kind == "attr":
                fields[key(content.name)] = join(fields.get(key(content.name), NOTHING), value)
        if obj.kind in {"external", "unknown"} or (obj.origin is not None and obj.kind != "class"):
            rest = join(rest or NOTHING, derived(frame.deep_taints(target)))
    for name in frame.machine.marked_fields_of(frame, target):
        if only is not None and name not in only:
            continue
        value = frame.machine.attribute(frame, target, name, at)
        fields[key(name)] = join(fields.get(key(name), NOTHING), value)
    return frame.make(at, Obj("dict", fields, rest=rest), "vars")


@handles(
    "django.utils.module_loading.import_string", "werkzeug.utils.import_string", "pydoc.locate", "pkgutil.resolve_name"
)
def call_import_string(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`import_string("shop.ads.push")`: the function or class of that name."""
    result = NOTHING
    for text in constant_texts(frame, first(arguments)) or ():
        module, _, name = text.replace(":", ".").rpartition(".")
        result = join(result, frame.machine.module_member(frame, module, name) if module else NOTHING)
    return result if result.atoms else UNKNOWN_VALUE


@handles("importlib.import_module", "builtins.__import__")
def call_import_module(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`importlib.import_module("shop.ads")`, `importlib.import_module(".ads", "shop")`"""
    result = NOTHING
    if frame.is_script and constant_texts(frame, first(arguments)) == ["__main__"]:
        return imported_module(frame.machine.program, frame.module)
    packages = constant_texts(frame, arguments.get(1, "package")) or []
    for name in constant_texts(frame, first(arguments)) or ():
        for absolute in absolute_names(frame, name, packages):
            result = join(result, imported_module(frame.machine.program, absolute))
    return result if result.atoms else UNKNOWN_VALUE


def absolute_names(frame: Frame, name: str, packages: list[str]) -> list[str]:
    """A module's name, where it starts with dots seen from the packages, or from this module's where none is known."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return [name]
    inner = name[level:]
    if not packages:
        return [frame.machine.program.absolute(frame.module, level, inner)]
    parents = [package.split(".")[: max(package.count(".") + 2 - level, 0)] for package in packages]
    return [".".join([*parent, *([inner] if inner else [])]) for parent in parents if parent]


@handles("sys.modules.__getitem__")
def call_modules(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.modules["shop.ads"]`"""
    return call_import_module(frame, receiver, arguments, at)


@handles("runpy.run_module", "runpy.run_path")
def call_runpy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`runpy.run_module("jobs.sync")`, `runpy.run_path("jobs/sync.py")`: the names that the module's code leaves."""
    made = NOTHING
    for text in constant_texts(frame, first(arguments)) or ():
        name = text.removesuffix(".py").removeprefix("./").replace("/", ".") if text.endswith(".py") else text
        if frame.machine.program.has_module(name):
            module = Value((Ref(module_id(frame.machine.program.canonical(name))),))
            made = join(made, frame.machine.mapping_of_fields(frame, module, at))
    return made if made.atoms else UNKNOWN_VALUE
