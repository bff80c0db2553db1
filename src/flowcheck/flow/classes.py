"""Class statements: a class object with its bases, its namespace and what its metaclass and bases do to it.

class Row(Base, kind="wide"):       runs the body, then Base.__init_subclass__(Row, kind="wide")
    to: str = ""                    Row.to
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value, evaluate_arguments
from flowcheck.flow.enums import is_enum, make_members
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.metaclasses import bases_tuple, make_by_metaclass, plain_function, prepare
from flowcheck.flow.names import enclosing_scope
from flowcheck.flow.namespaces import namespace
from flowcheck.flow.objects import Bound, Found, Member, bases_of, bind, bind_to_class, class_lookup, mro
from flowcheck.flow.values import (
    ABSENT,
    NOTHING,
    Atom,
    Content,
    External,
    Ref,
    Value,
    attr,
    const,
    is_global,
)
from flowcheck.program.program import CodeRef


def make_class(frame: Frame, node: tree.DefineClass) -> Value:
    """Run a class statement; the class as a value."""
    arguments = evaluate_arguments(frame, node.arguments)
    fields = {Content("base", position): base for position, base in enumerate(arguments.positional)}
    made = frame.make(
        node.at,
        Obj("class", fields, detail=CodeRef(frame.module, node.code), type=metaclass_of(frame, arguments)),
        f"class:{node.code}",
    )
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    frame.machine.forget_order(ref)
    name = frame.machine.program.code(CodeRef(frame.module, node.code)).name
    prepare(frame, ref, name, arguments, node.at)
    run_class_body(frame, node, ref)
    made = make_by_metaclass(frame, ref, name, arguments, node.at)
    if is_enum(frame, ref):
        make_members(frame, ref, node.at)
    announce_names(frame, ref, node.at)
    initialize_class(frame, ref, arguments, node.at)
    return made


def metaclass_of(frame: Frame, arguments: Arguments) -> Atom | None:
    """The metaclass that is given or inherited."""
    given = arguments.keywords.get("metaclass")
    if given is not None:
        return next((atom for atom in frame.look(given).atoms if isinstance(atom, Ref)), None)
    for base in arguments.positional:
        for _, obj in frame.objects(base):
            if obj.kind == "class" and obj.type is not None:
                return obj.type
    return None


def run_class_body(frame: Frame, node: tree.DefineClass, ref: Ref) -> None:
    """The body runs in the state of the code around it, its names become the class's attributes."""
    inner = Frame(frame.machine, CodeRef(frame.module, node.code), frame.oracle, frame.state)
    inner.questions, inner.answers, inner.events = frame.questions, frame.answers, frame.events
    inner.written = frame.written
    inner.raising, inner.called = frame.raising, frame.called
    inner.enclosing = Value((frame.scope,)) if frame.scope is not None else frame.enclosing
    inner.is_import = frame.is_import
    inner.namespace = ref
    frame.machine.run_body(inner)
    frame.state = inner.state


def announce_names(frame: Frame, ref: Ref, at: Span) -> None:
    """`__set_name__` of the descriptors in a class."""
    for content, value in list(frame.object(ref).fields.items()):
        if content.kind != "attr":
            continue
        for atom in value.atoms:
            if isinstance(atom, Ref):
                obj = frame.object(atom)
                method = class_lookup(frame, obj.type, "__set_name__") if obj.kind == "instance" else None
                if method is not None:
                    call_value(
                        frame,
                        method,
                        Arguments([Value((atom,)), Value((ref,)), Value((const(str(content.name)),))]),
                        at,
                    )


def initialize_class(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> None:
    """`__init_subclass__` of the bases, `__init__` of the metaclass."""
    keywords = {name: value for name, value in arguments.keywords.items() if name != "metaclass"}
    order = mro(frame, ref)[1:]
    for each in order:
        found = frame.object(each).fields.get(attr("__init_subclass__")) if isinstance(each, Ref) else None
        if found is not None:
            call_value(frame, plain_function(frame, found), Arguments([Value((ref,))], keywords), at)
            break
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__init__") if obj.type is not None else None
    if method is not None:
        name = Value((const(frame.machine.code_of(obj).name),))
        names = namespace(frame, Value((ref,)), at, "namespace:made")
        given = [Value((ref,)), name, bases_tuple(frame, arguments, at), names]
        call_value(frame, method, Arguments(given, keywords), at)


def linearized(frame: Frame, cls: Ref) -> tuple[Atom, ...]:
    """The method resolution order by C3; where that fails, bases in depth-first order."""
    bases = [base for base in bases_of(frame, cls) if base != cls]
    if len(bases) == 1:
        return (cls, *mro(frame, bases[0]))
    sequences = [list(mro(frame, base)) for base in bases]
    sequences.append(list(bases))
    if not is_global(cls.id):
        sequences = one_name_each(frame, sequences)
    order: list[Atom] = [cls]
    sequences = [each for each in sequences if each]
    while sequences:
        head = next((each[0] for each in sequences if not in_tails(each[0], sequences)), sequences[0][0])
        order.append(head)
        sequences = [[atom for atom in each if atom != head] for each in sequences]
        sequences = [each for each in sequences if each]
    return tuple(order)


def one_name_each(frame: Frame, sequences: list[list[Atom]]) -> list[list[Atom]]:
    """The orders of bases with one reference for each class: a local class may have come in through several bases."""
    names: dict[Atom, Atom] = {}
    return [[names.setdefault(frame.canonical(atom), atom) for atom in each] for each in sequences]


def in_tails(atom: Atom, sequences: list[list[Atom]]) -> bool:
    """Whether an order has an entry behind its first."""
    return any(atom in each[1:] for each in sequences)


def super_of(frame: Frame) -> tuple[Atom | None, Value]:
    """The class whose body holds the code that says `super()`, and the receiver."""
    facts = frame.machine.program.facts(frame.module)
    code = frame.code
    while code.parent > 0 and facts.codes[code.parent].kind != "class":
        code = facts.codes[code.parent]
    owner = CodeRef(frame.module, code.parent)
    receiver = first_argument(frame, code.index, code.parameters[0].name if code.parameters else "self")
    for atom in frame.look(receiver).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            for cls in (atom, obj.type) if obj.kind == "class" else (obj.type,):
                for each in mro(frame, cls):
                    if isinstance(each, Ref) and frame.object(each).detail == owner:
                        return each, receiver
    return None, receiver


def first_argument(frame: Frame, code: int, name: str) -> Value:
    """`self` (or `cls`) of the method around this code."""
    if code == frame.ref.index:
        found = frame.state.variables.get(frame.variable(name))
        if found is not None:
            return found
        return frame.content(Value((frame.scope,)), attr(name)) if frame.scope is not None else NOTHING
    return frame.content(enclosing_scope(frame, name), attr(name))


def lookup_above(frame: Frame, owner: Atom | None, receiver: Ref, name: str, at: Span) -> Found:
    """An attribute of a receiver as `super()` finds it in a method of the owner."""
    obj = frame.object(receiver)
    is_class = obj.kind == "class"
    order = list(mro(frame, receiver if is_class else obj.type))
    if is_class and owner not in order:
        is_class, order = False, list(mro(frame, obj.type))
    after = order[order.index(owner) + 1 :] if owner in order else order
    return lookup_after(frame, after, name, Value((receiver,)), at, is_class=is_class)


def lookup_after(frame: Frame, order: list[Atom], name: str, receiver: Value, at: Span, *, is_class: bool) -> Found:
    """An attribute from the classes that come after one in the order."""
    for each in order:
        if isinstance(each, Ref):
            found = frame.object(each).fields.get(attr(name))
            if found is None or not found.atoms or found.atoms == (ABSENT,):
                continue
            if name == "__new__":
                return found
            if is_class:
                unbound = bind_to_class(frame, found, receiver, at)
                return Bound(plain_function(frame, found), receiver) if isinstance(unbound, Value) else unbound
            return bind(frame, found, receiver, None, at)
        if isinstance(each, External):
            return Member(f"{each.name}.{name}", receiver)
    return Member(f"builtins.object.{name}", receiver)
