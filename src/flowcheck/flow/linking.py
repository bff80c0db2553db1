"""Linking: storages that outlive a call connect functions that never call one another.

    def enroll(self, form): self.pending = form.phone      Stored(Cell(Enrolment, .pending))
    def flush(self): push(self.pending)                    reads Below(arg self .pending)

What is left symbolic at an entry point is a read of some storage: a field of an object nobody saw being
made, a global. It gets what any entry point has stored there; for a field of an instance that is an
assumption, since it may be another instance.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from flowcheck.flow.documents import DOCUMENT, is_another_part
from flowcheck.flow.events import SCRIPT, Cell, Stored
from flowcheck.flow.heap import CODE, Obj
from flowcheck.flow.inputs import BUILTIN, Mirror
from flowcheck.flow.oracle import EntryOracle, Shape
from flowcheck.flow.results import Hop
from flowcheck.flow.schemas import is_storage, shown_storage
from flowcheck.flow.stored import BELOW, read_owners
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    Below,
    Chain,
    Content,
    Path,
    Ref,
    Source,
    Taint,
    Taints,
    Value,
    joined_chain,
    length_of,
)

if TYPE_CHECKING:
    from flowcheck.flow.frames import Frame
    from flowcheck.flow.machine import Entry, Machine
    from flowcheck.program.program import CodeRef


@dataclass(frozen=True, slots=True)
class Reading:
    """A read of a storage: of one content, or of all but those in `without`."""

    owner: Hashable
    content: Content | None
    without: frozenset[Content]
    is_assumed: bool
    inner: tuple[Content, ...] = ()  # what is read inside the content, where that is known
    importer: str = ""  # the module whose import reads it, where that matters

    def sees(self, cell: Cell) -> bool:
        """Whether what a cell holds is read by this."""
        if cell.importer and cell.importer == self.importer:
            return False
        held = cell.contents[0]
        if DOCUMENT in (held.kind, self.content.kind if self.content is not None else ""):
            return held == self.content and not is_another_part(cell.contents[1:], self.inner)
        if len(cell.contents) > 1 and self.inner and is_another(cell.contents[1], self.inner[0]):
            return False
        if self.content is None:
            return held not in self.without
        return held == self.content or ELEMENT in (held, self.content) or is_column(self.owner, held, self.content)


def is_another(held: Content, read: Content) -> bool:
    """Whether two contents are surely not the same: different keys, different attributes."""
    return held.kind == read.kind and held.kind in {"key", "attr"} and held != read


Place: TypeAlias = "Cell | Reading"
"""Where marked data lies, or is read, between two entry points."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who has a storage of some name: the last names of classes, and the modules that wrote marked data there.

    `are_classes`: it is a field of such classes and nothing else.
    """

    classes: frozenset[str]
    writers: frozenset[str]
    are_classes: bool


def owners_of(cells: AbstractSet[Cell | None], writers: Mapping[Cell, AbstractSet[str]]) -> Owners:
    """The owners of cells of one name; None stands for a name of a module."""
    known = [cell for cell in cells if cell is not None]
    owners = [plain_owner(cell.owner) for cell in known]
    classes = [owner.rpartition(".")[2] if isinstance(owner, str) else "" for owner in owners]
    return Owners(
        frozenset(classes) - {""},
        frozenset(module for cell in known for module in writers.get(cell, ())),
        are_classes=None not in cells and all(classes) and all(len(cell.contents) == 1 for cell in known),
    )


class Links:
    """All storages written by the entries added so far.

    Marked data spreads from cells to readings that see them, and from a reading to the cells that get what was read,
    always the shortest witness first (Dijkstra's algorithm), so that each is settled once.
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.stores: list[tuple[Cell, Taints, Entry]] = []
        self._cells: dict[Hashable, dict[Cell, None]] = {}
        self._cells_with: dict[tuple[Hashable, Content], dict[Cell, None]] = {}  # by what is stored of the owner
        self._held: dict[Place, dict[Taint, Chain | None]] = {}
        self._readings: dict[tuple[CodeRef, Below], tuple[Reading, ...]] = {}
        self._found: dict[Reading, Taints] = {}
        self._is_settled = True

    def add(self, entry: Entry) -> None:
        """Take note of what an entry stores."""
        stored = ((event.cell, event.taints) for event in entry.summary.events if isinstance(event, Stored))
        for plain, taints in (*stored, *left_by_import(entry)):
            for cell in cells_of(plain, entry.ref):
                self.stores.append((cell, taints, entry))
                self._cells.setdefault(cell.owner, {})[cell] = None
                self._cells_with.setdefault((cell.owner, cell.contents[0]), {})[cell] = None
            self._is_settled = False

    def settle(self) -> None:
        """Carry marked data through storages until nothing changes."""
        if self._is_settled:
            return
        self._is_settled = True
        self._found = {}
        spreading = Spreading()
        for cell, taints, entry in self.stores:
            for taint, chain in taints.items():
                if isinstance(taint.origin, Source):
                    spreading.reach(
                        cell,
                        Taint(Source(taint.origin.index, None, taint.origin.is_guess), taint.cleared, taint.carried),
                        chain,
                    )
                    continue
                for reading in self.readings(entry, taint.origin):
                    spreading.connect(reading, cell, taint, chain)
        for reading in spreading.readers:
            for cell in self._cells_near(reading):
                if reading.sees(cell):
                    spreading.seen.setdefault(cell, []).append(reading)
        spreading.run()
        self._held = spreading.held

    def tainted_words(self) -> dict[str, Owners]:
        """The names of the storages that hold marked data, sorted, with who has them."""
        self.settle()
        words: dict[str, set[Cell | None]] = {}
        for cell in self._held:
            if not isinstance(cell, Cell) or cell.importer or is_scope(plain_owner(cell.owner)):
                continue
            for content in cell.contents[:1] if cell.contents[0].kind == DOCUMENT else cell.contents:
                if content.kind in {"attr", "key"} and isinstance(content.name, str):
                    words.setdefault(telling_word(content.name), set()).add(cell)
            for word in self.machine.global_words(plain_owner(cell.owner)):
                words.setdefault(word, set()).add(None)
        writers: dict[Cell, set[str]] = {}
        for cell, _, entry in self.stores:
            writers.setdefault(cell, set()).add(entry.ref.module)
        return {word: owners_of(cells, writers) for word, cells in sorted(words.items())}

    def concrete(self, entry: Entry, taints: Taints) -> Taints:
        """The marked data behind taints of an entry: its own, and what storages hold that it reads."""
        found: dict[Taint, Chain | None] = {}
        for taint, chain in taints.items():
            if isinstance(taint.origin, Source):
                put(found, taint, chain)
                continue
            for reading in self.readings(entry, taint.origin):
                for stored, before in self._read(reading).items():
                    moved = taint.moved(stored)
                    if moved not in found or length_of(before) + length_of(chain) < length_of(found[moved]):
                        found[moved] = joined_chain(before, chain)
        return found

    def _read(self, reading: Reading) -> Taints:
        """What is stored where a reading looks."""
        found = self._found.get(reading)
        if found is None:
            joined: dict[Taint, Chain | None] = {}
            for cell in self._cells_near(reading):
                if reading.sees(cell):
                    for taint, chain in self._held.get(cell, NO_TAINTS).items():
                        if taint not in joined or length_through(chain) < length_of(joined[taint]):
                            joined[taint] = through_storage(chain, cell, assumed=reading.is_assumed)
            found = self._found[reading] = joined
        return found

    def _cells_near(self, reading: Reading) -> Iterable[Cell]:
        """The cells that a reading may see: all of the storage, or where it has many fields, those of the one."""
        owner, content = reading.owner, reading.content
        if content in (None, ELEMENT) or is_storage(owner) or (owner, ELEMENT) in self._cells_with:
            return self._cells.get(owner, ())
        return self._cells_with.get((owner, content), ())

    def readings(self, entry: Entry, below: Below) -> tuple[Reading, ...]:
        """The storages that an entry reads by a taint."""
        question = (entry.ref, below)
        found = self._readings.get(question)
        if found is None:
            found = self._readings[question] = tuple(
                dict.fromkeys(
                    Reading(
                        read,
                        content,
                        NOTHING_LEFT_OUT if content is not None else below.without,
                        is_assumed,
                        inner,
                        entry.ref.module if entry.ref.index == 0 else "",
                    )
                    for owner, content, is_assumed, inner in self.storages(entry, below.path)
                    for read in owners_read(owner, entry.ref)
                )
            )
        return found

    def storages(self, entry: Entry, path: Path) -> Iterator[tuple[Hashable, Content | None, bool, Path]]:
        """The storages that a path of an entry may lie in: owner, content (None: all of it), whether that is
        assumed, and the way inside that content.
        """
        root = path[0]
        if root.kind == "obj":
            is_document = len(path) > 1 and path[1].kind == DOCUMENT
            yield root.name, path[1] if len(path) > 1 else None, False, path[2:] if is_document else path[2:3]
        oracle = entry.frame.oracle if entry.frame is not None else None
        if not isinstance(oracle, EntryOracle):
            return
        for depth in range(1, len(path) + 1):
            if root.kind == "obj" and depth == 1:
                continue
            content = path[depth] if depth < len(path) else None
            if content is not None and content.kind != "attr" and content != BUILTIN:
                continue
            for owner in self._owners(oracle, path[:depth]):
                yield owner, content, True, path[depth + 1 : depth + 2]

    def _owners(self, oracle: EntryOracle, path: Path) -> Iterator[Hashable]:
        """Who has the fields of the object at a path, by the classes that it may have."""
        if path[0].kind == "obj":
            for answer in self.machine.global_kind(path):
                if isinstance(answer, Mirror) and answer.type is not None:
                    yield from self._names(oracle, Shape("instance", answer.type))
            return
        for shape in oracle.shapes(path):
            if shape.kind in {"instance", "fresh"}:
                yield from self._names(oracle, shape)

    def _names(self, oracle: EntryOracle, shape: Shape) -> Iterator[Hashable]:
        return read_owners(self.machine.scratch_frame(oracle.ref.module), shape.cls)


class Spreading:
    """The marked data on its way through cells and readings; what waits is settled by the length of its witness."""

    def __init__(self) -> None:
        self.held: dict[Place, dict[Taint, Chain | None]] = {}
        self.readers: dict[Reading, dict[tuple[Cell, Taint], Chain | None]] = {}
        self.seen: dict[Cell, list[Reading]] = {}
        self._waiting: list[tuple[int, int, Place, Taint, Chain | None, Cell | None]] = []
        self._shortest: dict[tuple[Place, Taint], int] = {}
        self._order = count()

    def connect(self, reading: Reading, cell: Cell, taint: Taint, chain: Chain | None) -> None:
        """What the reading finds goes into the cell, having passed what the taint passed."""
        target = (cell, Taint(NOWHERE, taint.cleared, taint.carried))
        ways = self.readers.setdefault(reading, {})
        if target not in ways or length_of(chain) < length_of(ways[target]):
            ways[target] = chain

    def reach(self, place: Place, taint: Taint, chain: Chain | None, via: Cell | None = None) -> None:
        """Data comes to a place, unless it came there on a shorter way."""
        self._wait(place, taint, chain, length_of(chain), via)

    def _wait(self, place: Place, taint: Taint, chain: Chain | None, length: int, via: Cell | None) -> None:
        known = self._shortest.get((place, taint))
        if known is None or length < known:
            self._shortest[place, taint] = length
            heappush(self._waiting, (length, next(self._order), place, taint, chain, via))

    def run(self) -> None:
        """Spread until everything is settled."""
        while self._waiting:
            _, _, place, taint, chain, via = heappop(self._waiting)
            held = self.held.setdefault(place, {})
            if taint in held:
                continue
            if isinstance(place, Cell):
                held[taint] = chain
                for reading in self.seen.get(place, ()):
                    self._wait(reading, taint, chain, length_through(chain), place)
                continue
            assert via is not None
            before = held[taint] = through_storage(chain, via, assumed=place.is_assumed)
            for (cell, passed), after in self.readers[place].items():
                self._reach_behind(cell, passed.moved(taint), before, after)

    def _reach_behind(self, cell: Cell, taint: Taint, before: Chain | None, after: Chain | None) -> None:
        length = length_of(before) + length_of(after)
        known = self._shortest.get((cell, taint))
        if known is None or length < known:
            self._wait(cell, taint, joined_chain(before, after), length, None)


def left_by_import(entry: Entry) -> Iterator[tuple[Cell, Taints]]:
    """The marked data in the objects that the import of a module made: `CONTACTS = [user.phone]`."""
    if entry.ref.index != 0 or entry.frame is None:
        return
    state = entry.frame.machine.modules.get(entry.ref.module)
    merged = state.merged if state is not None else set()
    for id, obj in entry.frame.state.heap.items():
        is_own = id[0] == "G" and len(id) > 2 and obj.origin is None and id not in merged
        if not is_own or obj.kind not in STORING:
            continue
        for content, value in contents_of(obj):
            if marked := marked_in(value.taints):
                yield Cell(id, (content,)), marked
            for inner, held in contents_below(entry.frame, value):
                if marked := marked_in(entry.frame.deep_taints(held)):
                    yield Cell(id, (content, inner)), marked


def contents_of(obj: Obj) -> Iterator[tuple[Content, Value]]:
    """What an object holds, any further elements among it."""
    yield from obj.fields.items()
    if obj.rest is not None:
        yield ELEMENT, obj.rest


def contents_below(frame: Frame, value: Value) -> Iterator[tuple[Content, Value]]:
    """What the objects hold that a value may be."""
    for atom in value.atoms:
        inner = frame.state.heap.get(atom.id) if isinstance(atom, Ref) else None
        if inner is not None and inner.kind in STORING - CODE:
            yield from contents_of(inner)


def marked_in(taints: Taints) -> Taints:
    """The marked data among taints, and what was read from other objects of modules."""
    return {
        taint: chain
        for taint, chain in taints.items()
        if isinstance(taint.origin, Source) or taint.origin.path[0].kind == "obj"
    }


STORING = frozenset({"list", "tuple", "dict", "set", "instance", "class", "external", "generator", "scope"})
"""Kinds of objects in which the import of a module may leave data."""


IMPORTED = "import"
"""Marks the owner of a cell as what imports leave there, before any function is called from outside."""


def is_of_program(owner: Hashable) -> bool:
    """Whether a storage is an object that a module's import makes, not one that outlives the program."""
    return isinstance(owner, tuple) and owner[0] == "G" and owner[1] != "external"


def cells_of(cell: Cell, by: CodeRef) -> Iterator[Cell]:
    """Where others may read what an entry stores; what a module's import stores, also other imports."""
    yield cell
    if by.index == 0 and is_of_program(cell.owner):
        yield Cell((IMPORTED, cell.owner), cell.contents, by.module)


def owners_read(owner: Hashable, by: CodeRef) -> Iterator[Hashable]:
    """The storages that an entry's read of one may find. A module's import (or a script) comes before any call from
    outside: it finds what itself did, which its state tells, and what other imports did. A function finds also what
    a script did to its own module.
    """
    if not is_of_program(owner):
        yield owner
    elif by.index == 0:
        yield (IMPORTED, owner)
    else:
        yield owner
        if isinstance(owner, tuple) and owner[1] == by.module:
            yield (SCRIPT, owner)


def plain_owner(owner: Hashable) -> Hashable:
    """The owner itself of what a script or an import stored, or somebody in an instance of a subclass."""
    return owner[1] if isinstance(owner, tuple) and owner[0] in {IMPORTED, SCRIPT, BELOW} else owner


def is_scope(owner: Hashable) -> bool:
    """Whether a storage is what a function that returned another one left it to capture: its names are not read."""
    while isinstance(owner, tuple) and owner and isinstance(owner[-1], tuple):
        owner = owner[-1]
    return isinstance(owner, tuple) and bool(owner) and owner[-1] == "scope"


NOWHERE = Below(())
NOTHING_LEFT_OUT: frozenset[Content] = frozenset()


def length_through(chain: Chain | None) -> int:
    """The length of a witness behind a storage."""
    return chain.length + 1 if chain is not None else 0


def telling_word(name: str) -> str:
    """The word by which code is found that uses a name: of a topic or cache key the longest one in it."""
    return max(re.findall(r"[^\W\d]\w*", name), key=len, default=name)


def is_column(owner: Hashable, held: Content, wanted: Content) -> bool:
    """Whether two contents are one column: found in a row by its name, as an attribute, or by some position."""
    return is_storage(owner) and (held.name == wanted.name or isinstance(wanted.name, int))


def put(found: dict[Taint, Chain | None], taint: Taint, chain: Chain | None) -> None:
    """Keep the shortest witness."""
    if taint not in found or length_of(chain) < length_of(found[taint]):
        found[taint] = chain


def shown_content(content: Content) -> str:
    """The name of what an object without a name of its own holds."""
    return str(content.name) if bool(content.name) else "its elements"


def through_storage(chain: Chain | None, cell: Cell, *, assumed: bool) -> Chain | None:
    """The witness with the hop through a storage."""
    if chain is None:
        return None
    plain = plain_owner(cell.owner)
    owner = plain if isinstance(plain, str) else shown_storage(plain)
    name = f"{owner}.{cell.contents[0].name}" if owner else shown_content(cell.contents[0])
    note = f"kept in `{name}`, and read back from there"
    if assumed:
        note += ", if it is the same object"
    return Chain(chain, Hop("jump", chain.last.place, note, assumed))
