"""Which files mention a word: the cheap question that decides what is parsed at all.

    "add_users"     in ads/audiences.py and jobs/nightly.py, in code, strings or comments

A word is an identifier. Files that do not hold the name of a function cannot call it, so that all others need
never be parsed. What a file assigns as an attribute of something is a word of its own, `.retries=`: few names
are ever set from outside, and for all others nobody need be looked at. So is what its classes extend, `(User`:
the name of a class stands in many more files than those of its subclasses; and what it imports, `>push`.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol
from zlib import crc32

from flowcheck.facts.files import SQL_SUFFIX
from flowcheck.project.contents import in_utf8

BUCKETS = 1024
"""Into how many parts the stored index is divided: a look-up reads one of them."""

Postings = Mapping[bytes, Sequence[int]]
"""Words and the numbers of the files that hold them, ascending."""

_WORD = rb"[A-Za-z_\x80-\xff][0-9A-Za-z_\x80-\xff]*"
_IDENTIFIER = re.compile(_WORD)
_ASSIGNED = re.compile(rb"\.(?<!\bself\.)(" + _WORD + rb")[ \t]*[-+*/|&^%@]?=(?!=)")
_SET_BY_NAME = re.compile(rb"setattr\(\s*[^,()]*(?:\([^()]*\))?[^,()]*,\s*[bru]?[\"'](" + _WORD + rb")[\"']")
_HEADER = re.compile(rb"class\s+" + _WORD + rb"\s*(?:\[[^\]]*\]+\s*)?\(([^:]*)")
_IMPORTED = re.compile(rb"import\s+(\([^)]*|(?:[^\n\\]|\\\r?\n)+)")
_RENAMED = re.compile(rb"\b(" + _WORD + rb")\s+as\s+(" + _WORD + rb")")
_ALIAS = re.compile(
    rb"[ \t]*(" + _WORD + rb")(?:[ \t]*:[^=]*)?[ \t]*=[ \t]*(?:" + _WORD + rb"[ \t]*\.[ \t]*)*(" + _WORD + rb")"
)


MOST_RENAMED = 8
"""Times that a file gives a base another name in a row."""

FEW_BASES = 32
"""So many names are sooner looked for in a file one by one."""


def words_of(content: bytes) -> frozenset[bytes]:
    """Every identifier of a file, also in its strings and comments, with `assignment_word` of what it assigns,
    `extension_word` of what its classes extend and `import_word` of what it imports.
    """
    assigned = _ASSIGNED.findall(content) + _SET_BY_NAME.findall(content)
    return frozenset(_IDENTIFIER.findall(content)).union(
        (b"." + name + b"=" for name in assigned),
        (b"(" + name for name in bases_in(content)),
        (b">" + name for name in imports_in(content)),
    )


def imports_in(content: bytes) -> set[bytes]:
    """The names that import statements bring, and `*`."""
    return {
        name for names in _IMPORTED.findall(content) for name in (b"*",) * (b"*" in names) or _IDENTIFIER.findall(names)
    }


def bases_in(content: bytes) -> set[bytes]:
    """The names in the brackets of class statements, and what the file itself calls by such a name."""
    found = {name for header in _HEADER.findall(content) for name in _IDENTIFIER.findall(header)}
    new = found
    for _ in range(MOST_RENAMED):
        new = set(originals_of(content, new)) - found
        if not new:
            break
        found |= new
    return found


def originals_of(content: bytes, names: set[bytes]) -> Iterator[bytes]:
    """What a file imports or assigns as one of the names: most do neither, which is told without a look at lines."""
    are_few = len(names) <= FEW_BASES
    if not are_few or any(b"as " + name in content for name in names):
        yield from (original for original, name in _RENAMED.findall(content) if name in names)
    if not are_few or any(name + b" =" in content or b"\n" + name + b"=" in content for name in names):
        starts = tuple(names) if are_few else b""
        for line in content.splitlines():
            if b"=" in line and line.lstrip().startswith(starts):
                alias = _ALIAS.match(line)
                if alias is not None and alias[1] in names:
                    yield alias[2]


def words_in(path: str, content: bytes) -> frozenset[bytes]:
    """The words of a file; in SQL also as they are without capitals, which mean nothing there."""
    if not path.endswith(SQL_SUFFIX):
        return words_of(content)
    words = words_of(in_utf8(content))
    return words | frozenset(word.lower() for word in words)


def assignment_word(name: str) -> str:
    """The word under which the files stand that assign an attribute of this name, other than of `self`."""
    return f".{name}="


def extension_word(name: str) -> str:
    """The word under which the files stand whose classes extend one of this name, also under another name there."""
    return f"({name}"


def import_word(name: str) -> str:
    """The word under which the files stand that import something of this name from somewhere, or `*`."""
    return f">{name}"


def bucket_of(word: bytes) -> int:
    """The part of the stored index that a word belongs to."""
    return crc32(word) % BUCKETS


class BucketReader(Protocol):
    """Where an index is read from."""

    def bucket(self, number: int) -> Postings:
        """The words that belong to a bucket, maybe among others; empty when there are none."""
        ...


class WordIndex:
    """The words of a program: a stored index of files as they were, and the words of those changed since.

    `indexed` are the files that the stored index numbers, None for one that has changed or gone;
    `changed` holds the words of files that it does not know as they are now.
    """

    def __init__(
        self, stored: BucketReader, indexed: Sequence[str | None], changed: Mapping[str, frozenset[bytes]]
    ) -> None:
        self._stored = stored
        self._indexed = indexed
        self._changed = dict(sorted(changed.items()))
        self._buckets: dict[int, Postings] = {}
        self._found: dict[str, tuple[str, ...]] = {}

    def files_with(self, word: str) -> tuple[str, ...]:
        """The files that hold the identifier, sorted by path."""
        known = self._found.get(word)
        if known is None:
            known = self._found[word] = tuple(sorted(self._look_up(word.encode("utf-8", "surrogatepass"))))
        return known

    def files_with_all(self, words: Iterable[str]) -> tuple[str, ...]:
        """The files that hold every one of the identifiers, sorted by path; there must be at least one."""
        rarest, *others = sorted((self.files_with(word) for word in sorted(words)), key=len)
        common = set(rarest).intersection(*others)
        return tuple(path for path in rarest if path in common)

    def _look_up(self, word: bytes) -> Iterator[str]:
        number = bucket_of(word)
        if number not in self._buckets:
            self._buckets[number] = self._stored.bucket(number)
        files = self._buckets[number].get(word, ())
        indexed = (self._indexed[file] for file in files if 0 <= file < len(self._indexed))  # a store may be damaged
        yield from (path for path in indexed if path is not None)
        yield from (path for path, words in self._changed.items() if word in words)


class PostingsBuilder:
    """Collects the words of files, numbered in the order they are added; buckets can be read at any time."""

    def __init__(self) -> None:
        self._postings: dict[bytes, list[int]] = {}
        self._count = 0

    def add(self, words: Iterable[bytes]) -> None:
        """Add the next file."""
        number, postings = self._count, self._postings
        self._count += 1
        for word in words:
            if word in postings:
                postings[word].append(number)
            else:
                postings[word] = [number]

    def bucket(self, number: int) -> Postings:
        """All words: in memory there is no need to divide them."""
        return self._postings

    def buckets(self) -> list[Postings]:
        """The words divided into BUCKETS buckets."""
        divided: list[dict[bytes, list[int]]] = [{} for _ in range(BUCKETS)]
        for word in sorted(self._postings):
            divided[bucket_of(word)][word] = self._postings[word]
        return [*divided]


@contextmanager
def collector_paused() -> Iterator[None]:
    """Millions of small records and no cycles: the garbage collector would only look at them again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
