"""Flows, matches and policies -> findings, and flows that a guard or sanitizer made lawful.

    policy   FC001: collected_for = "security", not_for = "advertising"
    flow     User.phone (security) -> ads.sync (marketing.advertising)      a finding
    flow     the same, past `if user.ads_consent:`                          allowed, because of the guard

A purpose named by a policy includes those below it. Of all flows with one policy, source name and sink
place one finding is made; its evidence is the shortest path whose every step is resolved, else the shortest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from flowcheck.flow.results import Clearance, Flow, Hop, Match, Place, SinkUse, SourceUse
from flowcheck.report.fingerprints import finding_fingerprint, told_apart
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import SEVERITIES, Confidence, Finding, Severity, Step, finding_order, place_order
from flowcheck.rules.model import Policy
from flowcheck.rules.purposes import includes


@dataclass(frozen=True, slots=True)
class Judgement:
    """Findings and allowed flows, each in report order."""

    findings: tuple[Finding, ...]
    allowed: tuple[Finding, ...]


Key: TypeAlias = tuple[str, str, Place]
"""Policy, source name, sink place: what makes a finding one."""

Evidence = TypeVar("Evidence", Flow, Match)


def judge(
    flows: Iterable[Flow],
    matches: Iterable[Match],
    policies: Sequence[Policy],
    lines: SourceLines,
) -> Judgement:
    """What the policies say of the flows and matches."""
    judge_ = _Judge(policies, lines)
    found = [judge_.of_flows(*group) for group in grouped(judge_.forbidden_flows(flows))]
    found += [judge_.of_matches(*group) for group in grouped(judge_.forbidden_matches(matches))]
    unique = list(told_apart(sorted(found, key=finding_order)))
    return Judgement(
        findings=tuple(finding for finding in unique if finding.because is None),
        allowed=tuple(finding for finding in unique if finding.because is not None),
    )


def grouped(pairs: Iterable[tuple[Policy, Evidence]]) -> Iterator[tuple[Policy, list[Evidence]]]:
    """The evidence of each finding-to-be, with its policy."""
    policies: dict[str, Policy] = {}
    groups: defaultdict[Key, list[Evidence]] = defaultdict(list)
    for policy, evidence in pairs:
        policies[policy.id] = policy
        groups[policy.id, source_of(evidence).name, evidence.sink.place].append(evidence)
    for (policy_id, _, _), group in groups.items():
        yield policies[policy_id], group


class _Judge:
    def __init__(self, policies: Sequence[Policy], lines: SourceLines) -> None:
        self._policies = policies
        self._lines = lines

    def forbidden_flows(self, flows: Iterable[Flow]) -> Iterator[tuple[Policy, Flow]]:
        for flow in flows:
            if flow.source.relation == "collected_for":
                for policy in self._policies:
                    if policy.not_for is not None and self._forbids(policy, policy.not_for, flow.source, flow.sink):
                        yield policy, flow

    def forbidden_matches(self, matches: Iterable[Match]) -> Iterator[tuple[Policy, Match]]:
        for match in matches:
            for policy in self._policies:
                other = policy.not_matched_with
                if other is not None and self._forbids(policy, other, match.collected, match.sink):
                    yield policy, match

    def _forbids(self, policy: Policy, use: str, source: SourceUse, sink: SinkUse) -> bool:
        return includes(policy.collected_for, source.purpose) and includes(use, sink.used_for)

    def of_flows(self, policy: Policy, flows: list[Flow]) -> Finding:
        flow, because = self._evidence(flows)
        return Finding(
            fingerprint=finding_fingerprint(policy.id, flow.source.name, flow.sink),
            policy=policy.id,
            severity=severity_of(policy, flow.source, flow.sink),
            confidence=confidence_of(flow.witness),
            message=flow_message(flow),
            fix=policy.fix or "",
            source=flow.source,
            sink=flow.sink,
            path=self._steps(flow.witness),
            because=because,
        )

    def of_matches(self, policy: Policy, matches: list[Match]) -> Finding:
        match, because = self._evidence(matches)
        return Finding(
            fingerprint=finding_fingerprint(policy.id, match.collected.name, match.sink),
            policy=policy.id,
            severity=severity_of(policy, match.collected, match.sink),
            confidence=confidence_of(match.witness + match.supplied_witness),
            message=match_message(match),
            fix=policy.fix or "",
            source=match.collected,
            sink=match.sink,
            path=self._steps(match.witness),
            supplied=match.supplied,
            supplied_path=self._steps(match.supplied_witness),
            because=because,
        )

    def _evidence(self, group: list[Evidence]) -> tuple[Evidence, Clearance | None]:
        """The one to show; when all of the group are cleared, with the clearance that did it."""
        name = min(group, key=sink_preference).sink.name
        uncleared = [each for each in group if self._clearance(each) is None]
        same_sink = [each for each in uncleared or group if each.sink.name == name] or uncleared or group
        chosen = min(same_sink, key=evidence_order)
        return chosen, None if uncleared else self._clearance(chosen)

    def _clearance(self, evidence: Flow | Match) -> Clearance | None:
        """The first clearance that covers the use, if any does."""
        for clearance in evidence.clearances:
            if clearance.use is None or includes(clearance.use, evidence.sink.used_for):
                return clearance
        return None

    def _steps(self, witness: tuple[Hop, ...]) -> tuple[Step, ...]:
        return tuple(self._step(hop) for hop in witness)

    def _step(self, hop: Hop) -> Step:
        code = self._lines.code(hop.place.path, hop.place.span.line)
        return Step(hop.kind, hop.place, code, hop.note, hop.assumed)


def source_of(evidence: Flow | Match) -> SourceUse:
    """The collected data of a flow or match."""
    return evidence.source if isinstance(evidence, Flow) else evidence.collected


def hops_of(evidence: Flow | Match) -> tuple[Hop, ...]:
    """All hops that the evidence rests on."""
    return evidence.witness if isinstance(evidence, Flow) else evidence.witness + evidence.supplied_witness


def sink_preference(evidence: Flow | Match) -> tuple[bool, str]:
    """Of two rules that match one place, the one that names a recipient; never by the path taken."""
    return (evidence.sink.recipient is None, evidence.sink.name)


def evidence_order(evidence: Flow | Match) -> tuple[object, ...]:
    """Resolved before assumed, then short before long, then by place."""
    hops = hops_of(evidence)
    return (
        any(hop.assumed for hop in hops),
        len(hops),
        place_order(source_of(evidence).place),
        tuple((*place_order(hop.place), hop.kind, hop.note) for hop in hops),
        str(evidence.sink.argument),
    )


def severity_of(policy: Policy, source: SourceUse, sink: SinkUse) -> Severity:
    """The sink rule's override, else the source rule's, else the policy's own."""
    wanted = sink.severity or source.severity or policy.severity
    return next((severity for severity in SEVERITIES if severity == wanted), "error")


def confidence_of(hops: Iterable[Hop]) -> Confidence:
    """`possible` when a hop rests on an assumption."""
    return "possible" if any(hop.assumed for hop in hops) else "confirmed"


def flow_message(flow: Flow) -> str:
    """`app.User.phone, collected for security, is used for advertising by Meta: passed to ads.sync (users)`."""
    sink = flow.sink
    by = f" by {sink.recipient}" if sink.recipient else ""
    return f"{flow.source.name}, collected for {flow.source.purpose}, is used for {sink.used_for}{by}: {reaches(sink)}"


def match_message(match: Match) -> str:
    """`app.User.phone, collected for security, is matched with app.match:uploaded, supplied for advertising`."""
    collected, supplied = match.collected, match.supplied
    return (
        f"{collected.name}, collected for {collected.purpose}, "
        f"is matched with {supplied.name}, supplied for {supplied.purpose}"
    )


def reaches(sink: SinkUse) -> str:
    """How the data arrives at a sink, in words."""
    if sink.argument is None:
        return f"it reaches {sink.name}"
    return f"it reaches {sink.name} as argument {sink.argument}"
