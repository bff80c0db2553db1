"""TOML documents read for people: each value can be asked for by type, each mistake names its line.

    document = read_document(Path("flowcheck.toml"), "flowcheck.toml")
    document.top.texts("paths")         ("src",), or a ConfigError at the line of `paths`

A table knows its place in the document (`[[sink]]`, `[tool.flowcheck]`) and gives errors about its keys.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import tomli

from flowcheck.errors import ConfigError
from flowcheck.project.positions import KeyPath, lines_of_keys

TomlValue: TypeAlias = "str | int | float | bool | dt.date | dt.time | list[TomlValue] | dict[str, TomlValue]"


class Document:
    """A TOML file; `shown` is how messages call it. Lines are looked for only when they are asked for."""

    def __init__(self, text: str, shown: str) -> None:
        self.shown = shown
        self._text = text
        self._values = _parsed(text, shown)

    @property
    def top(self) -> Table:
        """The document as a table."""
        return Table(self, (), self._values)

    @cached_property
    def _written(self) -> list[str]:
        return self._text.split("\n")

    @cached_property
    def _lines(self) -> dict[KeyPath, int]:
        return lines_of_keys(self._text)

    def line_of(self, path: KeyPath) -> int | None:
        """The 1-based line of a key, table or item, or of the nearest thing that holds it."""
        for length in range(len(path), 0, -1):
            line = self._lines.get(path[:length])
            if line is not None:
                return line
        return None

    def comments_above(self, line: int) -> tuple[str, ...]:
        """What the comments at the head of the file say, and those right above a 1-based line, without `#`."""
        lines = self._written
        start = line - 1
        while start > 0 and lines[start - 1].startswith("#"):
            start -= 1
        head = next((number for number, each in enumerate(lines) if not each.startswith("#")), len(lines))
        parts = (lines[:head], lines[max(start, head) : line - 1])
        joined = (" ".join(each.lstrip("# ").rstrip() for each in part) for part in parts)
        return tuple(filter(None, joined))


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document. Reading a value of the wrong type raises ConfigError at its line."""

    document: Document
    path: KeyPath
    values: dict[str, TomlValue]

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    @property
    def line(self) -> int:
        """The line on which the table starts."""
        return self.document.line_of(self.path) or 1

    @property
    def title(self) -> str:
        """The table as its header is written, `[[sink]]`; empty for the whole document."""
        words = ".".join(str(word) for word in self.path if isinstance(word, str))
        is_item = bool(self.path) and isinstance(self.path[-1], int)
        return f"[[{words}]]" if is_item else f"[{words}]" if words else ""

    def text(self, key: str) -> str | None:
        """The text under a key, None when it is left out."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong_type(key, "a text", value)

    def flag(self, key: str) -> bool:
        """Whether a key is true; false when it is left out."""
        value = self.values.get(key, False)
        if isinstance(value, bool):
            return value
        raise self._wrong_type(key, "true or false", value)

    def texts(self, key: str) -> tuple[str, ...] | None:
        """The list of texts under a key, None when it is left out."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self._wrong_type(key, "a list of texts", value)
        return tuple(self._text_item(key, item) for item in value)

    def text_or_texts(self, key: str) -> tuple[str, ...]:
        """The text, or the texts of the list, under a key; none when it is left out."""
        value = self.values.get(key)
        if isinstance(value, list):
            return self.texts(key) or ()
        if value is not None and not isinstance(value, str):
            raise self._wrong_type(key, "a text or a list of texts", value)
        return () if value is None else (value,)

    def texts_or_numbers(self, key: str) -> tuple[str | int, ...]:
        """What stands under a key: texts and whole numbers, one or a list; none when it is left out."""
        value = self.values.get(key)
        items = [] if value is None else value if isinstance(value, list) else [value]
        return tuple(self._text_or_number(key, item) for item in items)

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables of an array of tables; none when it is left out."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong_type(key, f"a list of tables, written [[{key}]]", value)
        return tuple(self._table_item(key, number, item) for number, item in enumerate(value))

    def table(self, key: str) -> Table | None:
        """The table under a key, None when it is left out."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self._wrong_type(key, "a table", value)
        return Table(self.document, (*self.path, key), value)

    def check_keys(self, known: Iterable[str]) -> None:
        """Raise ConfigError, with the nearest right key, for a key that is none of `known`."""
        right = sorted(known)
        for key in self.values:
            if key not in right:
                raise self.error(key, f'unknown key "{key}"{self._within}', nearest(key, right))

    def error(self, key: str | None, message: str, suggestion: str | None = None) -> ConfigError:
        """An error about a key of this table, or about the table when `key` is None."""
        path = self.path if key is None else (*self.path, key)
        return ConfigError(self.document.shown, self.document.line_of(path) or 1, key, message, suggestion)

    @property
    def _within(self) -> str:
        return f" in {self.title}" if self.title else ""

    def _text_item(self, key: str, item: TomlValue) -> str:
        if isinstance(item, str):
            return item
        raise self._wrong_type(key, "a list of texts", item, "holds")

    def _text_or_number(self, key: str, item: TomlValue) -> str | int:
        if isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
            return item
        raise self._wrong_type(key, "a text, a whole number or a list of them", item)

    def _table_item(self, key: str, number: int, item: TomlValue) -> Table:
        if isinstance(item, dict):
            return Table(self.document, (*self.path, key, number), item)
        raise self._wrong_type(key, f"a list of tables, written [[{key}]]", item, "holds")

    def _wrong_type(self, key: str, wanted: str, value: TomlValue, verb: str = "is") -> ConfigError:
        return self.error(key, f'"{key}"{self._within} must be {wanted}; it {verb} {_type_name(value)}')


def read_document(path: Path, shown: str) -> Document:
    """Read a TOML file. Raises ConfigError when it cannot be read or is no TOML."""
    if path.exists() and not path.is_file():
        raise ConfigError(shown, None, None, "is no regular file")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(shown, None, None, f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        raise ConfigError(shown, line, None, "is not UTF-8 text") from error
    return Document(text.replace("\r\n", "\n"), shown)


def nearest(word: str, right: Iterable[str]) -> str | None:
    """The nearest of the right words, None when none is near."""
    found = get_close_matches(word, list(right), n=1, cutoff=0.5)
    return found[0] if found else None


def _parsed(text: str, shown: str) -> dict[str, TomlValue]:
    try:
        values: dict[str, TomlValue] = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ConfigError(shown, error.lineno, None, f"is no TOML: {error.msg}") from error
    except RecursionError as error:
        raise ConfigError(shown, None, None, "is nested too deeply") from error
    return values


def _type_name(value: TomlValue) -> str:
    names = {bool: "true or false", str: "a text", list: "a list", dict: "a table", int: "a number", float: "a number"}
    return names.get(type(value), "a date or time")
