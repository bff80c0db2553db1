"""Threads and tasks: what they run, they run with what is there when they start, and with what comes later.

    waiting = Queue(); Thread(target=work, args=(waiting,)).start()      work(waiting), nothing in it yet
    waiting.put(user.phone); waiting.join()                              work(waiting) again, with the phone

A target is run where the thread is started, where something is joined, and at the end of the function that started it.
A coroutine is run where it is called; where it had to wait for what others give it, again at each `await` until it is
itself awaited.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.bindings import all_statements
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import spread_double_star
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.futures import RESULT, TASK, WAITED
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.thread_values import fresh_values, left_values
from flowcheck.flow.values import NONE_VALUE, NOTHING, Ref, Value, attr, is_global, join

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
    """Run what a thread or a task runs; a thread has its own context and thread-local values."""
    is_task = any(obj.detail == TASK for _, obj in frame.objects(thread))
    if is_task:
        run_targets(frame, thread, at)
    else:
        in_own_thread(frame, partial(run_targets, frame, thread, at), at)


def run_targets(frame: Frame, thread: Value, at: Span) -> None:
    """The `run` of its class, or its target."""
    for ref, obj in frame.objects(thread):
        method = class_lookup(frame, obj.type, "run") if obj.kind == "instance" else None
        if method is not None:
            maybe_call(frame, method, Arguments([Value((ref,))]), at)
            continue
        target = obj.fields.get(TARGET, NOTHING).present()
        if target.atoms:
            result = maybe_call(frame, target, arguments_of(frame, obj, at), at)
            if obj.detail == TASK:
                frame.write(Value((ref,)), RESULT, join(frame.object(ref).get(RESULT), result))


T = TypeVar("T")


def in_own_thread(frame: Frame, action: Callable[[], T], at: Span) -> T:
    """Do something as another thread does it: what this one set in thread-local storage is not there."""
    before = left_values(frame)
    if not before:
        return action()
    fresh_values(frame, before, at)
    try:
        return action()
    finally:
        frame.state.heap.update({id: obj for id, obj in before.items() if id in frame.state.heap})


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


def let_others_run(frame: Frame, at: Span, awaited: Value = NOTHING) -> None:
    """`await`: the tasks that were made here go on with what is there by now; one that is awaited comes to its end.

    Where an endless coroutine stands is where it may be left.
    """
    if frame.background:
        run_background(frame)
        frame.background[:] = [(task, made) for task, made in frame.background if task.atoms != awaited.atoms]
    if frame.code.is_async and not frame.code.is_generator and is_endless(frame.code):
        frame.suspended[at] = frame.state.fork()


def is_endless(code: Code) -> bool:
    """`while True: rows.append(await waiting.get())`"""
    return any(
        isinstance(each, tree.While) and each.test == tree.Constant(value=True) for each in all_statements(code.body)
    )


def leave_endless(frame: Frame) -> None:
    """A coroutine that never returns is cancelled where it waits."""
    if not frame.returns and frame.code.is_async and not frame.code.is_generator:
        frame.returns.extend((NONE_VALUE, state) for state in frame.suspended.values())


# --- tasks -------------------------------------------------------------------------------------------


def is_waiting(frame: Frame) -> bool:
    """Whether a coroutine waited for what another has still to give."""
    return any(WAITED in obj.fields for obj in frame.state.heap.values())


def coroutines_in(frame: Frame, at: Span) -> list[tuple[Value, Arguments]]:
    """The coroutines made by the arguments of a call, in order."""
    spans = sorted(each for each in frame.coroutines if is_within(each, at))
    return [frame.coroutines[each] for each in spans]


def is_within(inner: Span, outer: Span) -> bool:
    """Whether one stretch of text lies in another."""
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)


def start_task(frame: Frame, result: Value, at: Span) -> Value:
    """A task; one that may wait for others goes on when they have run."""
    made = coroutines_in(frame, at)
    if len(made) != 1 or made[0][1].keywords or made[0][1].more is not None or not is_waiting(frame):
        return frame.make(at, Obj("external", {RESULT: result}, detail=TASK), "task")
    function, arguments = made[0]
    given = fresh_list(frame, Items(arguments.positional, None), at, "tuple", "task:given")
    task = frame.make(at, Obj("external", {RESULT: result, TARGET: function, GIVEN: given}, detail=TASK), "task")
    if not any(each.atoms == task.atoms for each, _ in frame.background):
        frame.background.append((task, at))
    return task


def run_again(frame: Frame, count: int, at: Span) -> list[Value]:
    """What coroutines that are gathered give, the later ones having run; nothing for those that need not wait."""
    run_background(frame)
    made = coroutines_in(frame, at)
    if not made or len(made) != count or not is_waiting(frame):
        return [NOTHING] * count
    return [maybe_call(frame, function, arguments, at) for function, arguments in made]


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
