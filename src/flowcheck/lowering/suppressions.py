"""Suppressions: comments that hide the findings of a line, with a reason.

sync(user.phone)  # flowcheck: ignore[FC001] they asked for it until=2027-01-31
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowcheck.facts.files import Suppression
from flowcheck.lowering.comments import Comments, Directive

_IGNORE = re.compile(r"ignore\b\s*(?:\[([^\]]*)\])?\s*(.*)", re.DOTALL)
_UNTIL = re.compile(r"(?:^|\s)until\s*=\s*(\S*)")
_FURTHER_COMMENT = re.compile(r"(?:^|\s)#(?=\s|\D)")


def find_suppressions(comments: Comments) -> tuple[Suppression, ...]:
    """All suppressions of a file, in source order."""
    return tuple(_suppressions(comments))


def is_suppression(directive: Directive) -> bool:
    """Whether a directive hides findings, and is no label."""
    return _IGNORE.match(directive.text) is not None


def _suppressions(comments: Comments) -> Iterator[Suppression]:
    for directive in comments.directives:
        match = _IGNORE.match(directive.text)
        if match is not None:
            yield _suppression(directive, match[1] or "", match[2])


def _suppression(directive: Directive, policies: str, rest: str) -> Suppression:
    """A reason ends where a further comment starts (`#12` is part of it)."""
    said = _FURTHER_COMMENT.split(rest, maxsplit=1)[0]
    until = _UNTIL.search(said)
    return Suppression(
        policies=tuple(policy.strip() for policy in policies.split(",") if policy.strip()),
        reason=" ".join(_UNTIL.sub(" ", said).split()),
        until=None if until is None else until[1],
        line=directive.at.line if directive.line is None else directive.line,
        at=directive.at,
    )
