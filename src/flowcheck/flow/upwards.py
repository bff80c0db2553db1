"""What leaves a function upwards, so that its callers know better, or matter.

def number(user): return user.phone     hands marked data up: whoever calls `number` is worth a look
def push(rows): upload(rows)            what it does rests on what it is passed
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.flow.events import Compared, Escaped, Event, Reached, Stored, decides
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.machine import Entry
from flowcheck.flow.reporting import is_of_input
from flowcheck.flow.values import Below, Content, Ref, Source, Taint, Taints, Value, is_global


def uses_input(entry: Entry) -> bool:
    """Whether a function uses marked data of what it is passed: its callers may have asked that person."""
    return any(
        is_of_input(taint) for event in entry.summary.events if isinstance(event, Reached) for taint in event.taints
    )


def holds_marked(frame: Frame, function: Obj) -> bool:
    """Whether a default of a function, or what it captured, is marked data."""
    held = list(function.fields.values())
    for scope, obj in [
        (atom, frame.state.heap.get(atom.id)) for each in held for atom in each.atoms if isinstance(atom, Ref)
    ]:
        if obj is not None and obj.kind == "scope" and is_global(scope.id):
            held.extend(obj.fields.values())
    return any(is_concrete(frame.deep_taints(value)) for value in held)


def needs_callers(entry: Entry) -> bool:
    """Whether marked data leaves a function upwards, or what it does with it rests on its inputs."""
    if entry.ref.index == 0:
        return False
    summary = entry.summary
    if any(
        isinstance(t.origin, Source) and decides(event.pending, t)
        for event in summary.events
        if event.pending
        for t in event.taints
    ):
        return True
    if any(
        isinstance(taint.origin, Source) and taint.origin.is_guess for event in summary.events for taint in event.taints
    ):
        return True
    for outcome in (summary.returned, summary.raised):
        if outcome is None:
            continue
        held = [outcome.value.taints]
        held += [
            value.taints for obj in (*outcome.made.values(), *outcome.effects.values()) for value in obj.fields.values()
        ]
        held += [obj.rest.taints for obj in (*outcome.made.values(), *outcome.effects.values()) if obj.rest is not None]
        if any(is_concrete(taints) for taints in held):
            return True
    return False


def taints_of_storages(entry: Entry) -> Taints:
    """What a function hands up, or does, with what it read from storages that outlive its call."""
    if entry.ref.index == 0:
        return {}
    found = {taint: None for event in entry.summary.events for taint in taints_of_receivers(event)}
    found.update(
        (taint, None)
        for value in values_handed_up(entry)
        for taint in value.taints
        if isinstance(taint.origin, Below) and taint.origin.path[0].kind == "obj"
    )
    found.update((Taint(Below((Content("obj", ref.id),))), None) for ref in globals_handed_up(entry))
    return found


def globals_handed_up(entry: Entry) -> Iterator[Ref]:
    """The objects of modules that a function returns."""
    for value in values_handed_up(entry):
        for atom in value.atoms:
            if isinstance(atom, Ref) and is_global(atom.id):
                yield atom


def values_handed_up(entry: Entry) -> list[Value]:
    """What a function returns, and what lies in the objects that it made for that."""
    outcome = entry.summary.returned
    if outcome is None or entry.ref.index == 0:
        return []
    held = [outcome.value, *(value for obj in outcome.made.values() for value in obj.fields.values())]
    return [*held, *(obj.rest for obj in outcome.made.values() if obj.rest is not None)]


def taints_of_receivers(event: Event) -> Iterator[Taint]:
    """What an event concerns of storages in the arguments, which callers may know better."""
    if isinstance(event, Reached | Compared | Stored | Escaped):
        for taint in event.taints:
            origin = taint.origin
            if isinstance(origin, Below) and origin.path[0].kind == "arg" and len(origin.path) > 1:
                yield taint


def is_concrete(taints: Taints) -> bool:
    """Whether there is marked data itself, not only whatever a caller may pass."""
    return any(isinstance(taint.origin, Source) for taint in taints)
