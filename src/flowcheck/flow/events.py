"""What a function does with marked data beyond its result: events, which rise from callee to caller.

    def push(rows):              Reached(sink adtech.post, taints {Below(arg rows)})
        adtech.post(rows)
    push([user.phone])           the same in the caller, taints {Source(User.phone)}

At a root, what is left of an event is concrete: a flow, a match, data put in a field or global that
others read, or data that went where nobody could follow.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Protocol, TypeAlias

from flowcheck.flow.results import Place
from flowcheck.flow.values import Content, Path, Source, Taint, Taints, joined_taints

Pending: TypeAlias = frozenset["tuple[object, bool]"]


@dataclass(frozen=True, slots=True)
class SinkPoint:
    """A use of data at a place of the code: what results.SinkUse says, before ordinals are counted."""

    name: str
    argument: str | int | None
    used_for: str
    recipient: str | None
    severity: str | None
    place: Place
    function: str
    rule: int  # index of the rule or mark, for `inventory` and for rules that matched nothing
    is_carrier: bool = False  # stands only where no trigger is reached, and then as a possibility


@dataclass(frozen=True, slots=True)
class Cell:
    """A storage that outlives a call: a field of a class's instances, or a content of a global object."""

    owner: Hashable  # the class's name, or the global object's id
    contents: tuple[Content, ...]
    importer: str = ""  # the module whose import stored it, where that matters


class Translation(Protocol):
    """How a callee's paths look to its caller."""

    def taints(self, taints: Taints) -> Taints:
        """The caller's taints for the callee's."""

    def pending(self, pending: Pending) -> Pending:
        """The decisions that still rest on the caller's own inputs."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Data reached a sink."""

    point: SinkPoint
    taints: Taints
    pending: Pending

    @property
    def key(self) -> Hashable:
        return ("reached", self.point)

    def translated(self, by: Translation) -> Reached | None:
        taints = by.taints(self.taints)
        return Reached(self.point, taints, by.pending(self.pending)) if taints else None

    def joined(self, other: Event) -> Event:
        return joined_event(self, other)


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values were compared, joined or looked up by one another."""

    point: SinkPoint
    taints: Taints
    others: Taints
    pending: Pending

    @property
    def key(self) -> Hashable:
        return ("compared", self.point)

    def translated(self, by: Translation) -> Compared | None:
        taints, others = by.taints(self.taints), by.taints(self.others)
        return Compared(self.point, taints, others, by.pending(self.pending)) if taints and others else None

    def joined(self, other: Event) -> Event:
        assert isinstance(other, Compared)
        both = replace(self, others=joined_taints(self.others, other.others))
        return joined_event(both, other)


@dataclass(frozen=True, slots=True)
class Stored:
    """Data was put where code that shares no call with this one may read it."""

    cell: Cell
    taints: Taints
    pending: Pending

    @property
    def key(self) -> Hashable:
        return ("stored", self.cell)

    def translated(self, by: Translation) -> Stored | None:
        taints = by.taints(self.taints)
        return Stored(self.cell, taints, by.pending(self.pending)) if taints else None

    def joined(self, other: Event) -> Event:
        return joined_event(self, other)


@dataclass(frozen=True, slots=True)
class Escaped:
    """Data went into something that could not be followed."""

    kind: str  # as results.BlindSpot
    name: str
    place: Place
    taints: Taints
    pending: Pending

    @property
    def key(self) -> Hashable:
        return ("escaped", self.kind, self.name, self.place)

    def translated(self, by: Translation) -> Escaped | None:
        taints = by.taints(self.taints)
        return replace(self, taints=taints, pending=by.pending(self.pending)) if taints else None

    def joined(self, other: Event) -> Event:
        return joined_event(self, other)


@dataclass(frozen=True, slots=True)
class Stopped:
    """Data ended here, for a reason worth telling: overwritten, counted, sanitized."""

    reason: str
    place: Place
    taints: Taints
    pending: Pending = frozenset()

    @property
    def key(self) -> Hashable:
        return ("stopped", self.reason, self.place)

    def translated(self, by: Translation) -> Stopped | None:
        taints = by.taints(self.taints)
        return replace(self, taints=taints) if taints else None

    def joined(self, other: Event) -> Event:
        return joined_event(self, other)


Event: TypeAlias = Reached | Compared | Stored | Escaped | Stopped


def joined_event(one: Event, other: Event) -> Event:
    """The same event seen twice: all taints, and only the decisions that both rest on."""
    return replace(one, taints=joined_taints(one.taints, other.taints), pending=one.pending & other.pending)


def decides(pending: Pending, taint: Taint) -> bool:
    """Whether a decision on an input stands between marked data and what happened to it.

    What a record says of itself (`if user.phone:`, `if user.active:`) is no such decision: any record may come.
    """
    owner = taint.origin.owner if isinstance(taint.origin, Source) else None
    record = owner[1] if owner is not None and owner[0] == "in" else ()
    assert isinstance(record, tuple)
    return any(not speaks_of_record(path, record) for path, _ in pending)


def speaks_of_record(path: object, record: Path) -> bool:
    """Whether a path lies in the record that the data was read from, or beside it below the same parameter."""
    assert isinstance(path, tuple)
    if len(path) < 2 or not record or path[0] != record[0]:
        return False
    return path[0].name != "self" or path[: len(record)] == record or record[: len(path)] == path


def add_event(events: dict[Hashable, Event], event: Event) -> None:
    """Note an event; one with the same key is joined."""
    before = events.get(event.key)
    events[event.key] = event if before is None else before.joined(event)


def of_script(event: Event, module: str) -> Event:
    """What happens in the run of a script: names of the script's own module are not those that importers see."""
    if isinstance(event, Stored) and isinstance(event.cell.owner, tuple) and event.cell.owner[:2] == ("G", module):
        return replace(event, cell=Cell((SCRIPT, event.cell.owner), event.cell.contents))
    return event


SCRIPT = "script"
"""Marks the owner of a cell as the one that a script has, not the one that others import."""
