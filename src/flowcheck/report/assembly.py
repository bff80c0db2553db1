"""A solution and the policies in force -> the report, in the order of its stages.

Suppressions are settled before anything is filtered: a comment that hides a finding which is not asked for
today is still in use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flowcheck.flow.results import BlindSpot, Solution
from flowcheck.report.baseline import Comparison, compare
from flowcheck.report.changes import Changes, places_of
from flowcheck.report.judgement import judge
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Confidence, FileError, Finding, Report, place_order
from flowcheck.report.suppression import suppress
from flowcheck.rules.model import Policy


@dataclass(frozen=True, slots=True)
class Wishes:
    """What of the findings is asked for. `accepted` are the fingerprints of a baseline, None without one.

    `touching` are the files, or folders, of which a finding must touch one, None for all; paths as in findings.
    """

    today: date
    min_confidence: Confidence = "possible"
    changes: Changes | None = None
    touching: frozenset[str] | None = None
    accepted: frozenset[str] | None = None


def assemble(
    solution: Solution,
    policies: Sequence[Policy],
    lines: SourceLines,
    wishes: Wishes,
    warnings: Sequence[str] = (),
) -> Report:
    """The report of one run."""
    judgement = judge(solution.flows, solution.matches, policies, lines)
    settled = suppress(judgement.findings, solution.suppressions, wishes.today, is_whole=solution.is_whole)
    wanted = confident(settled.findings, wishes.min_confidence)
    passing = wanted if wishes.touching is None else passing_through(wanted, wishes.touching)
    touched = wishes.changes.touching(passing) if wishes.changes else passing
    compared = Comparison(touched, 0, 0) if wishes.accepted is None else compare(touched, wishes.accepted)
    is_all = wishes.changes is None and wishes.touching is None and solution.is_whole
    report = Report(
        findings=compared.new,
        allowed=judgement.allowed,
        suppressed=settled.suppressed,
        blind_spots=tuple(sorted(set(solution.blind_spots), key=blind_spot_order)),
        errors=file_errors(solution),
        warnings=(*warnings, *unmatched(solution)),
        accepted=compared.accepted,
        gone=compared.gone if is_all else 0,
        statistics={},
    )
    return with_statistics(report, solution.statistics)


def confident(findings: Iterable[Finding], least: Confidence) -> tuple[Finding, ...]:
    """The findings that are sure enough."""
    return tuple(finding for finding in findings if least == "possible" or finding.confidence == "confirmed")


def passing_through(findings: Iterable[Finding], paths: frozenset[str]) -> tuple[Finding, ...]:
    """The findings with a step in one of some files, or below one of some folders."""
    return tuple(finding for finding in findings if any(is_within(place.path, paths) for place in places_of(finding)))


def is_within(path: str, paths: frozenset[str]) -> bool:
    """Whether a file is one of some paths or lies below one."""
    parts = path.split("/")
    return "." in paths or any("/".join(parts[:count]) in paths for count in range(1, len(parts) + 1))


def blind_spot_order(spot: BlindSpot) -> tuple[object, ...]:
    """Sort key: those that most marked things go into first, then by place and by what is said."""
    return (-spot.sources, *place_order(spot.place), spot.kind, spot.name, spot.labels, spot.message)


def file_errors(solution: Solution) -> tuple[FileError, ...]:
    """The problems of files, by path."""
    errors = {FileError(path, max(1, problem.line), problem.message) for path, problem in solution.errors}
    return tuple(sorted(errors))


def unmatched(solution: Solution) -> tuple[str, ...]:
    """A warning for each rule of the user's own that matched nothing."""
    return tuple(f"this rule matches nothing: {rule}" for rule in sorted(solution.unmatched_rules))


def with_statistics(report: Report, counts: Mapping[str, int]) -> Report:
    """The report with its own counts beside those of the solver."""
    own = {
        "findings": len(report.findings),
        "allowed": len(report.allowed),
        "suppressed": len(report.suppressed),
        "blind_spots": len(report.blind_spots),
        "errors": len(report.errors),
        "accepted": report.accepted,
        "gone": report.gone,
    }
    return replace(report, statistics={**counts, **own})
