r"""Bytes to text: the encoding a file declares, and the limits beyond which it is not read.

b"# coding: latin-1\n\xe9 = 1"     "# coding: latin-1\né = 1"
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from itertools import accumulate

from flowcheck.facts.files import Problem
from flowcheck.project.contents import in_utf8

MAX_BYTES = 4_000_000
MAX_NESTING = 200  # CPython's own limit for brackets
MAX_OPERATIONS = 2000  # each is a level of the tree, and what a parse takes grows with the cube of its depth

_SEPARATOR = re.compile(r"[,;]")
_OPERATION = re.compile(r"\*\*|//|<<|>>|[-+*/%@&|^~.(\[]|\b(?:lambda|if|not|await)\b")

NEWLINE = re.compile(r"\r\n?|\n")

_BRACKETS = b"()[]{}"
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in _BRACKETS)
_STEP = {byte: 1 if byte in b"([{" else -1 for byte in _BRACKETS}
_SKIPPED = re.compile(
    r"""#[^\r\n]*|'{3}(?:[^\\]|\\.)*?'{3}|"{3}(?:[^\\]|\\.)*?"{3}"""
    r"""|'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*\"""",
    re.DOTALL,
)


def read_text(content: bytes) -> str | Problem:
    """The text of a file, without a byte order mark, or why it cannot be read."""
    if len(content) > MAX_BYTES:
        return Problem(1, f"larger than {MAX_BYTES} bytes")
    if b"\0" in content:
        return Problem(_line_of(content, content.index(b"\0")), "source contains a null byte")
    text = _decode(content)
    if isinstance(text, Problem):
        return text
    if is_too_nested(text):
        return Problem(1, f"more than {MAX_NESTING} nested brackets")
    line = line_of_long_chain(text)
    return text if line is None else Problem(line, f"more than {MAX_OPERATIONS} operations in one expression")


def decoded(content: bytes) -> str | Problem:
    """The text of a file that declares no encoding, with the line ends that Python has: what is not UTF-8 can only
    be text of names and comments in some older one.
    """
    try:
        text = in_utf8(content).decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if "\0" in text:
        return Problem(text.count("\n", 0, text.index("\0")) + 1, "source contains a null byte")
    return text.replace("\r\n", "\n")


def _decode(content: bytes) -> str | Problem:
    """Decode by byte order mark, PEP 263 cookie, or UTF-8."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    except SyntaxError as error:
        return Problem(1, str(error))
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except LookupError as error:  # a codec, but not one of text
        return Problem(1, str(error))
    except UnicodeDecodeError as error:
        return Problem(_line_of(content, error.start), f"not valid {encoding}: {error.reason}")


def _line_of(content: bytes, index: int) -> int:
    return len(content[:index].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"))


def is_too_nested(text: str) -> bool:
    """Whether brackets nest too deep; those in strings are left out only if all together are too many."""
    return _bracket_depth(text) > MAX_NESTING and _bracket_depth(_SKIPPED.sub("", text)) > MAX_NESTING


def _bracket_depth(text: str) -> int:
    """How deep brackets nest at most."""
    brackets = text.encode("utf-8", "replace").translate(None, _NO_BRACKETS)
    return max(accumulate(map(_STEP.__getitem__, brackets), _descend), default=0)


def _descend(depth: int, step: int) -> int:
    return max(depth + step, 0)


def line_of_long_chain(text: str, most: int = MAX_OPERATIONS) -> int | None:
    """The line where an expression like `a + b + c...` or `a.b.c...` begins that is too long to be parsed in time."""
    if max(map(len, _SEPARATOR.split(text))) <= most:
        return None
    plain = _SKIPPED.sub(lambda skipped: "\n" * skipped[0].count("\n"), text)
    for line, statement in logical_lines(plain):
        if any(len(_OPERATION.findall(part)) > most for part in _SEPARATOR.split(statement)):
            return line
    return None


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text without strings, those within brackets or continued joined, each with its first's number."""
    depth, first, parts = 0, 1, [""]
    for number, line in enumerate(text.split("\n"), start=1):
        if depth <= 0 and not parts[-1].endswith("\\"):
            yield first, " ".join(parts)
            depth, first, parts = 0, number, [""]
        parts.append(line)
        depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
    yield first, " ".join(parts)
