"""Patterns over texts that are no Python names: mapping keys, topics, tables, addresses.

    TextPattern   `ads.*`, `{tfa,mfa}_phone`          `*` is any run of characters
    UrlPattern    `https://graph.facebook.com/**`     `*` within a path part, `**` over parts

An address in a program is often pieced together, and not all its pieces are known:

    f"{BASE}/{pixel}/events"   with BASE known        ("https://graph.facebook.com/v19.0/", None, "/events")

An unknown piece (None) may stand for any run of characters in the path, but never helps a host to match: a
request to who knows where is no use of data by somebody in particular.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from flowcheck.errors import RuleSyntaxError
from flowcheck.rules.patterns import is_glob_match, spelled_out

UNKNOWN = "\0"
"""Stands for an unknown piece once the pieces of an address are joined: no address holds it."""


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A text with `*` and braces; `ignores_case` for names of tables and columns."""

    text: str
    alternatives: tuple[str, ...] = field(compare=False, repr=False)
    ignores_case: bool = False

    @classmethod
    def parse(cls, text: str, *, ignores_case: bool = False) -> TextPattern:
        """Read a pattern. Raises RuleSyntaxError for braces that do not pair and for an empty text."""
        if not text:
            raise RuleSyntaxError(text, 0, "an empty text")
        return cls(text, spelled_out(text.lower() if ignores_case else text), ignores_case)

    def matches(self, text: str) -> bool:
        """Whether the pattern stands for the text."""
        wanted = text.lower() if self.ignores_case else text
        return any(is_glob_match(alternative.replace("**", "*"), wanted) for alternative in self.alternatives)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """An address with wildcards; without `https://` in front it stands for both schemes."""

    text: str
    alternatives: tuple[str, ...] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> UrlPattern:
        """Read a pattern.

        Raises RuleSyntaxError for braces that do not pair, a blank, or a host that is missing or all wildcard.
        """
        if blank := re.search(r"\s", text):
            raise RuleSyntaxError(text, blank.start(), "a blank cannot stand in an address")
        alternatives = spelled_out(text)
        for alternative in alternatives:
            _, host, _ = _divided(alternative)
            if not host.strip("*."):
                raise RuleSyntaxError(text, 0, "an address needs a host")
        return cls(text, alternatives)

    def matches(self, url: str) -> bool:
        """Whether the pattern stands for a whole address."""
        return self.matches_pieces((url,))

    def matches_pieces(self, pieces: Sequence[str | None]) -> bool:
        """Whether the pattern can stand for an address put together from pieces, None for an unknown one."""
        url = "".join(UNKNOWN if piece is None else piece.replace(UNKNOWN, "") for piece in pieces)
        return any(_is_url_match(alternative, url) for alternative in self.alternatives)

    def words(self) -> tuple[str, ...]:
        """The host of each alternative, in lower case: a program without one of them sends nothing there."""
        return tuple(dict.fromkeys(_divided(alternative)[1] for alternative in self.alternatives))

    def __str__(self) -> str:
        return self.text


def _divided(url: str) -> tuple[str, str, str]:
    """Scheme (empty if there is none), host in lower case, path without query and fragment."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        scheme, rest = "", url
    host, _, path = rest.partition("/")
    host = re.sub(r":(80|443)$", "", re.split(r"[?#]", host)[0].lower().rpartition("@")[2])
    return scheme.lower(), host, re.split(r"[?#]", path)[0].rstrip("/")


def _is_url_match(pattern: str, url: str) -> bool:
    scheme, host, path = _divided(pattern)
    url_scheme, url_host, url_path = _divided(url)
    if scheme and url_scheme != scheme:
        return False
    if url_scheme not in ("http", "https") or not _is_host_match(host, url_host):
        return False
    return _may_meet(_tokens(path), url_path) or (path.endswith("/**") and _may_meet(_tokens(path[:-3]), url_path))


def _is_host_match(pattern: str, host: str) -> bool:
    """Labels one by one; an unknown piece is matched by a wildcard only."""
    wanted, found = pattern.split("."), host.split(".")
    if len(wanted) != len(found):
        return False
    return all(is_glob_match(glob, label) for glob, label in zip(wanted, found, strict=True))


def _tokens(path: str) -> tuple[str, ...]:
    """The characters and wildcards of a pattern's path."""
    return tuple(re.findall(r"\*\*|.", path, re.DOTALL))


def _may_meet(pattern: tuple[str, ...], text: str) -> bool:
    """Whether some value of the unknown pieces in `text` makes the pattern match it.

    A walk over pairs of places in both, each visited once.
    """
    pending, seen = [(0, 0)], {(0, 0)}
    while pending:
        at, there = pending.pop()
        if at == len(pattern) and there == len(text):
            return True
        for pair in _next_pairs(pattern, at, text, there):
            if pair not in seen:
                seen.add(pair)
                pending.append(pair)
    return False


def _next_pairs(pattern: tuple[str, ...], at: int, text: str, there: int) -> list[tuple[int, int]]:
    wanted = pattern[at] if at < len(pattern) else ""
    character = text[there] if there < len(text) else ""
    pairs: list[tuple[int, int]] = []
    if wanted in ("*", "**"):
        pairs.append((at + 1, there))
        if character and (wanted == "**" or character != "/"):
            pairs.append((at, there + 1))
    if character == UNKNOWN:
        pairs.append((at, there + 1))
        if wanted:
            pairs.append((at + 1, there))
    elif character and wanted == character:
        pairs.append((at + 1, there + 1))
    return pairs
