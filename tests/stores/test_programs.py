"""Programs over libraries that are not installed: each line says whether it is a leak, a match or neither.

The fixtures beside these run; these cannot, so that a person has to read them: they are written the way the
libraries' own guides write them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from flowcheck.api import Request, check

PROGRAMS = Path(__file__).parent / "programs"
POLICIES = {"leak": "FC001", "match": "FC002"}
_EXPECTATION = re.compile(r"# (leak|match)$")


@pytest.mark.parametrize("program", sorted(each.name for each in PROGRAMS.iterdir() if each.is_dir()))
def test_every_line_is_judged_as_it_says(program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROGRAMS / program, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.chdir(tmp_path)
    report = check(Request(paths=(tmp_path,), has_cache=False))
    found = {(each.sink.place.path, each.sink.place.span.line, each.policy) for each in report.findings}
    assert sorted(found) == sorted(expected(tmp_path))


def expected(folder: Path) -> set[tuple[str, int, str]]:
    """Path, line and policy of each line that a comment marks."""
    found = set()
    for path in folder.rglob("*.py"):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if match := _EXPECTATION.search(line):
                found.add((path.relative_to(folder).as_posix(), number, POLICIES[match[1]]))
    return found
