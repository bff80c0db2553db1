"""Comments that speak to flowcheck, and the line of code that each is about.

# flowcheck: security-collected        about the next line
phone = Column()  # noqa  # flowcheck: security-collected  # checked
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from flowcheck.facts.tree import Span
from flowcheck.lowering.reading import NEWLINE

_DIRECTIVE = re.compile(r"#\s*flowcheck\s*:\s*(.*?)\s*(?=#\s*flowcheck\s*:|$)", re.DOTALL)


class Directive(Struct, frozen=True):
    """`# flowcheck: text`; `line` is the line of code it is about, None when there is none."""

    text: str
    at: Span
    line: int | None
    is_alone: bool


class Comments:
    """The directives in the comments of a file."""

    def __init__(self, text: str, comments: Iterable[tuple[tuple[int, int], str]]) -> None:
        self._lines = NEWLINE.split(text)
        self._codes: dict[int, int | None] = {}
        self.directives = tuple(
            self._directive(match, place) for place, comment in comments for match in _DIRECTIVE.finditer(comment)
        )

    def _directive(self, match: re.Match[str], place: tuple[int, int]) -> Directive:
        line, column = place
        at = Span(line, column + match.start(), line, column + match.end())
        is_alone = not self._lines[line - 1][: column - 1].strip()
        return Directive(match[1], at, self._next_code(line) if is_alone else line, is_alone)

    def _next_code(self, line: int) -> int | None:
        """The line below a comment that stands alone, behind further comments; a blank line parts them."""
        passed = [line]
        while passed[-1] not in self._codes:
            below = passed[-1] + 1
            content = self._lines[below - 1].strip() if below <= len(self._lines) else ""
            if content.startswith("#"):
                passed.append(below)
            else:
                self._codes[passed[-1]] = below if content else None
        found = self._codes[passed[-1]]
        self._codes.update(dict.fromkeys(passed, found))
        return found
