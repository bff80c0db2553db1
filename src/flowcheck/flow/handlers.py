"""The registry of functions of Python itself: what a call under a dotted name means to the interpreter.

@handles("builtins.getattr")
def call_getattr(frame, receiver, arguments, at): ...       `getattr(user, "phone")` calls it
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.values import NOTHING, Value

Handler: TypeAlias = Callable[[Frame, Value, Arguments, Span], Value]

HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a function for the dotted names it stands for."""

    def register(handler: Handler) -> Handler:
        assert HANDLERS.keys().isdisjoint(names), names
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register


def first(arguments: Arguments) -> Value:
    """The first argument that a call passes by position."""
    return arguments.get(0) or NOTHING
