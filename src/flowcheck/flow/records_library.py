"""Records of the standard library and attrs: what makes them, changes them and takes them apart.

Row = namedtuple("Row", "to city")      a class with two fields
replace(row, to=user.phone)             a copy with the phone in `to`
asdict(row)["to"]                       the phone
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts, mapping_of_fields
from flowcheck.flow.calls import call_value
from flowcheck.flow.conditions import truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.copies import shallow_copy
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import WRAPPED, class_lookup
from flowcheck.flow.records import (
    FIELD_MAKERS,
    RECORD_DECORATORS,
    init_variables,
    is_false,
    record_fields,
    record_kind,
)
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Atom,
    Content,
    External,
    Ref,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    key,
)


@handles("types.SimpleNamespace", "argparse.Namespace")
def call_namespace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`SimpleNamespace(to=x)`"""
    fields = {attr(name): value for name, value in arguments.keywords.items()}
    if arguments.positional:
        for _, obj in frame.objects(first(arguments)):
            fields.update((attr(str(c.name)), v) for c, v in obj.fields.items() if c.kind == "key")
    return frame.make(
        at, Obj("instance", fields, type=External("types.SimpleNamespace"), rest=arguments.extra), "namespace"
    )


@handles("collections.namedtuple", "typing.NamedTuple", "dataclasses.make_dataclass")
def call_namedtuple(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`namedtuple("Row", "to city")` makes a class."""
    names: list[str] = []
    for text in constant_texts(frame, arguments.get(1)) or ():
        names.extend(text.replace(",", " ").split())
    for item in iterate(frame, arguments.get(1) or NOTHING, at).known if not names else ():
        inner = frame.objects(item)
        held = iterate(frame, item, at).known[0] if inner else item
        names.extend(constant_texts(frame, held) or ())
    kind = Value((const("namedtuple"),))
    listed = fresh_list(frame, Items([Value((const(name),)) for name in names], None), at, "tuple", "fields")
    fields = {
        Content("fields", None): Value(tuple(const(name) for name in names)),
        attr("__record__"): kind,
        attr("_fields"): listed,
        Content("base", 0): Value((External("typing.NamedTuple"),)),
    }
    return frame.make(at, Obj("class", fields), "namedtuple")


@handles(*RECORD_DECORATORS)
def call_record_decorator(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@dataclass` and `@dataclass(frozen=True)`"""
    classes = [ref for ref, obj in frame.objects(first(arguments)) if obj.kind == "class"]
    for ref in classes:
        frame.own(ref)
        frame.state.write(ref.id, attr("__record__"), Value((const("dataclass"),)), is_strong=True)
    if classes:
        return first(arguments)
    return frame.make(
        at, Obj("wrapper", {WRAPPED: Value((External("dataclasses.dataclass"),))}, detail="maker"), "record"
    )


@handles(*FIELD_MAKERS, "pydantic.fields.Field")
def call_field(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`field(default_factory=list)`"""
    fields = {attr(name): value for name, value in arguments.keywords.items()}
    if arguments.positional:
        fields[attr("default")] = arguments.positional[0]
    return frame.make(at, Obj("external", fields, detail="dataclasses.field()"), "field")


@handles("typing.NamedTuple._asdict")
def call_namedtuple_asdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`row._asdict()`"""
    return mapping_of_fields(frame, receiver, at)


@handles("typing.NamedTuple._replace")
def call_namedtuple_replace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`row._replace(to=x)`"""
    return call_replace(frame, NOTHING, arguments.behind(receiver), at)


@handles("typing.NamedTuple._make")
def call_namedtuple_make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Row._make(values)`"""
    items = iterate(frame, first(arguments), at)
    return call_value(frame, receiver, Arguments(items.known, more=items.rest), at)


@handles("dataclasses.replace", "attr.evolve", "attrs.evolve", "copy.replace")
def call_replace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`replace(row, to=x)`: a copy with fields changed."""
    again = constructed_again(frame, first(arguments), arguments, at)
    if again is not None:
        return again
    made = shallow_copy(frame, first(arguments), at)
    for name, value in arguments.keywords.items():
        frame.write(made, attr(name), frame.machine.written_field(frame, made, name, value, at))
    return made


def constructed_again(frame: Frame, row: Value, arguments: Arguments, at: Span) -> Value | None:
    """The copy that a dataclass's constructor makes, whose `__post_init__` runs again; None for any other."""
    found = frame.objects(row)
    if len(found) != 1 or len(frame.look(row).present().atoms) != 1:
        return None
    ((ref, obj),) = found
    if obj.kind != "instance" or not isinstance(obj.type, Ref) or record_kind(frame, obj.type) != "dataclass":
        return None
    if class_lookup(frame, obj.type, "__init__") is not None or not has_post_init(frame, obj.type):
        return None
    passed = init_variables(frame, obj.type)
    taken = [name for name in record_fields(frame, obj.type) if name not in passed and is_taken(frame, obj.type, name)]
    fields = {name: frame.content(Value((ref,)), attr(name)).present() for name in taken}
    return call_value(frame, Value((obj.type,)), Arguments(keywords={**fields, **arguments.keywords}), at)


def has_post_init(frame: Frame, cls: Ref) -> bool:
    """Whether a record's class computes more when one is made."""
    return any(class_lookup(frame, cls, name) is not None for name in ("__post_init__", "__attrs_post_init__"))


def is_taken(frame: Frame, cls: Ref, name: str) -> bool:
    """Whether the constructor takes a field: not `field(init=False)`."""
    held = class_lookup(frame, cls, name)
    return held is None or not any(
        is_false(frame, obj.fields.get(attr("init"))) for _, obj in frame.objects(held) if obj.kind == "external"
    )


@handles("dataclasses.asdict", "attr.asdict", "attrs.asdict")
def call_asdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asdict(row)`, `asdict(row, filter=filters.exclude("phone"))`"""
    made = record_mapping(frame, first(arguments), at, "asdict")
    chosen = arguments.get(2, "filter")
    if chosen is None or chosen.atoms == NONE_VALUE.atoms:
        return made
    return join_all(without_fields(frame, each, chosen, at) for each in made.atoms).tainted(made.taints)


def without_fields(frame: Frame, mapping: Atom, chosen: Value, at: Span) -> Value:
    """A record's dictionary without the fields that a filter surely leaves out."""
    obj = frame.object(mapping) if isinstance(mapping, Ref) else None
    if obj is None or obj.kind != "dict":
        return Value((mapping,))
    kept = {c: v for c, v in obj.fields.items() if c.kind != "key" or is_kept(frame, chosen, str(c.name), v, at)}
    return frame.make(at, Obj("dict", kept, rest=obj.rest), "asdict:filtered")


FILTER, NAMES, KEEPS = "attrs.filters.filter", attr("__names__"), attr("__keeps__")


@handles("attr.filters.exclude", "attrs.filters.exclude")
def make_filter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`filters.exclude("phone", fields(User).city)`: what is no name of a field may be a type, and keeps all."""
    names: list[Value] = []
    for value in arguments.positional:
        named = [frame.content(Value((ref,)), attr("name")) for ref, obj in frame.objects(value) if is_description(obj)]
        names += named or [value]
    are_known = arguments.more is None and all(constant_texts(frame, each) for each in names)
    listed = fresh_list(frame, Items(names, None if are_known else Value((UNKNOWN,))), at, "tuple", "filter:names")
    return frame.make(at, Obj("external", {NAMES: listed}, detail=FILTER), "filter")


@handles("attr.filters.include", "attrs.filters.include")
def make_including_filter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`filters.include("city")`"""
    made = make_filter(frame, receiver, arguments, at)
    frame.write(made, KEEPS, Value((const(value=True),)))
    return made


def is_description(obj: Obj) -> bool:
    """Whether an object is what `fields(cls)` tells of a field."""
    return obj.detail == "dataclasses.Field"


def is_kept(frame: Frame, chosen: Value, name: str, value: Value, at: Span) -> bool:
    """Whether a filter may keep a field."""
    for ref, obj in frame.objects(chosen):
        if obj.detail == FILTER:
            listed = iterate(frame, obj.get(NAMES), at)
            is_named = any(name in (constant_texts(frame, each) or ()) for each in listed.known)
            return listed.rest is not None or is_named == (KEEPS in obj.fields)
        if obj.kind in {"function", "method"}:
            field = Obj("external", {attr("name"): Value((const(name),))}, detail="dataclasses.Field")
            given = [frame.make(at, field, f"field:{name}"), value]
            return truth(frame, call_value(frame, Value((ref,)), Arguments(given), at)) is not False
    return True


def record_mapping(frame: Frame, value: Value, at: Span, tag: str) -> Value:
    """A record as a dictionary of its declared fields, records in them likewise."""
    result, looked = NOTHING, frame.look(value)
    for atom in looked.present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        names = frame.machine.record_fields(frame, obj.type) if obj is not None and isinstance(obj.type, Ref) else []
        is_open = obj is not None and obj.kind in {"instance", "unknown", "external"}
        if obj is None or not is_open or tag.count(".") > DEEPEST_RECORD:
            result = join(result, Value((atom,)))
        elif not names:
            result = join(result, mapping_of_fields(frame, Value((atom,)), at))
        else:
            held = {name: frame.machine.attribute(frame, Value((atom,)), name, at) for name in names}
            fields = {key(name): record_mapping(frame, each, at, f"{tag}.{name}") for name, each in held.items()}
            result = join(result, frame.make(at, Obj("dict", fields), tag))
    return result.tainted(looked.taints)


DEEPEST_RECORD = 4
"""Records inside one another that `asdict` is followed into."""


@handles("dataclasses.astuple", "attr.astuple", "attrs.astuple")
def call_astuple(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`astuple(row)`"""
    for ref, obj in frame.objects(first(arguments)):
        if isinstance(obj.type, Ref):
            names = frame.machine.record_fields(frame, obj.type)
            held = [frame.machine.attribute(frame, Value((ref,)), name, at) for name in names]
            chosen = arguments.get(2, "filter")
            if chosen is not None and chosen.atoms != NONE_VALUE.atoms:
                pairs = zip(names, held, strict=True)
                held = [each for name, each in pairs if is_kept(frame, chosen, name, each, at)]
            return fresh_list(frame, Items(held, None), at, "tuple", "astuple")
    return derived(frame.deep_taints(first(arguments)))
