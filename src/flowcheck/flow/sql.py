"""SQL text: what a statement reads, writes and compares, as small records free of any parser's tree.

    INSERT INTO ad_audience (phone) SELECT u.phone FROM users AS u JOIN uploads AS x ON u.phone = x.phone

    Statement(writes=(Write(ad_audience.phone, Terms((users.phone,))),),
              comparisons=(Comparison(Terms((users.phone,)), Terms((uploads.phone,))),))

Texts come as the interpreter knows them: a hole (texts.HOLE) stands for a part that is not known. Placeholders
of every parameter style are brought to one form before parsing, so that a slot is a position or a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from flowcheck.flow.texts import HOLE

ANY_COLUMN = "*"
"""Stands for every column of a table, or for one that is not known."""

LONGEST_TEXT = 20_000

HOLE_SLOT = "hole"
"""The slot of a value that was put in the text itself."""

Slot: TypeAlias = "int | str"
"""A parameter: by position, or by name."""


@dataclass(frozen=True, slots=True, order=True)
class Column:
    """A column of a table, both in lower case."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What a value is made of."""

    columns: tuple[Column, ...] = ()
    slots: tuple[Slot, ...] = ()

    def __add__(self, other: Terms) -> Terms:
        columns = tuple(dict.fromkeys((*self.columns, *other.columns)))
        return Terms(columns, tuple(dict.fromkeys((*self.slots, *other.slots))))


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Output:
    """A column of the result; its name is `*` where it stands for all columns of a table."""

    name: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Write:
    """A value put in a column."""

    column: Column
    terms: Terms


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values compared or joined."""

    left: Terms
    right: Terms


@dataclass(slots=True)
class Statement:
    """What one text does, all its statements together; `outputs` are the last one's.

    `required` are the columns that its conditions want to be true of every row.
    """

    outputs: tuple[Output, ...] = ()
    writes: list[Write] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    required: list[Column] = field(default_factory=list)


Schema: TypeAlias = Callable[[str], "tuple[str, ...] | None"]
"""The columns of a table in order, where they are known."""

# --- reading a text --------------------------------------------------------------------------------

_LITERAL = re.compile(r"'(?:[^'\\]|''|\\.)*'|\"[^\"]*\"|`[^`]*`|--[^\n]*|/\*.*?\*/", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"%%|%\((?P<name>\w+)\)s|%s|\?(?P<number>\d+)?|\$(?P<dollar>\d+)"
    r"|(?<![:\w]):(?P<colon>[A-Za-z_]\w*)|@(?P<at>[A-Za-z_]\w*)|(?P<hole>\0+)"
)
_STARTS = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*\(?\s*(?:with|select|insert|update|delete|replace|merge|create|alter)\b",
    re.IGNORECASE | re.DOTALL,
)
_REPLACE = re.compile(r"^(\s*)replace\s+into\b", re.IGNORECASE)
PREFIX = "fc_"


def looks_like_sql(text: str) -> bool:
    """Whether a text starts as a statement does."""
    return len(text) <= LONGEST_TEXT and _STARTS.match(text) is not None


def prepared(text: str) -> str:
    """The text with every placeholder as `:fc_0`, `:fc_name`, and holes as `:fc_hole`."""
    text = _REPLACE.sub(r"\1INSERT INTO", text)
    counter = iter(range(text.count("?") + text.count("%") + 1))
    parts: list[str] = []
    end = 0
    for literal in _LITERAL.finditer(text):
        parts.append(_PLACEHOLDER.sub(lambda match: _slot_of(match, counter), text[end : literal.start()]))
        parts.append(_literal(literal.group()))
        end = literal.end()
    parts.append(_PLACEHOLDER.sub(lambda match: _slot_of(match, counter), text[end:]))
    return "".join(parts)


def _literal(text: str) -> str:
    """A quoted text with a hole is a value put in the text: `'{phone}'`."""
    if HOLE not in text or text.startswith(("--", "/*")):
        return text.replace(HOLE, "").replace("%%", "%")
    return f":{PREFIX}{HOLE_SLOT}" if text.startswith("'") else text.replace(HOLE, "x")


def _slot_of(match: re.Match[str], counter: Iterator[int]) -> str:
    if match.group() == "%%":
        return "%"
    if match["hole"]:
        return f":{PREFIX}{HOLE_SLOT}"
    name = match["name"] or match["colon"] or match["at"]
    if name:
        return f":{PREFIX}{name}"
    number = match["number"] or match["dollar"]
    return f":{PREFIX}{int(number) - 1 if number else next(counter)}"


def slot_named(name: str) -> Slot:
    """The slot that a placeholder of the prepared text stands for."""
    plain = name.removeprefix(PREFIX)
    return int(plain) if plain.isdigit() else plain


def statement_of(text: str, schema: Schema) -> Statement | None:
    """What a text does; None when it is no SQL that can be read."""
    if not looks_like_sql(text):
        return None
    from flowcheck.flow import sql_trees  # noqa: PLC0415 - the parser is slow to load, and most programs need none

    return sql_trees.statement_of(text, schema)


@dataclass(slots=True)
class Tables:
    """The columns of the tables that a text creates, and those that it adds to tables that there are."""

    created: dict[str, tuple[str, ...]] = field(default_factory=dict)
    added: dict[str, tuple[str, ...]] = field(default_factory=dict)


def tables_created(text: str) -> Tables:
    """What a text says of the columns of tables."""
    if not looks_like_sql(text):
        return Tables()
    from flowcheck.flow import sql_trees  # noqa: PLC0415 - likewise

    return sql_trees.tables_created(text)
