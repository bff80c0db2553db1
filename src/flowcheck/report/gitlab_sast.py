"""`--format gitlab-sast`: a SAST report, which GitLab shows among a project's vulnerabilities.

The format demands a time for the start and the end of the scan. The same input gives the same bytes, so both are the
first moment of the format's calendar, unless `SOURCE_DATE_EPOCH` says which time a reproducible build shall show.
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
NODE_TYPES = {"source": "source", "sink": "sink"}


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
    """One finding, at its sink; its steps are a code flow, those of a match two."""
    place = finding.sink.place
    return {
        "id": finding.fingerprint,
        "name": finding.message[:255],
        "description": f"{finding.message}\n\n{body_of(finding)}".rstrip(),
        "severity": SEVERITIES[finding.severity],
        **({"solution": finding.fix} if finding.fix else {}),
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
    """The steps; a finding about a comment has none."""
    flows = [[node_object(step) for step in path] for path in (finding.path, finding.supplied_path) if path]
    return {"code_flows": {"name": "code_flows", "type": "code-flows", "items": flows}} if flows else {}


def node_object(step: Step) -> JsonObject:
    """One step of a code flow."""
    return {
        "type": "code-flow-node",
        "node_type": NODE_TYPES.get(step.kind, "propagation"),
        "file_location": {
            "type": "file-location",
            "file_name": step.place.path,
            "line_start": step.place.span.line,
            "line_end": max(step.place.span.line, step.place.span.end_line),
        },
    }
