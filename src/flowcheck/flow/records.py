"""Records: classes whose constructor is generated from the fields that they declare.

@dataclass
class Row: to: str; tags: list = field(default_factory=list)
Row(user.phone)                     to: the phone, tags: a list of its own
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.extended import EXTENDED, extended_class
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import HANDLERS
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, class_name, mro
from flowcheck.flow.values import NOTHING, Atom, Const, Content, External, Ref, Value, attr, const, join
from flowcheck.flow.web_forms import fill_form, is_form
from flowcheck.program.program import CodeRef

NAMED_TUPLES = frozenset({"typing.NamedTuple"})

RECORD_DECORATORS = frozenset(
    {
        "dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define",
        "attrs.frozen", "attrs.mutable", "pydantic.dataclasses.dataclass",
    }
)  # fmt: skip

RECORD = attr("__record__")

FIELD_MAKERS = frozenset({"dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field"})


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
    """Whether a class is one of the language, which takes no fields."""
    return name.startswith(("builtins.", "collections.abc.", "typing.")) or name in EXTENDED


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
    """The last word of what a class body calls: `ib` of `attr.ib()`."""
    return function.attr if isinstance(function, tree.Attribute) else ""


def is_class_variable(annotation: tree.Expression) -> bool:
    """`ClassVar[int]`, `KW_ONLY`"""
    base = annotation.value if isinstance(annotation, tree.Subscript) else annotation
    name = base.attr if isinstance(base, tree.Attribute) else base.id if isinstance(base, tree.Name) else ""
    return name in {"ClassVar", "KW_ONLY"}


def construct_by_library(frame: Frame, ref: Ref, made: Value, arguments: Arguments, at: Span) -> None:
    """A class without `__init__`: a record's generated one, an exception's, that of a base outside the code base."""
    if is_form(frame, ref):
        fill_form(frame, made, arguments)
        return
    kind = record_kind(frame, ref)
    known = [class_name(frame, each) for each in mro(frame, ref) if is_constructed(each)]
    if kind == "keywords" and known:
        frame.machine.call_external(frame, f"{known[0]}.__init__", made, arguments, at)
        return
    if kind in {"dataclass", "namedtuple", "keywords"} and (
        kind != "keywords" or arguments.keywords or declares(frame, ref)
    ):
        fill_record(frame, ref, made, arguments, at, kind)
        return
    base = extended_class(frame, ref) or next((e.name for e in mro(frame, ref) if isinstance(e, External)), None)
    if base is not None:
        frame.machine.call_external(frame, f"{base}.__init__", made, arguments, at)


def is_constructed(cls: Atom) -> bool:
    """Whether it is a library's class of whose constructor something is known."""
    return isinstance(cls, External) and f"{cls.name}.__init__" in HANDLERS


def declares(frame: Frame, ref: Ref) -> bool:
    """Whether the class declares fields at all."""
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
    passed = init_variables(frame, ref)
    for name, value in taken.items():
        if name in passed:
            continue
        held = frame.machine.written_field(frame, made, name, value, at)
        frame.write(made, attr(name), stored(frame, held, name, at))
    if arguments.extra is not None and kind == "keywords":
        for each, obj in frame.objects(made):
            frame.own(each)
            frame.state.heap[each.id] = obj.replaced(rest=join(obj.rest or NOTHING, arguments.extra))
    for name in ("__post_init__", "__attrs_post_init__", "model_post_init"):
        method = class_lookup(frame, ref, name)
        if method is not None:
            call_value(frame, method, Arguments([made, *(taken.get(each, NOTHING) for each in passed)]), at)


def place_of_default(at: Span, position: int) -> Span:
    """A place that tells the objects made by the factories of one constructor call apart."""
    return Span(at.line, at.column, at.end_line, at.end_column + 1 + position)


def stored(frame: Frame, value: Value, name: str, at: Span) -> Value:
    """A constructor's argument on its way into a field."""
    return value.after(frame.hop("write", at, f"stored in `.{name}`")) if value.taints else value


def init_variables(frame: Frame, ref: Ref) -> list[str]:
    """The pseudo-fields declared as InitVar, which `__post_init__` takes and no instance keeps."""
    found = []
    for each in reversed(mro(frame, ref)):
        for statement in frame.machine.code_of(frame.object(each)).body if isinstance(each, Ref) else ():
            match statement:
                case tree.Declare(target=tree.Name(id=name), annotation=annotation) if is_init_only(annotation):
                    found.append(name)
                case tree.Assign(targets=(tree.Name(id=name),), annotation=annotation) if is_init_only(annotation):
                    found.append(name)
                case _:
                    pass
    return found


def is_init_only(annotation: tree.Expression | None) -> bool:
    """`InitVar[str]`"""
    base = annotation.value if isinstance(annotation, tree.Subscript) else annotation
    return (
        base.attr if isinstance(base, tree.Attribute) else base.id if isinstance(base, tree.Name) else ""
    ) == "InitVar"


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


def shown_fields(frame: Frame, ref: Ref, obj: Obj) -> list[Value] | None:
    """The fields that the generated `__repr__` of a dataclass shows; None for any other object."""
    if obj.kind != "instance" or not isinstance(obj.type, Ref) or record_kind(frame, obj.type) != "dataclass":
        return None
    passed = init_variables(frame, obj.type)
    names = [n for n in record_fields(frame, obj.type) if n not in passed and not is_hidden(frame, obj.type, n)]
    return [frame.content(Value((ref,)), attr(name)).present() for name in names]


def is_hidden(frame: Frame, cls: Ref, name: str) -> bool:
    """`field(repr=False)`"""
    held = class_lookup(frame, cls, name)
    return held is not None and any(
        is_false(frame, obj.fields.get(attr("repr"))) for _, obj in frame.objects(held) if obj.kind == "external"
    )


def is_false(frame: Frame, value: Value | None) -> bool:
    """Whether it is the constant False."""
    return value is not None and frame.constants(value) == (const(False),)


def is_record(frame: Frame, obj: Obj) -> bool:
    """Whether iterating over an instance yields its fields."""
    return isinstance(obj.type, Ref) and record_kind(frame, obj.type) == "namedtuple"


def is_frozen(frame: Frame, cls: Ref, name: str) -> bool:
    """Whether instances of a class do not let an attribute be set: of a frozen dataclass, a field of a named tuple."""
    kind = record_kind(frame, cls)
    if kind == "namedtuple":
        return name in record_fields(frame, cls)
    if kind != "dataclass" or not frame.machine.is_mentioned("frozen"):
        return False
    return any(isinstance(each, Ref) and is_declared_frozen(frame, each) for each in mro(frame, cls))


def is_declared_frozen(frame: Frame, cls: Ref) -> bool:
    """`@dataclass(frozen=True)`"""
    detail = frame.object(cls).detail
    statement = frame.machine.definition_of(detail) if isinstance(detail, CodeRef) else None
    return any(
        isinstance(decorator, tree.Call)
        and any(each.name == "frozen" and each.value == tree.Constant(value=True) for each in decorator.arguments)
        for decorator in (statement.decorators if statement is not None else ())
    )


def record_values(frame: Frame, ref: Ref, obj: Obj) -> list[Value]:
    """The fields of a named tuple, in order."""
    assert isinstance(obj.type, Ref)
    return [frame.content(Value((ref,)), attr(name)) for name in record_fields(frame, obj.type)]
