"""What the interpreter tells of the exception that is being handled: its text carries its arguments.

except ValueError: push(traceback.format_exc())      all that the exception was given
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.iteration import Items
from flowcheck.flow.objects import get_attribute
from flowcheck.flow.values import NONE_VALUE, UNKNOWN_VALUE, Value, derived


def handled_now(frame: Frame) -> Value:
    """The exception being handled."""
    return frame.handled[-1] if frame.handled else UNKNOWN_VALUE


@handles("traceback.format_exc")
def call_format_exc(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`traceback.format_exc()`"""
    made = derived(frame.deep_taints(handled_now(frame)), "str")
    return made.after(frame.hop("library", at, "part of a traceback")) if made.taints else made


@handles("sys.exc_info")
def call_exc_info(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.exc_info()`: class, exception, traceback."""
    error = handled_now(frame)
    cls = get_attribute(frame, error, "__class__", at) if frame.objects(error) else UNKNOWN_VALUE
    return fresh_list(frame, Items([cls, error, NONE_VALUE], None), at, "tuple", "exc_info")


@handles("sys.exception")
def call_exception(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.exception()`"""
    return handled_now(frame)
