"""A time limit cuts what is found, adds nothing to it, and tells that it did.

The clock here counts how often it is read."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from flowcheck.api import Request, analyse, report_of, silent
from flowcheck.cli.main import run
from flowcheck.report.model import Report

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = [ROOT / "applications" / name for name in ("celery_classes", "consent_views", "suppressed_flows")]

JOB = """\
from ads import upload
from models import User

def nightly(user: User):
    upload(user.phone)
"""


def ticking() -> Callable[[], float]:
    """A clock that is a second further each time it is looked at."""
    ticks = count()
    return lambda: float(next(ticks))


def report(folder: Path, limit: float | None, **asked: object) -> Report:
    request = Request(current=folder, paths=(folder,), jobs=1, time_limit=limit, now=ticking(), **asked)
    return report_of(analyse(request, silent), request)


def found_in(known: Report) -> set[tuple[object, ...]]:
    found = (*known.findings, *known.allowed)
    return {(f.policy, f.source.name if f.source else "", f.sink.name, f.sink.place) for f in found}


def cut_in(known: Report) -> list[str]:
    return [spot.message for spot in known.blind_spots if (spot.kind, spot.name) == ("limit", "time")]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "models.py").write_text('class User:\n    phone = ""  # flowcheck: security-collected\n')
    (folder / "ads.py").write_text("def upload(rows):  # flowcheck: advertising\n    pass\n")
    for number in range(5):
        (folder / f"job_{number}.py").write_text(JOB.replace("nightly", f"job_{number}"))
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_what_was_not_looked_at_is_one_blind_spot_with_a_remedy(project):
    known = report(project, 7)
    lines = [finding.sink.place.path for finding in known.findings]
    assert lines == [f"job_{number}.py" for number in range(len(lines))]
    assert 0 < len(lines) < 5
    (spot,) = known.blind_spots
    assert spot.place.path == f"job_{len(lines)}.py"
    left = 6 - len(lines)  # the module of the mark is one
    assert f"before {left} functions or modules in {left} files" in spot.message
    assert "--time-limit" in spot.remedy


def test_without_a_limit_no_clock_is_asked(project):
    def now():
        raise AssertionError

    request = Request(current=project, has_cache=False, jobs=1, now=now)
    assert report_of(analyse(request, silent), request) == report(project, math.inf, has_cache=False)
    assert len(report(project, None).findings) == 5


def test_what_was_cut_is_not_kept_and_what_was_kept_is_whole(project):
    assert cut_in(report(project, 7))
    whole = report(project, None)
    assert len(whole.findings) == 5
    assert report(project, 0) == whole


def test_a_run_that_was_cut_says_so(project, capfd):
    assert run(["check", "--time-limit", "0", "--no-cache"]) == 0
    out, err = capfd.readouterr()
    assert "the time limit was over" in out
    assert "stopped looking after 0 s" in err
    assert run(["check", "--time-limit", "-1"]) == 2


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_whenever_it_is_cut_nothing_is_found_that_is_not_there(folder):
    whole = report(folder, None, has_cache=False)
    ever = set()
    for limit in (1, 4, 10, 20, 40, 80, 160):
        known = report(folder, limit, has_cache=False)
        assert found_in(known) <= found_in(whole)
        assert len(cut_in(known)) <= 1
        assert cut_in(known) or found_in(known) == found_in(whole)
        ever |= found_in(known)
    assert ever
