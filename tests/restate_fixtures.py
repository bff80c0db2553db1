"""Rewrites the expectations to what the analyser reports today; what is true stays true.

    python tests/restate_fixtures.py [NAME ...]

A true leak that is not reported becomes `missing`, a clean line that is reported gets `spurious`, and the
other way round. The truth of a line is never changed: read the diff.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from fixture_analysis import reported_sources
from fixture_support import Expectation, Fixture, all_fixtures, comment_of, is_suffix, tally

_COMMENT = re.compile(r"#\s*(?:leak|clean|missing|spurious)\b.*$")


def main(wanted: list[str]) -> None:
    """Restate the fixtures named, or all."""
    fixtures = [each for each in all_fixtures() if not wanted or each.name in wanted]
    for fixture in fixtures:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            restate(fixture, Path(folder))
            os.chdir(fixture.folder)
    sys.stdout.write(f"{tally(all_fixtures())}\n")


def restate(fixture: Fixture, folder: Path) -> None:
    """Rewrite the comments of one fixture."""
    reported = reported_sources(fixture, folder)
    for expectation in fixture.expectations:
        names = reported.pop(expectation.line, frozenset())
        rewrite(fixture.folder / expectation.line.path, restated(expectation, names))
    for line in reported:
        sys.stdout.write(f"{fixture.name}: reported at {line}, which states nothing\n")


def restated(expectation: Expectation, names: frozenset[str]) -> Expectation:
    """The same truth, with what is reported of it."""
    true = expectation.true_sources
    found = frozenset(short for short in true if any(is_suffix(short, name) for name in names))
    extra = frozenset(name for name in names if not any(is_suffix(short, name) for short in true))
    shown = frozenset(".".join(re.split(r"[.:]", name)[-2:]) for name in extra)
    return replace(expectation, leaks=found, missing=true - found, spurious=shown)


def rewrite(path: Path, expectation: Expectation) -> None:
    """Replace the comment on the expectation's line."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    index = expectation.line.number - 1
    lines[index] = _COMMENT.sub(lambda _: comment_of(expectation), lines[index].rstrip("\n")) + "\n"
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
