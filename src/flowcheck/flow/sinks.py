"""Sinks: what has reached a use, by a call, a write, a return or a carrier.

push(rows)                      all that rows hold, or what lies at the argument's path
audience.phone = user.phone     a write of a marked field
job = Job(user.phone); job.send()   `job` carries the phone until its trigger is called
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import FILLING, Arguments
from flowcheck.flow.clearing import guarded
from flowcheck.flow.events import Reached, SinkPoint, add_event
from flowcheck.flow.files import taints_of_files
from flowcheck.flow.frames import Frame
from flowcheck.flow.labels import SinkLabel
from flowcheck.flow.mapped import table_of
from flowcheck.flow.models import content_of
from flowcheck.flow.objects import RECEIVER
from flowcheck.flow.rule_names import columns_here, external_names, owner_names, plain_name, rules_for, rules_here
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    NOTHING,
    Below,
    Const,
    Ref,
    Taint,
    Taints,
    Value,
    derived,
    join,
    joined_taints,
    union,
)
from flowcheck.rules.access import AccessStep, AnyBelow, AnyElement, ArgumentPath, Index, Key
from flowcheck.rules.model import FieldTarget, SinkRule, VariableTarget
from flowcheck.rules.texts import TextPattern


def reach(
    frame: Frame,
    label: SinkLabel,
    name: str,
    given: list[tuple[str | int, Value]],
    at: Span,
) -> None:
    """Note what reaches a sink through which argument."""
    if not is_meant(frame, label, given):
        return
    frame.machine.note_rule("sink", label.rule)
    frame.machine.sink_places.setdefault((frame.machine.function_name(frame), name), set()).add(frame.place(at))
    frame.machine.note_inventory("sink", name, label.used_for, frame.place(at), label.rule, label.recipient or "")
    for argument, taints in reaching(frame, label, given):
        if taints:
            note_reached(frame, label, name, argument, taints, at)


def is_meant(frame: Frame, label: SinkLabel, given: list[tuple[str | int, Value]]) -> bool:
    """Whether the arguments that a rule's `where` names have such texts."""
    conditions = frame.machine.labels.sink_of(label.rule).where if label.rule >= 0 else ()
    return all(
        any(
            is_argument(path, argument, position, given) and has_text(frame, value, pattern)
            for position, (argument, value) in enumerate(given)
        )
        for path, pattern in conditions
    )


def has_text(frame: Frame, value: Value, pattern: TextPattern) -> bool:
    """Whether a value, or an item of it, may be a text that a pattern stands for."""
    values = [value, *(item for _, obj in frame.objects(value) for item in obj.elements())]
    return any(
        isinstance(atom, Const) and isinstance(atom.value, str) and pattern.matches(atom.value)
        for each in values
        for atom in frame.constants(each)
    )


def reaching(
    frame: Frame, label: SinkLabel, given: list[tuple[str | int, Value]]
) -> Iterator[tuple[str | int, Taints]]:
    """Each argument that counts, with the taints of what counts of it."""
    if label.arguments is None:
        for argument, value in given:
            if argument != "self":
                yield argument, all_taints(frame, value)
        return
    for path in label.arguments:
        for position, (argument, value) in enumerate(given):
            if is_argument(path, argument, position, given):
                yield path.shown, taken_taints(frame, value, path)


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
    return (
        path.position is not None
        and position - offset == path.position
        and (isinstance(argument, int) or offset >= 0)
        and not (isinstance(argument, str) and isinstance(given[0][0], int))
    )


def taken_taints(frame: Frame, value: Value, path: ArgumentPath) -> Taints:
    """The taints of what lies below an argument at a path."""
    value = frame.machine.forced(frame, value)
    for step in path.steps:
        if isinstance(step, AnyBelow):
            break
        if isinstance(step, AnyElement):
            value = frame.content(value, ELEMENT)
        elif isinstance(step, Key | Index):
            value = frame.machine.get_item_by_key(frame, value, step.value if isinstance(step, Key) else step.position)
        else:
            value = frame.content(value, content_of(step)).present()
    return all_taints(frame, value)


def all_taints(frame: Frame, value: Value) -> Taints:
    """The taints of all that is handed over with a value: what it holds, and what the files hold that it names."""
    taints = frame.deep_taints(frame.machine.forced(frame, value))
    for _, obj in frame.objects(value):
        if obj.kind == "fields":
            mapping = frame.machine.mapping_of_fields(frame, obj.get(RECEIVER), frame.code.at)
            taints = joined_taints(taints, frame.deep_taints(mapping))
    of_files = taints_of_files(frame, value)
    return joined_taints(taints, of_files) if of_files else taints


def note_reached(
    frame: Frame,
    label: SinkLabel,
    name: str,
    argument: str | int | None,
    taints: Taints,
    at: Span,
    *,
    is_carrier: bool | None = None,
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
    carried = {
        taint: chain for taint, chain in taints.items() if rule in taint.carried or isinstance(taint.origin, Below)
    }
    if carried:
        note_reached(
            frame,
            label,
            name,
            None,
            {Taint(t.origin, t.cleared, t.carried): c for t, c in carried.items()},
            at,
            is_carrier=False,
        )


def carried(frame: Frame, name: str, result: Value, arguments: Arguments, receiver: Value | None, at: Span) -> Value:
    """What a carrier holds is marked as held by it, so that its trigger knows it again."""
    labels = frame.machine.labels
    for shown, place in rules_for(frame, labels.rules.sinks, labels.sink_calls, external_names(frame, name, receiver)):
        label = labels.sink_of_rule(place, shown)
        if label.trigger is None:
            continue
        taints: Taints = NO_TAINTS
        for _, held in reaching(frame, label, external_arguments(receiver, arguments)):
            taints = joined_taints(taints, held)
        marked = loaded(taints, (place,))
        result = result.tainted(marked)
        if marked and receiver is not None:
            load(frame, receiver, marked)
    return result


def load(frame: Frame, carrier: Value, taints: Taints) -> None:
    """Put data into a carrier."""
    for ref, _ in frame.objects(carrier):
        obj = frame.own(ref)
        before = obj.fields.get(ELEMENT, NOTHING)
        frame.state.heap[ref.id] = obj.replaced({**obj.fields, ELEMENT: join(before, derived(taints))})


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


def written_field(frame: Frame, owner: Value, name: str, value: Value, at: Span) -> Value:
    """`owner.name = value`: is the field a sink? The value, as the field of a carrier holds it."""
    labels = frame.machine.labels
    if name not in labels.field_sinks and not labels.rules.sinks and not labels.variable_sinks:
        return value
    carriers: list[int] = []
    for atom in frame.look(owner).atoms:
        for owner_name in owner_names(frame, atom):
            for cls, label in labels.field_sinks.get(name, ()):
                if cls == owner_name:
                    reach(frame, label, label.name, [(name, value)], at)
            full = f"{owner_name}.{name}"
            for sink in labels.variable_sinks.get(full, ()):
                reach(frame, sink, sink.name, [(name, value)], at)
            for index in (labels.sink_fields, labels.sink_variables):
                for _, place in rules_here(frame, labels.rules.sinks, index, [full]):
                    if not steps_of(labels.sink_of(place)):
                        label = labels.sink_of_rule(place, plain_name(full))
                        reach(frame, replace(label, arguments=None), label.name, [(name, value)], at)
                        carriers += [place] if label.trigger is not None else []
        if labels.column_sinks and isinstance(atom, Ref):
            written_column(frame, atom, name, value, at)
    return value.tainted(loaded(frame.deep_taints(value), tuple(carriers))) if carriers else value


def written_variable(frame: Frame, target: tree.Name, value: Value, at: Span) -> None:
    """`PENDING = rows`, at module level or where it is declared global: is the variable a sink?"""
    labels = frame.machine.labels
    if not labels.has_own_variables or (frame.code.kind != "module" and target.scope != tree.GLOBAL):
        return
    for sink in variables_used(frame, [f"{frame.module}.{target.id}"]):
        reach(frame, sink, sink.name, [(target.id, value)], at)


def variables_used(frame: Frame, names: list[str]) -> Iterator[SinkLabel]:
    """The sinks that objects of modules are, by marks and by rules, whatever is put into them."""
    labels = frame.machine.labels
    for name in dict.fromkeys(names):
        yield from labels.variable_sinks.get(name, ())
        for shown, place in rules_here(frame, labels.rules.sinks, labels.sink_variables, [name]):
            if not steps_of(labels.sink_of(place)):
                yield whole_sink(frame, place, plain_name(shown))


def loaded(taints: Taints, carriers: tuple[int, ...]) -> Taints:
    """The taints as the carriers of these rules hold them."""
    return {Taint(t.origin, t.cleared, union(t.carried, carriers)): chain for t, chain in taints.items()}


def steps_of(rule: SinkRule) -> tuple[AccessStep, ...]:
    """What a rule on a field or variable says behind its name."""
    return rule.target.steps if isinstance(rule.target, FieldTarget | VariableTarget) else ()


def written_column(frame: Frame, ref: Ref, name: str, value: Value, at: Span) -> None:
    """A field was written whose class is mapped to a table that a rule speaks of."""
    table = table_of(frame, frame.object(ref).type)
    labels = frame.machine.labels
    found = labels.sinks_of_column(table, name) if table is not None else ()
    for label in columns_here(frame, labels.rules.sinks, found):
        reach(frame, label, label.name, [(name, value)], at)


def whole_sink(frame: Frame, rule: int, name: str) -> SinkLabel:
    """A sink that is no call: whatever reaches it counts."""
    return replace(frame.machine.labels.sink_of_rule(rule, name), arguments=None, trigger=None)


def written_item(frame: Frame, owner: Value, subscript: Value, value: Value, at: Span) -> None:
    """`owner[key] = value`: is the mapping a sink?"""
    labels = frame.machine.labels
    if not labels.rules.sinks and not labels.variable_sinks:
        return
    for atom in frame.look(owner).atoms:
        for owner_name in owner_names(frame, atom):
            for sink in variables_used(frame, [owner_name]):
                reach(frame, sink, sink.name, [("item", value)], at)
            for index in (labels.sink_fields, labels.sink_variables):
                for _, place in rules_here(frame, labels.rules.sinks, index, [owner_name]):
                    steps = steps_of(labels.sink_of(place))
                    if steps and fits(frame, steps[0], subscript):
                        shown = plain_name(owner_name)
                        reach(frame, whole_sink(frame, place, shown), shown, [("item", value)], at)


def filled(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """`PENDING.append(user.phone)`: is the object of a module a sink?"""
    labels = frame.machine.labels
    owner, _, method = name.rpartition(".")
    if method not in FILLING or not labels.has_own_variables:
        return
    owners = [each for atom in frame.look(receiver).atoms for each in owner_names(frame, atom)] if receiver else [owner]
    for sink in variables_used(frame, owners):
        reach(frame, sink, sink.name, external_arguments(None, arguments), at)


def filled_field(frame: Frame, target: tree.Attribute, arguments: Arguments, at: Span) -> None:
    """`campaign.audience.append(user.phone)`: is the field a sink?"""
    labels = frame.machine.labels
    name = target.attr
    is_named = name in labels.field_sinks or name in labels.sink_fields.last_words()
    if is_named and isinstance(target.value, tree.Name | tree.Attribute):
        owner = frame.evaluate(target.value)
        for value in (*arguments.positional, *arguments.keywords.values()):
            written_field(frame, owner, name, value, at)


def fits(frame: Frame, step: AccessStep, subscript: Value) -> bool:
    """Whether an access step of a rule allows a subscript."""
    if isinstance(step, AnyElement | AnyBelow):
        return True
    wanted = step.value if isinstance(step, Key) else step.position if isinstance(step, Index) else None
    return any(isinstance(atom, Const) and atom.value == wanted for atom in frame.constants(subscript))


def returning(frame: Frame, value: Value, at: Span) -> None:
    """`return value`: is the returned value a sink?"""
    labels = frame.machine.labels
    name = f"{frame.module}.{frame.code.qualname}"
    for _, place in rules_for(frame, labels.rules.sinks, labels.sink_returns, [name], frame.ref):
        reach(frame, whole_sink(frame, place, name), name, [("return", value)], at)
