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
from flowcheck.flow.generators import CALLBACKS, run_callbacks
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import WRAPPED, class_lookup
from flowcheck.flow.values import NONE_VALUE, NOTHING, External, Value, attr, index, join


@handles("weakref.ref", "weakref.WeakMethod")
def call_weakref(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`weakref.ref(x)`: calling it gives x."""
    fields = {WRAPPED: Value((External("flowcheck.identity"),)), index(0): first(arguments)}
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "weakref")


STACKS = ("contextlib.ExitStack", "contextlib.AsyncExitStack")


def stack_methods(*names: str) -> list[str]:
    """The names of methods of exit stacks."""
    return [f"{kind}{call}.{name}" for kind in STACKS for call in ("", "()") for name in names]


@handles(*stack_methods("callback", "push_async_callback"))
def call_callback(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.callback(f, x)` runs at the end of the `with`."""
    put_on_stack(frame, receiver, call_partial(frame, NOTHING, arguments, at), at)
    return first(arguments)


def put_on_stack(frame: Frame, stack: Value, later: Value, at: Span) -> None:
    """One more thing to call at the end, before those that were put there earlier."""
    for ref, obj in frame.objects(stack):
        held = obj.fields.get(CALLBACKS)
        before = iterate(frame, held, at) if held is not None else Items([], None)
        waiting = fresh_list(frame, Items([later, *before.known], before.rest), at, "list", "callbacks")
        frame.write(Value((ref,)), CALLBACKS, waiting)


def exit_of(frame: Frame, manager: Value, at: Span) -> Value:
    """A callable that leaves a manager: its `__exit__`, or the function itself, without an exception."""
    found = NOTHING
    for ref, obj in frame.objects(manager):
        name = next((each for each in ("__exit__", "__aexit__") if class_lookup(frame, obj.type, each)), None)
        if obj.kind == "instance" and name is not None:
            method = frame.machine.attribute(frame, Value((ref,)), name, at)
            found = join(found, call_partial(frame, NOTHING, Arguments([method, *[NONE_VALUE] * 3]), at))
        elif obj.kind in {"function", "method"}:
            found = join(found, call_partial(frame, NOTHING, Arguments([Value((ref,)), *[NONE_VALUE] * 3]), at))
    return found


@handles(*stack_methods("push", "push_async_exit"))
def call_push(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.push(manager)`"""
    later = exit_of(frame, first(arguments), at)
    if later.atoms:
        put_on_stack(frame, receiver, later, at)
    return first(arguments)


@handles(*stack_methods("enter_context", "enter_async_context"))
def call_enter_context(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.enter_context(manager)`"""
    entered = frame.machine.enter(frame, first(arguments), at)
    call_push(frame, receiver, arguments, at)
    return entered


@handles(*stack_methods("close", "aclose"))
def call_close(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.close()` runs what waits, once."""
    for ref, obj in frame.objects(receiver):
        run_callbacks(frame, ref, obj, at)
        frame.write(Value((ref,)), CALLBACKS, fresh_list(frame, Items([], None), at, "list", "callbacks"))
    return NONE_VALUE


@handles(*stack_methods("pop_all"))
def call_pop_all(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.pop_all()`: what waits goes to another stack."""
    made = frame.make(at, Obj("external", detail="contextlib.ExitStack()"), "popped")
    for ref, obj in frame.objects(receiver):
        held = obj.fields.get(CALLBACKS)
        if held is not None:
            frame.write(made, CALLBACKS, held)
            frame.write(Value((ref,)), CALLBACKS, fresh_list(frame, Items([], None), at, "list", "callbacks"))
    return made


@handles("contextlib.ContextDecorator.__call__", "contextlib.AsyncContextDecorator.__call__")
def call_decorate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@manager` on a function: each call runs within the manager."""
    fields = {WRAPPED: first(arguments), index(0): receiver}
    return frame.make(at, Obj("wrapper", fields, detail="managed"), "managed")


@handles("contextlib.closing", "contextlib.aclosing")
def call_closing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`closing(x)`: x is closed at the end of the `with`."""
    return frame.make(at, Obj("external", {attr("thing"): first(arguments)}, detail="contextlib.closing()"), "closing")


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
