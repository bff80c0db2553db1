"""asyncio's and the executors' tasks and futures: results, errors, callbacks.

task.add_done_callback(lambda done: rows.append(done.result()))     runs with the task
future.set_result(user.phone); await future                         the phone
"""

from __future__ import annotations

from functools import partial

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import call_value
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.futures import (
    ERROR,
    FUTURE,
    POOLED,
    RESULT,
    TASK,
    WAITED,
    errors_of,
    held_back,
    result_of,
    settled,
)
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.pools import EXECUTORS
from flowcheck.flow.pools import methods as pool_methods
from flowcheck.flow.threads import run_again, start_task
from flowcheck.flow.values import NONE_VALUE, NOTHING, Content, Scalar, Value, const, join

CALLBACKS = Content("done", None)
LOOP = "asyncio.AbstractEventLoop"


def methods(*names: str) -> list[str]:
    """The names of methods of tasks and futures."""
    return [f"{kind}{call}.{name}" for kind in (TASK, FUTURE, POOLED) for call in ("", "()") for name in names]


@handles(
    "asyncio.create_task", "asyncio.ensure_future", f"{LOOP}.create_task", "asyncio.run_coroutine_threadsafe",
)  # fmt: skip
def make_task(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`create_task(fetch())`"""
    given = arguments.get(0, "coro") or arguments.get(0, "coro_or_future") or NOTHING
    errors = errors_of(frame, given)
    task = start_task(frame, result_of(frame, given), at)
    if errors.atoms:
        frame.write(task, ERROR, errors)
    return task


@handles("asyncio.TaskGroup.create_task", "asyncio.TaskGroup().create_task")
def make_task_of_group(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`group.create_task(fetch())`: an error ends the block of the group."""
    task = make_task(frame, receiver, arguments, at)
    errors = errors_of(frame, task)
    if errors.atoms:
        frame.raising[-1].append((errors, frame.state.fork()))
    return task


@handles("asyncio.run", "asyncio.wait_for", "asyncio.shield", "asyncio.Runner.run", "asyncio.Runner().run")
def call_run(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asyncio.run(main())`"""
    given = arguments.get(0, "main") or arguments.get(0, "fut") or arguments.get(0, "coro") or NOTHING
    return settled(frame, given)


@handles(*pool_methods(tuple(f"concurrent.futures.{name}" for name in EXECUTORS), "submit"))
def call_submit(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`executor.submit(f, x)`"""
    function = arguments.get(0, "fn") or NOTHING
    given = Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)
    made = held_back(frame, partial(call_value, frame, function, given, at), at)
    fields = {RESULT: result_of(frame, made)}
    errors = errors_of(frame, made)
    if errors.atoms:
        fields[ERROR] = errors
    return frame.make(at, Obj("external", fields, detail=POOLED), "submitted")


@handles(FUTURE, POOLED, f"{LOOP}.create_future")
def make_future(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`loop.create_future()`"""
    return frame.make(at, Obj("external", {RESULT: NOTHING}, detail=FUTURE), "future")


@handles(f"{LOOP}.run_in_executor")
def call_in_executor(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`loop.run_in_executor(None, f, x)`"""
    function = arguments.get(1, "func") or NOTHING
    made = call_value(frame, function, Arguments(arguments.positional[2:], {}, arguments.more), at)
    return frame.make(at, Obj("external", {RESULT: made}, detail=FUTURE), "future")


@handles(*methods("result"), f"{LOOP}.run_until_complete")
def call_result(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`task.result()`, `loop.run_until_complete(task)`"""
    return settled(frame, receiver if not arguments.positional or is_future(frame, receiver) else first(arguments))


def is_future(frame: Frame, value: Value) -> bool:
    """Whether a value is a task or future."""
    return any(RESULT in obj.fields for _, obj in frame.objects(value))


@handles(*methods("exception"))
def call_exception(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`task.exception()`"""
    found = NOTHING
    for _, obj in frame.objects(receiver):
        found = join(found, obj.fields.get(ERROR, NONE_VALUE))
    return found


@handles(*methods("set_result"))
def call_set_result(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`future.set_result(x)` lets the callbacks run."""
    frame.write(receiver, RESULT, first(arguments))
    return run_callbacks(frame, receiver, at)


@handles(*methods("set_exception"))
def call_set_exception(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`future.set_exception(error)`"""
    frame.write(receiver, ERROR, first(arguments))
    return run_callbacks(frame, receiver, at)


def run_callbacks(frame: Frame, future: Value, at: Span) -> Value:
    """Run what waits for a future."""
    for ref, obj in frame.objects(future):
        for callback in iterate(frame, obj.fields.get(CALLBACKS, NOTHING), at).known:
            maybe_call(frame, callback, Arguments([Value((ref,))]), at)
    return NONE_VALUE


@handles(*methods("add_done_callback"))
def call_add_callback(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`future.add_done_callback(f)`: f is called with the future, at once where that is done."""
    for ref, obj in frame.objects(receiver):
        future = Value((ref,))
        if obj.fields.get(RESULT, NOTHING).present().atoms or ERROR in obj.fields or obj.origin is not None:
            maybe_call(frame, first(arguments), Arguments([future]), at)
            continue
        before = iterate(frame, obj.fields.get(CALLBACKS, NOTHING), at)
        waiting = fresh_list(frame, Items([*before.known, first(arguments)], before.rest), at, "list", "callbacks")
        frame.write(future, CALLBACKS, waiting)
    return NONE_VALUE


@handles("asyncio.gather")
def call_gather(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asyncio.gather(a(), b())`: the results in the order of the arguments."""
    again = run_again(frame, len(arguments.positional), at)
    known = [
        join(outcome(frame, value, arguments), settled(frame, later))
        for value, later in zip(arguments.positional, again, strict=True)
    ]
    rest = outcome(frame, arguments.more, arguments) if arguments.more is not None else None
    return fresh_list(frame, Items(known, rest), at, "list", "gather")


def outcome(frame: Frame, value: Value, arguments: Arguments) -> Value:
    """The result of one of those gathered; its error too, where these are asked for."""
    if "return_exceptions" not in arguments.keywords:
        return settled(frame, value)
    return join(result_of(frame, value), errors_of(frame, value))


@handles("asyncio.wait")
def call_wait(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`done, pending = await asyncio.wait(tasks)`"""
    tasks = iterate(frame, arguments.get(0, "aws") or NOTHING, at).any()
    done = fresh_list(frame, Items([], tasks), at, "set", "wait:done")
    may_wait = "return_when" in arguments.keywords or "timeout" in arguments.keywords
    pending = fresh_list(frame, Items([], tasks if may_wait else None), at, "set", "wait:pending")
    return fresh_list(frame, Items([done, pending], None), at, "tuple", "wait")


def event(kind: str) -> None:
    """What coroutines wait for."""
    owners = (f"asyncio.{kind}", f"asyncio.{kind}()")

    @handles(owners[0])
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return frame.make(at, Obj("external", detail=owners[1]), kind)

    @handles(*(f"{owner}.wait" for owner in owners))
    def wait(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        frame.write(receiver, WAITED, Value((const(True),)))
        return Value((const(True),))

    @handles(*(f"{owner}.wait_for" for owner in owners))
    def wait_for(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        frame.write(receiver, WAITED, Value((const(True),)))
        return maybe_call(frame, first(arguments), Arguments(), at)


event("Event")
event("Condition")


@handles(*methods("done", "cancelled", "running", "cancel"))
def call_state(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`task.done()`"""
    return Value((Scalar("bool"),))
