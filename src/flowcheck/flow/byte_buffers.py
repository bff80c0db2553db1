"""Bytes that change in place, and views of them.

data = bytearray(b"a"); data.extend(user.phone.encode()); bytes(data)       the phone
memoryview(data)[0] = 65                                                    writes into the same bytes
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.values import ELEMENT, NONE_VALUE, Scalar, Value, derived, join, joined_taints

BYTES = "builtins.bytearray"
VIEW = "builtins.memoryview"


def buffer(frame: Frame, arguments: Arguments, at: Span, detail: str) -> Value:
    """An object that holds bytes made from what it is given."""
    taints = first(arguments).taints
    for value in arguments:
        taints = joined_taints(taints, frame.deep_taints(value))
    fields = {ELEMENT: derived(taints, "int")} if taints else {}
    return frame.make(at, Obj("external", fields, detail=detail), detail)


@handles(BYTES)
def make_bytes(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`bytearray(b"a")`, `bytearray(3)`"""
    return buffer(frame, arguments, at, BYTES)


@handles(VIEW)
def make_view(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`memoryview(data)` is the same bytes."""
    subject = frame.look(first(arguments))
    return subject if frame.objects(subject) else buffer(frame, arguments, at, VIEW)


@handles(f"{BYTES}.clear")
def call_clear(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`data.clear()`"""
    for ref, obj in frame.objects(receiver):
        if not obj.is_summary:
            fresh = Obj(obj.kind, {}, type=obj.type, detail=obj.detail, origin=obj.origin)
            fresh.initial = frame.own(ref).initial
            frame.state.heap[ref.id] = fresh
    return NONE_VALUE


@handles(f"{BYTES}.pop")
def call_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`data.pop()`"""
    return derived(frame.deep_taints(receiver), "int")


@handles(f"{BYTES}.copy")
def call_copy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`data.copy()`"""
    return buffer(frame, Arguments([receiver]), at, BYTES)


@handles(f"{BYTES}.reverse", f"{BYTES}.remove", f"{VIEW}.release")
def call_nothing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """Calls that change nothing of what may be in the bytes."""
    return NONE_VALUE


@handles(f"{BYTES}.__iadd__")
def call_add(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`data += more`"""
    taints = frame.deep_taints(first(arguments))
    for ref, obj in frame.objects(receiver):
        if taints:
            frame.own(ref)
            held = obj.fields.get(ELEMENT, Value((Scalar("int"),)))
            frame.write(Value((ref,)), ELEMENT, join(held, derived(taints, "int")))
    return receiver
