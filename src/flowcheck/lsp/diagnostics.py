"""Findings as diagnostics: at the sink and, as a hint, at the source, each with the path as related information.

Columns of a report count code points; an editor counts UTF-16 units, so that 😀 takes two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from flowcheck.errors import ConfigError
from flowcheck.flow.results import Place
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Finding, Report, Severity, Step

SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}


def diagnostics_of(report: Report, root: Path, lines: SourceLines) -> dict[str, list[types.Diagnostic]]:
    """The diagnostics of every file that has one, by URI."""
    found: defaultdict[str, list[types.Diagnostic]] = defaultdict(list)
    for finding in report.findings:
        found[uri_of(root, finding.sink.place)].append(diagnostic_of(finding, root, lines))
        if finding.source is not None and finding.source.place != finding.sink.place:
            found[uri_of(root, finding.source.place)].append(source_diagnostic(finding, root, lines))
    for error in report.errors:
        found[(root / error.path).as_uri()].append(unreadable(error.line, error.message))
    return dict(found)


def diagnostic_of(finding: Finding, root: Path, lines: SourceLines) -> types.Diagnostic:
    """One finding."""
    fix = f"\nFix: {finding.fix}" if finding.fix else ""
    return types.Diagnostic(
        range=range_of(finding.sink.place, lines),
        message=f"{finding.message}{fix}",
        severity=SEVERITIES[finding.severity],
        code=finding.policy,
        source="flowcheck",
        related_information=list(related(finding, root, lines)),
        data={"fingerprint": finding.fingerprint},
    )


def source_diagnostic(finding: Finding, root: Path, lines: SourceLines) -> types.Diagnostic:
    """A finding where its data is read: a hint, the sink is where it is judged."""
    assert finding.source is not None
    sink = finding.sink
    return types.Diagnostic(
        range=range_of(finding.source.place, lines),
        message=f"this reaches {sink.name} ({sink.place.path}:{sink.place.span.line}), used for {sink.used_for}",
        severity=types.DiagnosticSeverity.Hint,
        code=finding.policy,
        source="flowcheck",
        related_information=list(related(finding, root, lines)),
        data={"fingerprint": finding.fingerprint},
    )


def misconfigured(error: ConfigError, path: Path) -> tuple[str, types.Diagnostic]:
    """A configuration that cannot be used, at the line that is wrong."""
    start = types.Position((error.line or 1) - 1, 0)
    where = types.Range(start, types.Position(start.line + 1, 0))
    return path.as_uri(), types.Diagnostic(where, str(error), types.DiagnosticSeverity.Error, source="flowcheck")


def related(finding: Finding, root: Path, lines: SourceLines) -> Iterator[types.DiagnosticRelatedInformation]:
    """The steps of the finding's paths."""
    steps: tuple[Step, ...] = (*finding.path, *finding.supplied_path)
    for number, step in enumerate(steps, start=1):
        where = types.Location(uri_of(root, step.place), range_of(step.place, lines))
        yield types.DiagnosticRelatedInformation(where, f"{number}. {step.kind}: {step.note or step.code}")


def unreadable(line: int, message: str) -> types.Diagnostic:
    """A file that could not be analysed."""
    start = types.Position(line - 1, 0)
    where = types.Range(start, types.Position(line, 0))
    return types.Diagnostic(where, f"not analysed: {message}", types.DiagnosticSeverity.Warning, source="flowcheck")


def uri_of(root: Path, place: Place) -> str:
    """The file of a place."""
    return (root / place.path).as_uri()


def range_of(place: Place, lines: SourceLines) -> types.Range:
    """A place as an editor counts."""
    span = place.span
    return types.Range(
        types.Position(span.line - 1, units_before(lines.line(place.path, span.line), span.column)),
        types.Position(span.end_line - 1, units_before(lines.line(place.path, span.end_line), span.end_column)),
    )


def units_before(line: str, column: int) -> int:
    """The UTF-16 units before a 1-based column of code points."""
    return column - 1 + sum(ord(character) > 0xFFFF for character in line[: column - 1])
