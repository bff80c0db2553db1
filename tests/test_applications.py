"""Has every application analysed, and holds what is reported against what its lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from application_support import Expectation, applications, differences, expectations, reported

APPLICATIONS = applications()


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda folder: folder.name)
def test_every_line_is_judged_as_it_says(application: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = reported(application, tmp_path)
    expected = {each.line: each for each in expectations(application)}
    lines = sorted({*expected, *found})
    nothing = [
        each
        for line in lines
        for each in differences(expected.get(line, Expectation(line, (), ())), found.get(line, set()))
    ]
    assert nothing == []


def test_there_are_enough_of_them() -> None:
    said = [each for application in APPLICATIONS for each in expectations(application)]
    clean = sum(each.is_clean for each in said)
    assert len(APPLICATIONS) >= 100
    assert len(said) >= 1700
    assert 0.4 < clean / (len(said) - clean) < 2.5
