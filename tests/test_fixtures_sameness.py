"""What must not change a report does not, on any fixture: how files are loaded, what was cached, what else is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixture_analysis import copied, report_of
from fixture_support import Fixture, all_fixtures

UNRELATED = '''
"""A file that has nothing to do with the program, but uses its words."""


class Parcel:
    phone = ""
    city = ""


def contact_of(parcel):
    return parcel.phone
'''


@pytest.fixture(params=all_fixtures(), ids=lambda fixture: fixture.name)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fixture: Fixture = request.param
    folder = tmp_path / "project"
    folder.mkdir()
    copied(fixture, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_lazy_is_eager(project: Path) -> None:
    assert report_of(project) == report_of(project, is_eager=True)


def test_warm_is_cold(project: Path) -> None:
    cold = report_of(project, has_cache=True)
    assert report_of(project, has_cache=True) == cold
    assert report_of(project) == cold


def test_unrelated_files_change_nothing(project: Path) -> None:
    alone = report_of(project)
    (project / "parcels.py").write_text(UNRELATED, encoding="utf-8")
    assert report_of(project) == alone
