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
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.copies import shallow_copy
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import WRAPPED
from flowcheck.flow.records import FIELD_MAKERS, RECORD_DECORATORS
from flowcheck.flow.values import NOTHING, Content, External, Ref, Value, attr, const, derived, join, key


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
    made = shallow_copy(frame, first(arguments), at)
    for name, value in arguments.keywords.items():
        frame.write(made, attr(name), frame.machine.written_field(frame, made, name, value, at))
    return made


@handles("dataclasses.asdict", "attr.asdict", "attrs.asdict")
def call_asdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asdict(row)`"""
    return record_mapping(frame, first(arguments), at, "asdict")


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
            return fresh_list(frame, Items(held, None), at, "tuple", "astuple")
    return derived(frame.deep_taints(first(arguments)))
