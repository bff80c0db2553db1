from __future__ import annotations

from dataclasses import replace

import made
import msgspec
import pytest

from flowcheck.report.judgement import judge
from flowcheck.report.suppression import Suppressed, suppress


def settled(**changes: object) -> Suppressed:
    """What a suppression changed so makes of the finding on line 10."""
    findings = judge([made.SUPPRESSED], [], made.POLICIES, made.source_lines()).findings
    comment = msgspec.structs.replace(made.SUPPRESSION, **changes)
    return suppress(findings, {"jobs/app.py": (comment,)}, made.TODAY)


def policies(settled: Suppressed) -> list[str]:
    return [finding.policy for finding in settled.findings]


def test_a_comment_with_a_reason_hides_the_finding():
    result = settled()
    assert result.findings == ()
    assert result.suppressed[0].suppression.reason == "contract 17 allows it"


@pytest.mark.parametrize("changes", [{"policies": ()}, {"policies": ("FC002", "FC001")}, {"until": "2026-07-01"}])
def test_it_may_name_several_policies_or_none_and_holds_through_its_last_day(changes):
    assert settled(**changes).findings == ()


def test_without_a_reason_it_still_hides():
    result = settled(reason="")
    assert policies(result) == ["FC901"]
    assert len(result.suppressed) == 1


@pytest.mark.parametrize("until", ["2026-06-30", "2026-02-30", "20270101", "soon"])
def test_an_expired_or_malformed_day_hides_nothing(until):
    assert policies(settled(until=until)) == ["FC001", "FC902"]


@pytest.mark.parametrize("changes", [{"line": 9}, {"policies": ("FC002",)}])
def test_one_that_hides_nothing_is_a_finding(changes):
    assert policies(settled(**changes)) == ["FC001", "FC903"]


def test_a_finding_about_a_comment_has_the_comment_as_sink():
    (finding,) = settled(reason="").findings
    assert (finding.severity, finding.sink.name, finding.sink.used_for) == ("warning", "suppression", "suppression")
    assert (finding.source, finding.path) == (None, ())
    assert finding.sink.place.span.line == 10


def test_its_fingerprint_stays_when_lines_move_and_tells_twins_apart():
    comment = made.SUPPRESSION
    moved = msgspec.structs.replace(comment, line=3)
    alone = suppress([], {"a.py": (comment,)}, made.TODAY).findings
    after = suppress([], {"a.py": (moved,)}, made.TODAY).findings
    twins = suppress([], {"a.py": (comment, moved)}, made.TODAY).findings
    assert alone[0].fingerprint == after[0].fingerprint
    assert len({finding.fingerprint for finding in twins}) == 2


def test_findings_about_comments_stand_in_order_with_the_others():
    findings = judge([made.LEAK], [], made.POLICIES, made.source_lines()).findings
    early = msgspec.structs.replace(made.SUPPRESSION, line=1, at=made.place(1).span)
    result = suppress(findings, {"jobs/app.py": (early,)}, made.TODAY)
    assert policies(result) == ["FC903", "FC001"]
    assert replace(result.findings[1]) == findings[0]
