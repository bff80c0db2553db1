"""Has a fixture analysed, alone in a folder of its own."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from fixture_support import Fixture, Line
from flowcheck.api import Request, check
from flowcheck.report.model import Report


def reported_sources(fixture: Fixture, folder: Path) -> dict[Line, frozenset[str]]:
    """The names of the sources reported, by the line of the sink. The folder must be empty, and the current one."""
    copied(fixture, folder)
    report = report_of(folder)
    found: dict[Line, frozenset[str]] = {}
    for finding in report.findings:
        line = Line(finding.sink.place.path, finding.sink.place.span.line)
        found[line] = found.get(line, frozenset()) | {finding.source.name if finding.source else finding.policy}
    return found


def report_of(folder: Path, *, is_eager: bool = False, has_cache: bool = False) -> Report:
    """What the analyser says of all that stands in the folder, the current one; figures aside."""
    report = check(Request(paths=(folder,), is_eager=is_eager, has_cache=has_cache))
    return replace(report, statistics={})


def copied(fixture: Fixture, folder: Path) -> None:
    """Copy the program, and nothing that stands beside it."""
    if fixture.is_project:
        shutil.copytree(fixture.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(fixture.main, folder)
