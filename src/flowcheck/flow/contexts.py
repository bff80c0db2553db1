"""Context variables: what was set last is what is read, until it is set back.

token = contact.set(user.phone); contact.get()      the phone
contact.reset(token); contact.get()                 what it was before
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.values import NONE_VALUE, NOTHING, Content, ObjectId, Ref, Value, attr, join

VARIABLE = "contextvars.ContextVar"
HELD = attr("value")
DEFAULT = attr("default")
OLD = attr("old_value")


@handles(VARIABLE)
def make_variable(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ContextVar("contact", default="")`"""
    default = arguments.keywords.get("default")
    held = default if default is not None else NOTHING
    fields = {HELD: held, DEFAULT: held}
    return frame.make(at, Obj("external", fields, detail=VARIABLE), "contextvar")


@handles(f"{VARIABLE}.set", f"{VARIABLE}().set")
def call_set(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`contact.set(x)` gives a token of what was there."""
    old = frame.content(receiver, HELD)
    frame.write(receiver, HELD, first(arguments))
    return frame.make(at, Obj("external", {OLD: old}, detail="contextvars.Token"), "token")


CONTEXT = "contextvars.Context"


@handles(CONTEXT, "contextvars.copy_context", f"{CONTEXT}.copy")
def make_context(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copy_context()`: what the variables hold now."""
    fields = {Content("held", id): held for id, held in held_now(frame).items()}
    return frame.make(at, Obj("external", fields, detail=CONTEXT), "context")


def held_now(frame: Frame) -> dict[ObjectId, Value]:
    """What each variable that is known here holds."""
    return {
        id: obj.fields[HELD] for id, obj in frame.state.heap.items() if obj.detail == VARIABLE and HELD in obj.fields
    }


def hold(frame: Frame, held: dict[ObjectId, Value]) -> None:
    """Set the variables."""
    for id, value in held.items():
        if id in frame.state.heap:
            frame.write(Value((Ref(id),)), HELD, value)


@handles(f"{CONTEXT}.run", f"{CONTEXT}().run")
def call_run(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copied.run(f, x)`: what f sets is set in that context only."""
    before = held_now(frame)
    contexts = [ref for ref, obj in frame.objects(receiver) if obj.detail == CONTEXT]
    for ref in contexts if len(contexts) == 1 else ():
        fields = frame.object(ref).fields
        hold(frame, {id: fields[Content("held", id)] for id in before if Content("held", id) in fields})
    given = Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)
    result = call_value(frame, first(arguments), given, at)
    for ref in contexts if len(contexts) == 1 else ():
        for id, value in held_now(frame).items():
            frame.write(Value((ref,)), Content("held", id), value)
    hold(frame, before)
    return result


@handles(f"{CONTEXT}.__getitem__", f"{CONTEXT}.get", f"{CONTEXT}().__getitem__", f"{CONTEXT}().get")
def call_item(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copied[variable]`, `copied.get(variable, default)`"""
    held = NOTHING
    for variable, _ in frame.objects(first(arguments)):
        for _, obj in frame.objects(receiver):
            held = join(held, obj.fields.get(Content("held", variable.id), NOTHING))
    return held if arguments.get(1) is None else join(held, arguments.get(1) or NOTHING)


@handles(f"{VARIABLE}.get", f"{VARIABLE}().get")
def call_get(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`contact.get(default)`"""
    held = frame.content(receiver, HELD).present()
    default = arguments.get(0, "default")
    return join(held, default) if default is not None else held


@handles(f"{VARIABLE}.reset", f"{VARIABLE}().reset")
def call_reset(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`contact.reset(token)`"""
    frame.write(receiver, HELD, frame.content(first(arguments), OLD).present())
    return NONE_VALUE
