"""Logging: what a logger is told reaches the handlers of the code base, and the streams of the others.

class Sending(logging.Handler):
    def emit(self, record): push(record.getMessage())
logger.addHandler(Sending()); logger.warning("cannot reach %s", user.phone)         push(the text with the phone)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import call_value
from flowcheck.flow.conditions import truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.files import FILE, constant_name, files_at
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import class_lookup
from flowcheck.flow.serialization import write_to
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    Atom,
    Const,
    Content,
    External,
    Ref,
    Scalar,
    Taints,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    joined_taints,
)

LEVELS = ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log")
LOGGER = "logging.Logger"
RECORD = "logging.LogRecord"
FORMATTER = "logging.Formatter"
HANDLERS = ("logging.Handler", "logging.StreamHandler", "logging.FileHandler", "logging.handlers.MemoryHandler")
WORDS = ("addHandler", "basicConfig")
"""What a program mentions that hands a logger anything to write to."""

HANDLER = Content("handler", None)
FILTER = Content("filter", None)
FORMAT = Content("format", None)
LIMIT = Content("level", None)
NUMBERS = {
    "debug": 10, "info": 20, "warning": 30, "warn": 30, "error": 40, "exception": 40, "critical": 50, "fatal": 50,
}  # fmt: skip
"""The levels of records by the methods that make them."""


# --- loggers -----------------------------------------------------------------------------------------


@handles("logging.getLogger", LOGGER)
def call_get_logger(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.getLogger("chirp")`: one object for each constant name."""
    return logger_of(frame, constant_name(frame, first(arguments)) or "" if arguments.positional else "")


def logger_of(frame: Frame, name: str) -> Value:
    """The logger of a name; the root's is empty."""
    ref = Ref(("G", "external", LOGGER, name))
    frame.object(ref)
    return Value((ref,))


@handles(f"{LOGGER}.addHandler")
def call_add_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.addHandler(handler)`"""
    add(frame, receiver, HANDLER, first(arguments))
    return NONE_VALUE


@handles(*(f"{owner}.addFilter" for owner in (LOGGER, *HANDLERS)))
def call_add_filter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.addFilter(filter)`"""
    add(frame, receiver, FILTER, first(arguments))
    return NONE_VALUE


def add(frame: Frame, owner: Value, content: Content, value: Value) -> None:
    """One more of what a logger or handler has."""
    for ref, obj in frame.objects(owner):
        before = obj.fields[content] if content in obj.fields else obj.get(content) if obj.origin else NOTHING
        frame.write(Value((ref,)), content, join(frame.look(before).present(), value))


@handles(f"{LOGGER}.removeHandler")
def call_remove_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.removeHandler(handler)`"""
    for ref, obj in frame.objects(receiver):
        gone = frame.look(first(arguments)).atoms
        kept = frame.look(obj.get(HANDLER)).present()
        frame.write(Value((ref,)), HANDLER, kept.only(atom for atom in kept.atoms if atom not in gone or len(gone) > 1))
    return NONE_VALUE


@handles("logging.basicConfig")
def call_basic_config(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.basicConfig(stream=out)`, `logging.basicConfig(handlers=[handler])`"""
    given = arguments.keywords.get("handlers")
    if given is not None:
        add(frame, logger_of(frame, ""), HANDLER, iterate(frame, given, at).any())
    target = arguments.keywords.get("stream", arguments.keywords.get("filename"))
    if target is not None:
        add(frame, logger_of(frame, ""), HANDLER, make_log_handler(frame, NOTHING, Arguments([target]), at))
    return NONE_VALUE


@handles("logging.LoggerAdapter", "logging.LoggerAdapter.__init__")
def make_adapter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`LoggerAdapter(logger, {"user": x})`"""
    fields = {attr("logger"): first(arguments), attr("extra"): arguments.get(1, "extra") or NONE_VALUE}
    if not frame.objects(receiver):
        return frame.make(at, Obj("external", fields, detail="logging.LoggerAdapter"), "log:adapter")
    for content, value in fields.items():
        frame.write(receiver, content, value)
    return NONE_VALUE


# --- a record on its way -----------------------------------------------------------------------------


@handles(f"{LOGGER}.log")
def call_log(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.warning("cannot reach %s", user.phone)`"""
    publish_at(frame, receiver, arguments, None, at)
    return NONE_VALUE


def publish_at(frame: Frame, logger: Value, arguments: Arguments, level: int | None, at: Span) -> None:
    """Publish a record of a level; None for one that is not known."""
    if any(frame.machine.program.modules_with(word) for word in WORDS):
        publish(frame, logger, record_of(frame, logger, arguments, at), level, at)


def leveled(level: str, number: int) -> None:
    """`logger.info("to %s", x)`"""

    @handles(f"{LOGGER}.{level}")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        publish_at(frame, receiver, arguments, number, at)
        return NONE_VALUE


for _name, _number in NUMBERS.items():
    leveled(_name, _number)


def numbered(level: str) -> None:
    """`logger.log(logging.INFO, "to %s", x)`, `logging.warning("to %s", x)`, and an adapter's methods."""

    @handles(f"logging.{level}")
    def call_root(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        publish_at(frame, logger_of(frame, ""), behind_level(level, arguments), NUMBERS.get(level), at)
        return NONE_VALUE

    @handles(f"logging.LoggerAdapter.{level}")
    def call_adapter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        passed = behind_level(level, arguments)
        extra = frame.content(receiver, attr("extra")).present()
        merged = Arguments(passed.positional, {"extra": extra, **passed.keywords}, passed.more, passed.extra)
        publish_at(frame, frame.content(receiver, attr("logger")).present(), merged, NUMBERS.get(level), at)
        return NONE_VALUE


for _level in LEVELS:
    numbered(_level)


def behind_level(level: str, arguments: Arguments) -> Arguments:
    """The arguments from the message on."""
    given = arguments.positional[1:] if level == "log" else arguments.positional
    return Arguments(given, arguments.keywords, arguments.more, arguments.extra)


def record_of(frame: Frame, logger: Value, arguments: Arguments, at: Span) -> Value:
    """The record that handlers get: the message as it is given, its arguments, and what `extra` adds."""
    given = arguments.positional
    if given and all(getattr(atom, "type", "") == "int" for atom in frame.look(given[0]).atoms):
        given = given[1:]
    args = fresh_list(frame, Items(given[1:], arguments.more), at, "tuple", "log:args")
    fields = {
        attr("msg"): given[0] if given else NOTHING,
        attr("args"): args,
        attr("name"): Value(tuple(const(str(ref.id[-1])) for ref, _ in frame.objects(logger))),
        attr("levelname"): Value((Scalar("str"),)),
        attr("levelno"): Value((Scalar("int"),)),
    }
    for _, obj in frame.objects(arguments.keywords.get("extra", NOTHING)):
        fields.update((attr(str(c.name)), value) for c, value in obj.fields.items() if c.kind == "key")
    return frame.make(at, Obj("external", fields, detail=RECORD), "log:record")


def publish(frame: Frame, logger: Value, record: Value, level: int | None, at: Span) -> None:
    """Hand a record to the handlers of a logger, and of those above it."""
    if is_below(frame, logger, level):
        return
    for owner in reached_loggers(frame, logger):
        for ref, obj in frame.objects(owner):
            if not is_let_through(frame, obj, record, at):
                continue
            for handler, held in frame.objects(held_by(frame, ref, HANDLER)):
                if not is_below(frame, Value((handler,)), level) and is_let_through(frame, held, record, at):
                    emit(frame, handler, held, record, at)


def is_below(frame: Frame, owner: Value, level: int | None) -> bool:
    """Whether a logger or handler was surely told to let nothing of a level through."""
    if level is None:
        return False
    limits = [limit_of(atom) for ref, _ in frame.objects(owner) for atom in held_by(frame, ref, LIMIT).atoms]
    return bool(limits) and all(limit is not None and level < limit for limit in limits)


def limit_of(atom: Atom) -> int | None:
    """The number of a level: `logging.ERROR`, 40, "ERROR"."""
    if isinstance(atom, External):
        return NUMBERS.get(atom.name.removeprefix("logging.").lower())
    if not isinstance(atom, Const) or isinstance(atom.value, bool):
        return None
    return atom.value if isinstance(atom.value, int) else NUMBERS.get(str(atom.value).lower())


@handles(*(f"{owner}.setLevel" for owner in (LOGGER, *HANDLERS)))
def call_set_level(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logger.setLevel(logging.ERROR)`"""
    frame.write(receiver, LIMIT, Value(frame.constants(arguments.get(0, "level") or NOTHING)))
    return NONE_VALUE


def held_by(frame: Frame, ref: Ref, content: Content) -> Value:
    """What a logger or handler was given."""
    obj = frame.object(ref)
    found = obj.fields.get(content)
    if found is None and obj.origin is not None:
        found = obj.get(content)
    return frame.look(found).present() if found is not None else NOTHING


def reached_loggers(frame: Frame, logger: Value) -> Iterator[Value]:
    """The logger and those above it, unless it keeps records to itself."""
    yield logger
    for ref, _ in frame.objects(logger):
        keeps = frame.look(frame.content(Value((ref,)), attr("propagate"))).atoms
        name = ref.id[-1] if ref.id[:3] == ("G", "external", LOGGER) else ""
        if not isinstance(name, str) or not name or keeps == (const(False),):
            continue
        parts = name.split(".")
        for length in range(len(parts) - 1, -1, -1):
            yield logger_of(frame, ".".join(parts[:length]))


def is_let_through(frame: Frame, owner: Obj, record: Value, at: Span) -> bool:
    """Whether the filters of a logger or handler may let a record through."""
    outcomes = []
    for ref, obj in frame.objects(owner.fields.get(FILTER, NOTHING)):
        method = class_lookup(frame, obj.type, "filter") if obj.kind == "instance" else None
        if method is not None:
            outcomes.append(truth(frame, surely_call(frame, method, Arguments([Value((ref,)), record]), at)))
        elif obj.kind in {"function", "method"}:
            outcomes.append(truth(frame, surely_call(frame, Value((ref,)), Arguments([record]), at)))
    return False not in outcomes


def surely_call(frame: Frame, function: Value, arguments: Arguments, at: Span) -> Value:
    """What a filter answers, which is asked in any case."""
    before = frame.state.fork()
    try:
        return call_value(frame, function, arguments, at)
    except Diverges:
        frame.state = before
        return NOTHING


def emit(frame: Frame, ref: Ref, handler: Obj, record: Value, at: Span) -> None:
    """What a handler does with a record: its class's own `emit`, or writing the text to its stream."""
    method = class_lookup(frame, handler.type, "emit") if handler.kind == "instance" else None
    if method is not None:
        maybe_call(frame, method, Arguments([Value((ref,)), record]), at)
        return
    write_to(frame, handler.fields.get(FILE, NOTHING), formatted(frame, Value((ref,)), record, at), at)


# --- handlers and formatters ---------------------------------------------------------------------------


@handles(*HANDLERS, *(f"{name}.__init__" for name in HANDLERS))
def make_log_handler(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.StreamHandler(out)`"""
    given = arguments.get(0, "stream") or NOTHING
    stream = given if frame.objects(given) else NOTHING
    if any(isinstance(atom, Const) and isinstance(atom.value, str) for atom in frame.look(given).atoms):
        stream = files_at(frame, given, at)
    if frame.objects(receiver):
        frame.write(receiver, FILE, stream)
        return NONE_VALUE
    return frame.make(at, Obj("external", {FILE: stream}, detail="logging.StreamHandler"), "log:handler")


@handles(*(f"{name}.setFormatter" for name in HANDLERS))
def call_set_formatter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`handler.setFormatter(formatter)`"""
    frame.write(receiver, FORMAT, first(arguments))
    return NONE_VALUE


@handles(*(f"{name}.emit" for name in HANDLERS), *(f"{name}.handle" for name in HANDLERS))
def call_emit(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().emit(record)`: the text goes to the stream."""
    for ref, obj in frame.objects(receiver):
        stream = obj.fields.get(FILE, obj.get(FILE) if obj.origin else NOTHING)
        write_to(frame, frame.look(stream).present(), formatted(frame, Value((ref,)), first(arguments), at), at)
    return NONE_VALUE


@handles(*(f"{name}.format" for name in HANDLERS))
def call_handler_format(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`self.format(record)` of a handler"""
    return formatted(frame, receiver, first(arguments), at)


def formatted(frame: Frame, handler: Value, record: Value, at: Span) -> Value:
    """The text that a handler makes of a record: by its formatter, else the message."""
    found = NOTHING
    for ref, _ in frame.objects(handler):
        for formatter, obj in frame.objects(held_by(frame, ref, FORMAT)):
            method = class_lookup(frame, obj.type, "format") if obj.kind == "instance" else None
            if method is not None:
                found = join(found, maybe_call(frame, method, Arguments([Value((formatter,)), record]), at))
            else:
                found = join(found, call_format(frame, Value((formatter,)), Arguments([record]), at))
    return found if found.atoms else derived(message_taints(frame, record), "str")


@handles(FORMATTER, f"{FORMATTER}.__init__")
def make_formatter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`logging.Formatter("%(message)s")`"""
    layout = arguments.get(0, "fmt") or NOTHING
    if frame.objects(receiver):
        frame.write(receiver, attr("_fmt"), layout)
        return NONE_VALUE
    return frame.make(at, Obj("external", {attr("_fmt"): layout}, detail=FORMATTER), "log:formatter")


@handles(f"{FORMATTER}.format")
def call_format(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().format(record)`: the message, and the fields that the layout names."""
    record = first(arguments)
    taints = message_taints(frame, record)
    for _, obj in frame.objects(receiver):
        for atom in frame.constants(obj.fields.get(attr("_fmt"), NOTHING)):
            for name in re.findall(r"[({](\w+)", str(getattr(atom, "value", ""))):
                if name not in {"msg", "args", "message"}:
                    taints = joined_taints(taints, frame.deep_taints(frame.content(record, attr(name)).present()))
    return derived(taints, "str")


@handles(f"{RECORD}.getMessage")
def call_get_message(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`record.getMessage()`"""
    return derived(message_taints(frame, receiver), "str")


def message_taints(frame: Frame, record: Value) -> Taints:
    """What is in the message of a record, and in its arguments."""
    held = join_all(frame.look(frame.content(record, attr(name))).present() for name in ("msg", "args"))
    return frame.deep_taints(held)
