"""What the program asks of its surroundings: the environment, exit, tasks, `with` stacks, weak references.

os.environ["TO"] = user.phone; os.getenv("TO")      the phone
with ExitStack() as stack:
    stack.callback(push, user.phone)                push(user.phone) at the end of the block
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.functools_library import call_partial
from flowcheck.flow.generators import CALLBACKS
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import WRAPPED
from flowcheck.flow.values import NOTHING, External, Value, attr, index


@handles("weakref.ref", "weakref.WeakMethod")
def call_weakref(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`weakref.ref(x)`: calling it gives x."""
    fields = {WRAPPED: Value((External("flowcheck.identity"),)), index(0): first(arguments)}
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "weakref")


@handles(
    "contextlib.ExitStack().callback",
    "contextlib.AsyncExitStack().callback",
    "contextlib.AsyncExitStack().push_async_callback",
)
def call_callback(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.callback(f, x)` runs at the end of the `with`."""
    later = call_partial(frame, NOTHING, arguments, at)
    for ref, obj in frame.objects(receiver):
        held = obj.fields.get(CALLBACKS)
        before = iterate(frame, held, at) if held is not None else Items([], None)
        waiting = fresh_list(frame, Items([later, *before.known], before.rest), at, "list", "callbacks")
        frame.write(Value((ref,)), CALLBACKS, waiting)
    return first(arguments)


@handles("contextlib.closing", "contextlib.aclosing")
def call_closing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`closing(x)`: x is closed at the end of the `with`."""
    return frame.make(at, Obj("external", {attr("thing"): first(arguments)}, detail="contextlib.closing()"), "closing")


@handles("contextlib.ExitStack().enter_context", "contextlib.AsyncExitStack().enter_async_context")
def call_enter_context(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.enter_context(manager)`"""
    return frame.machine.enter(frame, first(arguments), at)


@handles("sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit")
def call_exit(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.exit(1)` never returns."""
    error = frame.machine.call_external(frame, "builtins.SystemExit", None, Arguments(arguments.positional[:1]), at)
    frame.raising[-1].append((error, frame.state.fork()))
    raise Diverges


@handles("contextlib.suppress")
def call_suppress(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`suppress(KeyError, ValueError)`"""
    caught = fresh_list(frame, Items(arguments.positional, arguments.more), at, "tuple", "suppress:classes")
    return frame.make(at, Obj("external", {attr("caught"): caught}, detail="contextlib.suppress()"), "suppress")
