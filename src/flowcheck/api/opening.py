"""Opening a project: its settings, files, index and store, and the program made of them.

with opened(request) as project:
    project.program         every module, its facts loaded when they are asked for
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flowcheck.api.bulk import Bulk
from flowcheck.api.containment import Fault, attempted
from flowcheck.api.executors import processes
from flowcheck.api.judging import Folders, Judging
from flowcheck.api.kept import Lookups, digest_of
from flowcheck.api.memory import Memory
from flowcheck.api.requests import Progress, Request
from flowcheck.api.sharing import SharedFolder, shared_store
from flowcheck.facts.files import SQL_SUFFIX, FileFacts, Problem, Suppression
from flowcheck.program.program import SCRIPTS, Program
from flowcheck.project.contents import ON_DISK, Contents
from flowcheck.project.discovery import Discovery, discover
from flowcheck.project.index import (
    IndexedFile,
    ProgramIndex,
    default_cache_folder,
    index_program,
    remember_judgements,
)
from flowcheck.project.modules import ModuleIndex
from flowcheck.project.settings import Settings, read_settings
from flowcheck.project.store import Store, digest_of_file
from flowcheck.report.lines import SourceLines

if TYPE_CHECKING:
    from flowcheck.lowering.lower import Lowering

SUPPRESSION_WORDS = ("flowcheck", "ignore")
"""The identifiers that every file with a suppression holds."""

SMALL_WORK = 500_000
"""So many bytes of source are lowered sooner than another process has started."""


class StoredFiles:
    """The facts of the program's files: from memory or the store, else lowered now and left there.

    `is_settled` says that each file held what the index says it holds when it was read.
    """

    def __init__(
        self,
        index: ProgramIndex,
        store: Store,
        progress: Progress,
        contents: Contents = ON_DISK,
        memory: Memory | None = None,
    ) -> None:
        self._index = index
        self._contents = contents
        self._store = store
        self._progress = progress
        self._memory = memory or Memory()
        self._memory.begin()
        self.is_settled = True
        self.lowered = 0
        self.loaded = 0
        self.faults: list[Fault] = []
        self.warnings: list[str] = []

    def facts(self, path: str) -> FileFacts:
        """The facts of a file."""
        digest = self._index.files[path].digest
        self.loaded += 1
        held = self._memory.facts(digest)
        if held is not None:
            return held
        facts = self._store.facts(digest)
        if facts is None:
            return self._lower(self._index.files[path])
        self._memory.put_facts(digest, facts)
        return facts

    def paths_with(self, word: str) -> tuple[str, ...]:
        """The files that mention a word."""
        return self._index.words.files_with(word)

    def lower_ahead(self, executor: Executor | None, jobs: int, *, is_eager: bool) -> None:
        """Have the facts of every file that are not there yet: by the executor, else by so many processes.

        Where all will be needed (`is_eager`) they stay in memory. With an executor the shared store is filled as well.
        What cannot be had in this way is lowered when it is asked for. Raises OtherVersionError for an executor whose
        flowcheck is another one.
        """
        files = {file.digest: file for file in self._index.files.values()}
        needed = self._needed([*files], is_filling=executor is not None)
        unlowered = [files[digest] for digest in sorted(needed, key=lambda digest: files[digest].path)]
        if executor is not None:
            self._lower_by(executor, unlowered, is_eager=is_eager)
        elif jobs > 1 and sum(file.size for file in unlowered) > SMALL_WORK:
            with processes(jobs) as pool:
                self._lower_by(pool, unlowered, is_eager=is_eager)

    def fetch_paths(self, paths: Iterable[str]) -> None:
        """Have the facts of some files at hand, if the shared store has them."""
        digests = {self._index.files[path].digest for path in paths if path in self._index.files}
        self._store.fetch_all(sorted(digests - self._store.known(digests)))

    def _needed(self, digests: list[bytes], *, is_filling: bool) -> set[bytes]:
        """Those whose facts nobody has."""
        if is_filling:
            missing = self._store.share(digests)
            self._store.fetch_all(sorted(set(digests) - missing - self._store.known(digests)))
            return missing
        self._store.fetch_all(sorted(set(digests) - self._store.known(digests)))
        return set(digests) - self._store.known(digests)

    def _lower_by(self, executor: Executor, files: list[IndexedFile], *, is_eager: bool) -> None:
        bulk = Bulk(executor, self._contents.of)
        for done in bulk.lowered(files):
            facts = self._store.put_encoded(done.digest, done.content)
            if facts is not None:
                self.lowered += 1
                self._progress("reading", self.lowered, len(files))
                if is_eager:
                    self._memory.put_facts(done.digest, facts)
        if bulk.stopped:
            self.warnings.append(f"files were read by this process after all, since its workers failed: {bulk.stopped}")

    def _lower(self, file: IndexedFile) -> FileFacts:
        from flowcheck.lowering.lower import Lowering, failed  # noqa: PLC0415 - slow to load, and often nothing is new

        self.lowered += 1
        self._progress("reading", self.lowered, None)
        try:
            content = self._contents.of(file.location)
        except OSError as error:
            self.is_settled = False
            return failed(Problem(1, f"cannot be read: {error.strerror}"))
        lowering = Lowering(content, file.path)
        facts = attempted(lowering.facts)
        if isinstance(facts, Fault):
            return self._spoiled(facts, file.path, lowering)
        digest = digest_of_file(file.path, content)
        self.is_settled = self.is_settled and digest == file.digest  # it may have changed since it was indexed
        self._store.put_facts(digest, facts)
        self._memory.put_facts(digest, facts)
        return facts

    def _spoiled(self, fault: Fault, path: str, lowering: Lowering) -> FileFacts:
        """The facts of a file that a bug of ours struck; they are not kept."""
        from flowcheck.lowering.lower import failed  # noqa: PLC0415

        function, line = lowering.at()
        placed = replace(fault, path=path, line=line, function=function)
        self.faults.append(placed)
        return failed(Problem(line, str(placed)))


@dataclass(frozen=True, slots=True)
class Project:
    """A project that is open."""

    settings: Settings
    discovery: Discovery
    index: ProgramIndex
    modules: ModuleIndex
    files: StoredFiles
    names: ModuleNames
    lookups: Lookups
    program: Program
    store: Store
    shared: SharedFolder | None
    contents: Contents
    memory: Memory

    @property
    def warnings(self) -> tuple[str, ...]:
        """What went wrong around the program: settings, caches, workers."""
        shared = self.shared.warnings if self.shared is not None else ()
        return (*self.settings.warnings, *self.store.warnings, *shared, *self.files.warnings)

    def lines(self) -> SourceLines:
        """The lines of the files of the program, and of no other."""
        return SourceLines(self.content)

    def content(self, path: str) -> bytes:
        """The bytes of a file of the program. Raises OSError."""
        if path not in self.index.files:
            raise FileNotFoundError(path)
        return self.contents.of(self.index.files[path].location)

    def suppressions(self) -> dict[str, tuple[Suppression, ...]]:
        """Those of every file, whether or not marked data touches it."""
        paths = self.index.words.files_with_all(SUPPRESSION_WORDS)
        found = {path: self.files.facts(path).suppressions for path in paths}
        return {path: comments for path, comments in found.items() if comments}

    def judging(self, jobs: int) -> Judging:
        """The judgement of the syntax of all files that nobody has judged or parsed yet, under way from now on."""
        saved = (file for file in self.index.unchecked if not self.contents.is_unsaved(file.location))
        unjudged = [file for file in saved if file.digest not in self.store.parsed]
        if not self.store.is_shared:
            return Judging(unjudged, jobs)
        folders = Folders(self.index.files, unjudged, self.index.problems, self.store)
        return Judging(folders.unjudged, jobs, folders)

    def problems(self, judging: Judging) -> tuple[tuple[str, Problem], ...]:
        """What is wrong with files, whether or not marked data touches them."""
        unsaved = [file.path for file in self.index.unchecked if self.contents.is_unsaved(file.location)]
        judged = {path: self.files.facts(path).problem for path in (*judging.suspects(), *unsaved)}
        clean: dict[str, Problem | None] = {file.path: None for file in self.index.unchecked}
        remember_judgements(self.index, self.store, clean | judged)
        unread = (*self.discovery.problems, *self.index.unreadable)
        found = {each.path: Problem(1, each.message) for each in unread} | dict(self.index.problems)
        found |= {path: problem for path, problem in judged.items() if problem is not None}
        return tuple(sorted(found.items()))


@contextmanager
def opened(request: Request, progress: Progress) -> Iterator[Project]:
    """Open the project that a request means, and close its store in the end."""
    settings = read_settings(request.current, request.config)
    paths = tuple(request.current / path for path in request.paths) or settings.paths
    discovery = discover(settings.root, paths, settings.exclude)
    shared = shared_store(request.store) if request.store is not None else None
    store = Store(default_cache_folder() if request.has_cache else None, shared)
    try:
        progress("indexing", 0, len(discovery.files))
        contents = Contents(request.unsaved)
        index = index_program(settings.root, discovery.files, store, contents)
        memory = request.memory
        paths_now = tuple(index.files)
        made_of = (paths_now, discovery.packages, settings.root.name)
        names = memory.made("modules", made_of, lambda: named_modules(*made_of))
        files = StoredFiles(index, store, progress, contents, memory)
        lookups = Lookups(files.facts, files.paths_with)
        program = Program(names.by_name, names.primary, lookups)
        yield Project(
            settings, discovery, index, names.index, files, names, lookups, program, store, shared, contents, memory
        )
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """The modules of a program, every name with its file, every file with its first name, and a digest of them."""

    index: ModuleIndex
    by_name: dict[str, str]
    primary: dict[str, str]
    digest: bytes


def named_modules(paths: tuple[str, ...], packages: frozenset[str], root_name: str) -> ModuleNames:
    """The modules that files are."""
    index = ModuleIndex([path for path in paths if not path.endswith(SQL_SUFFIX)], packages, root_name)
    by_name, primary = module_names(index, paths)
    digest = digest_of(part for each in (by_name, primary) for item in each.items() for part in item)
    return ModuleNames(index, by_name, primary, digest)


def module_names(modules: ModuleIndex, paths: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Every name and its file, and every file and its first name; first names win over others. SQL files have
    names that no import can say.
    """
    primary = {path: modules.names_of(path).primary for path in modules.paths()}
    names: dict[str, str] = {}
    for path, name in primary.items():
        names.setdefault(name, path)
    for path in primary:
        for name in modules.names_of(path).alternates:
            names.setdefault(name, path)
    scripts = {path: f"{SCRIPTS}{path}" for path in paths if path.endswith(SQL_SUFFIX)}
    return names | {name: path for path, name in scripts.items()}, primary | scripts
