"""What is asked of an analysis, what a finished one holds, and what the faces are handed to run one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Protocol

from flowcheck.api.containment import Fault
from flowcheck.api.memory import Memory
from flowcheck.errors import FlowcheckError
from flowcheck.flow.results import Solution
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Confidence
from flowcheck.report.proposals import Proposal
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

    `wants_all_sinks` looks also for the sinks that no marked data reaches. `today` decides which suppressions have
    expired; relative paths start from `current`. `unsaved` are the contents of files as an editor holds them, by
    their place on disk: they count instead of what is there. `touching` are files, or folders, through which a
    finding must pass to be reported; all is analysed nevertheless. `memory` is what the request before left.
    `executor` lowers every file ahead: one of the caller's, or the name of one (`dask:ADDRESS`). `store` is the address
    of a store that several machines share. Neither can be asked for by what is analysed.
    `time_limit` is how many seconds of the clock `now` a run may take: then the solver leaves the rest, a blind spot.
    """

    paths: tuple[Path, ...] = ()
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    has_builtin_rules: bool = True
    baseline: Path | None = None
    min_confidence: Confidence | None = None
    changed_since: str | None = None
    touching: tuple[Path, ...] | None = None
    jobs: int | None = None
    executor: Executor | str | None = None
    store: str | None = None
    has_cache: bool = True
    is_eager: bool = False
    wants_all_sinks: bool = False
    time_limit: float | None = None
    today: date = field(default_factory=date.today)
    current: Path = field(default_factory=Path.cwd)
    unsaved: Mapping[Path, bytes] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, compare=False, repr=False)
    now: Callable[[], float] = field(default=monotonic, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Analysis:
    """A finished run: what was found, under which rules, in which project.

    `baseline` and `min_confidence` are the configuration's; `warnings` are about it and its rules;
    `seconds` say how long each stage took, `work` how many files it looked at: both differ from run to run.
    `faults` are bugs of ours that cost a part of the analysis; `loaded` are the files whose facts were needed.
    """

    root: Path
    solution: Solution
    rules: RuleSet
    lines: SourceLines
    baseline: Path | None = None
    min_confidence: Confidence = "possible"
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    work: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    loaded: tuple[str, ...] = ()


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


class NotAvailableError(FlowcheckError):
    """A part that this version does not have."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return f"{self.part} is not available yet"
