"""Clearing: sanitizers, guards and consents.

hashed(user.phone)              the result of a sanitizer: its taints say what they were cleaned by
if is_public(number): ...       inside, the number is cleared
if user.ads_consent: ...        inside, this user's data may be used for advertising
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.consents import clearance_of
from flowcheck.flow.events import Stopped, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.names import read_name
from flowcheck.flow.results import Clearance, Hop
from flowcheck.flow.rule_names import owner_names, plain_name, rules_for
from flowcheck.flow.values import (
    NO_TAINTS,
    NOTHING,
    Chain,
    External,
    ObjectId,
    Ref,
    Source,
    Taint,
    Taints,
    Value,
    attr,
    derived,
    joined_taints,
    union,
)
from flowcheck.program.program import CodeRef
from flowcheck.rules.access import ArgumentPath


def sanitized_call(frame: Frame, names: list[str], arguments: Arguments, at: Span, code: Code | None) -> Value | None:
    """The value that a sanitizer's call gives; None for a call that cleans nothing (or cleans in place)."""
    labels = frame.machine.labels
    result: Value | None = None
    for name, place in rules_for(frame, labels.rules.sanitizers, labels.sanitizers, names):
        rule = labels.sanitizer_of(place)
        if rule.is_guard:
            continue
        shown = plain_name(name)
        clearance = sanitizer_clearance(frame, place, shown, at)
        frame.machine.note_inventory("sanitizer", shown, rule.use or "", frame.place(at), place)
        if rule.arguments:
            clean_in_place(frame, rule.arguments, arguments, code, clearance)
            continue
        taints: Taints = NO_TAINTS
        for value in arguments:
            taints = joined_taints(taints, frame.deep_taints(value))
        add_event(frame.events, Stopped(f"cleaned by the sanitizer `{shown}`", frame.place(at), taints))
        hop = frame.hop("guard", at, f"cleaned by `{shown}`")
        result = derived(cleared_taints(taints, clearance, hop))
    return result


def sanitizer_clearance(frame: Frame, rule: int, name: str, at: Span) -> int:
    """The clearance that a sanitizer gives here."""
    frame.machine.note_rule("sanitizer", rule)
    use = frame.machine.labels.sanitizer_of(rule).use
    return frame.machine.clearances.number(Clearance("sanitizer", name, use, frame.place(at)))


def cleared_taints(taints: Taints, clearance: int, hop: Hop | None = None) -> Taints:
    """The taints with a clearance more."""
    return {
        Taint(taint.origin, union(taint.cleared, (clearance,)), taint.carried): Chain(chain, hop) if hop else chain
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
    """The value with a clearance more on its taints."""
    return Value(value.atoms, cleared_taints(value.taints, clearance)) if value.taints else value


def note_guard(frame: Frame, test: tree.Expression, outcome: bool) -> None:
    """A condition holds here: a guard's or a person's consent."""
    labels = frame.machine.labels
    if not labels.rules.consents and not labels.rules.sanitizers:
        return
    if isinstance(test, tree.Comparison):
        note_guard_compared(frame, test, outcome)
    elif isinstance(test, tree.Name) and test.id in frame.tests:
        note_guard_kept(frame, frame.tests[test.id], outcome)
    elif outcome and isinstance(test, tree.Call):
        note_guard_call(frame, test)
    elif outcome and isinstance(test, tree.Attribute | tree.Name):
        note_consent(frame, test)


def note_guard_compared(frame: Frame, test: tree.Comparison, outcome: bool) -> None:
    """`user.ads_consent is True`, `user.ads_consent != False`: a consent compared with a constant."""
    if test.operator not in POSITIVE or not isinstance(test.right, tree.Constant):
        return
    if isinstance(test.right.value, bool):
        note_guard(frame, test.left, outcome == (POSITIVE[test.operator] == test.right.value))


POSITIVE = {"is": True, "==": True, "is not": False, "!=": False}


def note_guard_kept(frame: Frame, test: tree.Expression, outcome: bool) -> None:
    """`agreed = user.ads_consent`, and `if agreed:` later: what the variable was made of holds."""
    match test:
        case tree.Unary(operator="not", operand=operand):
            note_guard_kept(frame, operand, not outcome)
        case tree.Boolean(operator=operator, values=values):
            for each in values if (operator == "and") is outcome else ():
                note_guard_kept(frame, each, outcome)
        case tree.Call(func=tree.Name(id="bool"), arguments=(only,)):
            note_guard_kept(frame, only.value, outcome)
        case _:
            note_guard(frame, test, outcome)


def keep_test(frame: Frame, target: tree.Expression, value: tree.Expression) -> None:
    """A variable was assigned: it may stand for a condition from here on."""
    rules = frame.machine.labels.rules
    if not isinstance(target, tree.Name) or not (rules.consents or rules.sanitizers):
        return
    frame.tests.pop(target.id, None)
    if isinstance(value, tree.Attribute | tree.Call | tree.Unary | tree.Boolean | tree.Comparison):
        frame.tests[target.id] = value


def note_decorators(frame: Frame) -> None:
    """A function that a consent's decorator guards: it holds in all of the body."""
    consents = frame.machine.labels.consents
    if not frame.machine.labels.rules.consents:
        return
    for name in frame.machine.decorator_names(frame.ref):
        for place in consents.matching(name):
            add_guard(frame, place, name, frame.code.at, None)


def note_guard_call(frame: Frame, test: tree.Call) -> None:
    """`if is_public(number):`"""
    function = frame.evaluate(test.func) if isinstance(test.func, tree.Name | tree.Attribute) else NOTHING
    for name, code in callee_names(frame, function):
        labels = frame.machine.labels
        for _, place in rules_for(frame, labels.rules.sanitizers, labels.sanitizers, [name]):
            rule = frame.machine.labels.sanitizer_of(place)
            if not rule.is_guard:
                continue
            clearance = sanitizer_clearance(frame, place, plain_name(name), test.at)
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
            if (
                argument.name == path.name
                if argument.name
                else (path.position == position or (path.name and path.name == name))
            ):
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
    clearance = clearance_of(frame, rule, name, at)
    guard = (clearance, owners)
    if guard not in frame.state.guards:
        frame.state.guards = (*frame.state.guards, guard)


def guarded(frame: Frame, taints: Taints) -> Taints:
    """The taints, cleared by the consents that hold here."""
    for guard in frame.state.guards:
        assert isinstance(guard, tuple)
        clearance, owners = guard
        taints = {
            (Taint(t.origin, union(t.cleared, (clearance,)), t.carried) if speaks_of(owners, t) else t): chain
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
