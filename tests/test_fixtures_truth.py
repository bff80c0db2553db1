"""Runs every fixture and holds each expectation against what the program really did."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fixture_execution import Truth, truth_of
from fixture_support import Expectation, Fixture, all_fixtures, canary_of


@pytest.mark.parametrize("fixture", all_fixtures(), ids=lambda fixture: fixture.name)
def test_the_program_does_what_its_lines_say(fixture: Fixture, tmp_path: Path) -> None:
    if not fixture.is_runnable_here:
        pytest.skip("needs a newer Python")
    truth = truth_of(fixture, tmp_path)
    assert list(problems(fixture, truth)) == []


@pytest.mark.parametrize("fixture", all_fixtures(), ids=lambda fixture: fixture.name)
def test_the_program_states_expectations(fixture: Fixture) -> None:
    assert fixture.expectations


def problems(fixture: Fixture, truth: Truth) -> Iterator[str]:
    """Where the lines and the runs disagree."""
    for expectation in fixture.expectations:
        yield from (f"{expectation.line}: {problem}" for problem in problems_of(expectation, truth))
    stated = {expectation.line for expectation in fixture.expectations}
    for line in sorted(truth.lines - stated):
        yield f"{line}: a sink is called here, but the line states no expectation"


def problems_of(expectation: Expectation, truth: Truth) -> Iterator[str]:
    """How one expectation fails."""
    runs = expectation.line in truth.lines
    if runs == (expectation.reason == "unreached"):
        yield "a sink is called here after all" if runs else "no sink was called here"
    elif expectation.reason == "aggregate":
        yield from _aggregate_problems(expectation, truth)
    elif truth.kinds_at(expectation.line) != _kinds(expectation):
        stated, found = sorted(_kinds(expectation)), sorted(truth.kinds_at(expectation.line))
        yield f"stated {stated or 'clean'}, but {found or 'nothing marked'} arrives"


def _aggregate_problems(expectation: Expectation, truth: Truth) -> Iterator[str]:
    if truth.shows_text(expectation.line):
        yield "marked data arrives as it is"
    if not truth.kinds_at(expectation.line):
        yield "the same arrives whatever the data: plain `clean` says so"


def _kinds(expectation: Expectation) -> frozenset[str]:
    return frozenset(kind for source in expectation.true_sources if (kind := canary_of(source)))
