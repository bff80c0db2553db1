"""What is asked of a finished analysis: its report, one finding, a baseline."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flowcheck.api.requests import Analysis, Request
from flowcheck.errors import FlowcheckError, UnwritableError
from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.baseline import DEFAULT_NAME, baseline_text, read_baseline
from flowcheck.report.changes import Changes
from flowcheck.report.model import Finding, Report


def report_of(analysis: Analysis, request: Request) -> Report:
    """The findings asked for: confident enough, touched by a change, not in the baseline."""
    since = request.changed_since
    wishes = Wishes(
        today=request.today,
        min_confidence=request.min_confidence or analysis.min_confidence,
        changes=Changes(analysis.root, since, analysis.lines) if since is not None else None,
        touching=touching_of(analysis, request),
        accepted=accepted_fingerprints(analysis, request),
    )
    return assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes, analysis.warnings)


def touching_of(analysis: Analysis, request: Request) -> frozenset[str] | None:
    """The files of which a finding must touch one, relative to the project's root; those outside are left out."""
    if request.touching is None:
        return None
    root = analysis.root.resolve()
    places = [(request.current / path).resolve() for path in request.touching]
    return frozenset(place.relative_to(root).as_posix() for place in places if place.is_relative_to(root))


def everything(analysis: Analysis, request: Request) -> Report:
    """The report with nothing left out: any confidence, any line, no baseline."""
    wishes = Wishes(today=request.today)
    return assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes, analysis.warnings)


def accepted_fingerprints(analysis: Analysis, request: Request) -> frozenset[str] | None:
    """Those of the baseline asked for, which must be there, else of the configured or default one, if it is."""
    if request.baseline is not None:
        return read_baseline(request.baseline, str(request.baseline))
    path = baseline_path(analysis)
    return read_baseline(path, path.name) if path.exists() else None


def baseline_path(analysis: Analysis) -> Path:
    """Where the project's baseline stands: as configured, else under the default name."""
    return analysis.baseline or analysis.root / DEFAULT_NAME


def write_baseline(analysis: Analysis, request: Request) -> tuple[Path, int]:
    """Accept today's findings; returns the file written and how many findings it holds."""
    path = baseline_path(analysis)
    wishes = Wishes(today=request.today, min_confidence=request.min_confidence or analysis.min_confidence)
    report = assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes)
    replace_file(path, baseline_text(report.findings))
    return path, len(report.findings)


def replace_file(path: Path, text: str) -> None:
    """Write a file whole or not at all; a link is replaced, not followed. Raises UnwritableError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        with beside.open("xb") as file:
            file.write(text.encode("utf-8"))
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise UnwritableError(str(path), error.strerror or "no reason given") from error


class UnknownFingerprintError(FlowcheckError):
    """No finding has this fingerprint, or several begin so (`candidates`)."""

    def __init__(self, fingerprint: str, candidates: tuple[str, ...]) -> None:
        super().__init__(fingerprint, candidates)
        self.fingerprint = fingerprint
        self.candidates = candidates

    def __str__(self) -> str:
        if self.candidates:
            return f"several findings begin with {self.fingerprint}: {', '.join(self.candidates)}"
        return f"no finding has the fingerprint {self.fingerprint}; flowcheck check shows those there are"


def finding_with(report: Report, fingerprint: str) -> Finding:
    """The finding, suppressed and allowed ones too, whose fingerprint begins so; raises UnknownFingerprintError."""
    every = (*report.findings, *report.suppressed, *report.allowed)
    found = [each for each in every if each.fingerprint.startswith(fingerprint)]
    if len({each.fingerprint for each in found}) != 1:
        raise UnknownFingerprintError(fingerprint, tuple(sorted({each.fingerprint for each in found})))
    return found[0]
