"""Clearing: sanitizers, guards and consents.

hashed(user.phone)              the result of a sanitizer: its taints say what they were cleaned by
if is_public(number): ...       inside, the number is cleared
if user.ads_consent: ...        inside, this user's data may be used for advertising
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.consents import clearance_of, rows_agreed
from flowcheck.flow.events import Stopped, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.guard_functions import Fact, facts_of_return, facts_of_truth, in_terms_of_caller, is_plain
from flowcheck.flow.names import read_name
from flowcheck.flow.objects import WRAPPED, class_names
from flowcheck.flow.results import Clearance, Hop
from flowcheck.flow.rule_names import is_allowed, is_allowed_here, owner_names, plain_name, rules_for, rules_here
from flowcheck.flow.values import (
    NO_TAINTS,
    NOTHING,
    Atom,
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
    joined_taints,
    key,
    union,
)
from flowcheck.program.program import CodeRef
from flowcheck.rules.access import ArgumentPath


def sanitized_call(frame: Frame, names: list[str], arguments: Arguments, at: Span, ref: CodeRef | None) -> Value | None:
    """The value that a sanitizer's call gives; None for a call that cleans nothing (or cleans in place)."""
    labels = frame.machine.labels
    code = frame.machine.program.code(ref) if ref is not None else None
    result: Value | None = None
    for name, place in rules_for(frame, labels.rules.sanitizers, labels.sanitizers, names, ref):
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


def note_guard(frame: Frame, test: tree.Expression, outcome: bool, depth: int = 0) -> None:
    """A condition holds here: a guard's or a person's consent."""
    labels = frame.machine.labels
    if not labels.rules.consents and not labels.rules.sanitizers:
        return
    if isinstance(test, tree.Comparison):
        note_guard_compared(frame, test, outcome, depth)
    elif isinstance(test, tree.Name) and test.id in frame.tests:
        note_guard_kept(frame, frame.tests[test.id], outcome, depth)
    elif isinstance(test, tree.Walrus):
        note_guard(frame, test.value, outcome, depth)
    elif isinstance(test, tree.Call):
        note_guard_of_call(frame, test, outcome, depth)
    elif isinstance(test, tree.Attribute | tree.Name):
        if outcome:
            note_consent(frame, test)
        if isinstance(test, tree.Attribute) and depth < DEEPEST:
            for fact, held in facts_of_property(frame, test, outcome=outcome):
                note_guard_kept(frame, fact, held, depth + 1)


def note_guard_of_call(frame: Frame, test: tree.Call, outcome: bool, depth: int) -> None:
    """`getattr(user, "ads_consent", False)`, `all(...)`, a guard's call, the call of a function that asks."""
    match test:
        case tree.Call(
            func=tree.Name(id="getattr"), arguments=(owner, tree.Argument(tree.Constant(value=str(name))), *_)
        ):
            note_guard(frame, tree.Attribute(owner.value, name, test.at), outcome, depth)
        case tree.Call(func=tree.Name(id="all"), arguments=(tree.Argument(tree.Comprehension() as each),)) if outcome:
            note_guard_of_all(frame, each)
        case _:
            if outcome:
                note_guard_call(frame, test)
            if depth < DEEPEST:
                facts = partial(facts_of_truth, outcome=outcome)
                for fact, held in facts_of_call(frame, test, facts):
                    note_guard_kept(frame, fact, held, depth + 1)


DEEPEST = 3
"""Functions that ask through one another."""


def note_checked(frame: Frame, called: tree.Expression) -> None:
    """`check(user)`: it returned, so what it insists on holds."""
    if isinstance(called, tree.Await):
        called = called.value
    if isinstance(called, tree.Call) and frame.machine.labels.rules.consents:
        for fact, held in facts_of_call(frame, called, facts_of_return):
            note_guard_kept(frame, fact, held, 1)


def facts_of_call(frame: Frame, call: tree.Call, facts: Callable[[Code], list[Fact]]) -> Iterator[Fact]:
    """What the function that is called says of its arguments, where it is known which function that is."""
    if not call.arguments and not isinstance(call.func, tree.Attribute):
        return
    if not is_plain(call.func):
        return
    codes = codes_called(frame, frame.evaluate(call.func))
    if len(codes) == 1 and not codes[0].is_generator:
        is_method = isinstance(call.func, tree.Attribute) and is_bound(frame, frame.evaluate(call.func))
        yield from in_terms_of_caller(codes[0], call, facts(codes[0]), is_method=is_method)


def facts_of_property(frame: Frame, test: tree.Attribute, *, outcome: bool) -> Iterator[Fact]:
    """`if user.may_push:` where that is a property: what its function says of the object."""
    codes: list[Code] = []
    for _, obj in frame.objects(frame.evaluate(test.value)) if is_plain(test.value) else ():
        held = frame.machine.class_lookup(frame, obj.type, test.attr) if obj.kind == "instance" else None
        for _, wrapper in frame.objects(held) if held is not None else ():
            if wrapper.kind == "wrapper" and wrapper.detail in {"property", "cached_property"}:
                codes += codes_called(frame, wrapper.get(WRAPPED))
    if len(codes) == 1:
        call = tree.Call(test, (), test.at)
        yield from in_terms_of_caller(codes[0], call, facts_of_truth(codes[0], outcome=outcome), is_method=True)


def is_bound(frame: Frame, function: Value) -> bool:
    """Whether a function comes with its receiver."""
    return any(obj.kind == "method" for _, obj in frame.objects(function))


def note_guard_of_all(frame: Frame, each: tree.Comprehension) -> None:
    """`all(u.ads_consent for u in users)`: everybody's."""
    if len(each.clauses) != 1 or each.clauses[0].conditions:
        return
    clause, element = each.clauses[0], each.element
    if not isinstance(element, tree.Attribute) or not isinstance(element.value, tree.Name):
        return
    if isinstance(clause.target, tree.Name) and element.value.id == clause.target.id and is_plain(clause.iterable):
        people = frame.machine.iterate_values(frame, frame.evaluate(clause.iterable), element.at)
        note_consent_of(frame, people, element)


def note_guard_compared(frame: Frame, test: tree.Comparison, outcome: bool, depth: int) -> None:
    """`user.ads_consent is True`, `user.ads_consent != False`: a consent compared with a constant."""
    if test.operator not in POSITIVE or not isinstance(test.right, tree.Constant):
        return
    if isinstance(test.right.value, bool):
        note_guard(frame, test.left, outcome == (POSITIVE[test.operator] == test.right.value), depth)


POSITIVE = {"is": True, "==": True, "is not": False, "!=": False}


def note_guard_kept(frame: Frame, test: tree.Expression, outcome: bool, depth: int = 0) -> None:
    """`agreed = user.ads_consent`, and `if agreed:` later: what the variable was made of holds."""
    match test:
        case tree.Unary(operator="not", operand=operand):
            note_guard_kept(frame, operand, not outcome, depth)
        case tree.Boolean(operator=operator, values=values):
            for each in values if (operator == "and") is outcome else ():
                note_guard_kept(frame, each, outcome, depth)
        case tree.Call(func=tree.Name(id="bool"), arguments=(only,)):
            note_guard_kept(frame, only.value, outcome, depth)
        case _:
            note_guard(frame, test, outcome, depth)


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
    consents, rules = frame.machine.labels.consents, frame.machine.labels.rules.consents
    if not rules:
        return
    for name in frame.machine.decorator_names(frame.ref):
        for place in consents.matching(name):
            if is_allowed(frame, rules[place].narrowing, name, frame.ref):
                add_guard(frame, place, name, frame.code.at, None)


def note_guard_call(frame: Frame, test: tree.Call) -> None:
    """`if is_public(number):`"""
    function = frame.evaluate(test.func) if isinstance(test.func, tree.Name | tree.Attribute) else NOTHING
    for name, ref in callee_names(frame, function):
        labels = frame.machine.labels
        code = frame.machine.program.code(ref) if ref is not None else None
        for _, place in rules_for(frame, labels.rules.sanitizers, labels.sanitizers, [name], ref):
            rule = frame.machine.labels.sanitizer_of(place)
            if not rule.is_guard:
                continue
            clearance = sanitizer_clearance(frame, place, plain_name(name), test.at)
            for argument in guarded_arguments(rule.arguments, test, code):
                clear_variable(frame, argument, clearance)
        for _, place in rules_for(frame, labels.rules.consents, labels.consents, [name], ref):
            add_guard(frame, place, name, test.at, owners_of_call(frame, test))


def callee_names(frame: Frame, function: Value) -> Iterator[tuple[str, CodeRef | None]]:
    """The dotted names of what a value calls, each with the function of the code base that has it."""
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
                yield f"{obj.detail.module}.{code.qualname}", obj.detail


def codes_called(frame: Frame, function: Value) -> list[Code]:
    """The functions of the code base that a value calls."""
    return [frame.machine.program.code(ref) for _, ref in callee_names(frame, function) if ref is not None]


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
    if isinstance(target, tree.Attribute | tree.Subscript):
        clear_part(frame, target, clearance)
    if not isinstance(target, tree.Name):
        return
    value = read_name(frame, target)
    clear_value(frame, value, clearance)
    if value.taints and target.scope == tree.LOCAL and frame.namespace is None:
        frame.state.variables[frame.variable(target.id)] = cleared_value(value, clearance)


class FieldOf(NamedTuple):
    """Whose data a guard speaks of: one field of these objects."""

    owners: frozenset[ObjectId]
    name: str


def clear_part(frame: Frame, target: tree.Attribute | tree.Subscript, clearance: int) -> None:
    """`if is_public(user.phone):` clears that field, `if is_public(row["to"]):` that item, on this branch."""
    owner = frame.evaluate(target.value)
    if isinstance(target, tree.Attribute):
        contents = [attr(target.attr)]
        owners = frozenset(ref.id for ref, _ in frame.objects(owner))
        if owners:
            frame.state.guards = (*frame.state.guards, (clearance, FieldOf(owners, target.attr)))
    elif isinstance(target.index, tree.Constant | tree.Name):
        atoms = frame.constants(frame.evaluate(target.index))
        contents = [key(atom.value) for atom in atoms if isinstance(atom, Const)]
    else:
        return
    for ref, obj in frame.objects(owner):
        for content in contents if obj.kind in {"instance", "dict", "unknown"} else ():
            value = frame.own(ref).get(content)
            clear_value(frame, value, clearance)
            if value.taints:
                fields = {**frame.object(ref).fields, content: cleared_value(value, clearance)}
                frame.state.heap[ref.id] = frame.object(ref).replaced(fields)


def note_consent(frame: Frame, test: tree.Attribute | tree.Name) -> None:
    """`if user.ads_consent:`"""
    labels = frame.machine.labels
    if isinstance(test, tree.Name):
        for name, place in rules_here(frame, labels.rules.consents, labels.consents, [f"{frame.module}.{test.id}"]):
            add_guard(frame, place, name, test.at, None)
        return
    if test.attr not in labels.consents.last_words() and not labels.consents.has_wildcards():
        return
    note_consent_of(frame, frame.evaluate(test.value), test)


def note_consent_of(frame: Frame, owner: Value, test: tree.Attribute) -> None:
    """The consent of whoever a value is."""
    labels = frame.machine.labels
    looked = frame.look(owner)
    owners: frozenset[ObjectId] | None = frozenset(each.id for each in looked.atoms if isinstance(each, Ref))
    owners = owners or frozenset(atom.id for atom in owner.atoms if isinstance(atom, Ref)) or None
    for atom in looked.atoms:
        names = [f"{name}.{test.attr}" for name in owner_names(frame, atom)]
        for name, place in rules_here(frame, labels.rules.consents, labels.consents, names):
            add_guard(frame, place, name, test.at, owners)
        if isinstance(atom, Ref) and frame.object(atom).kind == "unknown":
            for place, consent in enumerate(labels.rules.consents):
                text, words = consent.condition.text, consent.condition.last_words() or ()
                if test.attr in words and is_allowed_here(frame, consent.narrowing, text):
                    add_guard(frame, place, text, test.at, owners)


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


def clearances_of(guard: object, ref: Ref) -> tuple[int, ...]:
    """The clearance of a guard that speaks of an object by name."""
    assert isinstance(guard, tuple)
    clearance, owners = guard
    return (clearance,) if isinstance(owners, frozenset) and ref.id in owners else ()


def agreed_by(frame: Frame, function: Value, item: Value, at: Span) -> Value:
    """`filter(lambda user: user.ads_consent, users)`: an element, with the consent that the function asks for."""
    if not frame.machine.labels.rules.consents:
        return item
    codes = [code for code in codes_called(frame, function) if code.parameters]
    before = frame.state.guards
    for fact, held in facts_of_truth(codes[0], outcome=True) if len(codes) == 1 else ():
        asked = fact.value if held and isinstance(fact, tree.Attribute) else None
        if isinstance(asked, tree.Name) and asked.id == codes[0].parameters[-1].name:
            assert isinstance(fact, tree.Attribute)
            note_consent_of(frame, item, fact)
    agreed = agreed_here(frame, item, at)
    frame.state.guards = before
    return agreed


def agreed_here(frame: Frame, value: Value, at: Span) -> Value:
    """A value that leaves a place where its people's consents hold, with these: an element of a comprehension."""
    found: list[Atom] = []
    for atom in frame.look(value).atoms:
        if not isinstance(atom, Ref):
            found.append(atom)
            continue
        obj = frame.object(atom)
        clearances = tuple(sorted({given for guard in frame.state.guards for given in clearances_of(guard, atom)}))
        if clearances and obj.kind == "instance":
            found.extend(rows_agreed(frame, iter([(atom, obj)]), clearances, at).atoms)
        else:
            found.append(atom)
    return Value(tuple(found), value.taints)


def guarded(frame: Frame, taints: Taints) -> Taints:
    """The taints, cleared by the consents that hold here."""
    for guard in frame.state.guards:
        assert isinstance(guard, tuple)
        clearance, owners = guard
        cls = frame.machine.clearances[clearance].name.rpartition(".")[0]
        taints = {
            (
                Taint(t.origin, union(t.cleared, (clearance,)), t.carried) if speaks_of(frame, cls, owners, t) else t
            ): chain
            for t, chain in taints.items()
        }
    return taints


def speaks_of(frame: Frame, cls: str, owners: frozenset[ObjectId] | FieldOf | None, taint: Taint) -> bool:
    """Whether a consent, a field of a class, is that of the person whose data it is, or a guard one of the field that
    it was read from.
    """
    if owners is None:
        return True
    if isinstance(owners, FieldOf):
        if not isinstance(taint.origin, Source) or taint.origin.owner not in owners.owners:
            return False
        return frame.machine.sources[taint.origin.index].name.rpartition(".")[2] == owners.name
    if isinstance(taint.origin, Source):
        owner = taint.origin.owner
        return owner is not None and any(is_same_person(frame, each, owner, cls) for each in owners)
    for each in owners:
        if each[0] == "in" and isinstance(each[1], tuple) and taint.origin.path[: len(each[1])] == each[1]:
            return True
    return False


def is_same_person(frame: Frame, one: ObjectId, other: ObjectId, cls: str) -> bool:
    """Whether two objects are one record, or parts of one: `account.preferences` and `account.two_factor`. The consent
    of the first one is a field of a class; where the other is of that class too, it is another person, a friend.
    """
    if one == other:
        return True
    if one[0] != "in" or other[0] != "in" or not isinstance(one[1], tuple) or not isinstance(other[1], tuple):
        return False
    shared = 0
    while shared < min(len(one[1]), len(other[1])) and one[1][shared] == other[1][shared]:
        shared += 1
    if shared < max(1, min(len(one[1]), len(other[1])) - 1) or (shared == 1 and one[1][0].name == "self"):
        return False
    owner = frame.state.heap.get(other)
    return owner is None or owner.type is None or cls not in class_names(frame, owner.type)
