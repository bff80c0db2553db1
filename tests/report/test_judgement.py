from __future__ import annotations

from dataclasses import replace

import made

from flowcheck.flow.results import Clearance, Flow, Hop, Match
from flowcheck.report.judgement import Judgement, judge


def judged(*evidence: Flow | Match, policies=made.POLICIES) -> Judgement:
    flows = [each for each in evidence if isinstance(each, Flow)]
    matches = [each for each in evidence if isinstance(each, Match)]
    return judge(flows, matches, policies, made.source_lines())


def test_a_forbidden_flow_is_a_finding_with_its_steps():
    (finding,) = judged(made.LEAK).findings
    assert (finding.policy, finding.severity, finding.confidence) == ("FC001", "error", "confirmed")
    assert [step.kind for step in finding.path] == ["source", "assign", "assign", "sink"]
    assert finding.path[-1].code == "sync_audience(rows)"
    assert finding.message == (
        "accounts.User.phone, collected for security, is used for advertising by Acme Ads: "
        "it reaches ads.sync_audience as argument rows"
    )


def test_a_policy_includes_the_purposes_below_its_own():
    below = made.flow(
        made.source(purpose="essential.service.authentication"),
        made.sink(used_for="marketing.advertising.third_party.targeted"),
    )
    beside = made.flow(made.source(), made.sink(used_for="analytics"))
    above = made.flow(made.source(), made.sink(used_for="marketing"))
    assert len(judged(below).findings) == 1
    assert judged(beside, above).findings == ()


def test_data_supplied_by_others_is_no_collected_data():
    supplied = made.flow(made.source(relation="supplied_for"), made.sink())
    assert judged(supplied).findings == ()


def test_one_finding_for_each_policy_source_name_and_sink_place():
    long = made.flow(made.source(9), made.sink(), Hop("assign", made.place(6), "kept"))
    short = made.flow(made.source(5), made.sink())
    (finding,) = judged(long, short).findings
    assert finding.source == short.source
    assert len(finding.path) == 2


def test_a_resolved_path_is_better_evidence_than_a_shorter_assumed_one():
    assumed = made.flow()
    assumed = replace(assumed, witness=tuple(replace(hop, assumed=True) for hop in assumed.witness))
    resolved = made.flow(None, None, Hop("assign", made.place(6), "kept"))
    (finding,) = judged(assumed, resolved).findings
    assert (finding.confidence, len(finding.path)) == ("confirmed", 3)
    (finding,) = judged(assumed).findings
    assert finding.confidence == "possible"


def test_another_source_of_the_same_sink_is_another_finding():
    other = made.flow(made.source(name="accounts.User.email"), made.sink())
    found = judged(made.LEAK, other).findings
    assert [finding.source.name for finding in found] == ["accounts.User.email", "accounts.User.phone"]
    assert found[0].fingerprint != found[1].fingerprint


def test_a_cleared_flow_is_allowed_only_when_no_other_way_is_open():
    cleared = replace(made.flow(), clearances=made.ALLOWED.clearances)
    (allowed,) = judged(cleared).allowed
    assert allowed.because.name == "accounts.User.ads_consent"
    both = judged(cleared, made.flow())
    assert (len(both.findings), len(both.allowed)) == (1, 0)


def test_a_clearance_for_another_use_clears_nothing():
    other = Clearance("consent", "accounts.User.statistics", "analytics", made.place(8))
    anything = Clearance("sanitizer", "privacy.count", None, made.place(8))
    wider = Clearance("consent", "accounts.User.marketing", "marketing", made.place(8))
    assert len(judged(replace(made.flow(), clearances=(other,))).findings) == 1
    assert len(judged(replace(made.flow(), clearances=(other, anything))).allowed) == 1
    assert len(judged(replace(made.flow(), clearances=(wider,))).allowed) == 1


def test_a_match_has_a_second_source_with_its_own_path():
    (finding,) = judged(made.MATCH).findings
    assert finding.policy == "FC002"
    assert finding.supplied.name == "jobs.app.nightly:uploaded"
    assert [step.kind for step in finding.supplied_path] == ["source", "sink"]


def test_the_rule_overrides_the_severity_of_the_policy():
    (finding,) = judged(made.flow(None, made.sink(severity="warning"))).findings
    assert finding.severity == "warning"


def test_the_rule_with_a_recipient_names_a_sink_that_two_rules_match():
    nameless = made.flow(None, made.sink(name="ads", recipient=None))
    named = made.flow(None, made.sink(), Hop("assign", made.place(6), "kept"))
    (finding,) = judged(nameless, named).findings
    assert finding.sink.name == "ads.sync_audience"


def test_the_fingerprint_is_not_of_lines_or_paths():
    moved = made.flow(made.source(9), made.sink(9, "sync_audience(user.phone)", argument=0))
    assert judged(moved).findings[0].fingerprint == judged(made.LEAK).findings[0].fingerprint
    second = made.flow(None, made.sink(ordinal=1))
    elsewhere = made.flow(None, made.sink(function="jobs.app.weekly"))
    prints = {judged(flow).findings[0].fingerprint for flow in (made.LEAK, second, elsewhere)}
    assert len(prints) == 3


def test_the_order_of_the_flows_changes_nothing():
    evidence = [made.LEAK, made.ALLOWED, made.SUPPRESSED, made.MATCH, made.flow(made.source(9), made.sink())]
    assert judged(*evidence) == judged(*reversed(evidence))
