"""A made-up backend behind the real command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "report"))

import made

from flowcheck.api import Analysis, Backend, Progress, Proposals, Request
from flowcheck.cli.main import run
from flowcheck.flow.results import Solution
from flowcheck.report.proposals import Proposal
from flowcheck.rules.model import RuleSet


@dataclass
class Fake:
    """Answers with a solution, and remembers what it was asked."""

    root: Path
    solution: Solution = made.SOLUTION
    requests: list[Request] = field(default_factory=list)
    taken: str | None = None
    error: Exception | None = None
    config_baseline: Path | None = None

    def backend(self) -> Backend:
        return Backend(self.analyse, self.rules, self.proposals)

    def analyse(self, request: Request, progress: Progress) -> Analysis:
        if self.error:
            raise self.error
        self.requests.append(request)
        progress("reading", 1, 2)
        rules = self.rules(request)
        return Analysis(
            self.root,
            self.solution,
            rules,
            made.source_lines(),
            baseline=self.config_baseline,
            warnings=("flowcheck.toml:1: doubtful",),
            seconds={"reading": 0.5},
        )

    def rules(self, request: Request) -> RuleSet:
        self.requests.append(request)
        return RuleSet(policies=made.POLICIES)

    def proposals(self, request: Request) -> Proposals:
        proposal = Proposal("app.User.mfa_phone", "user.contact.phone_number", made.place(3), ("its name",))
        return Proposals(self.root / "flowcheck.toml", self.taken, (proposal,))


@dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fake:
    monkeypatch.chdir(tmp_path)
    clean = replace(made.SOLUTION, unmatched_rules=())
    return Fake(tmp_path, clean)


@pytest.fixture
def call(fake: Fake, capfd: pytest.CaptureFixture[str]):
    """Run a command line against the fake backend."""

    def called(*arguments: str) -> Outcome:
        status = run(arguments, fake.backend())
        captured = capfd.readouterr()
        return Outcome(status, captured.out, captured.err)

    return called
