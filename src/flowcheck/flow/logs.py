"""Logging to a stream of the code base.

logger.addHandler(logging.StreamHandler(out)); logger.warning("cannot reach %s", user.phone); out.getvalue()
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.files import FILE, constant_name, files_at
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.serialization import write_to
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    Const,
    Content,
    Ref,
    Value,
    derived,
    join,
    joined_taints,
)

LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log")


@handles("logging.getLogger")
def call_get_logger(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.getLogger("chirp")`: one object for each constant name."""
    name = constant_name(frame, first(arguments)) if arguments.positional else ""
    ref = Ref(("G", "external", "logging.Logger", name or ""))
    frame.object(ref)
    return Value((ref,))


@handles("logging.StreamHandler", "logging.FileHandler", "logging.handlers.MemoryHandler")
def make_log_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.StreamHandler(out)`"""
    given = arguments.get(0, "stream") or NOTHING
    stream = given if frame.objects(given) else NOTHING
    if any(isinstance(atom, Const) and isinstance(atom.value, str) for atom in frame.look(given).atoms):
        stream = files_at(frame, given, at)
    return frame.make(at, Obj("external", {FILE: stream}, detail="logging.StreamHandler"), "log:handler")


@handles("logging.Logger.addHandler")
def call_add_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.addHandler(handler)`"""
    for ref, obj in frame.objects(receiver):
        frame.write(Value((ref,)), HANDLER, join(obj.get(HANDLER).present(), first(arguments)))
    return NONE_VALUE


HANDLER = Content("handler", None)


@handles("logging.Logger.removeHandler")
def call_remove_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.removeHandler(handler)`"""
    for ref, obj in frame.objects(receiver):
        gone = frame.look(first(arguments)).atoms
        kept = obj.get(HANDLER).present()
        frame.write(Value((ref,)), HANDLER, kept.only(atom for atom in kept.atoms if atom not in gone or len(gone) > 1))
    return NONE_VALUE


@handles(*(f"logging.Logger.{level}" for level in LEVELS))
def call_log(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.warning("cannot reach %s", user.phone)` writes to the streams of the logger's handlers."""
    taints = NOTHING.taints
    for value in arguments:
        taints = joined_taints(taints, frame.deep_taints(value))
    for ref, _ in frame.objects(receiver):
        for _, handler in frame.objects(frame.object(ref).fields.get(HANDLER, NOTHING)):
            write_to(frame, handler.fields.get(FILE, NOTHING), derived(taints, "str"), at)
    return NONE_VALUE
