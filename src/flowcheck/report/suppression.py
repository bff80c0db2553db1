"""Suppressions in the code, and the findings about those that are not sound.

    sync_audience(user.phone)  # flowcheck: ignore[FC001] contract 17 allows it until=2027-01-31

hides FC001 on that line up to and with that day. FC901: no reason. FC902: the day has gone by, and nothing is
hidden any more. FC903: there is nothing to hide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from flowcheck.facts.files import Suppression
from flowcheck.flow.results import Place, SinkUse
from flowcheck.report.fingerprints import fingerprint
from flowcheck.report.model import Finding, SuppressionNote, finding_order

NAME = "suppression"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NO_REASON, EXPIRED, UNUSED = "FC901", "FC902", "FC903"

FIXES: Mapping[str, str] = {
    NO_REASON: "Say after the bracket why the flow is lawful: # flowcheck: ignore[FC001] REASON",
    EXPIRED: "Repair the flow, or decide anew and set a later until=YYYY-MM-DD.",
    UNUSED: "Remove the comment.",
}

Comment: TypeAlias = tuple[str, Suppression]
"""A suppression with the path of its file."""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """Findings that stay, with those about suppressions among them, and findings that are hidden."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]


def suppress(
    findings: Sequence[Finding],
    suppressions: Mapping[str, tuple[Suppression, ...]],
    today: date,
    *,
    is_whole: bool = True,
) -> Suppressed:
    """Hide what the comments hide, and report those that are not sound; unused ones, if the findings are whole."""
    comments = [(path, comment) for path in sorted(suppressions) for comment in suppressions[path]]
    in_force = [(path, comment) for path, comment in comments if not has_expired(comment, today)]
    kept, hidden, used = [], [], set()
    for finding in findings:
        comment = first_hiding(in_force, finding)
        if comment is None:
            kept.append(finding)
        else:
            used.add(comment)
            hidden.append(replace(finding, suppression=note_of(*comment)))
    kept.extend(unsound(comments, used if is_whole else set(comments), today))
    return Suppressed(tuple(sorted(kept, key=finding_order)), tuple(hidden))


def has_expired(comment: Suppression, today: date) -> bool:
    """Whether its last day has gone by; a day that is no date hides nothing either."""
    if comment.until is None:
        return False
    last_day = day_of(comment.until)
    return last_day is None or last_day < today


def day_of(text: str) -> date | None:
    """The date that YYYY-MM-DD names, if it is one."""
    if not DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def first_hiding(comments: Iterable[Comment], finding: Finding) -> Comment | None:
    """The first comment that stands at the finding's sink and names its policy, or none."""
    place = finding.sink.place
    for path, comment in comments:
        stands_there = path == place.path and comment.line == place.span.line
        if stands_there and (not comment.policies or finding.policy in comment.policies):
            return path, comment
    return None


def note_of(path: str, comment: Suppression) -> SuppressionNote:
    """What a hidden finding keeps of the comment."""
    return SuppressionNote(comment.reason, comment.until, Place(path, comment.at))


def unsound(comments: Iterable[Comment], used: set[Comment], today: date) -> Iterator[Finding]:
    """FC901, FC902 and FC903, each told apart from others of its file by its text, never by its line."""
    seen: Counter[tuple[str, ...]] = Counter()
    for path, comment in comments:
        for policy, message in complaints(comment, today, is_used=(path, comment) in used):
            identity = (policy, path, ",".join(comment.policies), comment.reason)
            finding = about(policy, path, comment, message)
            yield replace(finding, fingerprint=fingerprint(*identity, seen[identity]))
            seen[identity] += 1


def complaints(comment: Suppression, today: date, *, is_used: bool) -> Iterator[tuple[str, str]]:
    """The policies that a comment breaks, each with a message."""
    named = f"ignore[{', '.join(comment.policies)}]"
    if not comment.reason:
        yield NO_REASON, f"{named} gives no reason"
    if has_expired(comment, today):
        yield EXPIRED, f"{named} {why_expired(comment.until or '')}"
    elif not is_used:
        yield UNUSED, f"{named} suppresses nothing"


def why_expired(until: str) -> str:
    """What is said of a last day that hides nothing any more."""
    if day_of(until) is None:
        return f"hides nothing: until={until} is no date of the form YYYY-MM-DD"
    return f"expired on {until} and hides nothing any more"


def about(policy: str, path: str, comment: Suppression, message: str) -> Finding:
    """A finding whose sink is the comment itself."""
    sink = SinkUse(
        name=NAME,
        argument=None,
        used_for=NAME,
        recipient=None,
        severity=None,
        place=Place(path, comment.at),
        function="",
        ordinal=0,
    )
    return Finding(
        fingerprint="",
        policy=policy,
        severity="warning",
        confidence="confirmed",
        message=message,
        fix=FIXES[policy],
        sink=sink,
    )
