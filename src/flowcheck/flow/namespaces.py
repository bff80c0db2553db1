"""The names an object has: as a list, as a mapping, and those that a text known in part may be.

getattr(self, "on_" + kind)(row)        any attribute whose name begins with `on_`
globals()["push"], vars(ads)["push"]    the module's function; `globals()["to"] = x` binds the name
for name in dir(Handlers): ...          each name that the class defines or inherits
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.folding import has_hole, may_equal
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.names import module_id, module_member
from flowcheck.flow.objects import RECEIVER, mro
from flowcheck.flow.values import (
    ABSENT,
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Content,
    External,
    ModuleRef,
    Ref,
    Value,
    const,
    join,
    key,
)

# --- names ---------------------------------------------------------------------------------------


def names_of(frame: Frame, target: Value) -> list[str]:
    """The attributes that are known of the things a value may be, those of their classes included."""
    found: dict[str, None] = {}
    for atom in frame.look(target).atoms:
        found.update(dict.fromkeys(names_of_atom(frame, atom)))
    return list(found)


def names_of_atom(frame: Frame, atom: Atom) -> list[str]:
    """The attributes that are known of one thing."""
    if isinstance(atom, ModuleRef):
        return module_names(frame, atom.name)
    if not isinstance(atom, Ref):
        return []
    obj = frame.object(atom)
    if obj.kind == "module":
        return module_names(frame, str(atom.id[1]))
    classes = mro(frame, atom if obj.kind == "class" else obj.type)
    holders = [obj, *(frame.object(each) for each in classes if isinstance(each, Ref))]
    return list(dict.fromkeys(name for holder in holders for name in field_names(holder)))


def field_names(obj: Obj) -> list[str]:
    """The attributes of an object itself."""
    return [str(c.name) for c, value in obj.fields.items() if c.kind == "attr" and value.atoms != (ABSENT,)]


def module_names(frame: Frame, module: str) -> list[str]:
    """The names that a module binds, and those that the code under evaluation bound in it."""
    if not frame.machine.program.has_module(module):
        return []
    canonical = frame.machine.program.canonical(module)
    held = frame.state.heap.get(module_id(canonical))
    own = field_names(held) if held is not None else []
    return list(dict.fromkeys([*sorted(frame.machine.module_names(canonical)), *own]))


def wanted_names(frame: Frame, target: Value, subject: Value | None) -> list[str]:
    """The names of a target that a text may be, as far as it is known: the constants, and of one with unknown parts
    those that fit.
    """
    found: dict[str, None] = {}
    for atom in frame.constants(subject) if subject is not None else ():
        if isinstance(atom, Const) and isinstance(atom.value, str):
            fits = [name for name in names_of(frame, target) if may_equal(name, atom.value)]
            found.update(dict.fromkeys(fits if has_hole(atom.value) else [atom.value]))
    return list(found)


def may_be_any(frame: Frame, subject: Value | None) -> bool:
    """Whether a name may be one of which nothing is known."""
    atoms = frame.constants(subject) if subject is not None else ()
    return not atoms or any(not isinstance(atom, Const) and atom != ABSENT for atom in atoms)


def is_known(frame: Frame, subject: Value | None) -> bool:
    """Whether a name is surely one of some constants."""
    atoms = frame.constants(subject) if subject is not None else ()
    return bool(atoms) and all(isinstance(atom, Const) and not has_hole(atom.value) for atom in atoms)


@handles("builtins.dir")
def call_dir(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dir(o)`: a list of names."""
    special = frame.machine.call_special(frame, first(arguments), "__dir__", [], at) if arguments.positional else None
    if special is not None:
        return special
    names = sorted(names_of(frame, first(arguments))) if arguments.positional else sorted(local_names(frame))
    return fresh_list(frame, Items([Value((const(name),)) for name in names], None), at, "list", "dir")


def local_names(frame: Frame) -> list[str]:
    """The names of the scope under evaluation."""
    return module_names(frame, frame.module) if frame.code.kind == "module" else list(frame.state.variables)


KINDS = {
    "inspect.ismethod": {"method"},
    "inspect.isfunction": {"function"},
    "inspect.isroutine": {"method", "function"},
    "inspect.isclass": {"class"},
    "builtins.callable": {"method", "function", "class"},
}
"""The kinds of objects that a predicate of `inspect.getmembers` lets pass."""


@handles("inspect.getmembers")
def call_getmembers(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`inspect.getmembers(o, inspect.ismethod)`: pairs of names and values, by name."""
    target, predicate = first(arguments), arguments.get(1, "predicate")
    named = [atom.name for atom in predicate.atoms if isinstance(atom, External)] if predicate is not None else []
    kinds = KINDS.get(named[0]) if len(named) == 1 else None
    pairs = []
    for name in sorted(names_of(frame, target)):
        value = frame.machine.attribute(frame, target, name, at)
        if kinds is None or any(obj.kind in kinds for _, obj in frame.objects(value)):
            pair = Items([Value((const(name),)), value], None)
            pairs.append(fresh_list(frame, pair, at, "tuple", f"member:{name}"))
    return fresh_list(frame, Items(pairs, None), at, "list", "members")


# --- names as a mapping ----------------------------------------------------------------------------


def namespace(frame: Frame, owner: Value, at: Span, tag: str) -> Value:
    """`o.__dict__`: what is read and written there is the object's own."""
    return frame.make(at, Obj("fields", {RECEIVER: owner}), tag)


def fields_of_module(frame: Frame, module: str, only: list[str] | None) -> dict[Content, Value]:
    """The names of a module with their values, as items of a mapping; `only` some of them."""
    wanted = module_names(frame, module) if only is None else only
    found = {name: module_member(frame, module, name) for name in wanted if is_bound(frame, module, name)}
    return {key(name): value for name, value in found.items() if value.atoms}


def is_bound(frame: Frame, module: str, name: str) -> bool:
    """Whether a module binds a name, or somebody does from outside."""
    return name in module_names(frame, module) or frame.machine.is_set_from_outside(module, name)


@handles("builtins.vars")
def call_vars(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`vars(o)` is `o.__dict__`."""
    if not arguments.positional:
        return call_locals(frame, receiver, arguments, at)
    result = NOTHING
    for atom in frame.look(first(arguments)).atoms:
        target = Value((atom,))
        if isinstance(atom, ModuleRef):
            result = join(result, namespace(frame, Value((Ref(module_id(atom.name)),)), at, "vars:module"))
        elif isinstance(atom, Ref) and frame.object(atom).kind == "instance":
            result = join(result, frame.machine.attribute(frame, target, "__dict__", at))
        else:
            result = join(result, frame.machine.mapping_of_fields(frame, target, at))
    return result if result.atoms else UNKNOWN_VALUE


@handles("builtins.globals")
def call_globals(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`globals()`: the names of the module as a mapping."""
    return namespace(frame, Value((Ref(module_id(frame.module)),)), at, "globals")


@handles("builtins.locals")
def call_locals(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`locals()`: of a function a copy of its variables."""
    if frame.code.kind == "module":
        return call_globals(frame, receiver, arguments, at)
    fields = {key(name): value for name, value in frame.state.variables.items()}
    if frame.scope is not None:
        held = frame.object(frame.scope).fields
        fields.update((key(c.name), value) for c, value in held.items() if c.kind == "attr")
    return frame.make(at, Obj("dict", fields), "locals")
