"""Applications: small programs over frameworks and SDKs that are not installed, written as people write them.

    tests/applications/<framework>_<what>/     a program of one to six files, also .sql, with a flowcheck.toml if needed

They cannot run, so that a person has to read them. What must hold stands on the line of the use:

    push(user.phone)            # leak: User.phone          FC001
    ids = uploaded & phones     # match: User.phone         FC002
    push(user.email)            # allowed: User.email       a guard or sanitizer made it lawful
    push(user.city)             # clean
    track(user.phone)           # SHOP001: User.phone       another policy
    push(hard(user))            # missing: User.phone       a true leak, not found yet
    push(apart(user))           # clean; spurious: User.phone

Sources are suffixes of resolved names; with none given any source will do. A line without a comment expects nothing.
"""

from __future__ import annotations

import io
import re
import shutil
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fixture_support import Line, is_suffix
from flowcheck.api import Request, check
from flowcheck.report.model import Finding

APPLICATIONS = Path(__file__).parent / "applications"

_EXPECTATION = re.compile(r"#\s*(?=(?:leak|match|allowed|clean|missing|spurious|[A-Z]+\d+)\b)(?P<parts>.+)$")
_KINDS = {"FC001": "leak", "FC002": "match"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a line says: a kind of report, and the end of its source's name ("" for any)."""

    kind: str
    source: str

    def speaks_of(self, kind: str, source: str) -> bool:
        """Whether a report is the one meant."""
        return kind == self.kind and (not self.source or is_suffix(self.source, source))


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a line says: what is reported there today, and what is true besides."""

    line: Line
    reported: tuple[Claim, ...]
    missing: tuple[Claim, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing should be reported."""
        return not self.missing and all(claim.kind == "spurious" for claim in self.reported)


def applications() -> list[Path]:
    """The folders of all applications, by name."""
    return sorted(each for each in APPLICATIONS.iterdir() if each.is_dir())


def expectations(folder: Path) -> list[Expectation]:
    """What the comments of an application's files say."""
    paths = [*folder.rglob("*.py"), *folder.rglob("*.sql")]
    return [each for path in sorted(paths) for each in expectations_in(path, folder)]


def expectations_in(path: Path, folder: Path) -> Iterator[Expectation]:
    """What the comments of one file say."""
    shown = path.relative_to(folder).as_posix()
    for number, comment in comments_in(path):
        if found := _EXPECTATION.match(comment):
            claims = list(claims_of(found["parts"]))
            reported = tuple(claim for claim in claims if claim.kind != "missing")
            missing = tuple(claim for claim in claims if claim.kind == "missing")
            yield Expectation(Line(shown, number), reported, missing)


def comments_in(path: Path) -> Iterator[tuple[int, str]]:
    """The comments of a Python or SQL file with their lines, as Python writes them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        for number, line in enumerate(text.split("\n"), start=1):
            yield number, "#" + line.rpartition("--")[2]
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def claims_of(text: str) -> Iterator[Claim]:
    """`leak: a, b; missing: c`"""
    for part in text.split(";"):
        word, _, names = part.partition(":")
        kind = word.strip()
        if kind != "clean":
            for name in names.split(","):
                yield Claim(_KINDS.get(kind, kind), name.strip())


def reported(folder: Path, empty: Path) -> dict[Line, set[tuple[str, str]]]:
    """What is reported of a copy in the empty folder, the current one: kinds and names of sources, by line."""
    shutil.copytree(folder, empty, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    report = check(Request(paths=(empty,), has_cache=False))
    assert report.errors == ()
    found: dict[Line, set[tuple[str, str]]] = {}
    for finding in report.findings:
        found.setdefault(line_of(finding), set()).add((_KINDS.get(finding.policy, finding.policy), name_of(finding)))
    for finding in report.allowed:
        found.setdefault(line_of(finding), set()).add(("allowed", name_of(finding)))
    return found


def line_of(finding: Finding) -> Line:
    """Where a finding's use stands."""
    return Line(finding.sink.place.path, finding.sink.place.span.line)


def name_of(finding: Finding) -> str:
    """The name of a finding's source."""
    return finding.source.name if finding.source is not None else ""


def differences(expected: Expectation, found: set[tuple[str, str]]) -> Iterator[str]:
    """What a line says and is not reported, and the other way round."""
    for claim in expected.reported:
        kinds = ("leak", "match") if claim.kind == "spurious" else (claim.kind,)
        if not any(Claim(kind, claim.source).speaks_of(*each) for kind in kinds for each in found):
            yield f"{expected.line}: not reported: {claim.kind} {claim.source}"
    for kind, source in sorted(found):
        wanted = [Claim(kind if claim.kind == "spurious" else claim.kind, claim.source) for claim in expected.reported]
        if not any(claim.speaks_of(kind, source) for claim in wanted):
            yield f"{expected.line}: reported: {kind} {source}"
