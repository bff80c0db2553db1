"""Labelling: where the interpreter meets sources, sinks, sanitizers and guards.

    user.phone                  a read of a marked field: the value gets a taint with this place
    sync_audience(rows)         a call of a sink: what its arguments hold has reached it
    if user.ads_consent: ...    inside, this user's data may be used for advertising
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import bind_arguments
from flowcheck.flow.consents import agreed, cleared
from flowcheck.flow.events import Cell, Compared, Reached, SinkPoint, Stopped, Stored, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import is_global
from flowcheck.flow.labels import CodeLabels, SinkLabel, SourceLabel
from flowcheck.flow.mapped import table_of
from flowcheck.flow.models import content_of
from flowcheck.flow.names import read_name
from flowcheck.flow.objects import class_name, class_names, mro
from flowcheck.flow.results import Clearance, Hop, Place, SourceUse
from flowcheck.flow.schemas import is_target, table_id
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    NOTHING,
    Below,
    Chain,
    Const,
    Content,
    External,
    Input,
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
from flowcheck.program.program import CodeRef
from flowcheck.rules.access import AnyBelow, AnyElement, ArgumentPath, Index, Key
from flowcheck.rules.model import FieldTarget, ParameterTarget, VariableTarget

# --- sources -------------------------------------------------------------------------------------


def source_taints(frame: Frame, label: SourceLabel, name: str, at: Span, *, owner: ObjectId | None = None, assumed: str = "") -> Taints:
    """The taint of a source read here."""
    place = frame.place(at)
    index = frame.machine.source_index(SourceUse(name, label.relation, label.purpose, label.category, place))  # type: ignore[arg-type]
    frame.machine.note_rule("source", label.rule)
    frame.machine.note_inventory("supplied" if label.relation == "supplied_for" else "source", name, label.purpose, place, label.rule)
    verb = "supplied for" if label.relation == "supplied_for" else "collected for"
    note = f"`{name}` is {verb} {label.purpose}"
    if assumed:
        note += f"; {assumed}"
    chain = Chain(None, Hop("source", place, note, bool(assumed)))
    return guarded(frame, {Taint(Source(index, owner, bool(assumed))): chain})


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
        elif not isinstance(atom, Const | External):
            taints = joined_taints(taints, assumed_field_taints(frame, name, at))
    return found.tainted(taints)


def field_taints(frame: Frame, ref: Ref, name: str, at: Span) -> Taints:
    """The taints of a field of one object."""
    obj = frame.object(ref)
    labels = frame.machine.labels
    if obj.kind == "class":
        owners = class_names(frame, ref) if obj.kind == "class" else []
        if not any(names_outside(frame, ref)):
            return NO_TAINTS
    elif obj.kind == "instance":
        owners = class_names(frame, obj.type)
    elif obj.kind == "external":
        owners = [str(obj.detail)]
    elif obj.kind == "unknown":
        return assumed_field_taints(frame, name, at)
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
        for place in labels.source_fields.matching(f"{owner}.{name}"):
            if allowed(frame, labels.source_of(place).narrowing, f"{owner}.{name}"):
                taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), rule_name(owner, name), at, owner=ref.id))
    if labels.column_sources and obj.kind in {"instance", "class"}:
        taints = joined_taints(taints, column_rule_taints(frame, ref, name, at))
    taints = cleared(taints, agreed(obj))
    if not taints and obj.kind == "external" and not is_known_library(str(obj.detail)):
        return assumed_field_taints(frame, name, at)
    return taints


def column_rule_taints(frame: Frame, ref: Ref, name: str, at: Span) -> Taints:
    """The taints of a field whose class is mapped to a table that a rule speaks of."""
    labels, obj = frame.machine.labels, frame.object(ref)
    table = table_of(frame, ref if obj.kind == "class" else obj.type)
    taints: Taints = NO_TAINTS
    for target, place in labels.column_sources if table is not None else ():
        if is_target(target, table or "", name):
            shown = f"{table}.{name}"
            taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, shown), shown, at, owner=ref.id))
    return taints


def names_outside(frame: Frame, ref: Ref) -> Iterator[str]:
    """The bases of a class that lie outside the code base: reading a field from the class itself then means a column."""
    for each in mro(frame, ref):
        if isinstance(each, External) and not each.name.startswith(("builtins.", "abc.", "typing.", "enum.")):
            yield each.name


def rule_name(owner: str, name: str) -> str:
    return f"{owner.removesuffix('()')}.{name}"


def is_known_library(name: str) -> bool:
    """Whether a name is one of Python's own, whose objects are no records of anybody's data."""
    return name.partition(".")[0] in {"builtins", "hashlib", "hmac", "re", "datetime", "logging", "threading", "asyncio"}


def is_data_field(frame: Frame, obj: Obj, name: str) -> bool:
    """Whether an attribute of a class marked as a whole is data and not a method."""
    held = obj.fields.get(attr(name))
    if held is not None and any(o.kind in {"function", "wrapper", "method"} for _, o in frame.objects(held)):
        return False
    found = frame.machine.class_lookup(frame, obj.type if obj.kind != "class" else None, name)
    if found is None:
        return not name.startswith("__")
    return not any(o.kind in {"function", "wrapper"} for _, o in frame.objects(found))


def assumed_field_taints(frame: Frame, name: str, at: Span) -> Taints:
    """A field of an object of unknown class, matched by its name alone."""
    taints: Taints = NO_TAINTS
    reason = "matched by name, since the object's class is not known"
    labels = frame.machine.labels
    for _, label in labels.field_sources(name):
        taints = joined_taints(taints, source_taints(frame, label, label.name, at, assumed=reason))
    if name in labels.source_fields.last_words():
        for place, rule in enumerate(labels.rules.sources):
            if isinstance(rule.target, FieldTarget) and not rule.origin.is_builtin and not rule.target.steps:
                words = rule.target.pattern.last_words()
                if words is not None and name in words:
                    label = labels.label_of_rule(place, "")
                    taints = joined_taints(taints, source_taints(frame, label, str(rule.target.pattern), at, assumed=reason))
    return taints


def variable_taints(frame: Frame, value: Value, at: Span) -> Taints:
    """The taints of an object of a library that a rule names: `flask.request.form`."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    for atom in value.atoms:
        if isinstance(atom, External):
            for place in labels.source_variables.matching(atom.name):
                if allowed(frame, labels.source_of(place).narrowing, atom.name):
                    taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), atom.name, at))
    return taints


def read_variable(frame: Frame, node: tree.Name, value: Value) -> Value:
    """A name was read."""
    if not any(isinstance(atom, External) for atom in value.atoms):
        return value
    return value.tainted(variable_taints(frame, value, node.at))


def read_item(frame: Frame, value: Value, subscript: Value, found: Value, at: Span) -> Value:
    """`value[key]` was read: is it a marked key?"""
    return found.tainted(key_taints(frame, value, subscript, at))


def key_taints(frame: Frame, value: Value, subscript: Value, at: Span) -> Taints:
    """The taints of an item under a constant key that a rule names."""
    labels = frame.machine.labels
    if not labels.source_keys:
        return NO_TAINTS
    taints: Taints = NO_TAINTS
    for atom in frame.constants(subscript):
        if not isinstance(atom, Const) or not isinstance(atom.value, str):
            continue
        for target, place in labels.source_keys:
            if target.key.matches(atom.value) and (target.of is None or is_named(frame, value, target.of.matches)):
                name = f"{target.of}[{atom.value}]" if target.of is not None else atom.value
                taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), name, at))
    return taints


def is_named(frame: Frame, value: Value, matches: object) -> bool:
    """Whether a value may be the object that a pattern names."""
    assert callable(matches)
    for atom in frame.look(value).atoms:
        if isinstance(atom, External) and matches(atom.name):
            return True
        if isinstance(atom, Ref) and frame.object(atom).kind == "external" and matches(str(frame.object(atom).detail)):
            return True
    return False


def assigned_variable(frame: Frame, target: tree.Name, value: Value, at: Span) -> Value:
    """A variable was assigned: a marked one makes what it holds marked data."""
    del at
    labels = frame.machine.labels
    qualname = "" if frame.code.kind == "module" else f"{frame.code.qualname}."
    name = f"{frame.module}.{qualname}{target.id}"
    taints: Taints = NO_TAINTS
    for label in labels.variables.get((frame.module, f"{qualname}{target.id}"), ()):
        taints = joined_taints(taints, source_taints(frame, label, label.name, target.at))
    if frame.code.kind == "module":
        for place in labels.source_variables.matching(name):
            taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), name, target.at))
    return value.tainted(taints)


def parameter_taints(frame: Frame, code: Code, name: str, at: Span) -> Taints:
    """The taints of a marked parameter."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    marked = labels.codes.get((frame.module, code.qualname))
    full = f"{frame.module}.{code.qualname}"
    for label in marked.parameters.get(name, ()) if marked is not None else ():
        if label.relation != "used_for":
            source = SourceLabel(full, label.relation, label.purpose, None, -1, by_name_only=False)
            taints = joined_taints(taints, source_taints(frame, source, f"{full}.{name}", at))
    for place in labels.source_parameters.matching(full):
        rule = labels.source_of(place)
        assert isinstance(rule.target, ParameterTarget)
        if rule.target.name.matches(name) and allowed(frame, rule.narrowing, full, frame.ref):
            taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), f"{full}.{name}", at))
    return taints


def allowed(frame: Frame, narrowing: object, name: str, ref: CodeRef | None = None) -> bool:
    """Whether a rule's `unless` and `decorated` let it speak of a name."""
    if narrowing.excludes(name):  # type: ignore[attr-defined]
        return False
    pattern = narrowing.decorated  # type: ignore[attr-defined]
    if pattern is None:
        return True
    return ref is not None and any(pattern.matches(each) for each in frame.machine.decorator_names(ref))


# --- calls of the code base ----------------------------------------------------------------------


def before_call(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments, at: Span) -> Value | None:
    """A function of the code base is about to be called: sinks, then sanitizers; a value replaces the call."""
    names = function_names(frame, ref, code, arguments)
    note_code_sinks(frame, ref, code, names, arguments, at)
    return sanitized_call(frame, names, arguments, at, code)


def function_names(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments) -> list[str]:
    """The dotted names a function goes by: its own, and that of a method in the receiver's class and its bases."""
    names = [f"{ref.module}.{code.qualname}"]
    if frame.machine.is_method(ref) and arguments.positional:
        for atom in frame.look(arguments.positional[0]).atoms:
            if isinstance(atom, Ref):
                obj = frame.object(atom)
                cls = atom if obj.kind == "class" else obj.type
                names.extend(f"{name}.{code.name}" for name in class_names(frame, cls))
                if code.name == "__init__":
                    names.extend(class_names(frame, cls))
    return list(dict.fromkeys(names))


def note_code_sinks(frame: Frame, ref: CodeRef, code: Code, names: list[str], arguments: Arguments, at: Span) -> None:
    """The uses that marks and rules say this call is."""
    labels = frame.machine.labels
    given = list(named_arguments(frame, ref, code, arguments))
    name = names[0]
    for label in marked_sinks(frame, ref, code):
        reach(frame, label, name, given, arguments, at)
    marked = labels.codes.get((ref.module, code.qualname))
    for parameter, its_labels in marked.parameters.items() if marked is not None else ():
        for each in its_labels:
            if each.relation == "used_for":
                sink = SinkLabel(name, each.purpose, None, None, (ArgumentPath(None, parameter),), -1)
                reach(frame, sink, name, given, arguments, at)
    for place in matching_rules(frame, names, ref):
        rule = labels.sink_of(place)
        sink = labels.sink_of_rule(place, name)
        if isinstance(rule.target, ParameterTarget):
            for argument, value in given:
                if isinstance(argument, str) and rule.target.name.matches(argument):
                    reach(frame, sink, name, [(argument, value)], arguments, at)
        else:
            reach(frame, sink, name, given, arguments, at)


def marked_sinks(frame: Frame, ref: CodeRef, code: Code) -> Iterator[SinkLabel]:
    """Sinks by a mark on the function, or on the class whose public method it is."""
    labels = frame.machine.labels
    marked: CodeLabels | None = labels.codes.get((ref.module, code.qualname))
    for label in marked.sinks if marked is not None else ():
        yield SinkLabel(f"{ref.module}.{code.qualname}", label.purpose, None, None, None, -1)
    owner, _, method = code.qualname.rpartition(".")
    if owner and not method.startswith("_"):
        for label in labels.sink_classes.get(f"{ref.module}.{owner}", ()):
            yield SinkLabel(f"{ref.module}.{code.qualname}", label.purpose, None, None, None, -1)


def matching_rules(frame: Frame, names: list[str], ref: CodeRef) -> list[int]:
    """The sink rules that speak of a function by any of its names."""
    labels = frame.machine.labels
    found: dict[int, None] = {}
    for name in names:
        for index in (labels.sink_calls, labels.sink_parameters):
            for place in index.matching(name):
                if allowed(frame, labels.sink_of(place).narrowing, name, ref):
                    found[place] = None
    for pattern, place in labels.sink_packages:
        if pattern.is_within(names[0]) and allowed(frame, labels.sink_of(place).narrowing, names[0], ref):
            found[place] = None
    return list(found)


def named_arguments(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments) -> Iterator[tuple[str | int, Value]]:
    """The arguments under the names of the parameters they meet; the receiver is not one of them."""
    is_method = frame.machine.is_method(ref)
    bound = bind_arguments(frame, code, Obj("function"), arguments, code.at)
    for position, parameter in enumerate(code.parameters):
        if is_method and position == 0:
            yield "self", bound[parameter.name]
        elif parameter.name in bound and is_passed(parameter.name, position, parameter.kind, arguments):
            yield parameter.name, bound[parameter.name]


def is_passed(name: str, position: int, kind: str, arguments: Arguments) -> bool:
    """Whether an argument meets the parameter."""
    if kind in {"star", "double_star"} or arguments.more is not None or arguments.extra is not None:
        return True
    return name in arguments.keywords or position < len(arguments.positional)


def after_call(frame: Frame, ref: CodeRef, code: Code, result: Value, at: Span) -> Value:
    """A function of the code base has returned: is what it returns marked data?"""
    labels = frame.machine.labels
    name = f"{ref.module}.{code.qualname}"
    taints: Taints = NO_TAINTS
    marked = labels.codes.get((ref.module, code.qualname))
    for label in marked.returns if marked is not None else ():
        source = SourceLabel(name, label.relation, label.purpose, None, -1, by_name_only=False)
        taints = joined_taints(taints, source_taints(frame, source, name, at))
    for place in labels.source_calls.matching(name):
        if allowed(frame, labels.source_of(place).narrowing, name, ref):
            taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), name, at))
    return result.tainted(taints)


# --- calls of libraries ------------------------------------------------------------------------------


def before_external(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """Something outside the code base is about to be called."""
    labels = frame.machine.labels
    for shown in external_names(frame, name, receiver):
        for place in labels.sink_calls.matching(shown):
            rule = labels.sink_of(place)
            if allowed(frame, rule.narrowing, shown):
                given = external_arguments(receiver, arguments)
                reach(frame, labels.sink_of_rule(place, plain_name(shown)), plain_name(shown), given, arguments, at)
        for place in labels.triggers.matching(shown):
            note_trigger(frame, place, plain_name(shown), receiver, arguments, at)
    note_url_sinks(frame, name, receiver, arguments, at)
    return sanitized_call(frame, external_names(frame, name, receiver), arguments, at, None)


def external_names(frame: Frame, name: str, receiver: Value | None) -> list[str]:
    """The names a library call goes by; a method inherited from a library's class also by the subclass's."""
    names = [name]
    method = name.rpartition(".")[2]
    for _, obj in frame.objects(receiver) if receiver is not None else ():
        if obj.kind == "instance" and obj.type is not None:
            names.extend(f"{each}.{method}" for each in class_names(frame, obj.type))
    return list(dict.fromkeys(names))


def plain_name(name: str) -> str:
    """A name as reports show it: `Client.upload` for `Client().upload`."""
    return name.replace("().", ".").removesuffix("()")


def external_arguments(receiver: Value | None, arguments: Arguments) -> list[tuple[str | int, Value]]:
    """The arguments under their positions and keywords."""
    given: list[tuple[str | int, Value]] = list(enumerate(arguments.positional))
    given.extend(arguments.keywords.items())
    if arguments.more is not None:
        given.append((len(arguments.positional), arguments.more))
    if arguments.extra is not None:
        given.append(("**", arguments.extra))
    if receiver is not None:
        given.append(("self", receiver))
    return given


def after_external(
    frame: Frame, name: str, receiver: Value | None, arguments: Arguments, result: Value, at: Span
) -> Value:
    """A library call has returned: marked data by a rule, an item under a marked key, a carrier's data."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    for shown in external_names(frame, name, receiver):
        for place in labels.source_calls.matching(shown):
            if allowed(frame, labels.source_of(place).narrowing, shown):
                taints = joined_taints(taints, source_taints(frame, labels.label_of_rule(place, ""), plain_name(shown), at))
    owner, _, method = name.rpartition(".")
    if method in {"get", "pop", "getlist", "setdefault"} and arguments.get(0) is not None:
        holder = receiver if receiver is not None else Value((External(owner),))
        taints = joined_taints(taints, key_taints(frame, holder, arguments.get(0) or NOTHING, at))
    holder_taints = variable_taints(frame, Value((External(owner),)), at) if receiver is None else NO_TAINTS
    if holder_taints:
        taints = joined_taints(taints, holder_taints)
    return frame.machine.carried(frame, name, result.tainted(taints), arguments, receiver, at)


# --- reaching sinks ----------------------------------------------------------------------------------


def reach(
    frame: Frame,
    label: SinkLabel,
    name: str,
    given: list[tuple[str | int, Value]],
    arguments: Arguments,
    at: Span,
) -> None:
    """Note what reaches a sink through which argument."""
    frame.machine.note_rule("sink", label.rule)
    frame.machine.sink_places.setdefault((frame.machine.function_name(frame), name), set()).add(frame.place(at))
    frame.machine.note_inventory("sink", name, label.used_for, frame.place(at), label.rule, label.recipient or "")
    for argument, taints in reaching(frame, label, given):
        if taints:
            note_reached(frame, label, name, argument, taints, at)
    del arguments


def reaching(
    frame: Frame, label: SinkLabel, given: list[tuple[str | int, Value]]
) -> Iterator[tuple[str | int, Taints]]:
    """Each argument that counts, with the taints of what counts of it."""
    if label.arguments is None:
        for argument, value in given:
            if argument != "self":
                yield argument, frame.deep_taints(frame.machine.forced(frame, value))
        return
    for path in label.arguments:
        for position, (argument, value) in enumerate(given):
            if is_argument(path, argument, position, given):
                yield path.shown, taken_taints(frame, frame.machine.forced(frame, value), path)


def is_argument(path: ArgumentPath, argument: str | int, position: int, given: list[tuple[str | int, Value]]) -> bool:
    """Whether a rule's path speaks of this argument."""
    if path.is_receiver:
        return argument == "self"
    if argument == "self":
        return False
    if argument == "**":
        return True
    if path.name is not None and argument == path.name:
        return True
    offset = 1 if given and given[0][0] == "self" else 0
    return path.position is not None and position - offset == path.position and (isinstance(argument, int) or offset >= 0) and not (
        isinstance(argument, str) and isinstance(given[0][0], int)
    )


def taken_taints(frame: Frame, value: Value, path: ArgumentPath) -> Taints:
    """The taints of what lies below an argument at a path."""
    for step in path.steps:
        if isinstance(step, AnyBelow):
            break
        if isinstance(step, AnyElement):
            value = frame.content(value, ELEMENT)
        elif isinstance(step, Key | Index):
            held = frame.machine.get_item_by_key(frame, value, step.value if isinstance(step, Key) else step.position)
            value = held
        else:
            value = frame.content(value, content_of(step)).present()
    return frame.deep_taints(value)


def note_reached(
    frame: Frame, label: SinkLabel, name: str, argument: str | int | None, taints: Taints, at: Span, *, is_carrier: bool | None = None
) -> None:
    """An event: data reached a sink at a place."""
    point = SinkPoint(
        name,
        argument,
        label.used_for,
        label.recipient,
        label.severity,
        frame.place(at),
        frame.machine.function_name(frame),
        label.rule,
        label.trigger is not None if is_carrier is None else is_carrier,
    )
    add_event(frame.events, Reached(point, guarded(frame, taints), frame.state.pending))


def note_trigger(frame: Frame, rule: int, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """A trigger was called: what its receiver and arguments hold of the rule's carrier has reached the sink."""
    taints: Taints = NO_TAINTS
    for value in [*([receiver] if receiver is not None else []), *arguments]:
        taints = joined_taints(taints, frame.deep_taints(value))
    label = frame.machine.labels.sink_of_rule(rule, name)
    carried = {taint: chain for taint, chain in taints.items() if rule in taint.carried or isinstance(taint.origin, Below)}
    if carried:
        note_reached(frame, label, name, None, {Taint(t.origin, t.cleared, t.carried): c for t, c in carried.items()}, at, is_carrier=False)


def carried(
    frame: Frame, name: str, result: Value, arguments: Arguments, receiver: Value | None, at: Span
) -> Value:
    """What a carrier holds is marked as held by it, so that its trigger knows it again."""
    labels = frame.machine.labels
    for shown in external_names(frame, name, receiver):
        for place in labels.sink_calls.matching(shown):
            rule = labels.sink_of(place)
            if rule.trigger is None or not allowed(frame, rule.narrowing, shown):
                continue
            taints: Taints = NO_TAINTS
            label = labels.sink_of_rule(place, shown)
            for _, held in reaching(frame, label, external_arguments(receiver, arguments)):
                taints = joined_taints(taints, held)
            marked = {Taint(t.origin, t.cleared, tuple(sorted({*t.carried, place}))): c for t, c in taints.items()}
            result = result.tainted(marked)
            for ref, obj in frame.objects(receiver) if receiver is not None else ():
                if marked:
                    frame.own(ref)
                    before = obj.fields.get(ELEMENT, NOTHING)
                    frame.state.heap[ref.id] = frame.object(ref).replaced({**frame.object(ref).fields, ELEMENT: join(before, derived(marked))})
    del at
    return result


HTTP_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "urlopen", "Request"})
HTTP_CLIENTS = frozenset({"requests", "httpx", "aiohttp", "urllib", "urllib3", "niquests"})


def note_url_sinks(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """A request of a known HTTP client: its address decides whether it is a use."""
    labels = frame.machine.labels
    method = name.rpartition(".")[2]
    if not labels.sink_urls or method not in HTTP_METHODS or name.partition(".")[0] not in HTTP_CLIENTS:
        return
    position = 1 if method in {"request", "stream"} else 0
    url = arguments.get(position, "url") or NOTHING
    base = base_url(frame, receiver)
    for atom in frame.constants(url):
        if not isinstance(atom, Const) or not isinstance(atom.value, str):
            continue
        pieces = pieces_of(base + atom.value if not atom.value.startswith(("http:", "https:")) else atom.value)
        for pattern, place in labels.sink_urls:
            if pattern.matches_pieces(pieces):
                given = [each for each in external_arguments(None, arguments)]
                reach(frame, labels.sink_of_rule(place, plain_name(name)), plain_name(name), given, arguments, at)


def base_url(frame: Frame, receiver: Value | None) -> str:
    """The base address of a client object, where it has one."""
    for _, obj in frame.objects(receiver) if receiver is not None else ():
        held = obj.fields.get(attr("base_url"))
        for atom in frame.constants(held) if held is not None else ():
            if isinstance(atom, Const) and isinstance(atom.value, str):
                return atom.value
    return ""


def pieces_of(text: str) -> list[str | None]:
    """A text with holes as known and unknown pieces."""
    pieces: list[str | None] = []
    for place, piece in enumerate(text.split(HOLE)):
        if place:
            pieces.append(None)
        if piece:
            pieces.append(piece)
    return pieces


# --- writes, returns ---------------------------------------------------------------------------------


def written_field(frame: Frame, owner: Value, name: str, value: Value, at: Span) -> None:
    """`owner.name = value`: is the field a sink?"""
    labels = frame.machine.labels
    if name not in labels.field_sinks and not labels.rules.sinks:
        return
    for atom in frame.look(owner).atoms:
        for owner_name in owner_names(frame, atom):
            for cls, label in labels.field_sinks.get(name, ()):
                if cls == owner_name:
                    reach(frame, label, label.name, [(name, value)], Arguments(), at)
            full = f"{owner_name}.{name}"
            for index in (labels.sink_fields, labels.sink_variables):
                for place in index.matching(full):
                    rule = labels.sink_of(place)
                    steps = rule.target.steps if isinstance(rule.target, FieldTarget | VariableTarget) else ()
                    if not steps and allowed(frame, rule.narrowing, full):
                        label = labels.sink_of_rule(place, plain_name(full))
                        without_arguments = SinkLabel(label.name, label.used_for, label.recipient, label.severity, None, place, label.trigger)
                        reach(frame, without_arguments, plain_name(full), [(name, value)], Arguments(), at)
        if labels.column_sinks and isinstance(atom, Ref):
            written_column(frame, atom, name, value, at)


def written_column(frame: Frame, ref: Ref, name: str, value: Value, at: Span) -> None:
    """A field was written whose class is mapped to a table that a rule speaks of."""
    table = table_of(frame, frame.object(ref).type)
    for target, place in frame.machine.labels.column_sinks if table is not None else ():
        if is_target(target, table or "", name):
            shown = f"{table}.{name}"
            label = frame.machine.labels.sink_of_rule(place, shown)
            whole = SinkLabel(shown, label.used_for, label.recipient, label.severity, None, place)
            reach(frame, whole, shown, [(name, value)], Arguments(), at)


def owner_names(frame: Frame, atom: object) -> list[str]:
    """The names under which rules know an object or its class."""
    if isinstance(atom, External):
        return [atom.name]
    if not isinstance(atom, Ref):
        return []
    obj = frame.object(atom)
    if obj.kind == "class":
        return class_names(frame, atom)
    if obj.kind == "instance":
        return class_names(frame, obj.type)
    return [str(obj.detail)] if obj.kind == "external" else []


def written_item(frame: Frame, owner: Value, subscript: Value, value: Value, at: Span) -> None:
    """`owner[key] = value`: is the mapping a sink?"""
    labels = frame.machine.labels
    if not labels.rules.sinks:
        return
    for atom in frame.look(owner).atoms:
        for owner_name in owner_names(frame, atom):
            for index in (labels.sink_fields, labels.sink_variables):
                for place in index.matching(owner_name):
                    rule = labels.sink_of(place)
                    steps = rule.target.steps if isinstance(rule.target, FieldTarget | VariableTarget) else ()
                    if steps and fits(frame, steps[0], subscript):
                        label = labels.sink_of_rule(place, plain_name(owner_name))
                        plain = SinkLabel(label.name, label.used_for, label.recipient, label.severity, None, place)
                        reach(frame, plain, plain_name(owner_name), [("item", value)], Arguments(), at)


def fits(frame: Frame, step: object, subscript: Value) -> bool:
    """Whether an access step of a rule allows a subscript."""
    if isinstance(step, AnyElement | AnyBelow):
        return True
    wanted = step.value if isinstance(step, Key) else step.position if isinstance(step, Index) else None
    return any(isinstance(atom, Const) and atom.value == wanted for atom in frame.constants(subscript))


def returning(frame: Frame, value: Value, at: Span) -> None:
    """`return value`: is the returned value a sink?"""
    labels = frame.machine.labels
    name = f"{frame.module}.{frame.code.qualname}"
    for place in labels.sink_returns.matching(name):
        if allowed(frame, labels.sink_of(place).narrowing, name, frame.ref):
            label = labels.sink_of_rule(place, name)
            whole = SinkLabel(name, label.used_for, label.recipient, label.severity, None, place)
            reach(frame, whole, name, [("return", value)], Arguments(), at)


def note_inner_store(frame: Frame, obj: Obj, content: Content, taints: Taints) -> None:
    """A store in a container that came in as part of an instance: others find it below the instance's field."""
    path = obj.origin or ()
    for depth in range(len(path) - 1, 0, -1):
        if path[depth].kind != "attr":
            continue
        for _, owner in frame.objects(Value((Input(path[:depth]),))):
            for name in class_names(frame, owner.type) if owner.kind == "instance" else ():
                if "." in name and not name.startswith("builtins."):
                    cell = Cell(name, (path[depth], *path[depth + 1 :], content)[:2])
                    add_event(frame.events, Stored(cell, taints, frame.state.pending))
        return


def note_store(frame: Frame, ref: Ref, content: Content, value: Value) -> None:
    """Data was stored in an object that code elsewhere may read."""
    taints = frame.deep_taints(value)
    if not taints:
        return
    obj = frame.object(ref)
    if is_global(ref.id):
        add_event(frame.events, Stored(Cell(ref.id, (content,)), taints, frame.state.pending))
    note_inner_store(frame, obj, content, taints)
    if obj.kind == "instance" and content.kind == "attr":
        for name in class_names(frame, obj.type):
            if "." in name and not name.startswith("builtins."):
                add_event(frame.events, Stored(Cell(name, (content,)), taints, frame.state.pending))
        table = table_of(frame, obj.type)
        if table is not None:
            add_event(frame.events, Stored(Cell(table_id(table), (content,)), taints, frame.state.pending))



# --- sanitizers and guards ---------------------------------------------------------------------------


def sanitized_call(frame: Frame, names: list[str], arguments: Arguments, at: Span, code: Code | None) -> Value | None:
    """The value that a sanitizer's call gives; None for a call that cleans nothing (or cleans in place)."""
    labels = frame.machine.labels
    result: Value | None = None
    for name in names:
        for place in labels.sanitizers.matching(name):
            rule = labels.sanitizer_of(place)
            if rule.is_guard or not allowed(frame, rule.narrowing, name):
                continue
            frame.machine.note_rule("sanitizer", place)
            clearance = frame.machine.clearance_index(Clearance("sanitizer", plain_name(name), rule.use, frame.place(at)))
            frame.machine.note_inventory("sanitizer", plain_name(name), rule.use or "", frame.place(at), place)
            if rule.arguments:
                clean_in_place(frame, rule.arguments, arguments, code, clearance)
                continue
            taints: Taints = NO_TAINTS
            for value in arguments:
                taints = joined_taints(taints, frame.deep_taints(value))
            hop = frame.hop("guard", at, f"cleaned by `{plain_name(name)}`")
            add_event(frame.events, Stopped(f"cleaned by the sanitizer `{plain_name(name)}`", frame.place(at), taints))
            result = derived(cleared_taints(taints, clearance, hop))
    return result


def cleared_taints(taints: Taints, clearance: int, hop: Hop | None = None) -> Taints:
    """The taints with a clearance more."""
    return {
        Taint(taint.origin, tuple(sorted({*taint.cleared, clearance})), taint.carried): Chain(chain, hop) if hop else chain
        for taint, chain in taints.items()
    }


def clean_in_place(
    frame: Frame, paths: tuple[ArgumentPath, ...], arguments: Arguments, code: Code | None, clearance: int
) -> None:
    """Clear all that an argument holds."""
    for path in paths:
        position = path.position
        if position is None and code is not None and path.name is not None:
            position = next((p for p, each in enumerate(code.parameters) if each.name == path.name), None)
        value = arguments.get(position if position is not None else len(arguments.positional), path.name or "")
        if value is not None:
            clear_value(frame, value, clearance)


def clear_value(frame: Frame, value: Value, clearance: int) -> None:
    """Clear the objects that a value holds, all the way down."""
    seen: set[ObjectId] = set()
    pending = [ref for ref, _ in frame.objects(value)]
    while pending:
        ref = pending.pop()
        if ref.id in seen:
            continue
        seen.add(ref.id)
        obj = frame.own(ref)
        held = [*obj.fields.values(), *([obj.rest] if obj.rest is not None else [])]
        pending.extend(atom for each in held for atom in each.atoms if isinstance(atom, Ref))
        fields = {content: cleared_value(each, clearance) for content, each in obj.fields.items()}
        rest = cleared_value(obj.rest, clearance) if obj.rest is not None else None
        frame.state.heap[ref.id] = obj.replaced(fields, rest)


def cleared_value(value: Value, clearance: int) -> Value:
    return Value(value.atoms, cleared_taints(value.taints, clearance)) if value.taints else value


def note_guard(frame: Frame, test: tree.Expression, outcome: bool) -> None:
    """A condition holds here: a guard's or a person's consent."""
    labels = frame.machine.labels
    if not outcome or (not labels.rules.consents and not labels.rules.sanitizers):
        return
    if isinstance(test, tree.Call):
        note_guard_call(frame, test)
    elif isinstance(test, tree.Attribute | tree.Name):
        note_consent(frame, test)


def note_guard_call(frame: Frame, test: tree.Call) -> None:
    """`if is_public(number):`"""
    function = frame.evaluate(test.func) if isinstance(test.func, tree.Name | tree.Attribute) else NOTHING
    for name, code in callee_names(frame, function):
        for place in frame.machine.labels.sanitizers.matching(name):
            rule = frame.machine.labels.sanitizer_of(place)
            if not rule.is_guard:
                continue
            frame.machine.note_rule("sanitizer", place)
            clearance = frame.machine.clearance_index(Clearance("sanitizer", plain_name(name), rule.use, frame.place(test.at)))
            for argument in guarded_arguments(rule.arguments, test, code):
                clear_variable(frame, argument, clearance)
        for place in frame.machine.labels.consents.matching(name):
            add_guard(frame, place, name, test.at, owners_of_call(frame, test))


def callee_names(frame: Frame, function: Value) -> Iterator[tuple[str, Code | None]]:
    """The dotted names of what a value calls."""
    for atom in frame.look(function).atoms:
        if isinstance(atom, External):
            yield atom.name, None
        elif isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind == "method":
                yield from callee_names(frame, obj.get(attr("__func__")))
                if isinstance(obj.detail, str):
                    yield obj.detail, None
            elif isinstance(obj.detail, CodeRef):
                code = frame.machine.program.code(obj.detail)
                yield f"{obj.detail.module}.{code.qualname}", code


def guarded_arguments(paths: tuple[ArgumentPath, ...], test: tree.Call, code: Code | None) -> Iterator[tree.Expression]:
    """The argument expressions that a guard speaks of."""
    for position, argument in enumerate(test.arguments):
        if not paths:
            yield argument.value
        for path in paths:
            name = code.parameters[position].name if code is not None and position < len(code.parameters) else ""
            if argument.name == path.name if argument.name else (path.position == position or (path.name and path.name == name)):
                yield argument.value


def clear_variable(frame: Frame, target: tree.Expression, clearance: int) -> None:
    """Clear what a variable holds on this branch."""
    if not isinstance(target, tree.Name):
        return
    value = read_name(frame, target)
    clear_value(frame, value, clearance)
    if value.taints and target.scope == tree.LOCAL and frame.namespace is None:
        frame.state.variables[frame.variable(target.id)] = cleared_value(value, clearance)


def note_consent(frame: Frame, test: tree.Attribute | tree.Name) -> None:
    """`if user.ads_consent:`"""
    labels = frame.machine.labels
    if isinstance(test, tree.Name):
        for place in labels.consents.matching(f"{frame.module}.{test.id}"):
            add_guard(frame, place, f"{frame.module}.{test.id}", test.at, None)
        return
    if test.attr not in labels.consents.last_words() and not labels.consents.has_wildcards():
        return
    owner = frame.evaluate(test.value)
    for atom in frame.look(owner).atoms:
        for name in owner_names(frame, atom):
            for place in labels.consents.matching(f"{name}.{test.attr}"):
                owners = frozenset(atom.id for atom in owner.atoms if isinstance(atom, Ref)) or None
                looked = frame.look(owner)
                owners = frozenset(each.id for each in looked.atoms if isinstance(each, Ref)) or owners
                add_guard(frame, place, f"{name}.{test.attr}", test.at, owners)


def owners_of_call(frame: Frame, test: tree.Call) -> frozenset[ObjectId] | None:
    """Whose consent a call asks for: the objects it is given."""
    values: Iterable[Value] = [frame.evaluate(each.value) for each in test.arguments]
    if isinstance(test.func, tree.Attribute):
        values = [*values, frame.evaluate(test.func.value)]
    return frozenset(ref.id for value in values for ref, _ in frame.objects(value)) or None


def add_guard(frame: Frame, rule: int, name: str, at: Span, owners: frozenset[ObjectId] | None) -> None:
    """A consent holds from here on in this state."""
    consent = frame.machine.labels.consent_of(rule)
    frame.machine.note_rule("consent", rule)
    frame.machine.note_inventory("consent", name, consent.allows, frame.place(at), rule)
    clearance = frame.machine.clearance_index(Clearance("consent", name, consent.allows, frame.place(at)))
    guard = (clearance, owners)
    if guard not in frame.state.guards:
        frame.state.guards = (*frame.state.guards, guard)


def guarded(frame: Frame, taints: Taints) -> Taints:
    """The taints, cleared by the consents that hold here."""
    for guard in frame.state.guards:
        assert isinstance(guard, tuple)
        clearance, owners = guard
        taints = {
            (Taint(t.origin, tuple(sorted({*t.cleared, clearance})), t.carried) if speaks_of(owners, t) else t): chain
            for t, chain in taints.items()
        }
    return taints


def speaks_of(owners: frozenset[ObjectId] | None, taint: Taint) -> bool:
    """Whether a consent is that of the person whose data it is."""
    if owners is None:
        return True
    if isinstance(taint.origin, Source):
        return taint.origin.owner is not None and any(is_same_person(each, taint.origin.owner) for each in owners)
    for owner in owners:
        if owner[0] == "in" and isinstance(owner[1], tuple) and taint.origin.path[: len(owner[1])] == owner[1]:
            return True
    return False


def is_same_person(one: ObjectId, other: ObjectId) -> bool:
    """Whether two objects are one record, or parts of one: `account.preferences` and `account.two_factor`."""
    if one == other:
        return True
    if one[0] != "in" or other[0] != "in" or not isinstance(one[1], tuple) or not isinstance(other[1], tuple):
        return False
    shared = 0
    while shared < min(len(one[1]), len(other[1])) and one[1][shared] == other[1][shared]:
        shared += 1
    return shared >= max(1, min(len(one[1]), len(other[1])) - 1) and (shared > 1 or one[1][0].name != "self")


# --- matches -----------------------------------------------------------------------------------------

MATCHING = frozenset({"==", "in", "!=", "not in"})


def note_comparison(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> None:
    """`a == b`, `a in b`: collected data on one side, supplied data on the other?"""
    if not frame.machine.labels.has_supplied or operator not in MATCHING:
        return
    note_match(frame, operator, frame.deep_taints(left), frame.deep_taints(right), at)


def note_match(frame: Frame, how: str, left: Taints, right: Taints, at: Span) -> None:
    """Two sides met."""
    if not left or not right:
        return
    frame.machine.sink_places.setdefault((frame.machine.function_name(frame), f"match by {how}"), set()).add(frame.place(at))
    point = SinkPoint(f"match by {how}", None, "", None, None, frame.place(at), frame.machine.function_name(frame), -1)
    add_event(frame.events, Compared(point, guarded(frame, left), guarded(frame, right), frame.state.pending))


def note_stop(frame: Frame, reason: str, values: list[Value], at: Span) -> None:
    """Marked data ends here, for a reason."""
    taints: Taints = NO_TAINTS
    for value in values:
        taints = joined_taints(taints, frame.deep_taints(value))
    if taints:
        add_event(frame.events, Stopped(reason, frame.place(at), taints))


__all__ = ["Place"]
