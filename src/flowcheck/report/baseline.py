"""Findings that were accepted: later checks report only new ones.

    {"schema_version": "1.0", "findings": [{"fingerprint": "...", "policy": "FC001", "source": "...", ...}]}

Only fingerprints are compared; the rest is there for people who review the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flowcheck.errors import ConfigError
from flowcheck.report.model import Finding

SCHEMA_VERSION = "1.0"
ANEW = "write it anew with: flowcheck baseline"
DEFAULT_NAME = "flowcheck-baseline.json"


@dataclass(frozen=True, slots=True)
class Comparison:
    """New findings (marked so), and how many of the baseline are still there and how many are gone."""

    new: tuple[Finding, ...]
    accepted: int
    gone: int


def compare(findings: Sequence[Finding], accepted: frozenset[str]) -> Comparison:
    """What is new, unchanged and gone since the baseline was written."""
    present = {finding.fingerprint for finding in findings}
    new = tuple(replace(finding, is_new=True) for finding in findings if finding.fingerprint not in accepted)
    return Comparison(new, accepted=len(findings) - len(new), gone=len(accepted - present))


def baseline_text(findings: Iterable[Finding]) -> str:
    """The file that accepts these findings: sorted by fingerprint, one finding a line, ended by a newline."""
    rows = sorted(json.dumps(entry_of(finding), ensure_ascii=False) for finding in findings)
    body = ",\n".join(f"    {row}" for row in rows)
    listed = f"[\n{body}\n  ]" if rows else "[]"
    return f'{{\n  "schema_version": "{SCHEMA_VERSION}",\n  "findings": {listed}\n}}\n'


def entry_of(finding: Finding) -> dict[str, str]:
    """What the file says of one finding."""
    source = {"source": finding.source.name} if finding.source else {}
    return {
        "fingerprint": finding.fingerprint,
        "policy": finding.policy,
        **source,
        "sink": finding.sink.name,
        "path": finding.sink.place.path,
    }


def read_baseline(path: Path, shown: str) -> frozenset[str]:
    """The fingerprints that a baseline accepts; raises ConfigError, which names the file as `shown`."""
    if path.exists() and not path.is_file():
        raise ConfigError(shown, None, "baseline", "is no regular file")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(shown, None, "baseline", "no such baseline; write one with: flowcheck baseline") from None
    except OSError as error:
        raise ConfigError(shown, None, "baseline", f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        raise ConfigError(shown, None, "baseline", f"is no JSON; {ANEW}") from None
    return fingerprints_in(content, shown)


def fingerprints_in(content: object, shown: str) -> frozenset[str]:
    """The fingerprints in a baseline's content; raises ConfigError when it is of another shape."""
    match content:
        case {"schema_version": str(version), "findings": [*entries]} if version.startswith("1."):
            return frozenset(fingerprint_in(entry, shown) for entry in entries)
        case _:
            raise ConfigError(shown, None, "baseline", f"is no baseline of version 1; {ANEW}")


def fingerprint_in(entry: object, shown: str) -> str:
    """The fingerprint of one entry."""
    match entry:
        case {"fingerprint": str(text)}:
            return text
        case _:
            raise ConfigError(shown, None, "baseline", f"an entry has no fingerprint; {ANEW}")
