"""`--format gitlab-sast`: a SAST report, which GitLab shows among a project's vulnerabilities.

The format demands a time for the start and the end of the scan. The same input gives the same bytes, so both are the
first moment of the format's calendar, unless `SOURCE_DATE_EPOCH` says which time a reproducible build shall show.

The steps are a table: version 15.1.0 of the format, which every GitLab from 16 on takes, has no other detail for them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone

from flowcheck import __version__
from flowcheck.report.gitlab import body_of
from flowcheck.report.json_values import JsonObject, json_text
from flowcheck.report.model import FileError, Finding, Report, Severity, Step

VERSION = "15.1.0"
SEVERITIES: dict[Severity, str] = {"error": "High", "warning": "Medium", "note": "Info"}
LONGEST = {"name": 255, "solution": 7000, "description": 1_000_000}


def render_gitlab_sast(report: Report) -> str:
    """The report as one object, ended by a newline."""
    vulnerabilities = [vulnerability_object(finding) for finding in report.findings]
    return json_text({"version": VERSION, "scan": scan_object(report.errors), "vulnerabilities": vulnerabilities})


def scan_object(errors: Sequence[FileError]) -> JsonObject:
    """What was run, and what it could not read."""
    tool: JsonObject = {
        "id": "flowcheck",
        "name": "flowcheck",
        "version": __version__,
        "vendor": {"name": "flowcheck"},
    }
    said = [{"level": "warn", "value": f"{each.path}:{each.line}: {each.message}"} for each in errors]
    return {
        "type": "sast",
        "status": "success",
        "start_time": shown_time(),
        "end_time": shown_time(),
        "analyzer": tool,
        "scanner": tool,
        "messages": said,
    }


def shown_time() -> str:
    """The time that stands in the report: not that of the run, which would make every report another."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(seconds) if seconds.isdecimal() else 0, tz=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def vulnerability_object(finding: Finding) -> JsonObject:
    """One finding, at its sink, with its steps."""
    place = finding.sink.place
    return {
        "id": finding.fingerprint,
        "name": finding.message[: LONGEST["name"]],
        "description": f"{finding.message}\n\n{body_of(finding)}".rstrip()[: LONGEST["description"]],
        "severity": SEVERITIES[finding.severity],
        **({"solution": finding.fix[: LONGEST["solution"]]} if finding.fix else {}),
        "identifiers": [{"type": "flowcheck_policy", "name": finding.policy, "value": finding.policy}],
        "location": {
            "file": place.path,
            "start_line": place.span.line,
            "end_line": max(place.span.line, place.span.end_line),
        },
        "tracking": {
            "type": "source",
            "items": [
                {
                    "file": place.path,
                    "start_line": place.span.line,
                    "end_line": max(place.span.line, place.span.end_line),
                    "signatures": [{"algorithm": "scope_offset", "value": finding.fingerprint}],
                }
            ],
        },
        "details": details_object(finding),
    }


def details_object(finding: Finding) -> JsonObject:
    """The steps, those of a match in two tables; a finding about a comment has none."""
    paths = {"path": ("Path", finding.path), "supplied_path": ("Path of the supplied data", finding.supplied_path)}
    return {key: {"name": name, **table_object(steps)} for key, (name, steps) in paths.items() if steps}


def table_object(steps: Sequence[Step]) -> JsonObject:
    """Steps as rows: what happens, where, and the code."""
    header = [text_object(word) for word in ("step", "place", "code")]
    return {"type": "table", "header": header, "rows": [row_of(step) for step in steps]}


def row_of(step: Step) -> list[JsonObject]:
    """One step."""
    span = step.place.span
    place: JsonObject = {
        "type": "file-location",
        "file_name": step.place.path,
        "line_start": span.line,
        "line_end": max(span.line, span.end_line),
    }
    said = f"{step.kind}: {step.note}" if step.note else step.kind
    return [text_object(said), place, {"type": "code", "value": step.code, "lang": "python"}]


def text_object(text: str) -> JsonObject:
    """A text."""
    return {"type": "text", "value": text}
