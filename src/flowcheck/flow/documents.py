"""Documents: structures that rest outside the program, part by part, for a function that never sees the writer.

    json.dump({"to": user.phone, "place": user.city}, open("state.json", "w"))      stores  document.to, document.place
    json.load(open("state.json"))["place"]                                          reads   document.place alone

A file, a key of Redis or of a cache is one storage; beside all that it holds (its elements) it has one content of the
kind `document`, below which the parts lie as they do in the structure that was written there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from flowcheck.flow.events import Cell, Stored, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, input_value
from flowcheck.flow.results import Hop
from flowcheck.flow.values import (
    ELEMENT,
    KEYS,
    NOTHING,
    Below,
    Content,
    ObjectId,
    Path,
    Ref,
    Taints,
    Value,
    derived,
    join,
    with_hop,
)

DOCUMENT = "document"
"""The kind of content that a storage's structure is."""

TEXT = Content("text", None)
"""Where a text object keeps what it was made from."""

DEEPEST = 3
"""Steps into a structure that are told apart."""

Part = tuple[tuple[Content, ...], Taints]


def document(name: Hashable = None) -> Content:
    """The structure in a storage; of a storage with many, the one under a name."""
    return Content(DOCUMENT, name)


# --- writing -------------------------------------------------------------------------------------


def note_document(frame: Frame, owner: ObjectId, name: Hashable, value: Value, hop: Hop | None = None) -> None:
    """Note what was put into a storage, part by part; `hop` says so in a path."""
    found: dict[tuple[Content, ...], Taints] = {}
    for steps, taints in parts_of(frame, value, ()):
        if taints:
            found[steps] = {**taints, **found.get(steps, {})}
    for steps, taints in found.items():
        said = with_hop(taints, hop) if hop is not None else taints
        add_event(frame.events, Stored(Cell(owner, (document(name), *steps)), said, frame.state.pending))


def parts_of(frame: Frame, value: Value, steps: tuple[Content, ...]) -> Iterator[Part]:
    """What a structure, or a text made from one, holds in each of its parts."""
    looked = frame.look(frame.machine.forced(frame, value))
    yield steps, looked.taints
    for atom in looked.present().atoms:
        if isinstance(atom, Ref):
            yield from parts_of_object(frame, atom, frame.object(atom), steps)


def parts_of_object(frame: Frame, ref: Ref, obj: Obj, steps: tuple[Content, ...]) -> Iterator[Part]:
    """The parts of a text, a mapping, a sequence or a record; any other object is one part."""
    written = obj.fields.get(document(), obj.fields.get(TEXT))
    if written is not None:
        yield from parts_of(frame, written, steps)
    elif obj.kind not in {"dict", "list", "tuple", "instance"} or len(steps) >= DEEPEST:
        yield steps, frame.deep_taints(Value((ref,)))
    else:
        for content, held in obj.fields.items():
            if content == KEYS:
                yield steps, frame.deep_taints(held)
            elif content.kind in {"key", "attr", "index"}:
                yield from parts_of(frame, held, (*steps, content))
        if obj.rest is not None:
            yield from parts_of(frame, obj.rest, (*steps, *(() if obj.kind == "dict" else (ELEMENT,))))
        if obj.origin is not None and obj.kind == "instance":
            yield steps, frame.deep_taints(Value((ref,)), frozenset(obj.fields))


# --- reading -------------------------------------------------------------------------------------


def document_in(owner: ObjectId, name: Hashable = None) -> Value:
    """The structure that a storage holds, not yet looked at."""
    return input_value((Content("obj", owner), document(name)))


def document_behind(frame: Frame, text: Value) -> Value | None:
    """The structures that a text is written of, where what it holds comes from storages; None where none of it does."""
    found, others = NOTHING, {}
    for taint, chain in frame.deep_taints(text).items():
        origin = taint.origin
        is_plain = isinstance(origin, Below) and not (taint.cleared or taint.carried or origin.without)
        if is_plain and isinstance(origin, Below) and is_whole_storage(origin.path):
            assert isinstance(origin.path[0].name, tuple)
            found = join(found, document_in(origin.path[0].name, origin.path[1].name))
        else:
            others[taint] = chain
    if not found.atoms:
        return None
    return join(found, derived(others)) if others else found


def is_whole_storage(path: Path) -> bool:
    """Whether a path leads to all that a file, or a key of a store outside the program, holds."""
    root = path[0]
    is_outside = root.kind == "obj" and isinstance(root.name, tuple) and root.name[1:2] == ("external",)
    return is_outside and len(path) == 2 and path[1].kind in {"attr", ELEMENT.kind, DOCUMENT}


def is_another_part(held: tuple[Content, ...], read: tuple[Content, ...]) -> bool:
    """Whether two ways into one structure surely part: at different keys, attributes or positions."""
    return any(
        one.kind == other.kind
        and one.kind in {"key", "attr", "index"}
        and one != other
        and not (one.kind == "index" and min(position(one), position(other)) < 0)
        for one, other in zip(held, read, strict=False)
    )


def position(content: Content) -> int:
    """Where an item stands; before the first one where it is counted from the end."""
    return content.name if isinstance(content.name, int) else -1
