"""Solutions that are kept: where nothing changed that one rests on, the program need not be solved again.

    names     the names of all modules
    words     every word that the solver looked up, and a digest of the files that had each
    files     every file whose facts it needed, and a digest of what it held
    solution  what it found

They stand under a key made of flowcheck itself, the rules and what was asked for. What else a code base holds was never
looked at: a commit that touches none of those files, and none of those words, leaves the solution as it is.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec

from flowcheck import __version__
from flowcheck.facts.files import FileFacts
from flowcheck.flow.results import Solution
from flowcheck.project.index import IndexedFile

LARGEST = 16_000_000
"""Bytes beyond which a solution is not kept."""

PACKAGE = Path(__file__).resolve().parent.parent


class Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A solution and what it rests on."""

    names: bytes
    words: tuple[str, ...]
    found: bytes
    files: tuple[tuple[str, bytes], ...]
    solution: Solution

    def holds(
        self,
        names: bytes,
        files: Mapping[str, IndexedFile],
        files_with: Callable[[str], Iterable[str]],
    ) -> bool:
        """Whether a program is, in all that the solution rests on, the one that was solved."""
        return (
            self.names == names
            and all(path in files and files[path].digest == digest for path, digest in self.files)
            and self.found == found_of(self.words, files_with)
        )


class Lookups:
    """The files of a program for the solver, with a note of all that it asks."""

    def __init__(self, facts: Callable[[str], FileFacts], files_with: Callable[[str], tuple[str, ...]]) -> None:
        self._facts = facts
        self._files_with = files_with
        self.paths: set[str] = set()
        self.words: set[str] = set()

    def facts(self, path: str) -> FileFacts:
        """The facts of a file."""
        self.paths.add(path)
        return self._facts(path)

    def paths_with(self, word: str) -> tuple[str, ...]:
        """The files in which a word occurs."""
        self.words.add(word)
        return self._files_with(word)


def kept_now(lookups: Lookups, names: bytes, files: Mapping[str, IndexedFile], solution: Solution) -> Kept:
    """A solution with all that was asked to find it."""
    words = tuple(sorted(lookups.words))
    loaded = tuple((path, files[path].digest) for path in sorted(lookups.paths))
    return Kept(names, words, found_of(words, lookups.paths_with), loaded, solution)


def encoded(kept: Kept) -> bytes | None:
    """A solution as it is stored; None when it is too large, or holds what is no text."""
    try:
        content = msgspec.msgpack.encode(kept)
    except UnicodeEncodeError:
        return None
    return content if len(content) <= LARGEST else None


def decoded(content: bytes | None) -> Kept | None:
    """What is stored, None when it is not what we wrote."""
    try:
        return None if content is None else msgspec.msgpack.decode(content, type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


# --- digests -----------------------------------------------------------------------------------


def found_of(words: Iterable[str], files_with: Callable[[str], Iterable[str]]) -> bytes:
    """A digest of the files that hold each of some words."""
    return digest_of(part for word in words for part in (word, *files_with(word), "\n"))


def digest_of(parts: Iterable[str]) -> bytes:
    """A digest of texts in order."""
    text = "\0".join(parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def key_of(root: Path, asked: Iterable[str], version: bytes) -> bytes:
    """What the solutions of a project stand under: those of another flowcheck, or of other rules, are not found."""
    return digest_of([str(root), *asked, version.hex()])


def digest_of_itself() -> bytes:
    """A digest of all that flowcheck's answers depend on beside what it is asked."""
    return digest_of(itself())


def itself() -> Iterator[str]:
    """The versions and files of its own code, and the SQL parser's."""
    yield f"{__version__} {sys.version_info}"
    parser = find_spec("sqlglot")
    parser_file = Path(parser.origin) if parser is not None and parser.origin else PACKAGE
    for path in (parser_file.with_name("_version.py"), *sorted(PACKAGE.rglob("*.py"))):
        status = path.stat() if path.exists() else PACKAGE.stat()
        yield f"{path} {status.st_size} {status.st_mtime_ns}"
