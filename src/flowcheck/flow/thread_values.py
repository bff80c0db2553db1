"""Values that each thread has for itself: `threading.local`, context variables.

local = threading.local(); local.to = user.phone
Thread(target=show).start()                      in `show`, `local.to` is not there
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.contexts import DEFAULT, HELD, VARIABLE
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, mro
from flowcheck.flow.values import NOTHING, External, ObjectId, Ref, Value

LOCAL = External("threading.local")


@handles("threading.local")
def make_local(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`threading.local()`"""
    return frame.make(at, Obj("instance", type=LOCAL), "threadlocal")


def left_values(frame: Frame) -> dict[ObjectId, Obj]:
    """The objects here whose content is a thread's own, as they are in this one."""
    return {id: obj for id, obj in frame.state.heap.items() if obj.detail == VARIABLE or is_local(frame, obj)}


def is_local(frame: Frame, obj: Obj) -> bool:
    """Whether an object is thread-local storage."""
    if obj.kind != "instance" or obj.type is None:
        return False
    return obj.type == LOCAL or (isinstance(obj.type, Ref) and LOCAL in mro(frame, obj.type))


def fresh_values(frame: Frame, before: dict[ObjectId, Obj], at: Span) -> None:
    """Give them the content that they have in a thread that has just started."""
    for id, obj in before.items():
        if obj.detail == VARIABLE:
            frame.state.heap[id] = obj.replaced({**obj.fields, HELD: obj.fields.get(DEFAULT, NOTHING)})
            continue
        frame.state.heap[id] = Obj("instance", type=obj.type)
        method = class_lookup(frame, obj.type, "__init__")
        if method is not None:
            maybe_call(frame, method, Arguments([Value((Ref(id),))]), at)
