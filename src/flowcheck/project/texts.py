"""Source files as text: their lines as Python counts them, for reports and suppressions."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Mapping
from pathlib import Path

_LINE_END = re.compile(r"\r\n|\r|\n")


class SourceTexts:
    """The lines of the program's files, read when they are first asked for."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._lines: dict[str, tuple[str, ...]] = {}

    def lines(self, path: str) -> tuple[str, ...]:
        """All lines of a file, without their ends; none when it is unknown or cannot be read any more."""
        known = self._lines.get(path)
        if known is None:
            known = self._lines[path] = self._read(path)
        return known

    def line(self, path: str, number: int) -> str:
        """The line with a 1-based number, empty when there is none."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _read(self, path: str) -> tuple[str, ...]:
        file = self._files.get(path)
        if file is None:
            return ()
        try:
            content = file.read_bytes()
        except OSError:
            return ()
        return tuple(_LINE_END.split(decoded(content)))


def decoded(content: bytes) -> str:
    """A source file's text by the encoding it declares; what cannot be decoded is replaced."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding, "replace")
    except (SyntaxError, LookupError):
        return content.decode("utf-8", "replace")
