"""Tasks and futures: objects that hold a result, or the error that comes instead.

task = asyncio.create_task(fetch())     its result is what `fetch` returns: evaluating the call has run it
await task; task.result()               that result
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj, State, joined_states
from flowcheck.flow.try_statements import IMPLICIT
from flowcheck.flow.values import NOTHING, Content, Ref, Value, attr, join, join_all

TASK = "asyncio.Task"
FUTURE = "asyncio.Future"
POOLED = "concurrent.futures.Future"
RESULT = attr("value")
ERROR = Content("error", None)
WAITED = attr("_getters")
"""Of what coroutines wait for: that one did, with nothing there."""


def settled(frame: Frame, value: Value) -> Value:
    """The value with tasks and futures replaced by their results; an error that one holds is raised."""
    looked = frame.look(value)
    result, is_raising = NOTHING, False
    for atom in looked.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is None or obj.kind != "external" or str(obj.detail).removesuffix("()") not in {TASK, FUTURE, POOLED}:
            result = join(result, Value((atom,)))
            continue
        error = obj.fields.get(ERROR)
        if error is not None:
            frame.raising[-1].append((error, frame.state.fork()))
            is_raising = True
        result = join(result, frame.look(obj.get(RESULT)).present())
    if is_raising and not result.atoms:
        raise Diverges
    return result.tainted(looked.taints)


def held_back(frame: Frame, action: Callable[[], Value], at: Span) -> Value:
    """What a call gives whose result is asked for later: where it may raise, a future that holds the error."""
    frame.raising.append([])
    ends: list[State] = []
    result = NOTHING
    try:
        result = action()
        ends.append(frame.state)
    except Diverges:
        pass
    raised = [(error, state) for error, state in frame.raising.pop() if error is not IMPLICIT]
    after = joined_states([*ends, *(state for _, state in raised)])
    if after is None:
        raise Diverges
    frame.state = after
    if not raised:
        return result
    held = {RESULT: result, ERROR: join_all(error for error, _ in raised)}
    return frame.make(at, Obj("external", held, detail=FUTURE), "held back")


def errors_of(frame: Frame, value: Value) -> Value:
    """The errors that tasks and futures hold."""
    return join_all(obj.fields.get(ERROR, NOTHING) for _, obj in frame.objects(value) if obj.kind == "external")


def result_of(frame: Frame, value: Value) -> Value:
    """The value with tasks and futures replaced by their results, errors left aside."""
    frame.raising.append([])
    try:
        return settled(frame, value)
    except Diverges:
        return NOTHING
    finally:
        frame.raising.pop()
