"""Targets of assignments: names, attributes, items, slices, and several unpacked at once.

first, *others = phones         first: phones[0], others: a list of the rest
row["to"], user.city = pair     an item and a field, each by its own rules
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.attribute_writes import set_attribute
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.names import bind_name
from flowcheck.flow.objects import as_holder
from flowcheck.flow.subscripts import by_own_method, set_item
from flowcheck.flow.values import NOTHING, Value, join_all


def assign_target(frame: Frame, target: tree.Expression, value: Value, at: Span) -> None:
    """Assign to any target: a name, an attribute, an item, or several unpacked."""
    if isinstance(target, tree.Name):
        if value.taints:
            value = value.after(frame.hop("assign", at, f"assigned to `{target.id}`"))
        frame.machine.written_variable(frame, target, value, at)
        bind_name(frame, target, frame.machine.assigned_variable(frame, target, value, at))
    elif isinstance(target, tree.Attribute):
        store_attribute(frame, frame.evaluate(target.value), target.attr, value, at)
    elif isinstance(target, tree.Subscript):
        owner = frame.evaluate(target.value)
        if isinstance(target.index, tree.Slice):
            replace_slice(frame, owner, target.index, value, at)
        else:
            store_item(frame, owner, frame.evaluate(target.index), value, at)
    elif isinstance(target, tree.Display):
        unpack(frame, target.items, value, at)
    elif isinstance(target, tree.Starred):
        assign_target(frame, target.value, value, at)


def store_attribute(frame: Frame, owner: Value, name: str, value: Value, at: Span) -> None:
    """`owner.name = value`"""
    if value.taints:
        value = value.after(frame.hop("write", at, f"stored in `.{name}`"))
    owner = as_holder(frame, owner, at)
    value = frame.machine.written_field(frame, owner, name, value, at)
    set_attribute(frame, owner, name, value, at)


def store_item(frame: Frame, owner: Value, subscript: Value, value: Value, at: Span) -> None:
    """`owner[subscript] = value`"""
    if value.taints:
        value = value.after(frame.hop("write", at, "stored as an item"))
    owner = as_holder(frame, owner, at)
    frame.machine.written_item(frame, owner, subscript, value, at)
    set_item(frame, owner, subscript, value, at)


def replace_slice(frame: Frame, owner: Value, bounds: tree.Slice, value: Value, at: Span) -> None:
    """`rows[a:b] = value`; `rows[:] = value` replaces all."""
    limits = [frame.evaluate(each) if each is not None else None for each in (bounds.lower, bounds.upper, bounds.step)]
    name, more = ("__setitem__", [value]) if value.atoms or value.taints else ("__delitem__", [])
    called = [by_own_method(frame, atom, name, limits, more, at) for atom in frame.look(owner).atoms]
    if any(each is not None for each in called):
        return
    added = iterate(frame, value, at)
    is_whole = bounds.lower is None and bounds.upper is None and bounds.step is None
    targets = frame.objects(owner)
    for ref, _ in targets:
        frame.machine.replace_items(frame, ref, added, bounds, is_whole=is_whole and len(targets) == 1)


def unpack(frame: Frame, targets: tuple[tree.Expression, ...], value: Value, at: Span) -> None:
    """`a, *b, c = value`"""
    items = iterate(frame, value, at)
    star = next((place for place, target in enumerate(targets) if isinstance(target, tree.Starred)), None)
    if star is None:
        if items.is_exact and len(items.known) != len(targets):
            for ref, obj in frame.objects(value):
                if obj.kind in {"list", "tuple"}:
                    frame.surely_raises("ValueError", at, ref)
        for position, target in enumerate(targets):
            assign_target(frame, target, item_at(items, position), at)
        return
    behind = len(targets) - star - 1
    for position in range(star):
        assign_target(frame, targets[position], item_at(items, position), at)
    middle, tail = split_at_star(items, star, behind)
    assign_target(frame, targets[star], fresh_list(frame, middle, at, "list", f"star:{star}"), at)
    for target, item in zip(targets[star + 1 :], tail, strict=True):
        assign_target(frame, target, item, at)


def item_at(items: Items, position: int) -> Value:
    """The element at a position."""
    if position < len(items.known):
        return items.known[position]
    return items.rest if items.rest is not None else NOTHING


def split_at_star(items: Items, before: int, behind: int) -> tuple[Items, list[Value]]:
    """What a starred target takes, and what the targets behind it take."""
    if items.is_exact:
        end = max(len(items.known) - behind, before)
        tail = items.known[end:] + [NOTHING] * (behind - len(items.known[end:]))
        return Items(items.known[before:end], None), tail
    anything = join_all([*items.known[before:], items.rest or NOTHING])
    return Items([], anything), [anything] * behind
