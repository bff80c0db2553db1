"""What a value holds: the marked data in it and in all that can be reached from it.

    def fill(box, holder):
        box.value = phone           box was written here, holder was never looked at
        upload(holder)              holds(arg holder)?  the caller says whether box can be reached from it

What nobody here has looked at is symbolic, `Below(path)`: the marked data that the caller keeps there, as it was
before the call. Where this function has written data into an object that came in, the caller is asked whether
that object is one of those below the path.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from flowcheck.flow.heap import CODE, LEADS, Fields, Obj, input_value, is_local
from flowcheck.flow.inputs import KindAnswer, Question
from flowcheck.flow.values import (
    NO_TAINTS,
    Below,
    Content,
    Input,
    ObjectId,
    Path,
    Ref,
    Taint,
    Taints,
    Value,
    is_global,
    joined_taints,
)

if TYPE_CHECKING:
    from flowcheck.flow.frames import Frame

NOTHING_SKIPPED: frozenset[Content] = frozenset()
MADE = frozenset({"list", "dict", "set", "instance"})
"""Kinds of objects of which each is made once, by the place that names it."""

MOST_TARGETS = 4
"""Objects written here that the caller is asked for; where there are more, each holds only what is seen to be in it."""

DEEPEST_ASKED = 3
"""Contents, the root included, of a path below which the caller is asked for them."""

Visit: TypeAlias = "tuple[Path, Obj | None, frozenset[Content]]"
"""An object on the way, or the path of one that was never looked at, and its contents that are left out."""

OPEN = frozenset({"instance", "unknown", "external"})
"""Kinds of mirrors that have more contents than were looked at."""


BY_LIBRARIES = frozenset({"external", "method", "unknown"})
"""Kinds of objects of which libraries know more."""


def deep_taints(frame: Frame, value: Value, without: frozenset[Content] = NOTHING_SKIPPED) -> Taints:
    """The taints of a value and of all it holds, some of its own contents left out."""
    walk = Walk(frame, ())
    value = seen(frame, value)
    taints = value.taints
    for path, obj, skipped in walk.visited(value, without):
        if obj is None:
            taints = joined_taints(taints, unread_taints(path, skipped))
        else:
            taints = joined_taints(taints, obj.data_without(skipped)[1] if skipped else obj.data[1])
    return taints


def reached(frame: Frame, value: Value, without: frozenset[Content], wanted: Iterable[ObjectId]) -> set[ObjectId]:
    """The objects that a value leads to: those on the heap, and those wanted."""
    walk = Walk(frame, wanted)
    for _ in walk.visited(value, without):
        pass
    return walk.seen


class Walk:
    """One way through the heap; `wanted` are objects of the caller's that are looked for."""

    def __init__(self, frame: Frame, wanted: Iterable[ObjectId]) -> None:
        self.frame = frame
        self.seen: set[ObjectId] = set()
        self._wanted = wanted
        self._targets: tuple[ObjectId, ...] | None = None

    def visited(self, value: Value, without: frozenset[Content]) -> Iterator[Visit]:
        """Each object that the value leads to, once."""
        heap = self.frame.state.heap
        pending = [(atom, without) for atom in value.atoms if isinstance(atom, Ref)]
        pending.extend((ref, NOTHING_SKIPPED) for path in inputs_in(value) for ref in self.below(path, without))
        while pending:
            ref, skipped = pending.pop()
            if ref.id in self.seen:
                continue
            self.seen.add(ref.id)
            self.frame.machine.work += 1
            obj = heap.get(ref.id)
            obj = seen_object(self.frame, obj) if obj is not None else None
            path = path_of(ref.id) if obj is None else ()
            yield path, obj, skipped
            held = self.below(path, skipped) if obj is None else self.inside(obj, skipped)
            pending.extend((inner, NOTHING_SKIPPED) for inner in held if inner.id not in self.seen)

    def inside(self, obj: Obj, skipped: frozenset[Content]) -> Iterator[Ref]:
        """The objects that an object holds, and the targets below what was not looked at of it."""
        yield from obj.data_without(skipped)[0] if skipped else obj.data[0]
        if obj.kind in CODE or not self.targets:
            return
        for path in open_paths(obj, skipped):
            yield from self.below(path, NOTHING_SKIPPED)
        if obj.origin is not None and obj.kind in OPEN:
            yield from self.below(obj.origin, frozenset(obj.fields) | skipped)

    def below(self, path: Path, without: frozenset[Content]) -> tuple[Ref, ...]:
        """The targets that the caller finds at a path and below it."""
        if not path or len(path) > DEEPEST_ASKED or not self.targets or len(self.targets) > MOST_TARGETS:
            return ()
        answer = self.frame.ask(Question("holds", path, without, self.targets))
        return tuple(atom for atom in answer if isinstance(atom, Ref))

    @property
    def targets(self) -> tuple[ObjectId, ...]:
        """What the caller is asked for: what is wanted, and what it may hold that was written here."""
        if self._targets is None:
            heap = self.frame.state.heap
            filled = [id for id in self.frame.written if id in heap and heap[id].has_new_data]
            self._targets = tuple(dict.fromkeys([*filled, *(id for id in self._wanted if not is_local(id))]))
        return self._targets


def seen(frame: Frame, value: Value) -> Value:
    """The value with objects in place of the inputs that were looked at before: those may have changed since.

    What a library gave stays an input, since marked data may be in it beside what is known of its contents.
    """
    looked = [path for path in inputs_in(value) if Question("kind", path) in frame.answers] if frame.written else []
    if not looked:
        return value
    kept = tuple(atom for atom in value.atoms if not isinstance(atom, Input) or atom.path not in looked)
    found = frame.look(Value(tuple(atom for atom in value.atoms if atom not in kept), value.taints))
    if any(isinstance(atom, Ref) and frame.object(atom).kind in BY_LIBRARIES for atom in found.atoms):
        return value
    return Value((*found.atoms, *kept), found.taints)


def seen_object(frame: Frame, obj: Obj) -> Obj:
    """Likewise an object, whose contents are such values."""
    fields = {content: seen(frame, obj.fields[content]) for content in obj.unread}
    fields = {content: value for content, value in fields.items() if obj.fields[content] is not value}
    if frame.written and obj.origin is not None and obj.kind in {"instance", "unknown"}:
        fields.update(written_below(frame, obj.origin, obj.fields))
    return obj.replaced({**obj.fields, **fields}) if fields else obj


def written_below(frame: Frame, origin: Path, known: Fields) -> Iterator[tuple[Content, Value]]:
    """The contents of what lies at a path in which something was written to."""
    paths = [path_of(id) for id in frame.written if id[0] == "in"]
    below = {path[len(origin)] for path in paths if len(path) > len(origin) and path[: len(origin)] == origin}
    for content in frame.looked.get(origin, ()):
        if content not in known and content.kind not in LEADS:
            value = seen(frame, input_value((*origin, content)))
            if content in below or any(isinstance(atom, Ref) and atom.id in frame.written for atom in value.atoms):
                yield content, value


def are_apart(frame: Frame, one: Ref, other: Ref) -> bool:
    """Whether two references are surely to different objects: one was made here, or the caller says so."""
    if one == other or not all(frame.object(each).kind in MADE for each in (one, other)):
        return False
    origins = {origin_of(one.id), origin_of(other.id)}
    if "new" in origins or origins == {"G"}:
        return True
    return "in" in origins and "from" not in origins and bool(ask_apart(frame, one, other))


def ask_apart(frame: Frame, one: Ref, other: Ref) -> KindAnswer:
    """The caller's word on two objects of which one came in."""
    path = path_of(one.id if one.id[0] == "in" else other.id)
    return frame.ask(Question("apart", path, targets=(one.id, other.id)))


def origin_of(id: ObjectId) -> str:  # noqa: A002
    """Where an object comes from: `new` if made here, `from` a call (which may give again what it gave before),
    `in` if passed, `G` if made by an import.
    """
    while id[0] == "old" and isinstance(id[1], tuple):
        id = id[1]
    return "from" if "from" in id else str(id[0])


def inputs_in(value: Value) -> Iterator[Path]:
    """The paths of the inputs in a value that nobody has looked at."""
    return (atom.path for atom in value.atoms if isinstance(atom, Input) and atom.type is None)


def open_paths(obj: Obj, skipped: frozenset[Content]) -> Iterator[Path]:
    """The paths of the inputs that an object holds as data."""
    for content, value in obj.fields.items():
        if content not in skipped and content.kind not in LEADS:
            yield from inputs_in(value)
    if obj.rest is not None:
        yield from inputs_in(obj.rest)


def path_of(id: ObjectId) -> Path:  # noqa: A002
    """Where an object that came from outside is found; empty for one that was made here."""
    if id[0] == "in":
        path = id[1]
        assert isinstance(path, tuple)
        return path
    return (Content("obj", id),) if is_global(id) else ()


def unread_taints(path: Path, skipped: frozenset[Content]) -> Taints:
    """The taints of an object that this function never looked at."""
    return {Taint(Below(path, skipped)): None} if path else NO_TAINTS
