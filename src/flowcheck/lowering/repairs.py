"""Forms that Python has and the parser has not: the same program in forms that it has.

(number): str = phone               number  : str = phone
class Row(metaclass=M, *bases):     class Row(*bases, metaclass=M):
t"to {phone}" t", {city}"           t"to {phone}"+t", {city}"
tr"to {phone}"                      rt"to {phone}"

Only what the parser has rejected is looked at. Lines stay the lines that they are, columns nearly so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

_TOKEN = re.compile(
    r"(?<!\w)[a-zA-Z]{0,2}(?:\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|#[^\n]*",
    re.DOTALL,
)
_PARENTHESIZED = re.compile(r"(?:^|(?<=;))[ \t]*(\([ \t]*([^\W\d][\w.]*)[ \t]*\))[ \t]*:(?!=)", re.MULTILINE)
_CLASS = re.compile(r"^[ \t]*class[ \t]+\w+[^\n(:]*\(", re.MULTILINE)
_TEMPLATES = re.compile(r"(?<=T)\s+(?=T)")

TEXT, TEMPLATE = "S", "T"
"""What stands for each letter of a string, and of a template string, while code is looked for."""


Edit: TypeAlias = tuple[int, int, str]
"""A stretch of the text, and what it becomes."""

LONGEST_CALL = 10_000
"""Letters within which the bases of a class must end."""


def repaired(text: str) -> str:
    """The text with such forms rewritten; the text itself when it has none."""
    code = masked(text)
    templates = (*with_joined_templates(code), *with_raw_first(text))
    edits = sorted([*without_parentheses(code), *with_bases_first(text, code), *templates])
    pieces: list[str] = []
    done = 0
    for start, end, replacement in edits:
        if start >= done:
            pieces += [text[done:start], replacement]
            done = end
    return "".join([*pieces, text[done:]])


def masked(text: str) -> str:
    """The code of a text: strings and comments are blotted out, every letter stays in its place."""
    return _TOKEN.sub(_blot, text)


def _blot(token: re.Match[str]) -> str:
    if token[0].startswith("#"):
        return " " * len(token[0])
    prefix = re.match(r"[a-zA-Z]*", token[0])
    letter = TEMPLATE if prefix is not None and "t" in prefix[0].lower() else TEXT
    return re.sub(r"[^\n]", letter, token[0])


def without_parentheses(code: str) -> Iterator[Edit]:
    """`(number): str` is `number: str`."""
    for found in _PARENTHESIZED.finditer(code):
        start, end = found.span(1)
        yield start, end, found[2].ljust(end - start)


def with_bases_first(text: str, code: str) -> Iterator[Edit]:
    """`class Row(metaclass=M, *bases)` is `class Row(*bases, metaclass=M)`."""
    headers = list(_CLASS.finditer(code))
    for found, following in zip(headers, [*(each.start() for each in headers[1:]), len(code)], strict=False):
        commas = commas_of_call(code, found.end(), following)
        bounds = list(zip([found.end(), *(comma + 1 for comma in commas[:-1])], commas, strict=bool(commas)))
        parts = [text[start:end] for start, end in bounds]
        named = [bool(re.match(r"\s*(?:\w+\s*=|\*\*)", code[start:end])) for start, end in bounds]
        last = len(parts) if parts and parts[-1].strip() else len(parts) - 1
        if named[:last] != sorted(named[:last]):
            order = sorted(range(last), key=named.__getitem__)
            yield found.end(), commas[-1], ",".join([parts[place] for place in order] + parts[last:])


def commas_of_call(code: str, start: int, end: int) -> list[int]:
    """Where the commas of an argument list stand, and the parenthesis behind the last argument; none when it does not
    end before a place.
    """
    depth = 0
    found: list[int] = []
    for place in range(start, min(end, start + LONGEST_CALL)):
        letter = code[place]
        if letter in ")]}" and depth == 0:
            return [*found, place]
        if letter == "," and depth == 0:
            found.append(place)
        depth += (letter in "([{") - (letter in ")]}")
    return []


def with_joined_templates(code: str) -> Iterator[Edit]:
    """`t"to " t"{phone}"` is `t"to "+t"{phone}"`; over lines only inside brackets."""
    depth, done = 0, 0
    for found in _TEMPLATES.finditer(code):
        start = found.start()
        passed = code[done:start]
        depth += sum(map(passed.count, "([{")) - sum(map(passed.count, ")]}"))
        done = start
        if "\n" not in found[0]:
            yield start, start + 1, "+"
        elif depth > 0:
            yield start, start, "+"


def with_raw_first(text: str) -> Iterator[Edit]:
    """`tr"to {phone}"` is `rt"to {phone}"`."""
    for token in _TOKEN.finditer(text):
        if token[0][:2].lower() == "tr":
            start = token.start()
            yield start, start + 2, text[start + 1] + text[start]
