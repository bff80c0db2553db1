"""heapq, bisect and queues: elements in the order in which they are taken out, as far as that is known.

heapq.heappush(heap, (2, user.phone)); heapq.heappop(heap)      the smallest, where the elements can be compared
waiting.put(user.phone); waiting.put("x"); waiting.get()        the phone: first in, first out
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.containers import fresh_list, sequence_items, set_items
from flowcheck.flow.frames import Frame
from flowcheck.flow.futures import WAITED
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.pure_calls import ranked
from flowcheck.flow.sequence_methods import append
from flowcheck.flow.subscripts import bound
from flowcheck.flow.values import NONE_VALUE, NOTHING, UNKNOWN_VALUE, Ref, Value, attr, const, join, join_all


def itself(value: Value) -> Value:
    """An element that is compared as it is."""
    return value


def sort(frame: Frame, ref: Ref) -> None:
    """Put a list in order, or forget the order it has."""
    obj = frame.own(ref)
    known = ranked(frame, Items(sequence_items(obj), obj.rest), itself)
    if known is not None:
        set_items(frame, ref, Items(known, None))
    elif obj.length > 1 or obj.rest is not None:
        set_items(frame, ref, Items([], element_of(obj)))


def take(frame: Frame, ref: Ref, place: int) -> Value:
    """Take an element out of a list that is in order; where it is not, any of them."""
    obj = frame.own(ref)
    if obj.kind != "list" or not obj.is_exact or not obj.length:
        return element_of(obj)
    items = sequence_items(obj)
    found = items.pop(place)
    set_items(frame, ref, Items(items, None))
    return found


# --- heaps -------------------------------------------------------------------------------------------


@handles("heapq.heapify")
def call_heapify(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.heapify(rows)`"""
    for ref, _ in frame.objects(first(arguments)):
        sort(frame, ref)
    return NONE_VALUE


@handles("heapq.heappush", "bisect.insort", "bisect.insort_left", "bisect.insort_right")
def call_push(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.heappush(heap, x)`, `bisect.insort(rows, x)`"""
    for ref, obj in frame.objects(first(arguments)):
        append(frame, ref, obj, Arguments([arguments.get(1, "x") or NOTHING]), at)
        sort(frame, ref)
    return NONE_VALUE


@handles("heapq.heappop")
def call_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.heappop(heap)`"""
    return join_all(take(frame, ref, 0) for ref, _ in frame.objects(first(arguments)))


@handles("heapq.heappushpop")
def call_push_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.heappushpop(heap, x)`"""
    call_push(frame, receiver, arguments, at)
    return call_pop(frame, receiver, arguments, at)


@handles("heapq.heapreplace")
def call_replace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.heapreplace(heap, x)`"""
    found = call_pop(frame, receiver, arguments, at)
    call_push(frame, receiver, arguments, at)
    return found


def several(*, is_largest: bool) -> Handler:
    """`heapq.nlargest(2, rows, key=f)`"""

    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        items, by = iterate(frame, arguments.get(1, "iterable") or NOTHING, at), arguments.get(2, "key")
        size = bound(frame, first(arguments))
        known = ranked(frame, items, key_of(frame, by, at), is_reversed=is_largest)
        if known is None or isinstance(size, bool) or size is None:
            return fresh_list(frame, Items([], items.any()), at, "list", "heap:several")
        return fresh_list(frame, Items(known[:size], None), at, "list", "heap:several")

    return call


handles("heapq.nlargest")(several(is_largest=True))
handles("heapq.nsmallest")(several(is_largest=False))


def key_of(frame: Frame, by: Value | None, at: Span) -> Callable[[Value], Value]:
    """What an element is compared by."""
    if by is None:
        return itself
    return lambda value: call_value(frame, by, Arguments([value]), at)


@handles("heapq.merge")
def call_merge(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`heapq.merge(xs, ys, key=f)`"""
    columns = [iterate(frame, value, at) for value in arguments.positional]
    elements = [value for column in columns for value in column.known]
    rests = [column.rest for column in columns if column.rest is not None]
    items = Items(elements, join_all(rests) if rests else None)
    known = ranked(frame, items, key_of(frame, arguments.keywords.get("key"), at))
    merged = Items(known, None) if known is not None else Items([], items.any())
    return fresh_list(frame, merged, at, "list", "heap:merge")


# --- queues ------------------------------------------------------------------------------------------

WAITING = attr("queue")
LIBRARIES = ("queue", "multiprocessing", "asyncio")
KINDS = {
    "Queue": 0, "SimpleQueue": 0, "JoinableQueue": 0, "LifoQueue": -1, "PriorityQueue": 0,
}  # fmt: skip
"""The kinds of queues, and which of the waiting elements comes next."""


def queue_kind(library: str, kind: str) -> None:
    """The methods of one kind of queue."""
    name = f"{library}.{kind}"
    owners = (name, f"{name}()")

    @handles(name, f"{name}.__init__")
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        waiting = fresh_list(frame, Items([], None), at, "list", "queue:waiting")
        if not frame.objects(receiver):
            return frame.make(at, Obj("external", {WAITING: waiting}, detail=f"{name}()"), "queue")
        frame.write(receiver, WAITING, waiting)
        return NONE_VALUE

    @handles(*(f"{owner}.{method}" for owner in owners for method in ("put", "put_nowait")))
    def put(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        value = arguments.get(0, "item") or arguments.get(0, "obj") or NOTHING
        for ref, obj in waiting_in(frame, receiver):
            append(frame, ref, obj, Arguments([value]), at)
            if kind == "PriorityQueue":
                sort(frame, ref)
        return NONE_VALUE

    @handles(*(f"{owner}.{method}" for owner in owners for method in ("get", "get_nowait")))
    def get(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        found = NOTHING
        if library == "asyncio" and not all(obj.length for _, obj in waiting_in(frame, receiver)):
            frame.write(receiver, WAITED, Value((const(True),)))
        for ref, _ in waiting_in(frame, receiver):
            found = join(found, take(frame, ref, KINDS[kind]))
        return found if found.atoms else UNKNOWN_VALUE


def waiting_in(frame: Frame, queue: Value) -> list[tuple[Ref, Obj]]:
    """The lists of what waits in queues."""
    return frame.objects(frame.content(queue, WAITING).present())


for _library in LIBRARIES:
    for _kind in KINDS:
        queue_kind(_library, _kind)
