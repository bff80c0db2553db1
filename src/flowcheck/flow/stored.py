"""Writes that outlive a call: data in an object that code elsewhere may read.

CACHE["last"] = user.phone      an object of a module
row.phone = user.phone          a field of a class; of a mapped class, a column of its table
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from flowcheck.flow.documents import note_document
from flowcheck.flow.events import Cell, Stored, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import BUILTIN
from flowcheck.flow.mapped import table_of
from flowcheck.flow.objects import class_name, mro
from flowcheck.flow.schemas import table_id
from flowcheck.flow.values import ELEMENT, Atom, Content, Input, Ref, Taints, Value, is_global

BELOW = "below"
"""Marks the owner of a cell as the instances of a class's subclasses."""


def written_owners(frame: Frame, cls: Atom | None) -> Iterator[Hashable]:
    """Who has a field of an instance that is written: its class, and each base by way of a subclass."""
    for name, is_own in names_above(frame, cls):
        yield name if is_own else (BELOW, name)


def read_owners(frame: Frame, cls: Atom | None) -> Iterator[Hashable]:
    """Where a field of an instance that is read may have been written: as one of its class, of a subclass, or of a base
    when no more was known of it. What was written as one of another subclass of that base is another object's.
    """
    for name, is_own in names_above(frame, cls):
        yield name
        if is_own:
            yield (BELOW, name)


def names_above(frame: Frame, cls: Atom | None) -> Iterator[tuple[str, bool]]:
    """The names of a class and its bases, builtin ones left out, each with whether it is the class itself."""
    for position, each in enumerate(mro(frame, cls)):
        name = class_name(frame, each)
        if "." in name and not name.startswith("builtins."):
            yield name, position == 0


def note_store(frame: Frame, ref: Ref, content: Content, value: Value) -> None:
    """Data was stored in an object that code elsewhere may read."""
    taints = frame.deep_taints(value)
    if not taints:
        return
    obj = frame.object(ref)
    if is_global(ref.id):
        add_event(frame.events, Stored(Cell(ref.id, (content,)), taints, frame.state.pending))
        if content == ELEMENT and obj.kind == "external":
            note_document(frame, ref.id, None, value)
    note_inner_store(frame, obj, content, taints)
    if obj.kind == "instance" and content.kind == "attr":
        for name in written_owners(frame, obj.type):
            add_event(frame.events, Stored(Cell(name, (content,)), taints, frame.state.pending))
        table = table_of(frame, obj.type)
        if table is not None:
            add_event(frame.events, Stored(Cell(table_id(table), (content,)), taints, frame.state.pending))


def note_inner_store(frame: Frame, obj: Obj, content: Content, taints: Taints) -> None:
    """A store in a container that came in as part of an instance: others find it below the instance's field."""
    path = obj.origin or ()
    for depth in range(len(path) - 1, 0, -1):
        if path[depth].kind != "attr" and path[depth] != BUILTIN:
            continue
        for _, owner in frame.objects(Value((Input(path[:depth]),))):
            for name in written_owners(frame, owner.type) if owner.kind == "instance" else ():
                cell = Cell(name, (path[depth], *path[depth + 1 :], content)[:2])
                add_event(frame.events, Stored(cell, taints, frame.state.pending))
        return
