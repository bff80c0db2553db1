"""Names: what a variable, a global, an import means where it is written.

    from shop.ads import push as publish      publish  ->  the function shop.ads.push
    publish(rows)                             hashlib  ->  External("hashlib"), outside the code base

A module-level name that is bound once, by a plain `def`, `class`, import or constant, is known without
evaluating its module. Any other global is an input: what it holds depends on who is asking and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowcheck.facts import tree
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, input_value
from flowcheck.flow.pythons import BUILTINS, STANDARD_MODULES
from flowcheck.flow.values import (
    ABSENT,
    ABSENT_VALUE,
    NOTHING,
    Content,
    External,
    ModuleRef,
    ObjectId,
    Ref,
    Value,
    attr,
    const,
    join,
)
from flowcheck.program.program import Program

OUTER = Content("outer", None)
"""The scope object of the next enclosing function, as a content of a scope object."""


def module_id(module: str) -> ObjectId:
    """The object whose attributes are a module's globals."""
    return ("G", module)


# --- variables -------------------------------------------------------------------------------


def read_name(frame: Frame, name: tree.Name) -> Value:
    """What a name holds here."""
    if name.scope == tree.LOCAL:
        return read_local(frame, name.id)
    if name.scope == tree.CELL:
        return frame.content(scope_value(frame), attr(name.id))
    if name.scope == tree.FREE:
        return frame.content(enclosing_scope(frame, name.id), attr(name.id))
    if frame.namespace is not None and attr(name.id) in frame.object(frame.namespace).fields:
        return read_local(frame, name.id)
    found = read_global(frame, name.id)
    if not found.atoms and not found.taints and is_nowhere(frame, name.id):
        frame.surely_raises("NameError", name.at)
    return found


DYNAMIC = frozenset({"exec", "globals", "vars", "locals", "setattr", "builtins", "__builtins__", "__dict__"})
"""What may bind names that no statement binds."""


def is_nowhere(frame: Frame, name: str) -> bool:
    """Whether nothing in a module binds a name."""
    if name in frame.machine.module_names(frame.module) or frame.machine.is_set_from_outside(frame.module, name):
        return False
    codes = frame.machine.program.facts(frame.module).codes
    return all(DYNAMIC.isdisjoint(code.mentions) for code in codes)


def read_local(frame: Frame, name: str) -> Value:
    """A local variable; in a class body one that is not bound yet falls back to the global."""
    if frame.namespace is not None:
        found = frame.object(frame.namespace).fields.get(attr(name), ABSENT_VALUE)
        return join(found.present(), read_global(frame, name)) if ABSENT in found.atoms else found
    found = frame.state.variables.get(frame.variable(name), NOTHING)
    if frame.waiting and frame.machine.is_waiting(frame, found):
        found = frame.state.variables[frame.variable(name)] = frame.machine.run_lazily(frame, found)
    return found.present()


def scope_value(frame: Frame) -> Value:
    """The scope that a nested code sees as the one around it."""
    return Value((frame.scope,)) if frame.scope is not None else frame.enclosing


def enclosing_scope(frame: Frame, name: str) -> Value:
    """The scope object, among those around this code, that holds a captured variable."""
    facts = frame.machine.program.facts(frame.module)
    scope = frame.enclosing
    parent = frame.code.parent
    while parent > 0:
        code = facts.codes[parent]
        if name in code.cells and code.kind != "class":
            return scope
        if code.cells and code.kind != "class":
            scope = frame.content(scope, OUTER)
        parent = code.parent
    return NOTHING


def bind_name(frame: Frame, name: tree.Name, value: Value) -> None:
    """Bind a variable; the binding before is gone."""
    if name.scope == tree.LOCAL:
        if frame.namespace is not None:
            frame.own(frame.namespace)
            frame.state.write(frame.namespace.id, attr(name.id), value, is_strong=True)
        else:
            frame.state.bind(frame.variable(name.id), value)
    elif name.scope == tree.GLOBAL:
        bind_global(frame, name.id, value)
    else:
        scopes = scope_value(frame) if name.scope == tree.CELL else enclosing_scope(frame, name.id)
        frame.write(scopes, attr(name.id), value)


def bind_global(frame: Frame, name: str, value: Value) -> None:
    """Bind a module-level variable."""
    module = Ref(module_id(frame.module))
    frame.own(module)
    frame.write(Value((module,)), attr(name), value)


# --- globals ---------------------------------------------------------------------------------


def read_global(frame: Frame, name: str) -> Value:
    """A name of the module, or a builtin."""
    own = frame.state.heap.get(module_id(frame.module))
    if own is not None and (attr(name) in own.fields or frame.is_import):
        found = own.fields.get(attr(name), ABSENT_VALUE)
        if frame.waiting and frame.machine.is_waiting(frame, found):
            found = frame.machine.run_lazily(frame, found)
            bind_global(frame, name, found)
        if ABSENT not in found.atoms:
            return found
        return join(found.present(), fallback_global(frame, name))
    value = module_binding(frame, frame.module, name)
    return bound_or(value, lambda: fallback_global(frame, name))


def bound_or(value: Value | None, fallback: Callable[[], Value]) -> Value:
    """A global's value; where it may not be bound, also what its name means then."""
    if value is None:
        return fallback()
    return join(value.present(), fallback()) if ABSENT in value.atoms else value


def fallback_global(frame: Frame, name: str) -> Value:
    """A name that the module does not bind (yet)."""
    if name == "__name__":
        return Value((const("__main__" if frame.is_script else frame.module),))
    if name == "__class__":
        owner, _ = frame.machine.super_of(frame)
        return Value((owner,)) if owner is not None else NOTHING
    starred = member_by_star(frame, frame.module, name)
    if starred is not None:
        return starred
    if name in BUILTINS:
        return Value((External(f"builtins.{name}"),))
    return member_of_starred_library(frame, name)


def module_binding(frame: Frame, module: str, name: str) -> Value | None:
    """What a module binds to a name; None when it binds nothing."""
    if name not in frame.machine.module_names(module) and not frame.machine.is_set_from_outside(module, name):
        return None
    known = frame.machine.fixed_binding(module, name)
    if known is not None:
        return known
    value = input_value((Content("obj", module_id(module)), attr(name)))
    return value if frame.is_import and name in frame.machine.module_names(module) else frame.look(value)


def module_member(frame: Frame, module: str, name: str) -> Value:
    """`module.name`, or what `from module import name` binds."""
    program = frame.machine.program
    if program.has_module(module):
        module = program.canonical(module)
        own = frame.state.heap.get(module_id(module))
        if own is not None and attr(name) in own.fields:
            return own.fields[attr(name)]
        is_importing_itself = frame.is_import and frame.module == module and program.has_module(f"{module}.{name}")
        found = module_binding(frame, module, name) if not is_importing_itself else None
        if found is not None and found.atoms != (ABSENT,):
            return found
    return unbound_member(frame, module, name)


def unbound_member(frame: Frame, module: str, name: str) -> Value:
    """`module.name` that the module's own statements do not bind: a module below it, or one that a star brings."""
    program = frame.machine.program
    dotted = f"{module}.{name}"
    if program.has_module(dotted):
        return Value((ModuleRef(program.canonical(dotted)),))
    if program.has_package(dotted):
        return Value((ModuleRef(dotted),))
    if program.has_module(module):
        starred = member_by_star(frame, module, name)
        if starred is not None:
            return starred
        getter = module_binding(frame, module, "__getattr__") if not name.startswith("__") else None
        if getter is not None:
            return frame.machine.call(frame, getter, Arguments([Value((const(name),))]), frame.code.body_at)
    return Value((External(dotted),))


def member_by_star(frame: Frame, module: str, name: str) -> Value | None:
    """A name that a module has by `from other import *`; the last one wins, at import of those that have run."""
    program = frame.machine.program
    for star in reversed(frame.machine.star_imports(module)):
        is_ahead = frame.is_import and frame.module == module and star.at not in frame.starred
        if is_ahead or not program.has_module(star.module):
            continue
        canonical = program.canonical(star.module)
        if canonical != module and frame.machine.exports(canonical, name):
            return module_member(frame, canonical, name)
    return None


def member_of_starred_library(frame: Frame, name: str) -> Value:
    """A name that nothing in the code base binds, where the module imports all names of libraries: of the library that
    is known to have it, else of the last one.
    """
    program = frame.machine.program
    stars = [star.module for star in frame.machine.star_imports(frame.module)]
    libraries = [each for each in reversed(stars) if not program.has_module(each) and not program.has_package(each)]
    if not libraries or name.startswith("_"):
        return NOTHING
    knowing = [each for each in libraries if frame.machine.is_known_name(f"{each}.{name}")]
    strangers = [each for each in libraries if each.partition(".")[0] not in STANDARD_MODULES]
    return Value((External(f"{[*knowing, *strangers, *libraries][0]}.{name}"),))


def imported_module(program: Program, module: str) -> Value:
    """The value of an imported module, inside or outside the code base."""
    if program.has_module(module):
        return Value((ModuleRef(program.canonical(module)),))
    if program.has_package(module):
        return Value((ModuleRef(module),))
    return Value((External(module),))


# --- what a module binds once and for all ------------------------------------------------------


def bindings_of(
    body: tuple[tree.Statement, ...], *, is_certain: bool = True
) -> Iterator[tuple[str, tree.Statement, bool]]:
    """Every (name, statement, whether it is sure to run) that binds a name at this level of a module."""
    for statement in body:
        match statement:
            case tree.DefineFunction(target=target) | tree.DefineClass(target=target):
                yield target.id, statement, is_certain
            case tree.Import(target=target) | tree.ImportFrom(target=target):
                yield target.id, statement, is_certain
            case tree.Assign(targets=targets):
                for each in targets:
                    yield from ((name, statement, is_certain) for name in target_names(each))
            case tree.AugmentedAssign(target=each) | tree.Declare(target=each):
                yield from ((name, statement, False) for name in target_names(each))
            case tree.Delete(targets=targets):
                for each in targets:
                    yield from ((name, statement, False) for name in target_names(each))
            case tree.For(target=each):
                yield from ((name, statement, False) for name in target_names(each))
                yield from bindings_of((*statement.body, *statement.orelse), is_certain=False)
            case tree.If() | tree.While():
                yield from bindings_of((*statement.body, *statement.orelse), is_certain=False)
            case tree.With(target=target_or_none):
                if target_or_none is not None:
                    yield from ((name, statement, False) for name in target_names(target_or_none))
                yield from bindings_of(statement.body, is_certain=False)
            case tree.Try():
                inner = [*statement.body, *statement.orelse, *statement.final]
                for handler in statement.handlers:
                    inner.extend(handler.body)
                yield from bindings_of(tuple(inner), is_certain=False)
            case tree.Match():
                for arm in statement.cases:
                    yield from bindings_of(arm.body, is_certain=False)
            case _:
                pass


def target_names(target: tree.Expression) -> Iterator[str]:
    """The plain names that an assignment target binds."""
    match target:
        case tree.Name(id=name):
            yield name
        case tree.Starred(value=value):
            yield from target_names(value)
        case tree.Display(items=items):
            for item in items:
                yield from target_names(item)
        case _:
            pass


def function_id(module: str, statement: tree.DefineFunction) -> ObjectId:
    """The name of the function that a module-level `def` makes."""
    return (
        "G",
        module,
        0,
        statement.at.line,
        statement.at.column,
        statement.at.end_column,
        f"function:{statement.code}",
    )


def class_id(module: str, statement: tree.DefineClass) -> ObjectId:
    """The name of the class that a module-level `class` makes."""
    return ("G", module, 0, statement.at.line, statement.at.column, statement.at.end_column, f"class:{statement.code}")


def scope_object(outer: Value) -> Obj:
    """A fresh scope object."""
    return Obj("scope", {OUTER: outer})
