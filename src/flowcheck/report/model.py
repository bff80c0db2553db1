"""The records of a report: findings with their steps, blind spots, errors, and the report that holds them.

    User.phone, collected for security, is handed to ads.sync(users=...)

is one `Finding`: a policy, a source, a sink, and as `path` the steps between them, source first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flowcheck.flow.results import BlindSpot, Clearance, Place, SinkUse, SourceUse

Severity: TypeAlias = Literal["error", "warning", "note"]
Confidence: TypeAlias = Literal["confirmed", "possible"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""From the gravest to the lightest."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, with the first line of its code."""

    kind: str
    place: Place
    code: str
    note: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class SuppressionNote:
    """Why a finding is hidden: the comment's reason, its last day and its place."""

    reason: str
    until: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Finding:
    """One (policy, source, sink place), with the shortest path as its evidence.

    A finding about a suppression (FC901 to FC903) has no source and no path. `supplied` and its path
    belong to a match; `because` to an allowed flow; `suppression` to a suppressed finding.
    `is_new` is None unless a baseline was given.
    """

    fingerprint: str
    policy: str
    severity: Severity
    confidence: Confidence
    message: str
    fix: str
    sink: SinkUse
    source: SourceUse | None = None
    path: tuple[Step, ...] = ()
    supplied: SourceUse | None = None
    supplied_path: tuple[Step, ...] = ()
    because: Clearance | None = None
    suppression: SuppressionNote | None = None
    is_new: bool | None = None


@dataclass(frozen=True, slots=True, order=True)
class FileError:
    """A file, or a part of it, that could not be read or parsed."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found, in the order of every format.

    `warnings` are for standard error; `accepted` counts findings that the baseline holds already, and
    `gone` those of the baseline that are no more.
    """

    findings: tuple[Finding, ...] = ()
    allowed: tuple[Finding, ...] = ()
    suppressed: tuple[Finding, ...] = ()
    blind_spots: tuple[BlindSpot, ...] = ()
    errors: tuple[FileError, ...] = ()
    statistics: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    accepted: int = 0
    gone: int = 0


def finding_order(finding: Finding) -> tuple[str, int, int, str, tuple[object, ...], str]:
    """Sort key: sink path, line, column, then source name and place, then policy."""
    sink, source = finding.sink.place, finding.source
    name, place = (source.name, place_order(source.place)) if source else ("", ())
    return (sink.path, sink.span.line, sink.span.column, name, place, finding.policy)


def place_order(place: Place) -> tuple[object, ...]:
    """Sort key of a place: path, then line and column."""
    span = place.span
    return (place.path, span.line, span.column, span.end_line, span.end_column)
