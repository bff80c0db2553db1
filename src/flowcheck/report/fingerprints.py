"""The identity of findings: stable when lines move, whichever path is the evidence.

FC001, accounts.User.phone, ads.sync_audience, app.nightly, 0  ->  "3f0c6d0a2b9e4471"
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from flowcheck.flow.results import SinkUse
from flowcheck.report.model import Finding

LENGTH = 16


def fingerprint(*parts: str | int) -> str:
    """A short hash of the parts, told apart from any other parts."""
    text = "\x00".join(str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def finding_fingerprint(policy: str, source_name: str, sink: SinkUse) -> str:
    """Policy, source, sink, the sink's enclosing function and its ordinal there."""
    return fingerprint(policy, source_name, sink.name, sink.function, sink.ordinal)


def told_apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings in their order; where a fingerprint returns, a further ordinal makes it another."""
    seen: Counter[str] = Counter()
    for finding in findings:
        first = finding.fingerprint
        count = seen[first]
        seen[first] += 1
        yield replace(finding, fingerprint=fingerprint(first, count)) if count else finding
