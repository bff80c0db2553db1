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
from flowcheck.flow.values import NONE_VALUE, NOTHING, Ref, Value, attr, join

VARIABLE = "contextvars.ContextVar"
HELD = attr("value")
OLD = attr("old_value")


@handles(VARIABLE)
def make_variable(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ContextVar("contact", default="")`"""
    default = arguments.keywords.get("default")
    fields = {HELD: default if default is not None else NOTHING}
    return frame.make(at, Obj("external", fields, detail=VARIABLE), "contextvar")


@handles(f"{VARIABLE}.set", f"{VARIABLE}().set")
def call_set(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`contact.set(x)` gives a token of what was there."""
    old = frame.content(receiver, HELD)
    frame.write(receiver, HELD, first(arguments))
    return frame.make(at, Obj("external", {OLD: old}, detail="contextvars.Token"), "token")


@handles("contextvars.Context.run", "contextvars.Context().run")
def call_run(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copied.run(f, x)`: what f sets is set in that context only."""
    before = {
        id: obj.fields[HELD] for id, obj in frame.state.heap.items() if obj.detail == VARIABLE and HELD in obj.fields
    }
    given = Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)
    result = call_value(frame, first(arguments), given, at)
    for id, held in before.items():
        if id in frame.state.heap:
            frame.write(Value((Ref(id),)), HELD, held)
    return result


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
