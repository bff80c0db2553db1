"""Pools, pipes and archives: results in the order of what went in, what is sent, files by their names.

list(pool.map(f, [user.phone, "x"]))[1]             what f makes of the text alone
one, two = Pipe(); one.send(user.phone); two.recv() the phone
archive.writestr("a.txt", user.phone); archive.read("a.txt")
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import call_map
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.heaps import take
from flowcheck.flow.iteration import Items
from flowcheck.flow.iterators import call_starmap
from flowcheck.flow.sequence_methods import append
from flowcheck.flow.values import NONE_VALUE, UNKNOWN_VALUE, Content, Value, join_all

EXECUTORS = ("Executor", "ThreadPoolExecutor", "ProcessPoolExecutor", "InterpreterPoolExecutor")
POOLS = (
    "multiprocessing.Pool",
    "multiprocessing.pool.Pool",
    "multiprocessing.pool.ThreadPool",
    "multiprocessing.dummy.Pool",
)


def methods(owners: tuple[str, ...], *names: str) -> list[str]:
    """The dotted names of methods of several classes."""
    return [f"{owner}{call}.{name}" for owner in owners for call in ("", "()") for name in names]


@handles(*methods(tuple(f"concurrent.futures.{name}" for name in EXECUTORS), "map"), *methods(POOLS, "map", "imap"))
def call_pool_map(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pool.map(f, xs)`: as `map` does"""
    given = [value for value in (arguments.get(0, "func"), arguments.get(1, "iterable")) if value is not None]
    return call_map(frame, receiver, Arguments([*given, *arguments.positional[2:]]), at)


@handles(*methods(POOLS, "starmap"))
def call_pool_starmap(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pool.starmap(f, [(x, y)])`"""
    return call_starmap(frame, receiver, arguments, at)


# --- pipes -------------------------------------------------------------------------------------------

CONNECTION = "multiprocessing.connection.Connection"
SENT = Content("sent", "pipe")
RECEIVED = Content("received", "pipe")


@handles("multiprocessing.Pipe")
def make_pipe(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`one, two = Pipe()`: what one end is sent, the other receives."""
    ways = [fresh_list(frame, Items([], None), at, "list", f"pipe:{way}") for way in range(2)]
    ends = [
        frame.make(at, Obj("external", {SENT: sent, RECEIVED: received}, detail=CONNECTION), f"pipe:end:{place}")
        for place, (sent, received) in enumerate((ways, ways[::-1]))
    ]
    return fresh_list(frame, Items(ends, None), at, "tuple", "pipe")


@handles(f"{CONNECTION}.send", f"{CONNECTION}.send_bytes")
def call_send(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`one.send(x)`"""
    for ref, obj in frame.objects(frame.content(receiver, SENT).present()):
        append(frame, ref, obj, Arguments([first(arguments)]), at)
    return NONE_VALUE


@handles(f"{CONNECTION}.recv", f"{CONNECTION}.recv_bytes")
def call_receive(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`two.recv()`"""
    found = join_all(take(frame, ref, 0) for ref, _ in frame.objects(frame.content(receiver, RECEIVED).present()))
    return found if found.atoms else UNKNOWN_VALUE
