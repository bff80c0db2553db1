"""Analyses every fixture and holds what is reported against the expectations on its lines.

What the lines call missing or spurious is part of what is expected: when the analyser gets better, the
line has to be put right (`python tests/restate_fixtures.py` does it).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fixture_analysis import reported_sources
from fixture_support import Expectation, Fixture, all_fixtures, is_suffix, tally

FIXTURES = all_fixtures()


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_reports_what_the_lines_say(fixture: Fixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reported = reported_sources(fixture, tmp_path)

    wrong = [each for each in fixture.expectations if not is_met(each, reported.pop(each.line, frozenset()))]
    assert [str(each.line) for each in wrong] == []
    assert reported == {}


def test_leaks_and_clean_twins_are_about_equal_in_number() -> None:
    found = tally(FIXTURES)
    assert min(found.leaks, found.clean) >= 500
    assert 0.8 < found.leaks / found.clean < 1.25


def is_met(expectation: Expectation, names: frozenset[str]) -> bool:
    """Whether just the expected sources are reported, each under a name that ends as expected."""
    expected = expectation.reported_sources
    return all(any(is_suffix(short, name) for name in names) for short in expected) and all(
        any(is_suffix(short, name) for short in expected) for name in names
    )
