"""What a metaclass does to the classes it makes: their names before the body runs, the class itself after it.

class Registry(type):
    def __new__(meta, name, bases, names):          class Sms(metaclass=Registry): ...
        names["made"] = True                            `names` is the namespace of Sms: it has `made` now
        cls = super().__new__(meta, name, bases, names)     what `type.__new__` gives is Sms
        seen[name] = cls
        return cls
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.namespaces import namespace
from flowcheck.flow.objects import WRAPPED, class_lookup
from flowcheck.flow.values import ABSENT, Atom, Content, Ref, Value, attr, const, key

CELL = "__classcell__"
"""The name under which a namespace holds the class that its body is for, as in Python itself."""


def prepare(frame: Frame, ref: Ref, name: str, arguments: Arguments, at: Span) -> None:
    """`__prepare__` of the metaclass gives the names that the body starts with."""
    meta = frame.object(ref).type
    method = class_lookup(frame, meta, "__prepare__") if meta is not None else None
    if method is None or meta is None:
        return
    given = Arguments(
        [Value((meta,)), Value((const(name),)), bases_tuple(frame, arguments, at)], keywords_of(arguments)
    )
    made = call_value(frame, plain_function(frame, method), given, at)
    for _, obj in frame.objects(made):
        for content, value in obj.fields.items():
            if content.kind == "key" and isinstance(content.name, str):
                frame.state.write(ref.id, attr(content.name), value, is_strong=True)


def make_by_metaclass(frame: Frame, ref: Ref, name: str, arguments: Arguments, at: Span) -> Value:
    """`__new__` of the metaclass gives the class; nearly always the one that it asked `type.__new__` for."""
    meta, made = frame.object(ref).type, Value((ref,))
    method = class_lookup(frame, meta, "__new__") if meta is not None else None
    if method is None or meta is None:
        return made
    frame.state.write(ref.id, attr(CELL), made, is_strong=True)
    names = namespace(frame, made, at, f"namespace:{name}")
    given = [Value((meta,)), Value((const(name),)), bases_tuple(frame, arguments, at), names]
    try:
        result = call_value(frame, plain_function(frame, method), Arguments(given, keywords_of(arguments)), at)
    except Diverges:
        result = made
    frame.state.write(ref.id, attr(CELL), Value((ABSENT,)), is_strong=True)
    return made if ref in result.atoms or not any(is_class(frame, atom) for atom in result.atoms) else result


def is_class(frame: Frame, atom: Atom) -> bool:
    """Whether something is a class of the code base."""
    return isinstance(atom, Ref) and frame.object(atom).kind == "class"


def bases_tuple(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """The bases of a class statement, as the metaclass is given them."""
    return fresh_list(frame, Items(list(arguments.positional), arguments.more), at, "tuple", "bases")


def keywords_of(arguments: Arguments) -> dict[str, Value]:
    """The keywords of a class statement but for the metaclass itself."""
    return {name: value for name, value in arguments.keywords.items() if name != "metaclass"}


def plain_function(frame: Frame, value: Value) -> Value:
    """The function below `classmethod`."""
    for _, obj in frame.objects(value):
        if obj.kind == "wrapper":
            return obj.get(WRAPPED)
    return value


@handles("builtins.type.__new__")
def call_type_new(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`type.__new__(meta, name, bases, names)`: the class whose body made the names, with what was added to them."""
    given = arguments.positional
    if len(given) < 3:
        return Value(())
    for ref, names in frame.objects(given[-1]):
        found = class_of_namespace(frame, ref, names)
        if found is not None:
            if names.kind == "dict":
                take_over_names(frame, found, names)
            return Value((found,))
    return frame.machine.call_external(frame, "builtins.type", None, Arguments(given[-3:]), at)


def class_of_namespace(frame: Frame, ref: Ref, names: Obj) -> Ref | None:
    """The class whose body made a namespace, or what it was copied from."""
    owner = names.get(Content("attr", "__self__")) if names.kind == "fields" else names.get(key(CELL))
    found = [atom for atom in frame.look(owner).atoms if isinstance(atom, Ref) and is_class(frame, atom)]
    return found[0] if len(found) == 1 else None


def take_over_names(frame: Frame, cls: Ref, names: Obj) -> None:
    """The names of a class are those of another namespace."""
    for content, value in names.fields.items():
        if content.kind == "key" and isinstance(content.name, str) and content.name != CELL:
            frame.write(Value((cls,)), attr(content.name), value)
