"""Judging the syntax of files while something else is done: by other processes, when there are many files.

with project.judging(jobs) as judging:      begins
    ...                                     the program is solved meanwhile
    judging.suspects()                      the files that may be no valid Python
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import final

from flowcheck.api.executors import processes
from flowcheck.project.index import IndexedFile
from flowcheck.project.store import Store
from flowcheck.project.syntax import suspects

FEW_FILES = 400
"""So many files are judged sooner than another process has started."""

PART = 100
"""So many files are judged by a process at a time."""


@final
class Judging:
    """The judgement of some files, by so many processes, or by this one once the answer is asked for."""

    def __init__(self, files: Sequence[IndexedFile], jobs: int, folders: Folders | None = None) -> None:
        self._folders = folders
        self._parts = [files[start : start + PART] for start in range(0, len(files), PART)]
        self._jobs = jobs if len(files) > FEW_FILES else 1
        self._pool: ProcessPoolExecutor | None = None
        self._under_way: list[Future[tuple[int, ...]]] = []

    def __enter__(self) -> Judging:
        if self._jobs > 1:
            self._pool = processes(self._jobs)
            self._under_way = [self._pool.submit(suspects, _places(part)) for part in self._parts]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def suspects(self) -> list[str]:
        """The paths of the files that the running interpreter cannot parse, in the order in which they were given."""
        found = zip(self._parts, self._found(), strict=True)
        own = [part[number].path for part, numbers in found for number in numbers]
        return self._folders.completed(own) if self._folders is not None else own

    def _found(self) -> list[tuple[int, ...]]:
        """The positions of the suspects in each part; when a process dies, by this one after all."""
        if self._under_way:
            try:
                return [future.result() for future in self._under_way]
            except BrokenProcessPool:
                self._under_way = []
        return [suspects(_places(part)) for part in self._parts]


def _places(files: Sequence[IndexedFile]) -> list[str]:
    return [file.location for file in files]


class Folders:
    """What a shared store says of the files of whole folders: one question for each folder that has unjudged files.

    `unjudged` are the files of which it says nothing. `problems` are by path, of files that were judged before.
    """

    def __init__(
        self,
        files: Mapping[str, IndexedFile],
        unjudged: Sequence[IndexedFile],
        problems: Mapping[str, object],
        store: Store,
    ) -> None:
        self._store = store
        self._problems = problems
        wanted = {_folder(file.path) for file in unjudged}
        members: dict[str, list[IndexedFile]] = {folder: [] for folder in wanted}
        for path, file in files.items():
            if _folder(path) in wanted:
                members[_folder(path)].append(file)
        self._members = {_key(group): group for _, group in sorted(members.items())}
        self._told = store.verdicts(list(self._members))
        told = {file.path for key in self._told for file in self._members[key]}
        self.unjudged = [file for file in unjudged if file.path not in told]
        self._asked = {file.path for file in unjudged}

    def completed(self, suspects: Sequence[str]) -> list[str]:
        """The suspects with those that the store knew. What it did not know is left there."""
        told = [
            file.path
            for key, digests in self._told.items()
            for file in self._members[key]
            if file.digest in digests and file.path in self._asked
        ]
        bad = {*suspects, *self._problems}
        new = {key: group for key, group in self._members.items() if key not in self._told}
        self._store.put_verdicts(
            {key: tuple(file.digest for file in group if file.path in bad) for key, group in new.items()}
        )
        return sorted([*suspects, *told])


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _key(files: Sequence[IndexedFile]) -> bytes:
    """What the verdict on some files stands under: all that they hold, and the Python that judges."""
    python = f"{sys.version_info[0]}.{sys.version_info[1]}".encode()
    return hashlib.blake2b(b"".join(sorted(file.digest for file in files)), digest_size=16, key=python).digest()
