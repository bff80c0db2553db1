"""Tasks and futures: objects that hold a result, or the error that comes instead.

task = asyncio.create_task(fetch())     its result is what `fetch` returns: evaluating the call has run it
await task; task.result()               that result
"""

from __future__ import annotations

from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.values import NOTHING, Content, Ref, Value, attr, join

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
