r"""What is written between the quotes of a literal, and what it means.

tab\there      a tab between two words      r"tab\there"     as it is written
"""

from __future__ import annotations

import re
import unicodedata

from flowcheck.lowering.reading import NEWLINE

_ESCAPE = re.compile(r"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)", re.DOTALL)
_BYTE_ESCAPE = re.compile(rb"\\(\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|.)", re.DOTALL)

_SIMPLE = {
    "\n": "",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def unescape(written: str, is_raw: bool) -> str:
    """The text that a string literal stands for."""
    text = NEWLINE.sub("\n", written) if "\r" in written else written
    return text if is_raw or "\\" not in text else _ESCAPE.sub(_character, text)


def unescape_bytes(written: str, is_raw: bool) -> bytes:
    """The bytes that a bytes literal stands for."""
    content = NEWLINE.sub("\n", written).encode("ascii", "replace")
    return content if is_raw or b"\\" not in content else _BYTE_ESCAPE.sub(_byte, content)


def _character(match: re.Match[str]) -> str:
    r"""`\n`, `\x41`, `\N{DASH}`; an unknown escape stands for itself."""
    escape = match[1]
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    if escape[0] in "01234567":
        return chr(int(escape, 8))
    if escape[0] in "xuU" and len(escape) > 1:
        return _code_point(int(escape[1:], 16), match[0])
    if escape[0] == "N" and len(escape) > 1:
        return _named(escape[2:-1], match[0])
    return match[0]


def _code_point(number: int, written: str) -> str:
    return chr(number) if number <= 0x10FFFF else written


def _named(name: str, written: str) -> str:
    try:
        return unicodedata.lookup(name)
    except KeyError:  # known to a newer Unicode only
        return written


def _byte(match: re.Match[bytes]) -> bytes:
    r"""`\n`, `\x41`; an unknown escape stands for itself."""
    escape = match[1].decode("latin-1")
    if escape in _SIMPLE:
        return _SIMPLE[escape].encode("latin-1")
    if escape[0] in "01234567":
        return bytes([int(escape, 8) & 255])
    if escape[0] == "x" and len(escape) > 1:
        return bytes([int(escape[1:], 16)])
    return match[0]
