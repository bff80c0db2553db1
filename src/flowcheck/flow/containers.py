"""The builtin containers as objects: their elements, replaced as a whole, and an instance's `__dict__`.

rows = [user.phone, "x"]        a list of two elements known by position
[f(x) for x in rows]            a list of what f gives, known apart likewise
vars(user)["phone"] = "x"       written back to the instance
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from flowcheck.facts.tree import Span
from flowcheck.flow.folding import has_hole
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.values import ABSENT, NOTHING, Content, Ref, Value, index, join

SEQUENCES = frozenset({"list", "tuple", "generator"})

CONTAINER_NAMES = {
    "list": "list", "tuple": "tuple", "dict": "dict", "set": "set", "frozenset": "set", "deque": "list",
    "generator": "list", "UserDict": "dict", "OrderedDict": "dict", "defaultdict": "dict", "Counter": "dict",
    "UserList": "list", "ChainMap": "dict",
}  # fmt: skip


def container_of(name: str) -> str | None:
    """The kind of container that a class of the standard library is: `collections.UserDict` is a dict."""
    module, _, last = name.removesuffix("()").rpartition(".")
    return CONTAINER_NAMES.get(last) if module in {"builtins", "collections", "collections.abc"} else None


LIMIT = Content("limit", None)
"""How many elements a deque keeps."""


def fresh_list(frame: Frame, items: Items, at: Span, kind: str = "list", tag: str = "") -> Value:
    """A new sequence or set with these elements."""
    if kind == "set":
        rest = items.any() if items.known or items.rest is not None else None
        return frame.make(at, Obj("set", rest=rest), tag)
    fields = {index(position): value for position, value in enumerate(items.known)}
    return frame.make(at, Obj(kind, fields, length=len(items.known), rest=items.rest), tag)


def snapshot(frame: Frame, obj: Obj, at: Span, keys: Sequence[Hashable] | None = None) -> tuple[Ref, Obj]:
    """An instance's or module's `__dict__` as the dictionary it is right now; `keys` are those wanted, if known."""
    only = [each for each in keys if isinstance(each, str) and not has_hole(each)] if keys is not None else None
    if keys is None or len(keys) != len(only or ()):
        only = None
    made = frame.machine.mapping_of_fields(frame, obj.get(OWNER), at, only)
    ref = next(atom for atom in made.atoms if isinstance(atom, Ref))
    return ref, frame.object(ref)


OWNER = Content("attr", "__self__")
"""The instance whose `__dict__` an object of kind fields is."""


def write_back(frame: Frame, obj: Obj, before: Obj, after: Obj) -> None:
    """Give an instance the fields that its `__dict__` got."""
    owner = obj.get(OWNER)
    for content, value in after.fields.items():
        if content.kind == "key" and before.fields.get(content) is not value:
            frame.write(owner, Content("attr", content.name), value)
    for content in before.fields:
        if content not in after.fields:
            frame.write(owner, Content("attr", content.name), Value((ABSENT,)))
    if after.rest is not None and after.rest is not before.rest:
        for ref, held in frame.objects(owner):
            frame.own(ref)
            frame.state.heap[ref.id] = held.replaced(rest=join(held.rest or NOTHING, after.rest))


def sequence_items(obj: Obj) -> list[Value]:
    """The elements known by position."""
    return [obj.fields[index(position)] for position in range(obj.length)]


def set_items(frame: Frame, ref: Ref, items: Items) -> None:
    """Replace all elements of a sequence or set, or add to them where it may be several objects."""
    obj = frame.own(ref)
    if obj.is_summary:
        added = items.any()
        frame.state.write_any(ref.id, added)
        return
    kept = {content: value for content, value in obj.fields.items() if content.kind not in {"index", "key", "keys"}}
    if obj.kind == "set":
        fields, length = kept, 0
        rest = items.any() if items.known or items.rest is not None else None
    else:
        fields = {**kept, **{index(position): value for position, value in enumerate(items.known)}}
        length, rest = len(items.known), items.rest
    fresh = Obj(obj.kind, fields, type=obj.type, detail=obj.detail, rest=rest, length=length, origin=obj.origin)
    fresh.initial = obj.initial
    frame.state.heap[ref.id] = fresh
