"""From one table of a rule file to one rule record, or an error at the key that is wrong.

[[sink]]                                sink(table, origin) gives a SinkRule, or
call = "adtech.{push"                   flowcheck.toml:4: malformed pattern in "call": "adtech.{push": ...
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar, cast

from flowcheck.errors import ConfigError, RuleSyntaxError
from flowcheck.project.documents import Table, nearest
from flowcheck.rules.access import AccessStep, ArgumentPath, parse_argument, read_steps
from flowcheck.rules.flows import ModelFlow, parse_flow
from flowcheck.rules.labels import Relation
from flowcheck.rules.model import (
    CallTarget,
    ColumnTarget,
    CommonTarget,
    ConsentRule,
    FieldTarget,
    KeyTarget,
    ModelRule,
    Narrowing,
    PackageTarget,
    ParameterTarget,
    Policy,
    ReturnedTarget,
    ReturnType,
    RuleOrigin,
    SanitizerRule,
    Severity,
    SinkRule,
    SinkTarget,
    SourceRule,
    SourceTarget,
    TopicTarget,
    UrlTarget,
    VariableTarget,
)
from flowcheck.rules.patterns import Pattern, suffix_pattern
from flowcheck.rules.texts import TextPattern, UrlPattern

_T = TypeVar("_T")

NARROWING_KEYS = ("decorated", "unless", "severity")
SOURCE_TARGETS = ("call", "field", "parameter", "variable", "key", "column", "table")
SINK_TARGETS = ("call", "field", "parameter", "variable", "package", "url", "table", "column", "topic", "returned")
RELATIONS: tuple[Relation, ...] = ("collected_for", "supplied_for")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

KEYS: dict[str, tuple[str, ...]] = {
    "source": (*SOURCE_TARGETS, "of", *RELATIONS, "category", *NARROWING_KEYS),
    "sink": (*SINK_TARGETS, "argument", "where", "used_for", "recipient", "trigger", *NARROWING_KEYS),
    "policy": ("id", "collected_for", "not_for", "not_matched_with", "severity", "description", "fix"),
    "sanitizer": ("call", "argument", "for", "guards", *NARROWING_KEYS),
    "consent": ("condition", "allows", *NARROWING_KEYS),
    "model": ("call", "flow", "clean", "returns", *NARROWING_KEYS),
}
"""The keys that each kind of rule may have."""

_POLICY_ID = re.compile(r"[A-Za-z][\w.-]*")


# --- one function a kind of rule ---------------------------------------------------------------


def source(table: Table, origin: RuleOrigin) -> SourceRule:
    """A `[[source]]`. Raises ConfigError, as all functions here do."""
    table.check_keys(KEYS["source"])
    kind = _one_of(table, SOURCE_TARGETS, together=("table", "column"))
    if "of" in table and kind != "key":
        raise table.error("of", '"of" names the mapping of a "key"; there is none here')
    relation = cast(Relation, _one_of(table, RELATIONS))
    return SourceRule(
        _source_target(table, kind),
        relation,
        _required(table, relation),
        table.text("category"),
        _severity(table),
        _narrowing(table),
        origin,
    )


def sink(table: Table, origin: RuleOrigin) -> SinkRule:
    """A `[[sink]]`."""
    table.check_keys(KEYS["sink"])
    kind = _one_of(table, SINK_TARGETS, together=("table", "column"))
    if "trigger" in table and kind not in ("call", "field"):
        raise table.error("trigger", '"trigger" belongs to a carrier: a sink with "call" or "field"')
    if "argument" in table and kind not in ("call", "package", "url", "topic"):
        raise table.error("argument", f'"argument" has no meaning for a sink with "{kind}"')
    if "where" in table and kind != "call":
        raise table.error("where", f'"where" has no meaning for a sink with "{kind}"')
    return SinkRule(
        _sink_target(table, kind),
        _arguments(table),
        _required(table, "used_for"),
        table.text("recipient"),
        _parsed(table, "trigger", Pattern.parse),
        _severity(table),
        _narrowing(table),
        origin,
        _conditions(table),
    )


def policy(table: Table, origin: RuleOrigin) -> Policy:
    """A `[[policy]]`."""
    table.check_keys(KEYS["policy"])
    name = _required(table, "id")
    if not _POLICY_ID.fullmatch(name):
        raise table.error("id", f'"id" is a letter, then letters, digits, "-", "_" and "."; it is "{name}"')
    if "not_for" not in table and "not_matched_with" not in table:
        raise table.error(None, f'policy "{name}" needs "not_for" or "not_matched_with"')
    return Policy(
        name,
        _required(table, "collected_for"),
        table.text("not_for"),
        table.text("not_matched_with"),
        _severity(table) or "error",
        table.text("description"),
        table.text("fix"),
        origin,
    )


def sanitizer(table: Table, origin: RuleOrigin) -> SanitizerRule:
    """A `[[sanitizer]]`."""
    table.check_keys(KEYS["sanitizer"])
    return SanitizerRule(
        _required_pattern(table, "call"),
        _arguments(table),
        table.text("for"),
        table.flag("guards"),
        _severity(table),
        _narrowing(table),
        origin,
    )


def consent(table: Table, origin: RuleOrigin) -> ConsentRule:
    """A `[[consent]]`."""
    table.check_keys(KEYS["consent"])
    return ConsentRule(
        _required_pattern(table, "condition"),
        _required(table, "allows"),
        _severity(table),
        _narrowing(table),
        origin,
    )


def model(table: Table, origin: RuleOrigin) -> ModelRule:
    """A `[[model]]`."""
    table.check_keys(KEYS["model"])
    if not any(key in table for key in ("flow", "clean", "returns")):
        raise table.error(None, 'a model needs "flow", "clean" or "returns"')
    return ModelRule(
        _required_pattern(table, "call"),
        tuple(_flow(table, text) for text in table.text_or_texts("flow")),
        table.flag("clean"),
        _parsed(table, "returns", parse_return_type),
        _severity(table),
        _narrowing(table),
        origin,
    )


# --- targets -----------------------------------------------------------------------------------


def _source_target(table: Table, kind: str) -> SourceTarget:
    if kind == "key":
        return KeyTarget(_required_parsed(table, kind, TextPattern.parse), _parsed(table, "of", Pattern.parse))
    return _common_target(table, kind)


def _sink_target(table: Table, kind: str) -> SinkTarget:
    match kind:
        case "package":
            return PackageTarget(_required_pattern(table, kind))
        case "url":
            return UrlTarget(_required_parsed(table, kind, UrlPattern.parse))
        case "topic":
            return TopicTarget(_required_parsed(table, kind, TextPattern.parse))
        case "returned":
            return ReturnedTarget(_required_pattern(table, kind))
        case _:
            return _common_target(table, kind)


def _common_target(table: Table, kind: str) -> CommonTarget:
    """What sources and sinks name alike."""
    match kind:
        case "call":
            return CallTarget(_required_pattern(table, kind))
        case "field":
            return FieldTarget(*_required_parsed(table, kind, _parse_place))
        case "parameter":
            return ParameterTarget(*_required_parsed(table, kind, _parse_parameter))
        case "variable":
            return VariableTarget(*_required_parsed(table, kind, _parse_place))
        case _:
            return _column_target(table)


def _column_target(table: Table) -> ColumnTarget:
    """`table` and `column`; a column may name its table itself: `column = "users.phone"`."""
    column, name = table.text("column"), table.text("table")
    if column and "." in column and name is None:
        name, _, column = column.rpartition(".")
        _parsed(table, "column", _parse_identifier)
        return ColumnTarget(_parse_identifier(name), _parse_identifier(column))
    return ColumnTarget(_parsed(table, "table", _parse_identifier), _parsed(table, "column", _parse_identifier))


def _parse_identifier(text: str) -> TextPattern:
    """The name of a table or column: SQL does not tell case apart."""
    return TextPattern.parse(text, ignores_case=True)


def _parse_place(text: str) -> tuple[Pattern, tuple[AccessStep, ...]]:
    """`pkg.Class.attr`, and what lies below it: `flask.session[*]`."""
    start = text.find("[")
    if start < 0:
        return Pattern.parse(text), ()
    steps, end = read_steps(text, start)
    if end < len(text):
        raise RuleSyntaxError(text, end, 'expected "[key]", "[0]", "[*]" or ".name"')
    return Pattern.parse(text[:start]), steps


def _parse_parameter(text: str) -> tuple[Pattern, TextPattern]:
    """`pkg.mod.func:name`."""
    function, colon, name = text.partition(":")
    if not colon or not name:
        raise RuleSyntaxError(text, len(text), 'a parameter is written "module.function:name"')
    return Pattern.parse(function), TextPattern.parse(name)


# --- values that several kinds share -----------------------------------------------------------


def _one_of(table: Table, keys: tuple[str, ...], together: tuple[str, ...] = ()) -> str:
    """The one key of `keys` that the table has; those in `together` count as one."""
    present = [key for key in keys if key in table]
    if not present:
        raise table.error(None, f"{table.title} needs one of {', '.join(keys)}")
    others = [key for key in present[1:] if not (key in together and present[0] in together)]
    if others:
        message = f'{table.title} has "{present[0]}" already; "{others[0]}" belongs in a rule of its own'
        raise table.error(others[0], message)
    return present[0]


def _required(table: Table, key: str) -> str:
    text = table.text(key)
    if text is None:
        raise table.error(None, f'{table.title} needs "{key}"')
    if not text.strip():
        raise table.error(key, f'"{key}" is empty')
    return text


def _required_pattern(table: Table, key: str) -> Pattern:
    return _required_parsed(table, key, Pattern.parse)


def _required_parsed(table: Table, key: str, parse: Callable[[str], _T]) -> _T:
    return _parsed_text(table, key, _required(table, key), parse)


def _parsed(table: Table, key: str, parse: Callable[[str], _T]) -> _T | None:
    text = table.text(key)
    return None if text is None else _parsed_text(table, key, text, parse)


def _parsed_text(table: Table, key: str, text: str, parse: Callable[[str], _T]) -> _T:
    """What a text means; a mistake in it becomes an error at its key."""
    try:
        return parse(text)
    except RuleSyntaxError as problem:
        raise _malformed(table, key, problem) from problem


def _malformed(table: Table, key: str, problem: RuleSyntaxError) -> ConfigError:
    kind = {"argument": "argument", "flow": "flow", "returns": "type"}.get(key, "pattern")
    return table.error(key, f'malformed {kind} in "{key}": {problem}')


def _flow(table: Table, text: str) -> ModelFlow:
    return _parsed_text(table, "flow", text, parse_flow)


def _arguments(table: Table) -> tuple[ArgumentPath, ...]:
    """`argument = "users"`, `argument = 1`, or a list of such."""
    return tuple(_argument(table, item) for item in table.texts_or_numbers("argument"))


def _argument(table: Table, item: str | int) -> ArgumentPath:
    if isinstance(item, str):
        return _parsed_text(table, "argument", item, parse_argument)
    if item < 0:
        raise table.error("argument", f'"argument" counts from 0; it is {item}')
    return ArgumentPath(item, None)


def _conditions(table: Table) -> tuple[tuple[ArgumentPath, TextPattern], ...]:
    """`where = {resource = "/events*"}`: arguments whose constant text decides."""
    inner = table.table("where")
    return tuple(
        (_parsed_text(inner, name, name, parse_argument), _required_parsed(inner, name, TextPattern.parse))
        for name in inner or ()
        if inner is not None
    )


def _severity(table: Table) -> Severity | None:
    text = table.text("severity")
    for severity in SEVERITIES:
        if text == severity:
            return severity
    if text is None:
        return None
    message = f'"severity" must be error, warning or note; it is "{text}"'
    raise table.error("severity", message, nearest(text, SEVERITIES))


def _narrowing(table: Table) -> Narrowing:
    unless = (_parsed_text(table, "unless", text, suffix_pattern) for text in table.text_or_texts("unless"))
    return Narrowing(_parsed(table, "decorated", Pattern.parse), tuple(unless))


# --- types -------------------------------------------------------------------------------------

_BUILTIN_TYPES = (
    *("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int"),
    *("list", "memoryview", "object", "set", "slice", "str", "tuple", "type"),
)
_TYPE_TOKEN = re.compile(r"\s*([^\W\d][\w.]*(?:\(\))*|[\[\],])\s*")


def parse_return_type(text: str) -> ReturnType:
    """Read `hashlib.HASH`, `list[str]`, `dict[str, list[bytes]]`. Raises RuleSyntaxError."""
    found, end = _type(text, 0)
    if end < len(text):
        raise RuleSyntaxError(text, end, "expected the end")
    return found


def _type(text: str, start: int) -> tuple[ReturnType, int]:
    token = _TYPE_TOKEN.match(text, start)
    if token is None or token[1] in "[],":
        raise RuleSyntaxError(text, start, "expected the name of a type")
    name = f"builtins.{token[1]}" if token[1] in _BUILTIN_TYPES else token[1]
    if not text.startswith("[", token.end()):
        return ReturnType(name), token.end()
    arguments: list[ReturnType] = []
    end = token.end()
    while not arguments or text.startswith(",", end):
        argument, end = _type(text, end + 1)
        arguments.append(argument)
    if not text.startswith("]", end):
        raise RuleSyntaxError(text, end, 'expected "," or "]"')
    closing = _TYPE_TOKEN.match(text, end)
    return ReturnType(name, tuple(arguments)), len(text) if closing is None else closing.end()
