"""Analyses Chirp by the command line: all the leaks of expected.toml, and only those."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tomli

CHIRP = Path(__file__).parents[1] / "examples" / "chirp"
EXPECTED = tomli.loads((CHIRP / "expected.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    command = [sys.executable, "-m", "flowcheck", "check", "--format", "json", "--no-cache"]
    run = subprocess.run(command, cwd=CHIRP, capture_output=True, text=True, check=False)
    assert run.returncode == 1, run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_reports_every_leak_and_no_other(report: dict[str, Any]) -> None:
    assert sorted(map(identity, report["findings"])) == sorted(map(stated_identity, EXPECTED["leak"]))


def test_evidence_passes_through_the_files_between(report: dict[str, Any]) -> None:
    found = {identity(each): files_of(each) for each in report["findings"]}
    short = [
        f"{leak['path']}: {leak['code']}: {found[stated_identity(leak)]}"
        for leak in EXPECTED["leak"]
        if len(found.get(stated_identity(leak), ())) < leak["files"]
    ]
    assert short == []


def test_what_was_agreed_to_is_allowed(report: dict[str, Any]) -> None:
    allowed = {(each["sink"]["path"], each["because"]["name"]) for each in report["allowed"]}
    assert ("chirp/ads/offers.py", "chirp.accounts.models.Preferences.phone_offers") in allowed
    assert ("chirp/analytics/tracker.py", "chirp.analytics.stats.count_only") in allowed


def test_nothing_went_wrong(report: dict[str, Any]) -> None:
    assert report["errors"] == []
    assert report["suppressed"] == []


@pytest.mark.parametrize("entry", [*EXPECTED["leak"], *EXPECTED["lawful"]], ids=lambda entry: entry["code"][:40])
def test_expected_lines_stand_in_the_code_once(entry: dict[str, Any]) -> None:
    lines = [line.strip() for line in (CHIRP / entry["path"]).read_text(encoding="utf-8").splitlines()]
    assert lines.count(entry["code"]) == 1


def identity(finding: dict[str, Any]) -> tuple[str, ...]:
    """Policy, source, and the sink's file and line, as the code stands there."""
    sink = finding["sink"]
    line = (CHIRP / sink["path"]).read_text(encoding="utf-8").splitlines()[sink["line"] - 1].strip()
    return finding["policy"], finding["source"]["name"], finding.get("supplied", {}).get("name", ""), sink["path"], line


def stated_identity(leak: dict[str, Any]) -> tuple[str, ...]:
    """The same of an entry in expected.toml."""
    return leak["policy"], leak["source"], leak.get("supplied", ""), leak["path"], leak["code"]


def files_of(finding: dict[str, Any]) -> list[str]:
    """The files that the evidence passes through."""
    return sorted({step["path"] for step in finding["path"]})
