"""Running an analysis: settings and rules, the open program, the solver, and the time that each took."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flowcheck.api.answers import report_of
from flowcheck.api.containment import Fault, attempted
from flowcheck.api.executors import executing
from flowcheck.api.kept import Kept, decoded, digest_of, digest_of_itself, encoded, kept_now, key_of
from flowcheck.api.opening import Project, opened
from flowcheck.api.requests import Analysis, Backend, Progress, Proposals, Request, silent
from flowcheck.errors import ConfigError
from flowcheck.facts.files import FileFacts, Problem
from flowcheck.flow.deadlines import Deadline
from flowcheck.flow.results import Solution
from flowcheck.program.program import CodeRef
from flowcheck.project.settings import Settings, read_settings, shown_path
from flowcheck.project.words import words_of
from flowcheck.report.model import Report
from flowcheck.report.proposals import EVIDENT, PACKAGES, TELLING_LABEL, VERIFYING, fields_verified, proposed_fields
from flowcheck.rules.loading import RuleFile, check_pack_names, load_rules
from flowcheck.rules.model import RuleSet
from flowcheck.rules.packs import builtin_packs
from flowcheck.stack import with_deep_stack

CONFIG_NAME = "flowcheck.toml"

MOST_FAULTS = 10
"""So many functions are left out because of bugs of ours; then the run ends."""


def check(request: Request) -> Report:
    """Analyse and report. Raises FlowcheckError for a configuration, rule or request that cannot be used."""
    return report_of(analyse(request, silent), request)


def backend() -> Backend:
    """The backend that analyses code."""
    return Backend(analyse, rules_in_force, proposals)


def analyse(request: Request, progress: Progress) -> Analysis:
    """Read the configuration and rules, open the program, solve it."""
    return with_deep_stack(lambda: analysed(request, progress))


def analysed(request: Request, progress: Progress) -> Analysis:
    """Likewise, on the stack at hand."""
    clock = Clock()
    deadline = Deadline(request.now, request.time_limit)
    with executing(request.executor) as executor, clock.stage("opening"), opened(request, progress) as project:
        asked = rule_texts(request, project.settings)
        rules = request.memory.made("rules", asked, lambda: read_rules(request, project.settings))
        jobs = request.jobs or os.cpu_count() or 1
        if executor is not None or request.is_eager:
            with clock.stage("lowering"):
                project.files.lower_ahead(executor, jobs, is_eager=request.is_eager)
                for module in project.program.all_modules() if request.is_eager else ():
                    project.program.facts(module)
        with project.judging(jobs) as judging:
            with clock.stage("solving"):
                solution, faults, loaded = answered(project, rules, request, asked, deadline)
            with clock.stage("syntax"):
                problems = project.problems(judging)
        suppressions = project.suppressions()
        faults = (*project.files.faults, *faults)
        cut = [f"stopped looking after {request.time_limit:g} s: see the blind spot"] if deadline.has_passed else []
        struck = {(fault.path, Problem(fault.line, str(fault))) for fault in faults}
        found = replace(
            solution,
            errors=tuple(sorted({*solution.errors, *problems, *struck})),
            suppressions={**solution.suppressions, **suppressions},
            statistics={**solution.statistics, "files": len(project.index.files)},
        )
        return Analysis(
            root=project.settings.root,
            solution=found,
            rules=rules,
            lines=project.lines(),
            baseline=project.settings.baseline,
            min_confidence=project.settings.min_confidence,
            warnings=(*project.warnings, *map(str, rules.warnings), *cut),
            seconds=clock.seconds,
            work=work_of(project),
            faults=faults,
            loaded=loaded,
        )


def answered(
    project: Project, rules: RuleSet, request: Request, asked: tuple[str, ...], deadline: Deadline
) -> tuple[Solution, tuple[Fault, ...], tuple[str, ...]]:
    """The solution of a program, and the files it needed: a kept one, where nothing changed that it rests on."""
    if request.is_eager:
        found, faults = solved(project, rules, request, deadline)
        return found, faults, tuple(project.program.loaded())
    version = project.memory.made("version", None, digest_of_itself)
    key = key_of(project.settings.root, (str(request.wants_all_sinks), *asked), version)
    kept = kept_solution(project, key)
    if kept is not None:
        return kept.solution, (), tuple(path for path, _ in kept.files)
    with needed_files_at_hand(project, asked):
        found, faults = solved(project, rules, request, deadline)
    if not deadline.has_passed and not faults and not project.files.faults and project.files.is_settled:
        keep(project, key, found, is_saved=not request.unsaved)
    return found, faults, tuple(project.program.loaded())


@contextmanager
def needed_files_at_hand(project: Project, asked: tuple[str, ...]) -> Iterator[None]:
    """Fetch from a shared store, at once, the facts that a run like this needed last; leave which this one did."""
    if not project.store.is_shared:
        yield
        return
    top = {name.partition(".")[0] for name in project.names.by_name}
    key = digest_of((*asked, "\n", *sorted(top)))
    needed = project.store.needed(key)
    project.files.fetch_paths(needed)
    yield
    if (loaded := tuple(project.program.loaded())) != needed:
        project.store.put_needed(key, loaded)


def kept_solution(project: Project, key: bytes) -> Kept | None:
    """The solution that was found for the same question last, if it would be found again."""
    held = project.memory.held("solution")
    candidates = [held[1]] if isinstance(held, tuple) and held[0] == key else []
    for kept in (*candidates, decoded(project.store.answer(key))):
        if isinstance(kept, Kept) and kept.holds(project.names.digest, project.index.files, project.files.paths_with):
            return kept
    return None


def keep(project: Project, key: bytes, found: Solution, *, is_saved: bool) -> None:
    """Keep a solution: for the next analysis of this process, and, when all is saved on disk, for other runs."""
    kept = kept_now(project.lookups, project.names.digest, project.index.files, found)
    project.memory.put("solution", (key, kept))
    content = encoded(kept) if is_saved else None
    if content is not None:
        project.store.put_answer(key, content)


def solved(
    project: Project, rules: RuleSet, request: Request, deadline: Deadline
) -> tuple[Solution, tuple[Fault, ...]]:
    """What the solver finds in the program.

    A function whose evaluation a bug of ours ends is left out, and all the others are solved anew: what was under way
    is no state to go on from.
    """
    from flowcheck.flow.engine import Solving  # noqa: PLC0415 - slow to load, and often there is nothing to solve

    faults: dict[CodeRef, Fault] = {}
    while True:
        broken = frozenset(faults)
        solving = Solving(
            project.program, rules, wants_all_sinks=request.wants_all_sinks, broken=broken, deadline=deadline
        )
        found = attempted(solving.solution)
        if not isinstance(found, Fault):
            return found, tuple(faults.values())
        ref = solving.at()
        if ref is None or ref in faults or len(faults) == MOST_FAULTS:
            raise found.error
        faults[ref] = placed(found, project, ref)


def placed(fault: Fault, project: Project, ref: CodeRef) -> Fault:
    """A fault with the function that it struck."""
    code = project.program.code(ref)
    function = f"{ref.module}.{code.qualname}"
    return replace(fault, path=project.program.path_of(ref.module), line=code.at.line, function=function)


def work_of(project: Project) -> Mapping[str, int]:
    """How much of the program was looked at this time."""
    return {"files_loaded": project.files.loaded, "files_lowered": project.files.lowered}


class Clock:
    """Seconds that stages took, a stage within another counted for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = 0.0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        begun, outer, self._inner = time.perf_counter(), self._inner, 0.0
        try:
            yield
        finally:
            taken = time.perf_counter() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + taken - self._inner
            self._inner = outer + taken


# --- rules -------------------------------------------------------------------------------------


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


def rule_texts(request: Request, settings: Settings) -> tuple[str, ...]:
    """All that the rules in force are made of, in texts."""
    own = () if settings.config is None else ((settings.config, ""),)
    asked = [request.current / path for path in request.rules]
    files = ((file.path, file.shown) for file in rule_files([*settings.rules, *asked], request.current))
    read = [(shown, path.read_bytes().hex()) for path, shown in (*own, *files) if path.is_file()]
    packs = digest_of(part for pack in builtin_packs() for part in (pack.name, pack.text)).hex()
    return (str(request.has_builtin_rules), packs, *(part for each in read for part in each))


def rule_files(paths: Iterable[Path], current: Path) -> Iterator[RuleFile]:
    """Every rule file: those named, and those below folders that are, in the order of their names."""
    for path in paths:
        if not path.exists():
            raise ConfigError(shown_path(path, current), None, "rules", "no such file or folder")
        files = sorted(path.rglob("*.toml")) if path.is_dir() else [path]
        yield from (RuleFile(file, shown_path(file, current)) for file in files)


# --- proposals ---------------------------------------------------------------------------------


def proposals(request: Request) -> Proposals:
    """Fields that look security-collected and are not marked, and where a first configuration would go."""
    return with_deep_stack(lambda: proposed(request))


def proposed(request: Request) -> Proposals:
    """Likewise, on the stack at hand."""
    with opened(request, silent) as project:
        found = proposed_fields(candidates(project))
        settings = project.settings
        taken = shown_path(settings.config, request.current) if settings.config else None
        return Proposals(settings.root / CONFIG_NAME, taken, found)


def candidates(project: Project) -> Iterator[tuple[str, str, FileFacts]]:
    """The files that may tell of security-collected fields, lowered: with a class and a word or label that speaks of a
    way to reach a person; with calls that verify people, and the classes of what these are given; with packages for
    logging in.
    """
    words = project.index.words
    with_class = set(words.files_with("class"))
    verifying = {path for word in sorted(VERIFYING) for path in words.files_with(word)}
    python = set(project.modules.paths())
    fed = {name for path in sorted(verifying & python) for name, _ in fields_verified(project.files.facts(path))}
    chosen = verifying | {path for word in sorted(PACKAGES) for path in words.files_with(word)}
    chosen |= {path for name in sorted(fed) for path in words.files_with(name) if path in with_class}
    for path in project.modules.paths():
        if path in chosen or (path in with_class and mentions_evidence(project, path)):
            yield path, project.modules.names_of(path).primary, project.files.facts(path)


def mentions_evidence(project: Project, path: str) -> bool:
    """Whether a file holds a name or a label that may be proposed; cheaper than lowering it."""
    content = project.content(path)
    if TELLING_LABEL.search(content.decode("utf-8", errors="replace")):
        return True
    words = words_of(content)
    return any(EVIDENT.search(word.decode("utf-8", errors="replace")) for word in words)
