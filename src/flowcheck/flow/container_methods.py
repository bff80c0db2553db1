"""The methods of the builtin containers by name, and those that several kinds share.

rows = [user.phone]; rows.clear(); rows                 nothing
seen.union(others)                                      elements of both
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import SEQUENCES, fresh_list, set_items, snapshot, write_back
from flowcheck.flow.extended import as_builtin, builtin_of
from flowcheck.flow.frames import Frame, whole_taints
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import (
    get,
    items,
    keys,
    merge,
    move_to_end,
    new_child,
    pop_item,
    pop_key,
    set_default,
    values,
)
from flowcheck.flow.sequence_methods import (
    append,
    append_left,
    extend,
    extend_left,
    insert,
    remove,
    reverse,
    rotate,
    sort,
)
from flowcheck.flow.subscripts import (
    constant_keys,
    delete_item,
    get_item,
    item_of_builtin,
    remove_item,
    set_item,
    stored_content,
)
from flowcheck.flow.values import NONE_VALUE, NOTHING, Content, Ref, Scalar, Value, const, index, join

Method: TypeAlias = Callable[[Frame, Ref, Obj, Arguments, Span], Value]


def call_method(frame: Frame, name: str, receiver: Value, arguments: Arguments, at: Span) -> Value | None:
    """A method of a builtin container on each object the receiver may be; None for one not known here."""
    method = METHODS.get(name)
    if method is None:
        return None
    result = NOTHING
    shared = whole_taints(frame.look(receiver))
    targets = frame.objects(receiver)
    for ref, obj in targets:
        if obj.kind == "fields":
            held, before = snapshot(frame, obj, at, keys_of_call(frame, name, arguments))
            result = join(result, method(frame, held, before, arguments, at))
            write_back(frame, obj, before, frame.object(held))
        else:
            result = join(result, method(frame, ref, obj, arguments, at))
    return result.tainted(shared)


def keys_of_call(frame: Frame, name: str, arguments: Arguments) -> list[Hashable] | None:
    """The keys that a method of a mapping has to do with, where they are known."""
    if name == "update" and not arguments.positional and arguments.extra is None:
        return list(arguments.keywords)
    if name in {"get", "pop", "setdefault", "__getitem__", "__contains__"}:
        return constant_keys(frame, arguments.get(0) or NOTHING)
    return None


def pop(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.pop()`, `rows.pop(0)`, `row.pop("to", default)`, `seen.pop()`"""
    if obj.kind == "set":
        return obj.rest if obj.rest is not None else NOTHING
    first = arguments.get(0)
    if obj.kind not in SEQUENCES:
        return pop_key(frame, ref, obj, arguments, at)
    keys: list[Hashable] | None = [-1] if first is None else constant_keys(frame, first)
    if keys is None or len(keys) != 1 or not isinstance(keys[0], int):
        found = element_of(obj)
        set_items(frame, ref, Items([], found))
        return found
    if obj.rest is None and not -obj.length <= keys[0] < obj.length:
        frame.surely_raises("IndexError", at, ref)
    found = frame.content_of_object(obj, index(keys[0]))
    if obj.rest is None:
        remove_item(frame, ref, frame.own(ref), keys[0])
    elif keys[0] != -1:
        set_items(frame, ref, Items([], element_of(obj)))
    return found


def pop_left(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`queue.popleft()`"""
    return pop(frame, ref, obj, Arguments([Value((const(0),))]), at)


def update(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`row.update(other, to=x)`, `seen.update(xs)`"""
    if obj.kind == "set":
        for each in arguments.positional:
            extend(frame, ref, obj, Arguments([each]), at)
        return NONE_VALUE
    for other in arguments.positional:
        if COUNTS in obj.fields and not is_counted_already(frame, other):
            count_elements(frame, ref, other, at)
        else:
            merge(frame, ref, other, at)
    for name, value in arguments.keywords.items():
        set_item(frame, Value((ref,)), Value((const(name),)), value, at)
    if arguments.extra is not None:
        frame.own(ref)
        frame.state.write_any(ref.id, arguments.extra)
    return NONE_VALUE


COUNTS = Content("counts", None)
"""Says that a dictionary is a `Counter`."""


def is_counted_already(frame: Frame, value: Value) -> bool:
    """Whether a value is a mapping from elements to numbers."""
    return any(obj.kind == "dict" for _, obj in frame.objects(as_builtin(frame, value)))


def count_elements(frame: Frame, ref: Ref, elements: Value, at: Span) -> None:
    """`counts.update(xs)`: each element is a key."""
    items = iterate(frame, elements, at)
    for name in [*items.known, *([items.rest] if items.rest is not None else [])]:
        set_item(frame, Value((ref,)), name, Value((Scalar("int"),)), at)


def counted_keys(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`counts.elements()`"""
    return fresh_list(frame, Items([], iterate(frame, Value((ref,)), at).any()), at, "list", "counted")


def most_common(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`counts.most_common(2)`: pairs of an element and how often it was there"""
    pair = Items([iterate(frame, Value((ref,)), at).any(), Value((Scalar("int"),))], None)
    return fresh_list(frame, Items([], fresh_list(frame, pair, at, "tuple", "common:pair")), at, "list", "common")


def clear(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.clear()`"""
    obj = frame.own(ref)
    if obj.is_summary:
        return NONE_VALUE
    kept = {content: value for content, value in obj.fields.items() if content.kind not in {"index", "key", "keys"}}
    fresh = Obj(obj.kind, kept, type=obj.type, detail=obj.detail, origin=obj.origin)
    fresh.initial = obj.initial
    frame.state.heap[ref.id] = fresh
    return NONE_VALUE


def copy(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.copy()`"""
    return frame.make(
        at,
        Obj(obj.kind, obj.fields, type=obj.type, detail=obj.detail, rest=obj.rest, length=obj.length),
        f"copy:{obj.kind}",
    )


def combined(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`a.union(b)`, `a.intersection(b)`, `a.symmetric_difference(b)`: elements of both."""
    rest = element_of(obj)
    for other in arguments.positional:
        rest = join(rest, iterate(frame, other, at).any())
    return frame.make(at, Obj("set", rest=rest if rest.atoms or rest.taints else None), "set:combined")


def left_only(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`a.difference(b)`: elements of a."""
    return frame.make(at, Obj("set", rest=obj.rest), "set:difference")


def count(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.count(x)`, `rows.index(x)`, `a.isdisjoint(b)`: nothing of the elements is in the result."""
    return Value((Scalar("int"),))


def dunder_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__getitem__(i)`, `super().__getitem__(name)`"""
    held = builtin_of(frame, ref)
    if held is not None:
        return item_of_builtin(frame, ref, held, arguments.get(0) or NOTHING, at)
    return get_item(frame, Value((ref,)), arguments.get(0) or NOTHING, at)


def dunder_set_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__setitem__(i, x)`"""
    obj = frame.own(ref)
    names = constant_keys(frame, arguments.get(0) or NOTHING)
    value = arguments.get(1) or NOTHING
    for name in names or ():
        content = stored_content(obj, name)
        if content is not None:
            frame.state.write(ref.id, content, value, is_strong=names is not None and len(names) == 1)
    if names is None:
        frame.state.write_any(ref.id, value)
    return NONE_VALUE


def dunder_delete_item(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__delitem__(i)`"""
    delete_item(frame, Value((ref,)), arguments.get(0) or NOTHING, at)
    return NONE_VALUE


def dunder_iter(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`rows.__iter__()`"""
    return fresh_list(frame, iterate(frame, Value((ref,)), at), at, "list", "iter")


METHODS: dict[str, Method] = {
    "append": append,
    "add": append,
    "appendleft": append_left,
    "insert": insert,
    "extend": extend,
    "extendleft": extend_left,
    "rotate": rotate,
    "total": count,
    "pop": pop,
    "popleft": pop_left,
    "popitem": pop_item,
    "move_to_end": move_to_end,
    "new_child": new_child,
    "get": get,
    "setdefault": set_default,
    "update": update,
    "subtract": update,
    "elements": counted_keys,
    "most_common": most_common,
    "clear": clear,
    "keys": keys,
    "values": values,
    "items": items,
    "copy": copy,
    "__copy__": copy,
    "reverse": reverse,
    "sort": sort,
    "remove": remove,
    "discard": remove,
    "union": combined,
    "intersection": combined,
    "symmetric_difference": combined,
    "difference": left_only,
    "count": count,
    "index": count,
    "isdisjoint": count,
    "issubset": count,
    "issuperset": count,
    "__len__": count,
    "__contains__": count,
    "__getitem__": dunder_item,
    "__setitem__": dunder_set_item,
    "__delitem__": dunder_delete_item,
    "__iter__": dunder_iter,
}
