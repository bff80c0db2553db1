"""The index of a program: every file with its digest, and which file mentions which word.

    files ──► unchanged since the last run: digest and words are known, the file is not read
          └─► new or changed: read once, for digest and words

A file counts as unchanged when its size and its time of change are, provided that time was not too close to
the moment it was recorded: two writes within the clock's grain would look the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from flowcheck.facts.files import Problem
from flowcheck.project.contents import ON_DISK, UNSAVED, Contents
from flowcheck.project.discovery import PathProblem, SourceFile
from flowcheck.project.store import Store, Tree, TreeFile, digest_of_file
from flowcheck.project.words import BucketReader, Postings, PostingsBuilder, WordIndex, collector_paused, words_in

SAFE_AGE_NS = 2_000_000_000
"""How old a file must be for its time of change to stand for its content."""

REBUILD_SHARE = 10
"""Stored words are built anew once more than one file in so many has changed, and more than REBUILD_FLOOR."""

REBUILD_FLOOR = 50


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file of the program as this run sees it."""

    path: str
    location: str
    size: int
    mtime_ns: int
    digest: bytes

    @property
    def absolute(self) -> Path:
        """Where the file is."""
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class ProgramIndex:
    """What is known of all files before any is parsed.

    `files` are by path, sorted. `unchecked` are those whose syntax nobody has judged in their present state,
    `problems` what earlier runs found wrong with the others, `unreadable` what could not be read at all,
    `stored` what the store holds of the files.
    """

    root: Path
    files: Mapping[str, IndexedFile]
    words: WordIndex
    unchecked: tuple[IndexedFile, ...]
    problems: Mapping[str, Problem]
    unreadable: tuple[PathProblem, ...]
    stored: Tree


def default_cache_folder() -> Path:
    """The folder of flowcheck under the user's cache directory; on Linux, XDG_CACHE_HOME is honoured."""
    return user_cache_path("flowcheck", appauthor=False)


def index_program(root: Path, files: Sequence[SourceFile], store: Store, contents: Contents = ON_DISK) -> ProgramIndex:
    """Read what is new, take the rest from the store, and leave the index in the store."""
    known = store.tree(root) or Tree((), ())
    with collector_paused():
        reading = _Reading(known, contents)
        for file in files:
            reading.add(contents.noted(file))
        words, numbered, builder = _words(store, known, reading)
    checked = _judgements(known, reading.files)
    tree = _tree(reading.files.values(), checked, Tree(known.files, numbered))
    if tree != known:
        store.put_tree(root, tree, builder.buckets() if builder else None)
    return ProgramIndex(
        root,
        reading.files,
        words,
        tuple(file for path, file in reading.files.items() if path not in checked),
        {path: problem for path, problem in checked.items() if problem is not None},
        tuple(reading.unreadable),
        tree,
    )


def remember_judgements(index: ProgramIndex, store: Store, found: Mapping[str, Problem | None]) -> None:
    """Store what the syntax of unchecked files was judged to be: a problem or, by None, that there is none."""
    if found:
        unchecked = {file.path for file in index.unchecked}
        checked = {path: index.problems.get(path) for path in index.files if path not in unchecked}
        tree = _tree(index.files.values(), {**checked, **found}, index.stored)
        if tree != index.stored:
            store.put_tree(index.root, tree)


# --- files -------------------------------------------------------------------------------------


class _Reading:
    """The files as they are now, and the words of those that the stored index does not know like that."""

    def __init__(self, known: Tree, contents: Contents) -> None:
        self.contents = contents
        self._known = {file.path: file for file in known.files}
        self._numbered = dict(known.numbered)
        self.files: dict[str, IndexedFile] = {}
        self.changed: dict[str, frozenset[bytes]] = {}
        self.unreadable: list[PathProblem] = []

    def add(self, file: SourceFile) -> None:
        """Take in a file: by what is known of it, or by reading it."""
        digest = self._known_digest(file)
        if digest is None:
            content = self._content(file)
            if content is None:
                return
            digest = digest_of_file(file.path, content)
            if self._numbered.get(file.path) != digest:
                self.changed[file.path] = words_in(file.path, content)
        self.files[file.path] = IndexedFile(file.path, file.location, file.size, file.mtime_ns, digest)

    def _known_digest(self, file: SourceFile) -> bytes | None:
        """The digest of a file that has not changed and whose words are stored."""
        known = self._known.get(file.path)
        if known is None or known.mtime_ns != file.mtime_ns or known.size != file.size or file.mtime_ns == UNSAVED:
            return None
        return known.digest if self._numbered.get(file.path) == known.digest else None

    def _content(self, file: SourceFile) -> bytes | None:
        try:
            return self.contents.of(file.location)
        except OSError as error:
            self.unreadable.append(PathProblem(file.path, f"cannot be read: {error.strerror}"))
            return None

    def words_again(self, file: IndexedFile) -> frozenset[bytes]:
        """The words of a file that was there a moment ago."""
        try:
            return words_in(file.path, self.contents.of(file.location))
        except OSError:
            return frozenset()


def _judgements(known: Tree, files: Mapping[str, IndexedFile]) -> dict[str, Problem | None]:
    """What earlier runs said of the syntax of files that are as they were."""
    return {
        file.path: file.problem
        for file in known.files
        if file.is_checked and file.path in files and files[file.path].digest == file.digest
    }


def _tree(files: Iterable[IndexedFile], checked: Mapping[str, Problem | None], known: Tree) -> Tree:
    """What is to be stored of the files: of one that is not saved, what is known of the one on disk."""
    newest = time.time_ns() - SAFE_AGE_NS
    saved = {file.path: file for file in known.files}
    return Tree(
        tuple(
            saved[file.path]
            if file.mtime_ns == UNSAVED and file.path in saved
            else TreeFile(
                file.path,
                file.size,
                file.mtime_ns if UNSAVED < file.mtime_ns < newest else 0,
                file.digest,
                file.path in checked,
                checked.get(file.path),
            )
            for file in files
        ),
        known.numbered,
    )


# --- words -------------------------------------------------------------------------------------


class _StoredWords:
    """The buckets of a project in the store. When one is gone from there, all files are read after all."""

    def __init__(self, store: Store, known: Tree, reading: _Reading) -> None:
        self._store = store
        self._stamp = known.stamp
        self._numbered = known.numbered
        self._reading = reading
        self._again: PostingsBuilder | None = None

    def bucket(self, number: int) -> Postings:
        stored = self._store.words(self._stamp, number) if self._again is None else None
        return self._all_again().bucket(number) if stored is None else stored

    def _all_again(self) -> PostingsBuilder:
        """The words of the files that are as they are numbered; the others are known anyway."""
        if self._again is None:
            self._again = PostingsBuilder()
            for path, digest in self._numbered:
                file = self._reading.files.get(path)
                self._again.add(self._reading.words_again(file) if file and file.digest == digest else frozenset())
        return self._again


def _words(
    store: Store, known: Tree, reading: _Reading
) -> tuple[WordIndex, tuple[tuple[str, bytes], ...], PostingsBuilder | None]:
    """The word index, the files as it numbers them, and the words themselves when they are to be stored."""
    total = len(reading.files)
    if known.numbered and len(reading.changed) <= max(REBUILD_FLOOR, total // REBUILD_SHARE):
        stored = _StoredWords(store, known, reading)
        return _word_index(stored, known.numbered, reading, reading.changed), known.numbered, None
    builder = PostingsBuilder()
    for words in _all_words(reading):
        builder.add(words)
    numbered = tuple((file.path, file.digest) for file in reading.files.values())
    return _word_index(builder, numbered, reading, {}), numbered, builder


def _word_index(
    stored: BucketReader,
    numbered: Sequence[tuple[str, bytes]],
    reading: _Reading,
    changed: Mapping[str, frozenset[bytes]],
) -> WordIndex:
    files = reading.files
    valid = [path if path in files and files[path].digest == digest else None for path, digest in numbered]
    return WordIndex(stored, valid, changed)


def _all_words(reading: _Reading) -> Iterator[frozenset[bytes]]:
    """The words of every file, in order; those of unchanged files are read again."""
    for path, file in reading.files.items():
        words = reading.changed.get(path)
        yield reading.words_again(file) if words is None else words
