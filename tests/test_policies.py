"""What a finding takes from the policies and rules in force: severity, fix, category, recipient, purposes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from application_support import APPLICATIONS
from flowcheck.api import Request, check
from flowcheck.report.model import Finding


def findings_of(name: str, folder: Path) -> Sequence[Finding]:
    shutil.copytree(APPLICATIONS / name, folder, dirs_exist_ok=True)
    return check(Request(paths=(folder,), has_cache=False)).findings


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[Finding]:
    monkeypatch.chdir(tmp_path)
    return findings_of("policies_clinic", tmp_path)


def test_each_policy_gives_its_severity_unless_a_rule_overrides_it(clinic: Sequence[Finding]) -> None:
    told = {(finding.policy, finding.severity) for finding in clinic}
    assert told == {("LAB1", "warning"), ("LAB2", "note"), ("CARE1", "error"), ("PAY1", "note")}


def test_each_policy_gives_its_fix(clinic: Sequence[Finding]) -> None:
    fixes = {(finding.policy, finding.fix) for finding in clinic}
    assert ("LAB1", "Publish aggregates only.") in fixes
    assert ("CARE1", "") in fixes


def test_categories_recipients_and_purposes_are_as_the_rules_write_them(clinic: Sequence[Finding]) -> None:
    said = {
        (finding.source.name, finding.source.category, finding.source.purpose, finding.sink.used_for)
        for finding in clinic
        if finding.source is not None and finding.sink.recipient == "the public"
    }
    genome = ("clinic.records.Patient.genome", "user.health_and_medical.genetic", "research.genomics")
    assert (*genome, "publication.open_data") in said
    assert ("clinic.records.Patient.diary", None, "research", "publication.open_data") in said


def test_two_purposes_of_one_field_give_a_finding_each_with_an_identity_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = [each for each in findings_of("policies_two_marks", tmp_path) if each.sink.place.span.line == 18]
    told = sorted((each.policy, each.severity, each.source.purpose) for each in found if each.source is not None)
    assert told == [("BILL2", "warning", "billing"), ("FC001", "error", "security")]
    assert len({each.fingerprint for each in found}) == 2
