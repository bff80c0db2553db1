"""What is said of each policy that a report's findings name: a name, a title, a description, a fix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flowcheck.report.model import Finding, Severity
from flowcheck.report.suppression import EXPIRED, NO_REASON, UNUSED

SUPPRESSION_TITLES = {
    NO_REASON: ("SuppressionWithoutReason", "A suppression gives no reason"),
    EXPIRED: ("SuppressionExpired", "A suppression has expired"),
    UNUSED: ("SuppressionUnused", "A suppression suppresses nothing"),
}


@dataclass(frozen=True, slots=True)
class RuleText:
    """A policy in words."""

    id: str
    name: str
    title: str
    description: str
    fix: str
    severity: Severity


def rule_texts(findings: Iterable[Finding]) -> tuple[RuleText, ...]:
    """The policies of the findings, by id, each described by its first finding."""
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding.policy, finding)
    return tuple(rule_text(first[policy]) for policy in sorted(first))


def rule_text(finding: Finding) -> RuleText:
    """The policy of a finding."""
    name, title = SUPPRESSION_TITLES.get(finding.policy) or titles_of(finding)
    return RuleText(finding.policy, name, title, f"{title}.", finding.fix, finding.severity)


def titles_of(finding: Finding) -> tuple[str, str]:
    """A name and a title for a policy about data."""
    purpose = finding.source.purpose if finding.source else "one purpose"
    if finding.supplied is not None:
        other = finding.supplied.purpose
        return "PurposeMatch", f"Data collected for {purpose} is matched with data supplied for {other}"
    return "PurposeLeak", f"Data collected for {purpose} is used for {finding.sink.used_for}"
