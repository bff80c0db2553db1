"""Marks in SQL files: what a comment, or the database's own COMMENT, says of a column or table.

CREATE TABLE ads_audience ( -- flowcheck: advertising              the table
    phone text, -- flowcheck: security-collected                   the column on the line
phone VARCHAR(20) COMMENT 'flowcheck: security-collected'          likewise
COMMENT ON COLUMN users.phone IS 'flowcheck: security-collected'   the column that is named
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from flowcheck.facts.files import Mark
from flowcheck.facts.tree import Span
from flowcheck.lowering.comments import Comments, Directive
from flowcheck.lowering.suppressions import is_suppression

_NAME = r"(?:[\"`\[]?\w+[\"`\]]?\s*\.\s*)*[\"`\[]?(\w+)[\"`\]]?"
_TABLE = re.compile(
    r"(?:create\b[^(;]*?\b(?:table|view)|alter\s+table)\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?" + _NAME,
    re.IGNORECASE,
)
_ADDED = re.compile(r"\s*add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?", re.IGNORECASE)
_COLUMN = re.compile(r"[\"`\[]?([^\W\d]\w*)[\"`\]]?\s+[\w\"`\[]")
_NO_COLUMN = frozenset(
    {"primary", "foreign", "constraint", "unique", "check", "key", "index", "create", "exclude", "alter"}
)
_OWN_COMMENT = re.compile(r"\bcomment\s*=?\s*'\s*flowcheck\s*:\s*([^']*)'", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)|'[^']*'")
_COMMENT_ON = re.compile(
    r"comment\s+on\s+(?P<kind>column|table)\s+(?P<name>[\w.\"`\[\]]+)\s+is\s+'\s*flowcheck\s*:\s*(?P<label>[^']*)'",
    re.IGNORECASE,
)


def comment_in_python(comment: str) -> str:
    """A comment as Python would have it, of the same length."""
    if comment.startswith("/*"):
        return "# " + comment[2:-2].replace("\n", "\n#") + "  "
    return f"# {comment[2:]}" if comment.startswith("--") else comment


def marks_in(text: str, spans: Iterable[tuple[int, int]], comments: Comments) -> Iterator[Mark]:
    """All marks of a file."""
    lines = text.split("\n")
    pending = [each for each in comments.directives if not is_suppression(each) and each.text]
    for start, end in spans:
        statement = text[start:end]
        first = text.count("\n", 0, start) + 1
        last = text.count("\n", 0, end) + 1
        yield from commented_on(statement, first)
        table = _TABLE.match(statement)
        if table is None:
            continue
        yield from with_own_comments(statement, table, first)
        header = first + statement.count("\n", 0, table.end())
        for line in range(first, last + 1):
            column = column_on(lines[line - 1], is_header=line <= header)
            target = f"{table[1]}.{column or '*'}".lower()
            for label, at in labels_on(line, pending):
                if column is not None or line <= header:
                    yield Mark(label, "comment", "column", target, Span(line, 1, line, len(lines[line - 1]) + 1), at)


def labels_on(line: int, directives: list[Directive]) -> Iterator[tuple[str, Span]]:
    """The labels that comments give to what stands on a line."""
    for directive in directives:
        if directive.line == line:
            yield directive.text.removesuffix("*/").strip(), directive.at


def with_own_comments(statement: str, table: re.Match[str], first: int) -> Iterator[Mark]:
    """`phone VARCHAR(20) COMMENT 'flowcheck: security-collected'`"""
    for found in _OWN_COMMENT.finditer(statement):
        before = statement[table.end() : found.start()]
        line = first + statement.count("\n", 0, found.start())
        column = column_on(re.split(r"[,(]", _BRACKETS.sub("", before))[-1].strip(), is_header=False)
        if column is not None:
            at = Span(line, 1, line, 2)
            yield Mark(found[1].strip(), "comment", "column", f"{table[1]}.{column}".lower(), at, at)


def column_on(line: str, *, is_header: bool) -> str | None:
    """The column that a line defines; on a statement's first line only one that it adds."""
    if is_header:
        added = re.search(r"\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?[\"`\[]?(\w+)", line, re.IGNORECASE)
        return added[1].lower() if added and added[1].lower() not in _NO_COLUMN else None
    plain = _ADDED.sub("", line).lstrip(" \t,(")
    found = _COLUMN.match(plain)
    return found[1].lower() if found is not None and found[1].lower() not in _NO_COLUMN else None


def commented_on(statement: str, line: int) -> Iterator[Mark]:
    """`COMMENT ON COLUMN users.phone IS 'flowcheck: ...'`"""
    found = _COMMENT_ON.match(statement)
    if found is not None:
        parts = re.findall(r"\w+", found["name"].lower())
        target = ".".join(parts[-2:]) if found["kind"].lower() == "column" else f"{parts[-1]}.*"
        at = Span(line, 1, line, found.end() + 1)
        yield Mark(found["label"].strip(), "comment", "column", target, at, at)
