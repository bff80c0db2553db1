"""Sources: values that are marked data from where they are read.

user.phone                      a read of a marked field: the value gets a taint with this place
request.form["email"]           an object of a library that a rule names, or an item under a marked key
def login(phone): ...           a marked parameter
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.clearing import guarded
from flowcheck.flow.consents import agreed, cleared
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.labels import SourceLabel
from flowcheck.flow.mapped import table_of
from flowcheck.flow.objects import SHARED_OBJECTS, class_names, mro
from flowcheck.flow.results import Hop, SourceUse
from flowcheck.flow.rule_names import (
    columns_here,
    is_allowed_here,
    is_named,
    marks_of,
    names_of_method,
    rule_name,
    rules_for,
    rules_here,
)
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    NOTHING,
    Chain,
    Const,
    External,
    ObjectId,
    Ref,
    Source,
    Taint,
    Taints,
    Value,
    attr,
    derived,
    join,
    joined_taints,
)
from flowcheck.rules.model import FieldTarget, ParameterTarget
from flowcheck.rules.patterns import Pattern, spelled_out


def source_taints(
    frame: Frame, label: SourceLabel, name: str, at: Span, *, owner: ObjectId | None = None, assumed: str = ""
) -> Taints:
    """The taint of a source read here."""
    place = frame.place(at)
    severity = frame.machine.labels.source_of(label.rule).severity if label.rule >= 0 else None
    use = SourceUse(name, label.relation, label.purpose, label.category, place, severity)  # type: ignore[arg-type]
    index = frame.machine.sources.number(use)
    frame.machine.note_rule("source", label.rule)
    frame.machine.note_inventory(
        "supplied" if label.relation == "supplied_for" else "source", name, label.purpose, place, label.rule
    )
    verb = "supplied for" if label.relation == "supplied_for" else "collected for"
    note = f"`{name}` is {verb} {label.purpose}"
    if assumed:
        note += f"; {assumed}"
    chain = Chain(None, Hop("source", place, note, bool(assumed)))
    return guarded(frame, {Taint(Source(index, owner, bool(assumed))): chain})


def ruled(frame: Frame, rule: int, name: str, at: Span, owner: ObjectId | None = None) -> Taints:
    """The taint of a name that a source rule speaks of."""
    return source_taints(frame, frame.machine.labels.label_of_rule(rule, name), name, at, owner=owner)


def read_field(frame: Frame, value: Value, name: str, found: Value, at: Span) -> Value:
    """`value.name` was read: is it a marked field, or a marked object of a library?"""
    found = found.tainted(variable_taints(frame, found, at))
    labels = frame.machine.labels
    marked = labels.field_sources(name)
    may_be_ruled = name in labels.source_fields.last_words() or labels.source_fields.has_wildcards()
    if not marked and not may_be_ruled and not labels.classes and not labels.column_sources:
        return found
    taints: Taints = NO_TAINTS
    for atom in frame.look(value).atoms:
        if isinstance(atom, Ref):
            taints = joined_taints(taints, field_taints(frame, atom, name, at))
        elif not isinstance(atom, Const) and not (isinstance(atom, External) and has_no_records(atom.name)):
            taints = joined_taints(taints, assumed_field_taints(frame, name, at))
    return found.tainted(taints)


def field_taints(frame: Frame, ref: Ref, name: str, at: Span) -> Taints:
    """The taints of a field of one object."""
    obj = frame.object(ref)
    labels = frame.machine.labels
    if obj.kind == "class":
        owners = class_names(frame, ref)
        if not any(names_outside(frame, ref)):
            return NO_TAINTS
    elif obj.kind == "instance":
        owners = class_names(frame, obj.type)
    elif obj.kind == "external" or (obj.kind == "method" and isinstance(obj.detail, str)):
        owners = [str(obj.detail)]
    elif obj.kind == "unknown":
        return assumed_field_taints(frame, name, at, ref)
    else:
        return NO_TAINTS
    taints: Taints = NO_TAINTS
    for cls, label in labels.field_sources(name):
        if cls in owners:
            taints = joined_taints(taints, source_taints(frame, label, label.name, at, owner=ref.id))
    for owner in owners:
        for label in labels.classes.get(owner, ()):
            if is_data_field(frame, obj, name):
                taints = joined_taints(taints, source_taints(frame, label, f"{owner}.{name}", at, owner=ref.id))
        for _, place in rules_here(frame, labels.rules.sources, labels.source_fields, [f"{owner}.{name}"]):
            taints = joined_taints(taints, ruled(frame, place, rule_name(owner, name), at, ref.id))
    if labels.column_sources and obj.kind in {"instance", "class"}:
        taints = joined_taints(taints, column_rule_taints(frame, ref, name, at))
    taints = cleared(taints, agreed(obj))
    if not taints and obj.kind in {"external", "method"} and not is_known_library(str(obj.detail)):
        return assumed_field_taints(frame, name, at, ref)
    return taints


def column_rule_taints(frame: Frame, ref: Ref, name: str, at: Span) -> Taints:
    """The taints of a field whose class is mapped to a table that a rule speaks of."""
    labels, obj = frame.machine.labels, frame.object(ref)
    table = table_of(frame, ref if obj.kind == "class" else obj.type)
    taints: Taints = NO_TAINTS
    found = labels.sources_of_column(table, name) if table is not None else ()
    for label in columns_here(frame, labels.rules.sources, found):
        taints = joined_taints(taints, source_taints(frame, label, label.name, at, owner=ref.id))
    return taints


def names_outside(frame: Frame, ref: Ref) -> Iterator[str]:
    """The bases of a class outside the code base: reading a field from the class itself then means a column."""
    for each in mro(frame, ref):
        if isinstance(each, External) and not each.name.startswith(("builtins.", "abc.", "typing.", "enum.")):
            yield each.name
    table = table_of(frame, ref)
    if table is not None:
        yield table


def has_no_records(name: str) -> bool:
    """Whether an object of a library is surely no record of somebody's data."""
    return name in SHARED_OBJECTS or is_known_library(name)


def is_known_library(name: str) -> bool:
    """Whether a name is one of Python's own, whose objects are no records of anybody's data."""
    return name.partition(".")[0] in {
        "builtins",
        "hashlib",
        "hmac",
        "re",
        "datetime",
        "logging",
        "threading",
        "asyncio",
    }


def is_data_field(frame: Frame, obj: Obj, name: str) -> bool:
    """Whether an attribute of a class marked as a whole is data and not a method."""
    held = obj.fields.get(attr(name))
    if held is not None and any(o.kind in {"function", "wrapper", "method"} for _, o in frame.objects(held)):
        return False
    found = frame.machine.class_lookup(frame, obj.type if obj.kind != "class" else None, name)
    if found is None:
        return not name.startswith("__")
    return not any(o.kind in {"function", "wrapper"} for _, o in frame.objects(found))


def spelled_name(pattern: Pattern, name: str) -> str:
    """The name a pattern gives a field: of `User.{phone,email}` that of the one that was read."""
    fitting = [text for text in spelled_out(pattern.text) if text.rpartition(".")[2] == name]
    return fitting[0] if fitting else pattern.text


def assumed_field_taints(frame: Frame, name: str, at: Span, ref: Ref | None = None) -> Taints:
    """A field of an object of unknown class, matched by its name alone. Whose it is matters to consents only."""
    owner = ref.id if ref is not None and frame.machine.labels.rules.consents else None
    taints: Taints = NO_TAINTS
    reason = "matched by name, since the object's class is not known"
    labels = frame.machine.labels
    for _, label in labels.field_sources(name):
        taints = joined_taints(taints, source_taints(frame, label, label.name, at, owner=owner, assumed=reason))
    if name in labels.source_fields.last_words():
        for place, rule in enumerate(labels.rules.sources):
            if isinstance(rule.target, FieldTarget) and not rule.origin.is_builtin and not rule.target.steps:
                words = rule.target.pattern.last_words()
                if words is not None and name in words:
                    label = labels.label_of_rule(place, "")
                    shown = spelled_name(rule.target.pattern, name)
                    found = source_taints(frame, label, shown, at, owner=owner, assumed=reason)
                    taints = joined_taints(taints, found)
    return taints


def variable_taints(frame: Frame, value: Value, at: Span) -> Taints:
    """The taints of an object of a library that a rule names: `flask.request.form`."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    for atom in value.atoms:
        if isinstance(atom, External):
            for name, place in rules_here(frame, labels.rules.sources, labels.source_variables, [atom.name]):
                taints = joined_taints(taints, ruled(frame, place, name, at))
    return taints


def read_variable(frame: Frame, node: tree.Name, value: Value) -> Value:
    """A name was read."""
    if not any(isinstance(atom, External) for atom in value.atoms):
        return value
    return value.tainted(variable_taints(frame, value, node.at))


def read_item(frame: Frame, value: Value, subscript: Value, found: Value, at: Span) -> Value:
    """`value[key]` was read: is it a marked key, or a marked field of a typed dictionary?"""
    taints = key_taints(frame, value, subscript, at)
    for ref, obj in frame.objects(value) if frame.machine.labels.fields else ():
        if obj.kind == "instance" and is_typed_dictionary(frame, obj):
            for atom in frame.constants(subscript):
                if isinstance(atom, Const) and isinstance(atom.value, str):
                    taints = joined_taints(taints, field_taints(frame, ref, atom.value, at))
    return found.tainted(taints)


def is_typed_dictionary(frame: Frame, obj: Obj) -> bool:
    """Whether an object came in as a dictionary whose keys its class names."""
    return any(isinstance(each, External) and each.name.endswith(".TypedDict") for each in mro(frame, obj.type))


def key_taints(frame: Frame, value: Value, subscript: Value, at: Span) -> Taints:
    """The taints of an item under a constant key that a rule names."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    forms = [name.removesuffix("()") for name in forms_of(frame, value)]
    if not labels.source_keys and not forms:
        return taints
    for atom in frame.constants(subscript):
        if not isinstance(atom, Const) or not isinstance(atom.value, str):
            continue
        for target, place in labels.source_keys:
            named = is_named(frame, value, target.of.matches) if target.of is not None else ""
            if target.key.matches(atom.value) and named is not None:
                name = f"{named}[{atom.value}]" if named else atom.value
                dotted = f"{named}.{atom.value}" if named else atom.value
                if not is_allowed_here(frame, labels.source_of(place).narrowing, dotted):
                    continue
                taints = joined_taints(taints, ruled(frame, place, name, at))
        for form in forms:
            full = f"{form}.{atom.value}"
            for _, place in rules_here(frame, labels.rules.sources, labels.source_fields, [full]):
                taints = joined_taints(taints, ruled(frame, place, full, at))
    return taints


def forms_of(frame: Frame, value: Value) -> list[str]:
    """The forms of libraries whose data a mapping is: `form.cleaned_data`, `serializer.validated_data`."""
    names = [str(obj.detail) for _, obj in frame.objects(value) if obj.kind in {"method", "external"}]
    names += [atom.name for atom in value.atoms if isinstance(atom, External)]
    parts = [name.removesuffix("()").rpartition(".") for name in names]
    return [owner for owner, _, last in parts if last in {"cleaned_data", "validated_data", "data", "initial_data"}]


def assigned_variable(frame: Frame, target: tree.Name, value: Value, at: Span) -> Value:
    """A variable was assigned: a marked one makes what it holds marked data."""
    labels = frame.machine.labels
    qualname = "" if frame.code.kind == "module" else f"{frame.code.qualname}."
    name = f"{frame.module}.{qualname}{target.id}"
    taints: Taints = NO_TAINTS
    for label in labels.variables.get((frame.module, f"{qualname}{target.id}"), ()):
        taints = joined_taints(taints, source_taints(frame, label, label.name, target.at))
    if frame.code.kind == "module":
        for _, place in rules_here(frame, labels.rules.sources, labels.source_variables, [name]):
            taints = joined_taints(taints, ruled(frame, place, name, target.at))
    for ref, obj in frame.objects(value) if taints else ():
        if obj.kind in {"list", "dict", "set"}:
            own = frame.own(ref)
            frame.state.heap[ref.id] = own.replaced(rest=join(own.rest or NOTHING, derived(taints)))
            frame.machine.note_store(frame, ref, ELEMENT, derived(taints))
    return value.tainted(taints)


def parameter_taints(frame: Frame, code: Code, name: str, at: Span) -> Taints:
    """The taints of a marked parameter."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    full = f"{frame.module}.{code.qualname}"
    for marked in marks_of(frame, frame.ref, code):
        for label in marked.parameters.get(name, ()):
            if label.relation != "used_for":
                source = SourceLabel(full, label.relation, label.purpose, None, -1, by_name_only=False)
                taints = joined_taints(taints, source_taints(frame, source, f"{full}.{name}", at))
    names = [full]
    if code.name in labels.source_parameters.last_words() or labels.source_parameters.has_wildcards():
        names = names_of_method(frame, frame.ref, code)
    for _, place in rules_for(frame, labels.rules.sources, labels.source_parameters, names, frame.ref):
        target = labels.source_of(place).target
        assert isinstance(target, ParameterTarget)
        if target.name.matches(name):
            taints = joined_taints(taints, ruled(frame, place, f"{full}.{name}", at))
    return taints
