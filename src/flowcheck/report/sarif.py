"""`--format sarif`: SARIF 2.1.0, for code scanning services and editors.

Each finding is a result at its sink; its path is a code flow (a match has two); the fingerprint is a partial
fingerprint, so that a result keeps its identity when lines move. Suppressed findings stay, with their reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flowcheck import __version__
from flowcheck.facts.tree import Span
from flowcheck.flow.results import Place, SourceUse
from flowcheck.report.json_values import JsonObject, JsonValue, given, json_text, present
from flowcheck.report.model import FileError, Finding, Report, Step, SuppressionNote
from flowcheck.report.rule_texts import RuleText, rule_texts

VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "flowcheck/v1"
ROOT = "PROJECTROOT"
IMPORTANCE = {"source": "essential", "sink": "essential"}


def render_sarif(report: Report) -> str:
    """The report as one SARIF log, ended by a newline."""
    log: JsonObject = {"$schema": SCHEMA, "version": VERSION, "runs": [run_object(report)]}
    return json_text(log)


def run_object(report: Report) -> JsonObject:
    """The one run of the log."""
    reported = (*report.findings, *report.suppressed)
    rules = rule_texts(reported)
    index = {rule.id: number for number, rule in enumerate(rules)}
    return {
        "tool": {"driver": driver_object(rules)},
        "invocations": [invocation_object(report.errors)],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the analysed project."}}},
        "columnKind": "unicodeCodePoints",
        "results": [result_object(finding, index[finding.policy]) for finding in reported],
    }


def driver_object(rules: Sequence[RuleText]) -> JsonObject:
    """The tool, with the policies that results name."""
    return {
        "name": "flowcheck",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [rule_object(rule) for rule in rules],
    }


def rule_object(rule: RuleText) -> JsonObject:
    """A policy as a rule with help."""
    markdown = f"{rule.description}\n\n**Fix:** {rule.fix}" if rule.fix else rule.description
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "help": {"text": f"{rule.description} {rule.fix}".strip(), "markdown": markdown},
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": ["privacy", "data-flow"], "precision": "high"},
    }


def invocation_object(errors: Iterable[FileError]) -> JsonObject:
    """Whether the run ended well; files that could not be read are notifications."""
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification_object(each) for each in errors]}


def notification_object(error: FileError) -> JsonObject:
    """A file that could not be read."""
    place = Place(error.path, Span(error.line, 1, error.line, 1))
    return {"level": "error", "message": {"text": error.message}, "locations": [location_object(place)]}


def result_object(finding: Finding, rule_index: int) -> JsonObject:
    """One finding."""
    flows = [flow for flow in (code_flow(finding.path), code_flow(finding.supplied_path)) if flow is not None]
    return present(
        ruleId=finding.policy,
        ruleIndex=rule_index,
        level=finding.severity,
        message={"text": finding.message},
        locations=[location_object(finding.sink.place)],
        relatedLocations=related(finding) or None,
        codeFlows=flows or None,
        partialFingerprints={FINGERPRINT: finding.fingerprint},
        suppressions=[] if finding.suppression is None else [suppression_object(finding.suppression)],
        baselineState=None if finding.is_new is None else "new",
        properties=properties_object(finding),
    )


def related(finding: Finding) -> list[JsonValue]:
    """Where the data is read, for viewers that show no code flows."""
    sources = [source for source in (finding.source, finding.supplied) if source is not None]
    return [related_object(number, source) for number, source in enumerate(sources, start=1)]


def related_object(number: int, source: SourceUse) -> JsonObject:
    """A source as a location with an id."""
    text = f"{source.name}, {source.relation.replace('_', ' ')} {source.purpose}"
    return {"id": number, **location_object(source.place), "message": {"text": text}}


def code_flow(steps: Sequence[Step]) -> JsonObject | None:
    """A path as the one thread of a code flow."""
    if not steps:
        return None
    return {"threadFlows": [{"locations": [flow_location(number, step) for number, step in enumerate(steps, 1)]}]}


def flow_location(number: int, step: Step) -> JsonObject:
    """One step of a path."""
    note = step.note or step.kind
    message = f"{note} (assumed)" if step.assumed else note
    return {
        "executionOrder": number,
        "importance": IMPORTANCE.get(step.kind, "important"),
        "kinds": [step.kind],
        "location": {**location_object(step.place, step.code), "message": {"text": message}},
    }


def location_object(place: Place, code: str | None = None) -> JsonObject:
    """A place, as a physical location below the project root."""
    region = region_object(place.span, code)
    artifact = {"uri": quote(place.path, safe="/"), "uriBaseId": ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def region_object(span: Span, code: str | None) -> JsonObject:
    """A region; lines and columns are 1-based and the end column is exclusive, there as here."""
    return present(
        startLine=span.line,
        startColumn=span.column,
        endLine=span.end_line,
        endColumn=span.end_column,
        snippet=given(code, lambda text: {"text": text}),
    )


def suppression_object(note: SuppressionNote) -> JsonObject:
    """A comment in the code that hides a finding."""
    until = f" (until {note.until})" if note.until else ""
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": f"{note.reason or 'no reason given'}{until}",
        "location": location_object(note.place),
    }


def properties_object(finding: Finding) -> JsonObject:
    """What SARIF has no word for."""
    return present(
        confidence=finding.confidence,
        collectedFor=finding.source.purpose if finding.source else None,
        usedFor=finding.sink.used_for,
        recipient=finding.sink.recipient,
    )
