"""The composition root: a request in, an analysis out, and what the faces ask of it.

    report = check(Request(paths=("src",)))

The faces (command line, language server) call nothing else. What runs an analysis is handed to them as a
`Backend`, so that they can be tried with one that is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Protocol

from flowcheck.errors import ConfigError, FlowcheckError
from flowcheck.flow.results import Solution
from flowcheck.project.settings import Settings, read_settings, shown_path
from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.baseline import DEFAULT_NAME, baseline_text, read_baseline
from flowcheck.report.changes import Changes
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Confidence, Finding, Report
from flowcheck.report.proposals import Proposal
from flowcheck.rules.loading import RuleFile, check_pack_names, load_rules
from flowcheck.rules.model import RuleSet


class Progress(Protocol):
    """Told how far a run is: a stage in words, files done, and how many there are (None while unknown)."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. Nothing given leaves it to the configuration, and then to the defaults.

    `today` decides which suppressions have expired; relative paths start from `current`.
    """

    paths: tuple[Path, ...] = ()
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    has_builtin_rules: bool = True
    baseline: Path | None = None
    min_confidence: Confidence | None = None
    changed_since: str | None = None
    jobs: int | None = None
    has_cache: bool = True
    is_eager: bool = False
    today: date = field(default_factory=date.today)
    current: Path = field(default_factory=Path.cwd)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A finished run: what was found, under which rules, in which project.

    `baseline` and `min_confidence` are the configuration's; `warnings` are about it and its rules;
    `seconds` say how long each stage took.
    """

    root: Path
    solution: Solution
    rules: RuleSet
    lines: SourceLines
    baseline: Path | None = None
    min_confidence: Confidence = "possible"
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)


# --- what the faces ask ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Backend:
    """What runs analyses, reads rules and looks for fields to mark."""

    analyse: Callable[[Request, Progress], Analysis]
    rules: Callable[[Request], RuleSet]
    proposals: Callable[[Request], Proposals]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Fields that may be worth marking, and where a first configuration would go; `taken` says what stands there."""

    config: Path
    taken: str | None
    found: tuple[Proposal, ...]


def check(request: Request) -> Report:
    """Analyse and report. Raises FlowcheckError for a configuration, rule or request that cannot be used."""
    return report_of(analyse(request, silent), request)


def report_of(analysis: Analysis, request: Request) -> Report:
    """The findings asked for: confident enough, touched by a change, not in the baseline."""
    since = request.changed_since
    wishes = Wishes(
        today=request.today,
        min_confidence=request.min_confidence or analysis.min_confidence,
        changes=Changes(analysis.root, since, analysis.lines) if since is not None else None,
        accepted=accepted_fingerprints(analysis, request),
    )
    return assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes, analysis.warnings)


def everything(analysis: Analysis, request: Request) -> Report:
    """The report with nothing left out: any confidence, any line, no baseline."""
    wishes = Wishes(today=request.today)
    return assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes, analysis.warnings)


def accepted_fingerprints(analysis: Analysis, request: Request) -> frozenset[str] | None:
    """Those of the baseline asked for, which must be there, else of the configured or default one, if it is."""
    if request.baseline is not None:
        return read_baseline(request.baseline, str(request.baseline))
    path = baseline_path(analysis)
    return read_baseline(path, path.name) if path.exists() else None


def baseline_path(analysis: Analysis) -> Path:
    """Where the project's baseline stands: as configured, else under the default name."""
    return analysis.baseline or analysis.root / DEFAULT_NAME


def write_baseline(analysis: Analysis, request: Request) -> tuple[Path, int]:
    """Accept today's findings; returns the file written and how many findings it holds."""
    path = baseline_path(analysis)
    wanted = replace(request, baseline=None, changed_since=None)
    wishes = Wishes(today=wanted.today, min_confidence=request.min_confidence or analysis.min_confidence)
    report = assemble(analysis.solution, analysis.rules.policies, analysis.lines, wishes)
    path.write_text(baseline_text(report.findings), encoding="utf-8", newline="\n")
    return path, len(report.findings)


class UnknownFingerprintError(FlowcheckError):
    """No finding has this fingerprint, or several begin so (`candidates`)."""

    def __init__(self, fingerprint: str, candidates: tuple[str, ...]) -> None:
        super().__init__(fingerprint, candidates)
        self.fingerprint = fingerprint
        self.candidates = candidates

    def __str__(self) -> str:
        if self.candidates:
            return f"several findings begin with {self.fingerprint}: {', '.join(self.candidates)}"
        return f"no finding has the fingerprint {self.fingerprint}; flowcheck check shows those there are"


def finding_with(report: Report, fingerprint: str) -> Finding:
    """The finding, suppressed and allowed ones too, whose fingerprint begins so; raises UnknownFingerprintError."""
    every = (*report.findings, *report.suppressed, *report.allowed)
    found = [each for each in every if each.fingerprint.startswith(fingerprint)]
    if len({each.fingerprint for each in found}) != 1:
        raise UnknownFingerprintError(fingerprint, tuple(sorted({each.fingerprint for each in found})))
    return found[0]


# --- the real thing ----------------------------------------------------------------------------


def analyse(request: Request, progress: Progress) -> Analysis:
    """Read the configuration and rules, open the program, solve it."""
    raise NotAvailableError("analyse")


def rules_in_force(request: Request) -> RuleSet:
    """The rules that a run would use, read and checked."""
    return read_rules(request, read_settings(request.current, request.config))


def read_rules(request: Request, settings: Settings) -> RuleSet:
    """The rules of the configuration, of its rule files and those asked for, and of the packs chosen."""
    asked = [request.current / path for path in request.rules]
    return load_rules(
        own=[settings.table] if settings.table else [],
        files=[*rule_files([*settings.rules, *asked], request.current)],
        packs=check_pack_names(settings.table) if settings.table else None,
        has_builtin_rules=request.has_builtin_rules,
    )


def rule_files(paths: Iterable[Path], current: Path) -> Iterator[RuleFile]:
    """Every rule file: those named, and those below folders that are, in the order of their names."""
    for path in paths:
        if not path.exists():
            raise ConfigError(shown_path(path, current), None, "rules", "no such file or folder")
        files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
        yield from (RuleFile(file, shown_path(file, current)) for file in files)


def proposals(request: Request) -> Proposals:
    """Fields that look security-collected and are not marked."""
    raise NotAvailableError("init")


class NotAvailableError(FlowcheckError):
    """A part that this version does not have."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return f"{self.part} is not available yet"


def backend() -> Backend:
    """The backend that analyses code."""
    return Backend(analyse, rules_in_force, proposals)
