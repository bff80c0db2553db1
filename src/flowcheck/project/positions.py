"""On which line each key of a TOML document stands, so that an error can name it.

The document has already been parsed by a TOML library, so it is known to be valid; this scan finds places only:

    paths = ["src"]                  ("paths",) 1    ("paths", 0) 1
                                     ("sink", 0) 3
    [[sink]]
    call = "adtech.push"             ("sink", 0, "call") 4
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from typing import TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_GAP = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_HEADER = re.compile(r"\[\[?")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""{1,3}'
    r"|'''.*?'''{1,3}"
    r'|"(?:[^\\"]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_PLAIN = re.compile(r"[^,\]}#\n]+")


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """The 1-based line of every table, key and array item of a valid TOML document."""
    return _Scan(text).lines


class _Scan:
    """One walk over the document; `lines` is what it found."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._lengths: dict[KeyPath, int] = {}
        self.lines: dict[KeyPath, int] = {}
        self._document()

    def _document(self) -> None:
        table: KeyPath = ()
        self._skip(_GAP)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_GAP)

    def _header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`."""
        start = self._at
        is_array = len(self._skip(_HEADER)) == 2
        self._skip(_BLANK)
        path: KeyPath = ()
        for word in self._key():
            path = self._last_item((*path, word))
        self._at += 2 if is_array else 1
        if is_array:
            path = self._new_item(path)
        self._note(path, start)
        return path

    def _last_item(self, path: KeyPath) -> KeyPath:
        """A header below an array of tables speaks of its last item."""
        length = self._lengths.get(path)
        return path if length is None else (*path, length - 1)

    def _new_item(self, path: KeyPath) -> KeyPath:
        if path and isinstance(path[-1], int):
            path = path[:-1]
        number = self._lengths.get(path, 0)
        self._lengths[path] = number + 1
        return (*path, number)

    def _pair(self, table: KeyPath) -> None:
        """`a.b = value`."""
        start = self._at
        path = (*table, *self._key())
        for length in range(len(table) + 1, len(path) + 1):
            self._note(path[:length], start)
        self._at += 1
        self._skip(_BLANK)
        self._value(path)

    def _key(self) -> list[str]:
        """`a."b c".d`, up to what follows it."""
        words: list[str] = []
        while True:
            words.append(self._word())
            self._skip(_BLANK)
            if not self._text.startswith(".", self._at):
                return words
            self._at += 1
            self._skip(_BLANK)

    def _word(self) -> str:
        quote = self._text[self._at]
        if quote == '"':
            return _unquoted(self._skip(_STRING))
        return self._skip(_STRING)[1:-1] if quote == "'" else self._skip(_BARE)

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at]
        if opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if opening in "\"'" else _PLAIN)

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while not self._closes("]"):
            self._note((*path, number), self._at)
            self._value((*path, number))
            number += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while not self._closes("}"):
            self._pair(path)

    def _closes(self, bracket: str) -> bool:
        """Whether the bracket comes next, past blanks and a comma; it is then behind us."""
        self._skip(_GAP)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(_GAP)
        is_closed = self._text.startswith(bracket, self._at)
        self._at += is_closed
        return is_closed

    def _skip(self, expression: re.Pattern[str]) -> str:
        """What matches here, now behind us. The document is valid, so that something does."""
        found = expression.match(self._text, self._at)
        if found is None:
            raise AssertionError(f"no {expression.pattern} at {self._at}")
        self._at = found.end()
        return found[0]

    def _note(self, path: KeyPath, offset: int) -> None:
        self.lines.setdefault(path, bisect_right(self._starts, offset))


def _unquoted(literal: str) -> str:
    """A basic string's text: the escapes that a key may need are also Python's."""
    value = ast.literal_eval(literal)
    return value if isinstance(value, str) else literal
