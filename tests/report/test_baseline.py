from __future__ import annotations

import pytest

from flowcheck.errors import ConfigError
from flowcheck.report.baseline import baseline_text, compare, read_baseline


def test_what_was_accepted_is_not_new(report, tmp_path):
    path = tmp_path / "accepted.json"
    path.write_text(baseline_text(report.findings[:1]), encoding="utf-8")
    comparison = compare(report.findings, read_baseline(path, "accepted.json"))
    assert [finding.fingerprint for finding in comparison.new] == [report.findings[1].fingerprint]
    assert all(finding.is_new for finding in comparison.new)
    assert (comparison.accepted, comparison.gone) == (1, 0)


def test_what_is_no_more_is_gone(report):
    comparison = compare((), frozenset(finding.fingerprint for finding in report.findings))
    assert (comparison.new, comparison.accepted, comparison.gone) == ((), 0, 2)


def test_the_file_is_the_same_whatever_the_order(report):
    assert baseline_text(report.findings) == baseline_text(reversed(report.findings))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "no JSON"),
        ("[]", "no baseline of version 1"),
        ('{"schema_version": "2.0", "findings": []}', "no baseline of version 1"),
        ('{"schema_version": "1.0", "findings": [{}]}', "no fingerprint"),
    ],
)
def test_another_file_is_refused_with_its_name(content, complaint, tmp_path):
    path = tmp_path / "accepted.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"accepted.json: .*{complaint}"):
        read_baseline(path, "accepted.json")


def test_a_missing_file_says_how_to_write_one(tmp_path):
    with pytest.raises(ConfigError, match="flowcheck baseline"):
        read_baseline(tmp_path / "none.json", "none.json")
