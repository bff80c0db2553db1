"""`--format gitlab`: a Code Quality report, which GitLab shows in merge requests."""

from __future__ import annotations

from collections.abc import Iterable

from flowcheck.flow.results import Place
from flowcheck.report.json_values import JsonObject, JsonValue, json_text
from flowcheck.report.model import Finding, Report, Severity, Step

SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "minor", "note": "info"}


def render_gitlab(report: Report) -> str:
    """An array with an entry for each finding, ended by a newline."""
    return json_text([entry_object(finding) for finding in report.findings])


def entry_object(finding: Finding) -> JsonObject:
    """One finding; its steps are the entry's other locations."""
    return {
        "type": "issue",
        "check_name": finding.policy,
        "description": finding.message,
        "content": {"body": body_of(finding)},
        "categories": ["Security"],
        "fingerprint": finding.fingerprint,
        "severity": SEVERITIES[finding.severity],
        "location": location_object(finding.sink.place),
        "other_locations": other_locations((*finding.path, *finding.supplied_path)),
    }


def body_of(finding: Finding) -> str:
    """The path and the fix, in Markdown."""
    steps = [f"1. `{step.place.path}:{step.place.span.line}` {step.note}" for step in finding.path]
    return "\n".join([*steps, *([f"\nFix: {finding.fix}"] if finding.fix else [])])


def other_locations(steps: Iterable[Step]) -> list[JsonValue]:
    """The places of the steps."""
    return [location_object(step.place) for step in steps]


def location_object(place: Place) -> JsonObject:
    """A place by its lines."""
    return {"path": place.path, "lines": {"begin": place.span.line, "end": place.span.end_line}}
