"""`match`: whether a pattern fits a value, and what it binds.

case {"kind": "sms", "to": number}:    fits a dict whose "kind" may be "sms"; binds the item "to"
"""

from __future__ import annotations

from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.conditions import compare_atoms, is_instance
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.extended import as_builtin
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.subscripts import get_item
from flowcheck.flow.values import ABSENT, NOTHING, Atom, Const, Content, Ref, Value, const, join_all, key

Bindings: TypeAlias = list[tuple[tree.Expression, Value]]
Outcome: TypeAlias = "tuple[bool | None, Bindings]"

NO_MATCH: Outcome = (False, [])


def match_pattern(frame: Frame, pattern: tree.Pattern, subject: Value, at: Span) -> Outcome:
    """Whether the pattern fits (None: it may), and the targets it binds with their values."""
    match pattern:
        case tree.MatchValue(value=value):
            return match_value(frame, value, subject)
        case tree.MatchCapture(target=target, pattern=inner):
            return match_capture(frame, target, inner, subject, at)
        case tree.MatchSequence(items=items):
            return match_sequence(frame, items, subject, at)
        case tree.MatchMapping():
            return match_mapping(frame, pattern, subject, at)
        case tree.MatchClass():
            return match_class(frame, pattern, subject, at)
        case tree.MatchOr(patterns=patterns):
            return match_or(frame, patterns, subject, at)
        case tree.MatchStar():
            return None, []


def both(one: bool | None, other: bool | None) -> bool | None:
    """Three-valued `and`."""
    if one is False or other is False:
        return False
    return True if one and other else None


def match_value(frame: Frame, value: tree.Expression, subject: Value) -> Outcome:
    """`case "sms":`, `case Color.RED:`"""
    wanted = frame.constants(frame.evaluate(value))
    outcomes = {
        compare_atoms(frame, "==", one, other)
        for one in frame.constants(subject)
        for other in wanted
        if ABSENT not in (one, other)
    }
    return (outcomes.pop() if len(outcomes) == 1 else None), []


def match_capture(
    frame: Frame, target: tree.Name | None, inner: tree.Pattern | None, subject: Value, at: Span
) -> Outcome:
    """`case x:`, `case _:`, `case pattern as x:`"""
    outcome, bound = match_pattern(frame, inner, subject, at) if inner is not None else (True, [])
    if target is not None and outcome is not False:
        return outcome, [*bound, (target, fitting(frame, inner, subject))]
    return outcome, bound


def fitting(frame: Frame, inner: tree.Pattern | None, subject: Value) -> Value:
    """The part of a subject that a class pattern lets through."""
    if not isinstance(inner, tree.MatchClass):
        return subject
    classes = frame.evaluate(inner.cls)
    looked = frame.look(subject)
    return looked.only(atom for atom in looked.atoms if is_instance(frame, atom, classes) is not False)


def is_sequence(frame: Frame, atom: Atom) -> bool | None:
    """Whether a sequence pattern can fit a thing."""
    if isinstance(atom, Ref):
        kind = frame.object(atom).kind
        if kind in {"list", "tuple"}:
            return True
        return None if kind in {"unknown", "external", "instance"} else False
    return None if scalar_type(atom) == "" else False


def match_sequence(frame: Frame, patterns: tuple[tree.Pattern, ...], subject: Value, at: Span) -> Outcome:
    """`case [first, *rest]:`"""
    looked = as_builtin(frame, subject)
    kept = looked.only(atom for atom in looked.atoms if is_sequence(frame, atom) is not False)
    if looked.atoms and not kept.atoms:
        return NO_MATCH
    outcome: bool | None = (
        True if len(kept.atoms) == len(looked.atoms) and all(is_sequence(frame, a) for a in kept.atoms) else None
    )
    items = iterate(frame, kept, at)
    star = next((place for place, each in enumerate(patterns) if isinstance(each, tree.MatchStar)), None)
    fixed = len(patterns) - (star is not None)
    if items.is_exact and (len(items.known) < fixed or (star is None and len(items.known) != fixed)):
        return NO_MATCH
    if not items.is_exact:
        outcome = None
    values = spread(frame, items, len(patterns), star, at)
    bound: Bindings = []
    for pattern, value in zip(patterns, values, strict=True):
        if isinstance(pattern, tree.MatchStar):
            if pattern.target is not None:
                bound.append((pattern.target, value))
            continue
        inner, more = match_pattern(frame, pattern, value, at)
        outcome = both(outcome, inner)
        bound.extend(more)
    return outcome, bound


def spread(frame: Frame, items: Items, count: int, star: int | None, at: Span) -> list[Value]:
    """The elements for each of the patterns of a sequence."""
    if star is None:
        return [items.known[p] if p < len(items.known) else items.rest or NOTHING for p in range(count)]
    behind = count - star - 1
    before = [items.known[p] if p < len(items.known) else items.rest or NOTHING for p in range(star)]
    if items.is_exact:
        end = len(items.known) - behind
        middle = fresh_list(frame, Items(items.known[star:end], None), at, "list", f"case:{star}")
        return [*before, middle, *items.known[end:]]
    anything = join_all([*items.known[star:], items.rest or NOTHING])
    return [*before, fresh_list(frame, Items([], anything), at, "list", f"case:{star}"), *[anything] * behind]


def match_mapping(frame: Frame, pattern: tree.MatchMapping, subject: Value, at: Span) -> Outcome:
    """`case {"kind": "sms", **rest}:`"""
    looked = as_builtin(frame, subject)
    kept = looked.only(atom for atom in looked.atoms if may_be_mapping(frame, atom))
    if looked.atoms and not kept.atoms:
        return NO_MATCH
    outcome: bool | None = True
    bound: Bindings = []
    taken: set[Content] = set()
    for name, inner in zip(pattern.keys, pattern.patterns, strict=True):
        subscript = frame.evaluate(name)
        names = frame.constants(subscript)
        taken.update(key(atom.value) for atom in names if isinstance(atom, Const))
        outcome = both(outcome, has_key(frame, kept, names))
        if outcome is False:
            return NO_MATCH
        fits, more = match_pattern(frame, inner, get_item(frame, kept, subscript, at), at)
        outcome = both(outcome, fits)
        bound.extend(more)
    if pattern.rest is not None:
        bound.append((pattern.rest, remaining(frame, kept, taken, at)))
    return outcome, bound


def may_be_mapping(frame: Frame, atom: Atom) -> bool:
    """Whether a pattern of keys may match."""
    if isinstance(atom, Ref):
        return frame.object(atom).kind in {"dict", "unknown", "external", "instance"}
    return scalar_type(atom) == ""


def has_key(frame: Frame, subject: Value, names: tuple[Atom, ...]) -> bool | None:
    """Whether all mappings that the subject may be have a key."""
    if len(names) != 1 or not isinstance(names[0], Const):
        return None
    outcomes: set[bool | None] = set()
    for _, obj in frame.objects(subject):
        if obj.kind != "dict":
            outcomes.add(None)
            continue
        held = obj.fields.get(key(names[0].value))
        if held is None:
            outcomes.add(False if obj.is_exact else None)
        else:
            outcomes.add(None if ABSENT in held.atoms else True)
    return outcomes.pop() if len(outcomes) == 1 else None


def remaining(frame: Frame, subject: Value, taken: set[Content], at: Span) -> Value:
    """`**rest`: the items under other keys."""
    fields: dict[Content, Value] = {}
    rest: Value | None = None
    for _, obj in frame.objects(subject):
        fields.update((content, value) for content, value in obj.fields.items() if content not in taken)
        rest = obj.rest if obj.rest is not None else rest
    return frame.make(at, Obj("dict", fields, rest=rest), "case:rest")


def match_class(frame: Frame, pattern: tree.MatchClass, subject: Value, at: Span) -> Outcome:
    """`case Point(x, y=0):`"""
    classes = frame.evaluate(pattern.cls)
    looked = frame.look(subject)
    outcomes = {is_instance(frame, atom, classes) for atom in looked.atoms}
    outcome: bool | None = outcomes.pop() if len(outcomes) == 1 else None
    if outcome is False:
        return NO_MATCH
    kept = looked.only(atom for atom in looked.atoms if is_instance(frame, atom, classes) is not False)
    bound: Bindings = []
    for position, inner in enumerate(pattern.patterns):
        named = position - (len(pattern.patterns) - len(pattern.names))
        if named >= 0:
            value = frame.machine.attribute(frame, kept, pattern.names[named], at)
        else:
            value = positional_field(frame, kept, classes, position, at)
        fits, more = match_pattern(frame, inner, value, at)
        outcome = both(outcome, fits)
        bound.extend(more)
    return outcome, bound


def positional_field(frame: Frame, subject: Value, classes: Value, position: int, at: Span) -> Value:
    """A positional part of a class pattern: by `__match_args__`, or the value itself for str(x) and the like."""
    for atom in frame.look(classes).atoms:
        if isinstance(atom, Ref):
            names = class_lookup(frame, atom, "__match_args__")
            if names is not None:
                name = get_item(frame, names, Value((const(position),)), at)
                for each in frame.constants(name):
                    if isinstance(each, Const) and isinstance(each.value, str):
                        return frame.machine.attribute(frame, subject, each.value, at)
            fields = frame.machine.record_fields(frame, atom)
            if position < len(fields):
                return frame.machine.attribute(frame, subject, fields[position], at)
    return subject


def match_or(frame: Frame, patterns: tuple[tree.Pattern, ...], subject: Value, at: Span) -> Outcome:
    """`case a | b:`"""
    outcome: bool | None = False
    bound: dict[tree.Expression, list[Value]] = {}
    for pattern in patterns:
        fits, more = match_pattern(frame, pattern, subject, at)
        if fits is False:
            continue
        for target, value in more:
            bound.setdefault(target, []).append(value)
        outcome = True if fits is True else (outcome or None)
        if fits is True:
            break
    return outcome, [(target, join_all(values)) for target, values in bound.items()]
