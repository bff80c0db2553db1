"""Threads: what they run, they run with what is there when they start, and with what comes later.

    waiting = Queue(); Thread(target=work, args=(waiting,)).start()      work(waiting), nothing in it yet
    waiting.put(user.phone); waiting.join()                              work(waiting) again, with the phone

A target is run where the thread is started, where something is joined, and at the end of the function that started it.
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import spread_double_star
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.values import NONE_VALUE, NOTHING, Ref, Value, attr, is_global

TARGET = attr("_target")
GIVEN = attr("_args")
NAMED = attr("_kwargs")
DETAIL = "threading.Thread"


def maker(names: tuple[str, ...], target: tuple[int, str], given: int) -> None:
    """A class whose objects run a target."""

    @handles(*names, *(f"{name}.__init__" for name in names))
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        fields = {
            TARGET: arguments.get(*target) or NOTHING,
            GIVEN: arguments.get(given, "args") or NOTHING,
            NAMED: arguments.get(given + 1, "kwargs") or NOTHING,
        }
        made = receiver
        if frame.objects(receiver):
            for content, value in fields.items():
                frame.write(receiver, content, value)
        else:
            made = frame.make(at, Obj("external", fields, detail=DETAIL), "thread")
        return made


maker(("threading.Thread", "multiprocessing.Process", "multiprocessing.context.Process"), (1, "target"), 3)
maker(("threading.Timer",), (1, "function"), 2)


def run(frame: Frame, thread: Value, at: Span) -> None:
    """Run what a thread runs: the `run` of its class, or its target."""
    for ref, obj in frame.objects(thread):
        method = class_lookup(frame, obj.type, "run") if obj.kind == "instance" else None
        if method is not None:
            maybe_call(frame, method, Arguments([Value((ref,))]), at)
            continue
        target = obj.fields.get(TARGET, NOTHING).present()
        if target.atoms:
            maybe_call(frame, target, arguments_of(frame, obj, at), at)


def arguments_of(frame: Frame, thread: Obj, at: Span) -> Arguments:
    """What the target is given."""
    items = iterate(frame, thread.fields.get(GIVEN, NOTHING).present(), at)
    arguments = Arguments(list(items.known), {}, items.rest)
    spread_double_star(frame, arguments, thread.fields.get(NAMED, NOTHING).present())
    return arguments


def run_background(frame: Frame) -> None:
    """Run the threads that a function made, with what is there by now."""
    for thread, at in frame.background:
        there = [atom for atom in thread.atoms if not isinstance(atom, Ref) or is_there(frame, atom)]
        run(frame, Value(tuple(there), thread.taints), at)


def is_there(frame: Frame, ref: Ref) -> bool:
    """Whether the object exists in the current state: what another branch made does not."""
    return ref.id in frame.state.heap or ref.id[0] == "in" or is_global(ref.id)


def classes(*methods: str) -> list[str]:
    """The names of methods of threads."""
    kinds = ("threading.Thread", "threading.Timer", "multiprocessing.Process", "multiprocessing.context.Process")
    return [f"{kind}{call}.{method}" for kind in kinds for call in ("", "()") for method in methods]


@handles(*classes("start", "run"))
def call_start(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`thread.start()`"""
    run(frame, receiver, at)
    if not any(thread.atoms == receiver.atoms for thread, _ in frame.background):
        frame.background.append((receiver, at))
    return NONE_VALUE


@handles(*classes("join"), "queue.Queue.join", "queue.Queue().join")
def call_join(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`thread.join()`, `waiting.join()`: by then the threads have seen everything."""
    run_background(frame)
    return NONE_VALUE
