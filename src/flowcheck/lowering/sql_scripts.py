r"""SQL files: their statements one by one, and the marks and suppressions in their comments.

    CREATE TABLE users (
        phone text -- flowcheck: security-collected        a mark on the column users.phone
    );
    INSERT INTO ads_audience SELECT phone FROM users;      RunSql("INSERT INTO ...") at line 4

A file becomes one code that runs its statements in order. What dialects wrap around them is taken off: bodies of
procedures and triggers, `\commands` and data of dumps, tags of templates (`{{ ref('users') }}` is the table
that it names; a template that only selects makes the table that the file is named after).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowcheck.facts.files import Code, FileFacts, Problem
from flowcheck.facts.tree import Constant, RunSql, Span
from flowcheck.lowering.comments import Comments
from flowcheck.lowering.mentions import words_of
from flowcheck.lowering.reading import decoded
from flowcheck.lowering.sql_marks import comment_in_python, marks_in
from flowcheck.lowering.suppressions import find_suppressions

HOLE = "\0"
"""Stands in a text for what a template puts there."""

_TOKEN = re.compile(
    r"""(?P<data>^COPY\s[^;]*\sFROM\s+stdin[^;]*;.*?^\\\.)|(?P<command>^\\[^\n]*)
    |(?P<comment>--[^\n]*|/\*.*?\*/|\#[ \t]*flowcheck[^\n]*)
    |(?P<literal>'(?:[^'\\]|''|\\.)*'|"[^"]*"|`[^`]*`)|\$(?P<tag>\w*)\$(?P<body>.*?)\$(?P=tag)\$
    |(?P<value>\{\{.*?\}\})|(?P<template>\{%.*?%\}|\{\#.*?\#\})
    |(?P<end>;|^[ \t]*(?:GO|//|\$\$|DELIMITER\b[^\n]*)[ \t]*$)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_TELLING = re.compile(r"\b(?:select|update|merge|create|alter|delete)\b", re.IGNORECASE)
_WRAPPED = re.compile(
    r"\s*(?:create\b[^;]*?\b(?:function|procedure|proc|trigger|event)|do|begin|if|else|elseif|loop|declare|end|while)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:begin|as|then|else|loop|do|is|row)\s+(?=(?:insert|update|with|merge|delete|replace|select)\b)",
    re.IGNORECASE,
)
_TRIGGER = re.compile(r"\bcreate\b[^;]*?\btrigger\b[^;]*?\bon\s+(?:\w+\.)?[\"`\[]?(\w+)", re.IGNORECASE)
_ROW = re.compile(r"(?<![\w.]):?(?:new|old)\.(?=[\w\"`])", re.IGNORECASE)
_NAMED = re.compile(
    r"\{\{-?\s*(?:ref|source)\s*\([^()]*?['\"](\w+)['\"]\s*(?:,\s*v(?:ersion)?\s*=\s*\w+\s*)?\)\s*-?\}\}"
)
_SELECTS = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)


def lower_sql(path: str, content: bytes) -> FileFacts:
    """The facts of a SQL file; one that cannot be read gives a problem and no codes."""
    text = decoded(content)
    if isinstance(text, Problem):
        return FileFacts((), (), (), text)
    lines = Lines(text)
    script = Script()
    script.read(text, 0, len(text))
    statements = [unwrapped(each, text) for each in script.statements]
    if "{{" in text and len(statements) == 1 and _SELECTS.match(statements[0].text):
        stem = path.rpartition("/")[2].partition(".")[0]
        statements = [Statement(f"CREATE TABLE {stem} AS {statements[0].text}", statements[0].start)]
    kept = list(with_trigger_rows([each for each in statements if is_telling(each.text)], script))
    body = tuple(RunSql(Constant(each.text), lines.span(each)) for each in kept)
    words = {word.lower() for each in kept for word in words_of(each.text)}
    code = Code(
        0, -1, "module", "<module>", "<module>", (), None, body, (), (), (), (), False, False,
        tuple(sorted(words)), Span(1, 1, 1, 1), Span(1, 1, *lines.place(len(text))),
    )  # fmt: skip
    comments = Comments(
        script.in_python(text), [(lines.place(start), comment_in_python(found)) for start, found in script.comments]
    )
    return FileFacts((code,), tuple(marks_in(text, script.spans(), comments)), find_suppressions(comments), None)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement, and where it starts in the file."""

    text: str
    start: int


class Lines:
    """Places in a text as lines and columns."""

    def __init__(self, text: str) -> None:
        self._text = text

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both from 1."""
        return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)

    def span(self, statement: Statement) -> Span:
        """The first line of a statement."""
        line, column = self.place(statement.start)
        end = self._text.find("\n", statement.start)
        width = (end if end >= 0 else len(self._text)) - statement.start
        return Span(line, column, line, column + max(width, 1))


@dataclass
class Script:
    """The statements and comments of a file, in order."""

    statements: list[Statement] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    triggers: list[tuple[int, str]] = field(default_factory=list)  # where each starts, and the table it is on
    _parts: list[str] = field(default_factory=list)
    _start: int | None = None
    _ends: list[int] = field(default_factory=list)

    def read(self, text: str, start: int, end: int) -> None:
        """Take in a part of the file."""
        done = start
        for token in _TOKEN.finditer(text, start, end):
            self._add(text[done : token.start()], done)
            self._token(text, token)
            done = token.end()
        self._add(text[done:end], done)
        self._close(end)

    def _token(self, text: str, token: re.Match[str]) -> None:
        if token["comment"] is not None:
            self.comments.append((token.start(), token["comment"]))
            self._parts.append(" ")
        elif token["end"] is not None:
            self._close(token.start())
        elif token["body"] is not None:
            if _WRAPPED.match("".join(self._parts)):
                self._close(token.start())
                self.read(text, token.start("body"), token.end("body"))
            else:
                self._parts.append("''")
        elif token["value"] is not None:
            named = _NAMED.fullmatch(token["value"])
            self._add(named[1] if named else "" if "config" in token["value"] else HOLE, token.start())
        elif token["literal"] is not None:
            self._add(token["literal"], token.start())

    def _add(self, piece: str, start: int) -> None:
        if self._start is None and piece.strip():
            self._start = start + len(piece) - len(piece.lstrip())
            self._parts = []
        self._parts.append(piece)

    def _close(self, end: int) -> None:
        if self._start is not None:
            statement = Statement("".join(self._parts).strip(), self._start)
            found = _TRIGGER.match(statement.text)
            if found is not None:
                self.triggers.append((statement.start, found[1]))
            self.statements.append(statement)
            self._ends.append(end)
        self._start, self._parts = None, []

    def spans(self) -> Iterator[tuple[int, int]]:
        """Where each statement starts and ends."""
        yield from ((each.start, end) for each, end in zip(self.statements, self._ends, strict=True))

    def in_python(self, text: str) -> str:
        """The text with its comments as Python has them."""
        for start, found in self.comments:
            text = text[:start] + comment_in_python(found) + text[start + len(found) :]
        return text


def is_telling(text: str) -> bool:
    """Whether a statement may move data, or define a table: dumps are full of rows that do not."""
    return _TELLING.search(text) is not None or _ROW.search(text) is not None


def unwrapped(statement: Statement, text: str) -> Statement:
    """`INSERT ...` of `CREATE TRIGGER ... BEGIN INSERT ...`"""
    within = _WITHIN.search(statement.text) if _WRAPPED.match(statement.text) else None
    if within is None:
        return statement
    inner = statement.text[within.end() :]
    return Statement(inner, max(text.find(inner.partition("\n")[0], statement.start), statement.start))


def with_trigger_rows(statements: list[Statement], script: Script) -> Iterator[Statement]:
    """In a trigger, `NEW.phone` is a column of the table that it is on."""
    triggers = [*script.triggers]
    table = None
    for statement in statements:
        while triggers and triggers[0][0] <= statement.start:
            table = triggers.pop(0)[1]
        if statement.text.lower().startswith("end"):
            table = None
        yield Statement(_ROW.sub(f"{table}.", statement.text), statement.start) if table is not None else statement
