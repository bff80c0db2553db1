"""Classes: running a class statement, method resolution order, `super`, enums, records with generated constructors.

    @dataclass
    class Row:            Row(user.phone) has no `__init__` in the code: the first declared field
        to: str           takes the first argument
"""

from __future__ import annotations

import builtins

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value, evaluate_arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.names import enclosing_scope, read_global
from flowcheck.flow.objects import WRAPPED, Bound, Found, Member, bases_of, bind, bind_to_class, class_lookup, class_names, mro
from flowcheck.flow.values import (
    ABSENT,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Content,
    External,
    Input,
    Ref,
    Value,
    attr,
    const,
    index,
    join,
    join_all,
)
from flowcheck.program.program import CodeRef

ENUMS = frozenset({f"enum.{name}" for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")})
NAMED_TUPLES = frozenset({"typing.NamedTuple"})
RECORD_DECORATORS = frozenset(
    {
        "dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define",
        "attrs.frozen", "attrs.mutable", "pydantic.dataclasses.dataclass",
    }
)  # fmt: skip
RECORD = attr("__record__")
FIELD_MAKERS = frozenset({"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field"})


# --- class statements ----------------------------------------------------------------------------


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
    run_class_body(frame, node, ref)
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
                    call_value(frame, method, Arguments([Value((atom,)), Value((ref,)), Value((const(str(content.name)),))]), at)


def initialize_class(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> None:
    """`__init_subclass__` of the bases, `__init__` of the metaclass."""
    keywords = {name: value for name, value in arguments.keywords.items() if name != "metaclass"}
    order = mro(frame, ref)[1:]
    for each in order:
        found = frame.object(each).fields.get(attr("__init_subclass__")) if isinstance(each, Ref) else None
        if found is not None:
            call_value(frame, unwrapped(frame, found), Arguments([Value((ref,))], keywords), at)
            break
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__init__") if obj.type is not None else None
    if method is not None:
        name = Value((const(frame.machine.code_of(obj).name),))
        call_value(frame, method, Arguments([Value((ref,)), name, UNKNOWN_VALUE, Value((ref,))], keywords), at)


def unwrapped(frame: Frame, value: Value) -> Value:
    """The function below `classmethod`."""
    for _, obj in frame.objects(value):
        if obj.kind == "wrapper":
            return obj.get(WRAPPED)
    return value


# --- order and super -------------------------------------------------------------------------------


def linearized(frame: Frame, cls: Ref) -> tuple[Atom, ...]:
    """The method resolution order by C3; where that fails, bases in depth-first order."""
    sequences = [list(mro(frame, base)) for base in bases_of(frame, cls) if base != cls]
    sequences.append([base for base in bases_of(frame, cls) if base != cls])
    order: list[Atom] = [cls]
    sequences = [each for each in sequences if each]
    while sequences:
        head = next((each[0] for each in sequences if not in_tails(each[0], sequences)), sequences[0][0])
        order.append(head)
        sequences = [[atom for atom in each if atom != head] for each in sequences]
        sequences = [each for each in sequences if each]
    return tuple(order)


def in_tails(atom: Atom, sequences: list[list[Atom]]) -> bool:
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
                return Bound(unwrapped(frame, found), receiver) if isinstance(unbound, Value) else unbound
            return bind(frame, found, receiver, None, at)
        if isinstance(each, External):
            return Member(f"{each.name}.{name}", receiver)
    return Member(f"builtins.object.{name}", receiver)


# --- enums -------------------------------------------------------------------------------------------


def is_enum(frame: Frame, cls: Atom | None) -> bool:
    """Whether a class is an enumeration."""
    return any(name in ENUMS or name.endswith((".TextChoices", ".IntegerChoices")) for name in class_names(frame, cls))


def make_members(frame: Frame, ref: Ref, at: Span) -> None:
    """Each constant of an enumeration's body becomes a member."""
    for content, value in list(frame.object(ref).fields.items()):
        name = str(content.name)
        if content.kind != "attr" or name.startswith("_") or is_callable(frame, value):
            continue
        member = Obj("instance", {attr("value"): value, attr("_value_"): value, attr("name"): Value((const(name),))}, type=ref)
        frame.state.write(ref.id, content, frame.make(at, member, f"member:{name}"), is_strong=True)


def is_callable(frame: Frame, value: Value) -> bool:
    return any(obj.kind in {"function", "wrapper", "method"} for _, obj in frame.objects(value))


def is_enum_member(frame: Frame, obj: Obj) -> bool:
    """Whether an object is a member of an enumeration, of which there is only one each."""
    return obj.kind == "instance" and attr("_value_") in obj.fields and is_enum(frame, obj.type)


def members_of_enum(frame: Frame, ref: Ref) -> Items:
    """Iterating over an enumeration, or over a class whose metaclass says how."""
    if is_enum(frame, ref):
        held = [v for c, v in frame.object(ref).fields.items() if c.kind == "attr" and not str(c.name).startswith("_")]
        return Items([value for value in held if not is_callable(frame, value)], None)
    obj = frame.object(ref)
    method = class_lookup(frame, obj.type, "__iter__") if obj.type is not None else None
    if method is not None:
        return frame.machine.iterate(frame, call_value(frame, method, Arguments([Value((ref,))]), Span(1, 1, 1, 2)), Span(1, 1, 1, 2))
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


# --- instances -------------------------------------------------------------------------------------------


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
    held = frame.constants(value)
    return any(not isinstance(c, Const) or c in held for c in constants) or any(not isinstance(h, Const) for h in held)


def record_kind(frame: Frame, cls: Ref) -> str:
    """How the constructor of a class is generated: dataclass, namedtuple, keywords, or "" when it is not."""
    for each in mro(frame, cls):
        if isinstance(each, Ref):
            kind = frame.object(each).fields.get(RECORD)
            if kind is not None:
                return str(kind.atoms[0].value) if kind.atoms and isinstance(kind.atoms[0], Const) else "dataclass"
        elif isinstance(each, External):
            if each.name in NAMED_TUPLES:
                return "namedtuple"
            if not is_builtin_class(each.name) and each.name not in {"abc.ABC", "typing.Generic", "typing.Protocol"}:
                return "keywords"
    return ""


def is_builtin_class(name: str) -> bool:
    return name.startswith("builtins.")


def record_fields(frame: Frame, cls: Ref) -> list[str]:
    """The fields a generated constructor takes, bases first."""
    names: dict[str, None] = {}
    for each in reversed(mro(frame, cls)):
        if isinstance(each, Ref):
            obj = frame.object(each)
            listed = obj.fields.get(Content("fields", None))
            if listed is not None:
                names.update((str(a.value), None) for a in listed.atoms if isinstance(a, Const))
            elif isinstance(obj.detail, CodeRef):
                names.update(dict.fromkeys(declared_fields(frame, obj)))
    return list(names)


def declared_fields(frame: Frame, cls: Obj) -> list[str]:
    """The annotated names of a class body, in order; class variables do not count."""
    found = []
    for statement in frame.machine.code_of(cls).body:
        match statement:
            case tree.Declare(target=tree.Name(id=name), annotation=annotation):
                if not is_class_variable(annotation):
                    found.append(name)
            case tree.Assign(targets=(tree.Name(id=name),), annotation=annotation) if annotation is not None:
                if not is_class_variable(annotation):
                    found.append(name)
            case tree.Assign(targets=(tree.Name(id=name),), value=tree.Call(func=function)):
                if field_maker_name(function) in {"attrib", "ib"}:
                    found.append(name)
            case _:
                pass
    return found


def field_maker_name(function: tree.Expression) -> str:
    return function.attr if isinstance(function, tree.Attribute) else ""


def is_class_variable(annotation: tree.Expression) -> bool:
    """`ClassVar[int]`, `KW_ONLY`"""
    base = annotation.value if isinstance(annotation, tree.Subscript) else annotation
    name = base.attr if isinstance(base, tree.Attribute) else base.id if isinstance(base, tree.Name) else ""
    return name in {"ClassVar", "KW_ONLY"}


def construct_by_library(frame: Frame, ref: Ref, made: Value, arguments: Arguments, at: Span) -> None:
    """A class without `__init__`: a record's generated one, an exception's, that of a base outside the code base."""
    kind = record_kind(frame, ref)
    if kind in {"dataclass", "namedtuple", "keywords"} and (kind != "keywords" or arguments.keywords or declares(frame, ref)):
        fill_record(frame, ref, made, arguments, at, kind)
        return
    base = next((each.name for each in mro(frame, ref) if isinstance(each, External)), None)
    if base is not None:
        frame.machine.call_external(frame, f"{base}.__init__", made, arguments, at)


def declares(frame: Frame, ref: Ref) -> bool:
    return bool(record_fields(frame, ref))


def fill_record(frame: Frame, ref: Ref, made: Value, arguments: Arguments, at: Span, kind: str) -> None:
    """Fields from arguments, then from defaults, then `__post_init__`."""
    names = record_fields(frame, ref)
    taken: dict[str, Value] = {}
    for position, name in enumerate(names):
        value = arguments.get(position, name)
        if value is not None:
            taken[name] = value
        else:
            default = default_of_field(frame, ref, name, place_of_default(at, position))
            if default is not None:
                taken[name] = default
    for name, value in arguments.keywords.items():
        taken.setdefault(name, value)
    for position, (name, value) in enumerate(taken.items()):
        frame.machine.written_field(frame, made, name, value, at)
        frame.write(made, attr(name), stored(frame, value, name, at))
        del position
    if arguments.extra is not None and kind == "keywords":
        for each, obj in frame.objects(made):
            frame.own(each)
            frame.state.heap[each.id] = obj.replaced(rest=join(obj.rest or NOTHING, arguments.extra))
    for name in ("__post_init__", "__attrs_post_init__", "model_post_init"):
        method = class_lookup(frame, ref, name)
        if method is not None:
            call_value(frame, method, Arguments([made, *init_variables(frame, ref, taken)]), at)


def place_of_default(at: Span, position: int) -> Span:
    """A place that tells the objects made by the factories of one constructor call apart."""
    return Span(at.line, at.column, at.end_line, at.end_column + 1 + position)


def stored(frame: Frame, value: Value, name: str, at: Span) -> Value:
    """A constructor's argument on its way into a field."""
    return value.after(frame.hop("write", at, f"stored in `.{name}`")) if value.taints else value


def init_variables(frame: Frame, ref: Ref, taken: dict[str, Value]) -> list[Value]:
    """What `__post_init__` takes: the pseudo-fields declared as InitVar."""
    found = []
    for each in reversed(mro(frame, ref)):
        if not isinstance(each, Ref):
            continue
        for statement in frame.machine.code_of(frame.object(each)).body:
            annotation = statement.annotation if isinstance(statement, tree.Declare | tree.Assign) else None
            base = annotation.value if isinstance(annotation, tree.Subscript) else annotation
            name = base.attr if isinstance(base, tree.Attribute) else base.id if isinstance(base, tree.Name) else ""
            if name == "InitVar":
                target = statement.target if isinstance(statement, tree.Declare) else statement.targets[0]  # type: ignore[union-attr]
                if isinstance(target, tree.Name):
                    found.append(taken.get(target.id, NOTHING))
    return found


def default_of_field(frame: Frame, ref: Ref, name: str, at: Span) -> Value | None:
    """The default of a field that is not passed; None when the class attribute itself serves."""
    held = class_lookup(frame, ref, name)
    if held is None:
        return None
    for _, obj in frame.objects(held):
        if obj.kind == "external" and str(obj.detail).removesuffix("()") in FIELD_MAKERS:
            factory = obj.fields.get(attr("default_factory")) or obj.fields.get(attr("factory"))
            if factory is not None:
                return call_value(frame, factory, Arguments(), at)
            return obj.fields.get(attr("default"), NOTHING)
    return held


def is_record(frame: Frame, obj: Obj) -> bool:
    """Whether iterating over an instance yields its fields."""
    return isinstance(obj.type, Ref) and record_kind(frame, obj.type) == "namedtuple"


def record_values(frame: Frame, ref: Ref, obj: Obj) -> list[Value]:
    """The fields of a named tuple, in order."""
    assert isinstance(obj.type, Ref)
    return [frame.content(Value((ref,)), attr(name)) for name in record_fields(frame, obj.type)]


def key_of_object(frame: Frame, ref: Ref) -> object | None:
    """What stands for an object used as a mapping key: members of enumerations, functions and classes by identity,
    tuples of constants by value."""
    obj = frame.object(ref)
    if obj.kind in {"function", "class"} or is_enum_member(frame, obj):
        return ("object", ref.id)
    if obj.kind == "tuple" and obj.is_exact:
        parts = [frame.constants(value) for value in obj.elements()]
        if all(len(part) == 1 and isinstance(part[0], Const) for part in parts):
            return ("tuple", tuple(part[0].value for part in parts))  # type: ignore[union-attr]
    return None


def value_of_key(name: object) -> Value:
    """The value that a key of that kind stands for."""
    if isinstance(name, tuple) and name[0] == "object":
        return Value((Ref(name[1]),))
    return UNKNOWN_VALUE


# --- exceptions --------------------------------------------------------------------------------------------


def as_exception(frame: Frame, value: Value, at: Span) -> Value:
    """`raise Error` makes an instance of the class."""
    result = NOTHING
    for atom in frame.look(value).atoms:
        if isinstance(atom, External) and not atom.name.endswith("()"):
            result = join(result, frame.machine.call_external(frame, atom.name, None, Arguments(), at))
        elif isinstance(atom, Ref) and frame.object(atom).kind == "class":
            result = join(result, call_value(frame, Value((atom,)), Arguments(), at))
        else:
            result = join(result, Value((atom,), value.taints))
    return result


def is_caught(frame: Frame, ref: Ref, wanted: Value) -> bool | None:
    """Whether an exception object is of the classes that a handler names."""
    obj = frame.object(ref)
    if obj.kind == "external":
        return is_caught_by_name(frame, str(obj.detail).removesuffix("()"), wanted)
    if obj.kind != "instance":
        return None
    order = mro(frame, obj.type)
    outcomes: set[bool | None] = set()
    for cls in handler_classes(frame, wanted):
        if cls in order:
            return True
        bases = [each.name for each in order if isinstance(each, External)]
        outcomes |= {is_subclass_by_name(base, cls) if isinstance(cls, External) else False for base in bases} or {False}
    return True if True in outcomes else (None if None in outcomes else False)


def is_caught_by_name(frame: Frame, name: str, wanted: Value) -> bool | None:
    """Likewise for an exception of which only the class's name is known."""
    outcomes = {
        is_subclass_by_name(name, cls) if isinstance(cls, External) else (None if name == "builtins.Exception" else False)
        for cls in handler_classes(frame, wanted)
    }
    return True if True in outcomes else (None if None in outcomes else False)


def handler_classes(frame: Frame, wanted: Value) -> list[Atom]:
    """The classes of `except (A, B)`."""
    found: list[Atom] = []
    for atom in frame.look(wanted).atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "tuple":
            for each in frame.object(atom).elements():
                found.extend(handler_classes(frame, each))
        else:
            found.append(atom)
    return found


def is_subclass_by_name(name: str, cls: External) -> bool | None:
    """Whether one named exception class is below another: known for the builtin ones."""
    if name == cls.name or cls.name == "builtins.BaseException":
        return True
    one, other = builtin_exception(name), builtin_exception(cls.name)
    if name == "builtins.Exception":
        return True if other is Exception else None
    if one is not None and other is not None:
        return issubclass(one, other)
    return True if other is Exception and one is None else None


def builtin_exception(name: str) -> type | None:
    """The builtin exception class of that name."""
    if not name.startswith("builtins."):
        return None
    found = getattr(builtins, name.removeprefix("builtins."), None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


__all__ = ["Diverges", "Input", "NONE_VALUE", "fresh_list", "make_class", "read_global"]
