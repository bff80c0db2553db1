"""`--format json`: the report for programs. Its schema is report.schema.json beside this module.

Keys stand in a fixed order and those that do not apply are left out: the same report gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources

from flowcheck import __version__
from flowcheck.flow.results import BlindSpot, Clearance, Place, SinkUse, SourceUse
from flowcheck.report.json_values import JsonObject, JsonValue, given, json_text, present
from flowcheck.report.model import FileError, Finding, Report, Step, SuppressionNote

SCHEMA_VERSION = "1.0"


def render_json(report: Report) -> str:
    """The report as one JSON object, indented, ended by a newline."""
    return json_text(report_object(report))


def schema_text() -> str:
    """The JSON schema (2020-12) that every report follows."""
    return resources.files("flowcheck.report").joinpath("report.schema.json").read_text(encoding="utf-8")


def report_object(report: Report) -> JsonObject:
    """The whole report."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "flowcheck", "version": __version__},
        "findings": findings_array(report.findings),
        "allowed": findings_array(report.allowed),
        "suppressed": findings_array(report.suppressed),
        "blind_spots": [blind_spot_object(each) for each in report.blind_spots],
        "errors": [error_object(error) for error in report.errors],
        "statistics": {name: report.statistics[name] for name in sorted(report.statistics)},
    }


def findings_array(findings: Iterable[Finding]) -> list[JsonValue]:
    """The findings, in their order."""
    return [finding_object(finding) for finding in findings]


def finding_object(finding: Finding) -> JsonObject:
    """One finding."""
    return present(
        fingerprint=finding.fingerprint,
        policy=finding.policy,
        severity=finding.severity,
        confidence=finding.confidence,
        message=finding.message,
        source=given(finding.source, source_object),
        supplied=given(finding.supplied, source_object),
        sink=sink_object(finding.sink),
        path=steps_array(finding.path),
        supplied_path=steps_array(finding.supplied_path),
        because=given(finding.because, because_object),
        suppression=given(finding.suppression, suppression_object),
    )


def source_object(source: SourceUse) -> JsonObject:
    """Collected or supplied data, by what its purpose is called."""
    category = present(category=source.category)
    return {"name": source.name, source.relation: source.purpose, **category, **place_object(source.place)}


def sink_object(sink: SinkUse) -> JsonObject:
    """A sink."""
    described = present(name=sink.name, argument=sink.argument, used_for=sink.used_for, recipient=sink.recipient)
    return {**described, **place_object(sink.place)}


def steps_array(steps: Iterable[Step]) -> list[JsonValue] | None:
    """The steps of a path; None when there are none."""
    return [step_object(step) for step in steps] or None


def step_object(step: Step) -> JsonObject:
    """One step."""
    seen: Mapping[str, JsonValue] = {"code": step.code, "note": step.note, "assumed": step.assumed}
    return {"kind": step.kind, **place_object(step.place), **seen}


def because_object(clearance: Clearance) -> JsonObject:
    """The guard or sanitizer that made a flow lawful."""
    return {"kind": clearance.kind, "name": clearance.name, **place_object(clearance.place)}


def suppression_object(note: SuppressionNote) -> JsonObject:
    """The comment that hides a finding."""
    return {**present(reason=note.reason, until=note.until), **place_object(note.place)}


def blind_spot_object(spot: BlindSpot) -> JsonObject:
    """Where marked data could not be followed."""
    said: Mapping[str, JsonValue] = {"labels": list(spot.labels), "message": spot.message, "remedy": spot.remedy}
    return {"kind": spot.kind, "name": spot.name, **place_object(spot.place), **said}


def error_object(error: FileError) -> JsonObject:
    """A file that could not be read."""
    return {"path": error.path, "line": error.line, "message": error.message}


def place_object(place: Place) -> JsonObject:
    """The five keys of a place."""
    span = place.span
    return {
        "path": place.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
    }
