"""Models that check their data: pydantic 1 and 2 and what is built on them.

class Enrol(BaseModel): phone: str
Enrol.model_validate(data)                          an instance; its fields from the mapping, as far as it is known
enrol.model_dump(exclude={"phone"})["city"]         the city
enrol.model_copy(update={"phone": x})               a copy with the phone changed
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.copies import shallow_copy
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import WRAPPED, mro
from flowcheck.flow.oracle import last_name
from flowcheck.flow.records import record_fields
from flowcheck.flow.records_library import record_mapping
from flowcheck.flow.values import NOTHING, Const, Ref, Value, attr, derived, join, key
from flowcheck.program.program import CodeRef

BASES = (
    "pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.v1.BaseModel", "pydantic.generics.GenericModel",
    "pydantic.RootModel", "pydantic_settings.BaseSettings", "pydantic.BaseSettings", "sqlmodel.SQLModel",
    "sqlmodel.main.SQLModel", "ninja.Schema", "ninja.schema.Schema",
)  # fmt: skip


def methods(*names: str) -> list[str]:
    """The names of methods of every kind of model."""
    return [f"{base}.{name}" for base in BASES for name in names]


@handles(*methods("model_dump", "dict", "__iter__"))
def call_dump(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`enrol.model_dump(exclude={"phone"})`"""
    dumped = record_mapping(frame, receiver, at, "model:dump")
    dumped = with_computed(frame, receiver, dumped, arguments.keywords.get("by_alias"), at)
    included = names_in(frame, arguments.keywords.get("include"))
    excluded = names_in(frame, arguments.keywords.get("exclude"))
    if included is None and not excluded:
        return dumped
    result = NOTHING
    for _, obj in frame.objects(dumped):
        kept = {
            content: value
            for content, value in obj.fields.items()
            if (included is None or content.name in included) and content.name not in (excluded or ())
        }
        result = join(result, frame.make(at, Obj("dict", kept, rest=obj.rest), "model:part"))
    return result


def with_computed(frame: Frame, receiver: Value, dumped: Value, by_alias: Value | None, at: Span) -> Value:
    """What a model dumps besides its declared fields: computed ones, and by their aliases where that is asked for."""
    added: dict[str, Value] = {}
    for ref, obj in frame.objects(receiver):
        for cls in mro(frame, obj.type) if obj.kind == "instance" else ():
            for content, held in frame.object(cls).fields.items() if isinstance(cls, Ref) else ():
                added |= added_by(frame, Value((ref,)), str(content.name), held, at, has_aliases=by_alias is not None)
    if not added:
        return dumped
    result = NOTHING
    for _, obj in frame.objects(dumped):
        fields = {**obj.fields, **{key(name): value for name, value in added.items()}}
        result = join(result, frame.make(at, Obj("dict", fields, rest=obj.rest), "model:computed"))
    return result


def added_by(frame: Frame, model: Value, name: str, held: Value, at: Span, *, has_aliases: bool) -> dict[str, Value]:
    """What one attribute of a model's class adds to what is dumped."""
    found: dict[str, Value] = {}
    for _, obj in frame.objects(held):
        functions = [inner for _, inner in frame.objects(obj.get(WRAPPED))] if obj.kind == "wrapper" else []
        for function in functions:
            if isinstance(function.detail, CodeRef) and is_computed(frame, function.detail):
                found[name] = frame.machine.attribute(frame, model, name, at)
        alias = constant_texts(frame, obj.fields.get(attr("alias"))) if has_aliases and obj.kind == "external" else None
        for each in alias or ():
            found[each] = frame.machine.attribute(frame, model, name, at)
    return found


def is_computed(frame: Frame, function: CodeRef) -> bool:
    """Whether a function is decorated with `computed_field`."""
    written = frame.machine.decorators(function)
    return any(last_name(each.func if isinstance(each, tree.Call) else each) == "computed_field" for each in written)


def names_in(frame: Frame, given: Value | None) -> set[object] | None:
    """The constant names that a set, list or mapping holds; None where none is given."""
    if given is None:
        return None
    names: set[object] = set()
    for _, obj in frame.objects(given):
        names |= {content.name for content in obj.fields if content.kind == "key"}
        names |= {a.value for value in obj.elements() for a in frame.constants(value) if isinstance(a, Const)}
    return names or None


@handles(*methods("model_dump_json", "json"))
def call_dump_json(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`enrol.model_dump_json()`: a text of what `model_dump` gives."""
    return frame.machine.call_external(
        frame, "json.dumps", None, Arguments([call_dump(frame, receiver, arguments, at)]), at
    )


@handles(*methods("model_copy", "copy"))
def call_copy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`enrol.model_copy(update={"city": x})`"""
    made = shallow_copy(frame, receiver, at)
    for _, obj in frame.objects(arguments.keywords.get("update") or NOTHING):
        for content, value in obj.fields.items():
            if content.kind == "key" and isinstance(content.name, str):
                frame.write(made, attr(content.name), value.present())
    return made


@handles(*methods("sqlmodel_update"))
def call_update(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`row.sqlmodel_update(data)`: its fields from a mapping, or from another object."""
    for name, value in fields_told(frame, first(arguments), at).items():
        frame.write(receiver, attr(name), frame.machine.written_field(frame, receiver, name, value, at))
    return receiver


def fields_told(frame: Frame, data: Value, at: Span) -> dict[str, Value]:
    """The fields that a mapping, or an object, has."""
    found: dict[str, Value] = {}
    for ref, obj in frame.objects(data):
        if obj.kind == "instance" and isinstance(obj.type, Ref):
            names = record_fields(frame, obj.type)
            found.update((name, frame.machine.attribute(frame, Value((ref,)), name, at)) for name in names)
        found.update((str(c.name), v.present()) for c, v in obj.fields.items() if c.kind == "key")
    return found


@handles(*methods("model_validate", "parse_obj", "from_orm", "validate", "model_construct", "construct"))
def call_validate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Enrol.model_validate(data)`: from a mapping, or from the attributes of an object."""
    made = NOTHING
    for ref, obj in frame.objects(receiver):
        if obj.kind == "class":
            given = fields_given(frame, ref, first(arguments), at)
            given.keywords.update(arguments.keywords)
            made = join(made, frame.machine.construct(frame, ref, given, at))
    return made


def fields_given(frame: Frame, cls: Ref, data: Value, at: Span) -> Arguments:
    """The fields of a class that some data has, as arguments of its constructor."""
    given = Arguments()
    for ref, obj in frame.objects(data):
        if obj.kind in {"dict", "fields"}:
            frame.machine.spread_double_star(frame, given, Value((ref,), data.taints))
        elif obj.kind == "instance":
            for name in record_fields(frame, cls):
                given.keywords[name] = frame.machine.attribute(frame, Value((ref,)), name, at)
        else:
            given.extra = join(given.extra or NOTHING, derived(frame.deep_taints(Value((ref,)))))
    if not frame.objects(data) and data.taints:
        given.extra = derived(data.taints)
    return given


@handles(*methods("model_validate_json", "parse_raw"))
def call_validate_json(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Enrol.model_validate_json(text)`"""
    data = frame.machine.call_external(frame, "json.loads", None, Arguments([first(arguments)]), at)
    return call_validate(frame, receiver, Arguments([data]), at)


@handles(*methods("model_fields", "model_json_schema", "schema", "schema_json"))
def call_schema(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Enrol.model_json_schema()` says nothing of anybody's data."""
    return frame.make(at, Obj("dict", {key("properties"): NOTHING}, rest=derived({})), "model:schema")
