"""Patterns over dotted names, as rules write them.

    adtech.push_*                              `*`: any run of characters within one part
    adtech.**.push                             `**`: any number of parts, none too
    adtech.connect().service().upload          `()`: the value that a call returns
    analytics.{identify,track}                 braces: alternatives, which may nest and hold dots

A name that a pattern is asked about looks the same, without wildcards:
`google.ads.googleads.client.GoogleAdsClient.load_from_storage().get_service`. A part before the last one
may be a call in the name and none in the pattern: `shopads.Uploader.send` is also
`shopads.Uploader().send`, because a method named by its class matches through every instance.

Matching never backtracks: alternatives are spelled out when the pattern is read, and the parts of one
are compared by a walk over the set of places that could be reached.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from flowcheck.errors import RuleSyntaxError

ALTERNATIVES_LIMIT = 1024
"""How many alternatives the braces of one pattern may spell out."""

NESTING_LIMIT = 20
"""How deep braces may nest."""

ANY_PARTS = "**"

_PART = re.compile(r"(?P<word>[\w*-]+)(?P<calls>(\(\))*)")


class Part(NamedTuple):
    """One dotted part: `word` with wildcards, and how many `()` follow it. `**` alone is any number of parts."""

    word: str
    calls: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that has been read. Two with the same text are equal.

    `alternatives` are the patterns without braces that it stands for, in the order written.
    """

    text: str
    alternatives: tuple[tuple[Part, ...], ...] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Pattern:
        """Read a pattern.

        Raises RuleSyntaxError, with the place, for an unbalanced brace, an empty part, an illegal character,
        or more than ALTERNATIVES_LIMIT alternatives.
        """
        return cls(text, tuple(_parts(text, plain) for plain in spelled_out(text)))

    def matches(self, name: str) -> bool:
        """Whether a dotted name is one that the pattern stands for."""
        parts = _name_parts(name)
        return any(_is_match(alternative, parts) for alternative in self.alternatives)

    def is_within(self, name: str) -> bool:
        """Whether the pattern names `name` itself or something that stands above it: a package, a class."""
        parts = _name_parts(name)
        starts = [parts[:end] for end in range(1, len(parts) + 1)]
        return any(_is_match(alternative, start) for alternative in self.alternatives for start in starts)

    def ends_like(self, name: str) -> bool:
        """Whether some name that the pattern stands for may end so: `CustomAudience.add_users`."""
        parts = _name_parts(name)
        tails = (alternative[-len(parts) :] for alternative in self.alternatives)
        return any(_is_told(tail) and _is_match(tail, parts) for tail in tails)

    def holds(self, name: str) -> bool:
        """Whether some name that the pattern stands for has these parts somewhere, one after the other."""
        parts = _name_parts(name)
        runs = (each[start : start + len(parts)] for each in self.alternatives for start in range(len(each)))
        return any(_is_told(run) and _is_match(run, parts) for run in runs)

    def spelled(self) -> tuple[str, ...]:
        """The names, maybe with wildcards, that the braces stand for."""
        return tuple(".".join(part.word + "()" * part.calls for part in each) for each in self.alternatives)

    def last_words(self) -> frozenset[str] | None:
        """The last identifiers that a matching name may have; None if it may be any."""
        last = [alternative[-1].word for alternative in self.alternatives]
        return None if any("*" in word for word in last) else frozenset(last)

    def words(self) -> frozenset[str]:
        """The identifiers that every matching name has: a program that lacks one cannot match."""
        literal = [{part.word for part in alternative if "*" not in part.word} for alternative in self.alternatives]
        return frozenset(set.intersection(*literal))

    def is_exact(self) -> bool:
        """Whether there is no wildcard in it."""
        return not any("*" in part.word for alternative in self.alternatives for part in alternative)

    def __str__(self) -> str:
        return self.text


def suffix_pattern(text: str) -> Pattern:
    """The pattern of every name that ends so: `Client.delete` for `adtech.Client.delete`.

    Raises RuleSyntaxError as Pattern.parse does.
    """
    Pattern.parse(text)
    return Pattern.parse(f"{ANY_PARTS}.{text}")


# --- reading -----------------------------------------------------------------------------------


def spelled_out(text: str) -> tuple[str, ...]:
    """The texts without braces that a text with braces stands for: `a.{b,c{d,e}}` gives a.b, a.cd, a.ce.

    Raises RuleSyntaxError for braces that do not pair and for more than ALTERNATIVES_LIMIT texts.
    """
    found, end = _alternatives(text, 0, depth=0)
    if end < len(text):
        raise RuleSyntaxError(text, end, 'a "}" without its "{"')
    return tuple(dict.fromkeys(found))


def _alternatives(text: str, start: int, depth: int) -> tuple[list[str], int]:
    """What may stand from `start` to the brace that closes, or to the end of the text at depth 0."""
    finished: list[str] = []
    current = [""]
    position = start
    while position < len(text) and text[position] != "}":
        character = text[position]
        if character == "{":
            if depth == NESTING_LIMIT:
                raise RuleSyntaxError(text, position, f"braces nested more than {NESTING_LIMIT} deep")
            inner, close = _alternatives(text, position + 1, depth + 1)
            if close >= len(text):
                raise RuleSyntaxError(text, position, 'a "{" without its "}"')
            current = _within_limit(text, position, [before + after for before in current for after in inner])
            position = close + 1
            continue
        if character == "," and depth:
            finished += current
            current = [""]
        else:
            current = [before + character for before in current]
        position += 1
    return _within_limit(text, start, finished + current), position


def _within_limit(text: str, position: int, found: list[str]) -> list[str]:
    if len(found) > ALTERNATIVES_LIMIT:
        raise RuleSyntaxError(text, position, f"more than {ALTERNATIVES_LIMIT} alternatives")
    return found


def _parts(text: str, plain: str) -> tuple[Part, ...]:
    """The parts of an alternative; `text` is the whole pattern, for messages."""
    return tuple(_part(text, plain, word) for word in plain.split("."))


def _part(text: str, plain: str, word: str) -> Part:
    found = _PART.match(word)
    if found is None or found.end() < len(word):
        end = found.end() if found else 0
        raise RuleSyntaxError(text, _position_of(text, word, end), _complaint(plain, word, end))
    if "**" in word and word != ANY_PARTS:
        raise RuleSyntaxError(text, _position_of(text, word, 0), '"**" must be a part of its own')
    return Part(found["word"], len(found["calls"]) // 2)


def _complaint(plain: str, word: str, end: int) -> str:
    if not word:
        return "an empty part" if plain else "an empty name"
    return f'"{word[end]}" cannot stand here'


def _position_of(text: str, word: str, offset: int) -> int:
    """Where a part stands in the pattern as written, as far as braces let that be said."""
    if not word:
        return max(text.find(".."), 0)
    return max(text.find(word[: offset + 1]), 0) + offset


# --- matching ----------------------------------------------------------------------------------


@lru_cache(maxsize=65536)
def _name_parts(name: str) -> tuple[Part, ...]:
    return tuple(_name_part(word) for word in name.split("."))


def _name_part(word: str) -> Part:
    calls = 0
    while word.endswith("()"):
        word, calls = word[:-2], calls + 1
    return Part(word, calls)


def _is_match(pattern: tuple[Part, ...], name: tuple[Part, ...]) -> bool:
    """Whether the parts match, by the set of pattern positions reached after each part of the name."""
    reached = _past_any_parts(pattern, {0})
    for index, part in enumerate(name):
        may_be_instance = part.calls == 1 and index < len(name) - 1
        calls = {part.calls, 0} if may_be_instance else {part.calls}
        advanced = {after for at in reached for after in _advance(pattern, at, part.word, calls)}
        reached = _past_any_parts(pattern, advanced)
        if not reached:
            return False
    return len(pattern) in reached


def _is_told(parts: tuple[Part, ...]) -> bool:
    """Whether the parts say anything: `*` and `**` alone are whatever one asks for."""
    return any(part.word.strip("*") for part in parts)


def _advance(pattern: tuple[Part, ...], at: int, word: str, calls: set[int]) -> tuple[int, ...]:
    """The positions reached from `at` by one part of the name, which may be written with so many `()`."""
    if at == len(pattern):
        return ()
    wanted = pattern[at]
    if wanted.word == ANY_PARTS:
        return (at,)
    return (at + 1,) if wanted.calls in calls and is_glob_match(wanted.word, word) else ()


def _past_any_parts(pattern: tuple[Part, ...], positions: set[int]) -> set[int]:
    """The positions, and those behind each `**`, which may stand for no part."""
    found = set(positions)
    for start in positions:
        at = start
        while at < len(pattern) and pattern[at].word == ANY_PARTS:
            at += 1
            found.add(at)
    return found


def is_glob_match(glob: str, text: str) -> bool:
    """Whether a text is `glob`, in which `*` stands for any run of characters; in linear time and memory."""
    first, *rest = glob.split("*")
    if not rest:
        return first == text
    *middle, last = rest
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True
