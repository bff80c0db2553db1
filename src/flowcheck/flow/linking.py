"""Linking: storages that outlive a call connect functions that never call one another.

    def enroll(self, form): self.pending = form.phone      Stored(Cell(Enrolment, .pending))
    def flush(self): push(self.pending)                    reads Below(arg self .pending)

What is left symbolic at an entry point is a read of some storage: a field of an object nobody saw being
made, a global. It gets what any entry point has stored there; for a field of an instance that is an
assumption, since it may be another instance.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from flowcheck.flow.events import Cell, Stored
from flowcheck.flow.inputs import Mirror
from flowcheck.flow.objects import class_names
from flowcheck.flow.oracle import EntryOracle, Shape
from flowcheck.flow.results import Hop
from flowcheck.flow.schemas import is_storage, shown_storage
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    Below,
    Chain,
    Content,
    Path,
    Source,
    Taint,
    Taints,
    Value,
    joined_chain,
    joined_taints,
    length_of,
)

if TYPE_CHECKING:
    from flowcheck.flow.machine import Entry, Machine


class Links:
    """All storages written by the entries added so far."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.stores: dict[Hashable, list[tuple[Cell, Taints, Entry]]] = {}
        self._concrete: dict[Cell, Taints] = {}
        self._is_settled = True

    def add(self, entry: Entry) -> None:
        """Take note of what an entry stores."""
        for event in entry.summary.events:
            if isinstance(event, Stored):
                self.stores.setdefault(event.cell.owner, []).append((event.cell, event.taints, entry))
                self._is_settled = False

    def settle(self) -> None:
        """Carry marked data through storages until nothing changes."""
        if self._is_settled:
            return
        self._is_settled = True
        self._concrete = {}
        changed = True
        while changed:
            changed = False
            for stores in self.stores.values():
                for cell, taints, entry in stores:
                    changed |= self._grow(cell, self.concrete(entry, taints))

    def _grow(self, cell: Cell, taints: Taints) -> bool:
        known = self._concrete.get(cell, NO_TAINTS)
        if all(taint in known for taint in taints):
            return False
        self._concrete[cell] = joined_taints(known, taints)
        return True

    def tainted_words(self) -> list[str]:
        """The names of the storages that hold marked data, sorted."""
        self.settle()
        words = set()
        for cell, taints in self._concrete.items():
            if taints:
                words.update(telling_word(str(content.name)) for content in cell.contents if content.kind in {"attr", "key"} and isinstance(content.name, str))
                words.update(self.machine.global_words(cell.owner))
        return sorted(words)

    def concrete(self, entry: Entry, taints: Taints) -> Taints:
        """The marked data behind taints of an entry: its own, and what storages hold that it reads."""
        found: dict[Taint, Chain | None] = {}
        for taint, chain in taints.items():
            if isinstance(taint.origin, Source):
                put(found, taint, chain)
                continue
            for stored, before in self._read(entry, taint.origin):
                put(found, taint.moved(stored), joined_chain(before, chain))
        return found

    def _read(self, entry: Entry, below: Below) -> Iterator[tuple[Taint, Chain | None]]:
        """What is stored where a path of an entry leads."""
        for owner, content, is_assumed in self.storages(entry, below.path):
            for cell, taints in self._cells(owner, content, below.without):
                for taint, chain in taints.items():
                    yield taint, through_storage(chain, cell, assumed=is_assumed)

    def _cells(self, owner: Hashable, content: Content | None, without: frozenset[Content]) -> Iterator[tuple[Cell, Taints]]:
        for cell, _, _ in self.stores.get(owner, ()):
            held = cell.contents[0]
            if content is not None and held != content and ELEMENT not in (held, content) and not is_column(owner, held, content):
                continue
            if content is None and held in without:
                continue
            taints = self._concrete.get(cell)
            if taints:
                yield cell, taints

    def storages(self, entry: Entry, path: Path) -> Iterator[tuple[Hashable, Content | None, bool]]:
        """The storages that a path of an entry may lie in: owner, content (None: all of it), whether that is assumed."""
        root = path[0]
        if root.kind == "obj":
            yield root.name, path[1] if len(path) > 1 else None, False
        oracle = entry.frame.oracle if entry.frame is not None else None
        if not isinstance(oracle, EntryOracle):
            return
        for depth in range(1, len(path) + 1):
            if root.kind == "obj" and depth == 1:
                continue
            content = path[depth] if depth < len(path) else None
            if content is not None and content.kind != "attr":
                continue
            for owner in self._owners(oracle, path[:depth]):
                yield owner, content, True

    def _owners(self, oracle: EntryOracle, path: Path) -> Iterator[str]:
        """The names of the classes that the object at a path may have."""
        if path[0].kind == "obj":
            for answer in self.machine.global_kind(path):
                if isinstance(answer, Mirror) and answer.type is not None:
                    yield from self._names(Shape("instance", answer.type))
            return
        for shape in oracle.shapes(path):
            if shape.kind in {"instance", "fresh"}:
                yield from self._names(shape)

    def _names(self, shape: Shape) -> list[str]:
        frame = self.machine.scratch_frame(self.machine.program.all_modules()[0])
        return class_names(frame, shape.cls)


def telling_word(name: str) -> str:
    """The word by which code is found that uses a name: of a topic or cache key the longest one in it."""
    return max(re.findall(r"[^\W\d]\w*", name), key=len, default=name)


def is_column(owner: Hashable, held: Content, wanted: Content) -> bool:
    """Whether two contents are one column: found in a row by its name, as an attribute, or by some position."""
    return is_storage(owner) and (held.name == wanted.name or isinstance(wanted.name, int))


def put(found: dict[Taint, Chain | None], taint: Taint, chain: Chain | None) -> None:
    if taint not in found or length_of(chain) < length_of(found[taint]):
        found[taint] = chain


def through_storage(chain: Chain | None, cell: Cell, *, assumed: bool) -> Chain | None:
    """The witness with the hop through a storage."""
    last = chain.hops()[-1] if chain is not None else None
    if last is None:
        return chain
    owner = cell.owner if isinstance(cell.owner, str) else shown_storage(cell.owner)
    name = f"{owner}.{cell.contents[0].name}" if owner else str(cell.contents[0].name or "its elements")
    note = f"kept in `{name}`, and read back from there"
    if assumed:
        note += ", if it is the same object"
    return Chain(chain, Hop("jump", last.place, note, assumed))


__all__ = ["Links", "Value"]
