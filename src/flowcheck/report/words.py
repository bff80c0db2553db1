"""Text of the analysed code, made safe to show, and small words of English.

An escape character in a string of the analysed code is spelled out, so that no terminal ever acts on it.
"""

from __future__ import annotations

import unicodedata

UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidirectional overrides among them), surrogates, private use, unassigned, line separators."""


def printable(text: str) -> str:
    """The text with every character that a terminal could act on, or not show, spelled out."""
    if text.isprintable():
        return text
    return "".join(map(shown, text))


def shown(character: str) -> str:
    """One character as it may be printed: itself, or its escape; a tab is four spaces."""
    if character == "\t":
        return "    "
    if unicodedata.category(character) in UNSAFE_CATEGORIES:
        return character.encode("unicode_escape").decode("ascii")
    return character


def cells(text: str) -> int:
    """How many terminal columns a printable text takes."""
    if text.isascii():
        return len(text)
    return sum(width_of(character) for character in text)


def width_of(character: str) -> int:
    """0 for a combining mark, 2 for a wide character, else 1."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def counted(number: int, word: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def listed(words: tuple[str, ...]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
