"""The lines of the analysed files, for code frames.

SourceLines(root).line("app.py", 3)    # "    sync_audience(user.phone)"
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from pathlib import Path

UNAVAILABLE = "(source not available)"

LONGEST_CODE = 1000
"""Characters of a line that a step shows: a generated line may have a million, and a step on each of them."""


class SourceLines:
    """Reads each file once, on demand; a file that cannot be read has no lines.

    `read` returns the bytes of a path relative to the project root, and raises OSError.
    """

    def __init__(self, read: Callable[[str], bytes]) -> None:
        self._read = read
        self._lines: dict[str, tuple[str, ...]] = {}

    @classmethod
    def below(cls, root: Path) -> SourceLines:
        """Lines of the files below a project root."""
        return cls(lambda path: (root / path).read_bytes())

    def of(self, path: str) -> tuple[str, ...]:
        """All lines of a file, without their ends."""
        if path not in self._lines:
            self._lines[path] = self._load(path)
        return self._lines[path]

    def content(self, path: str) -> bytes:
        """The bytes of a file, none where it cannot be read."""
        try:
            return self._read(path)
        except OSError:
            return b""

    def line(self, path: str, number: int) -> str:
        """One line, 1-based, without its end; "" where there is none."""
        lines = self.of(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def code(self, path: str, number: int) -> str:
        """One line as shown in a step: stripped, never empty, cut when it is a very long one."""
        code = self.line(path, number).strip() or UNAVAILABLE
        return code if len(code) <= LONGEST_CODE else f"{code[:LONGEST_CODE]}…"

    def _load(self, path: str) -> tuple[str, ...]:
        content = self.content(path)
        return split_lines(content) if content else ()


def split_lines(data: bytes) -> tuple[str, ...]:
    """The lines that Python sees: split at its three line ends only, decoded as the file declares."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError:
        encoding = "utf-8-sig"
    text = data.decode(encoding, errors="replace")
    return tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
