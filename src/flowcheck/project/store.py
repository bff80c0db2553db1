"""What earlier runs found out about files, in one SQLite file under the user's cache directory.

    facts     digest of a file's content          -> its facts
    trees     a project root                      -> the files it had, their digests and problems
    words     a stamp of files, a bucket number   -> words and the numbers of those files that hold them
    answers   what was asked, of which project    -> what was found, in bytes that the asker understands

Digests depend on the content, the facts version and flowcheck's version, so that what another version stored
is never read. The store is only ever a saving of time: one that is broken is made anew, one that cannot be
written is done without, each with a warning. Several runs may use it at once: what one reads is whole, or is
not there. Behind it there may be a store that several machines share: facts that are not here are looked for there,
and those that are new are left there too.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from flowcheck import __version__
from flowcheck.facts.files import FACTS_VERSION, SQL_SUFFIX, FileFacts, Problem
from flowcheck.facts.soundness import is_sound
from flowcheck.project.words import Postings

T = TypeVar("T")

SIZE_LIMIT = 512 * 1024 * 1024
"""Bytes of facts beyond which the oldest are dropped."""

PENDING_BYTES = 32 * 1024 * 1024
"""Bytes of facts beyond which those that are pending are written before the run ends."""

SHARED_AT_ONCE = 256
"""So many facts are brought to the shared store at once."""

FACTS, VERDICTS, NEEDED = "facts", "syntax", "needed"
"""The kinds of entries in a shared store."""

TREES_LIMIT = 64
"""How many project roots are remembered."""

ANSWERS_LIMIT = 32
"""How many answers are remembered."""

SCHEMA_VERSION = 3
FILE_NAME = f"facts-{SCHEMA_VERSION}.sqlite3"

_BUSY_SECONDS = 2.0
VERSION = hashlib.blake2b(f"{__version__} {FACTS_VERSION}".encode(), digest_size=16).digest()
"""What all digests depend on beside the content."""

_SCHEMA = (
    "CREATE TABLE facts (digest BLOB PRIMARY KEY, content BLOB NOT NULL, size INTEGER NOT NULL, run INTEGER NOT NULL)",
    "CREATE TABLE trees (number INTEGER PRIMARY KEY, root TEXT UNIQUE, content BLOB NOT NULL, stamp BLOB NOT NULL)",
    "CREATE TABLE words (stamp BLOB, bucket INTEGER, content BLOB, PRIMARY KEY (stamp, bucket)) WITHOUT ROWID",
    "CREATE TABLE answers (number INTEGER PRIMARY KEY, key BLOB UNIQUE, content BLOB NOT NULL)",
    "CREATE TABLE runs (number INTEGER NOT NULL)",
    "INSERT INTO runs VALUES (0)",
)


class TreeFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as a run saw it. `is_checked` says that `problem` (maybe none) is what its syntax was judged to be.

    `mtime_ns` is 0 when the file was so new that the time says nothing about its content.
    """

    path: str
    size: int
    mtime_ns: int
    digest: bytes
    is_checked: bool
    problem: Problem | None


class Tree(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The files of a project: as they were last seen, and as the stored words number them (path and digest)."""

    files: tuple[TreeFile, ...]
    numbered: tuple[tuple[str, bytes], ...]

    @property
    def stamp(self) -> bytes:
        """What the stored words of the numbered files go by."""
        return hashlib.blake2b(msgspec.msgpack.encode(self.numbered), digest_size=16, person=VERSION).digest()


def digest_of_file(path: str, content: bytes) -> bytes:
    """What the facts of a file are stored under; those of a SQL file rest on its name too."""
    return digest_of(f"{path}\0".encode() + content if path.endswith(SQL_SUFFIX) else content)


def digest_of(content: bytes) -> bytes:
    """The key of a file's content: 16 bytes."""
    return hashlib.blake2b(content, digest_size=16, person=VERSION).digest()


class Shared(Protocol):
    """A store that several machines share, by kind and digest. It never raises; what is amiss, it says itself."""

    def read(self, kind: str, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The entries that are there."""

    def write(self, kind: str, contents: Mapping[bytes, bytes]) -> None:
        """Leave entries there."""

    def missing(self, kind: str, digests: Sequence[bytes]) -> set[bytes]:
        """Those that are not there."""


class Store:
    """Facts, trees and words by their keys. Without a file it remembers nothing and refuses nothing.

    Nothing here raises for a store that is unreadable, locked, full or read-only: what cannot be read is
    not there, and `warnings` says once what went wrong.
    """

    def __init__(self, folder: Path | None, shared: Shared | None = None) -> None:
        self.warnings: list[str] = []
        self.parsed: set[bytes] = set()  # of what was parsed without a problem, in this run or before
        self._shared = shared
        self._pending: dict[bytes, bytes] = {}  # not written yet; without a file, what came in bulk and was not used
        self._own: set[bytes] = set()  # those of the pending that the shared store has not
        self._pending_bytes = 0
        self._is_run_counted = False
        self._used: set[bytes] = set()
        self._facts = msgspec.msgpack.Decoder(FileFacts)
        self._trees = msgspec.msgpack.Decoder(Tree)
        self._postings = msgspec.msgpack.Decoder(dict[bytes, list[int]])
        self._encoder = msgspec.msgpack.Encoder()
        self._connection: sqlite3.Connection | None = None
        self._file = None if folder is None else folder / FILE_NAME
        if folder is not None:
            self._connection = self._opened(folder / FILE_NAME)

    def close(self) -> None:
        """Write what is pending and let go of the file."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --- facts ---------------------------------------------------------------------------------

    def facts(self, digest: bytes) -> FileFacts | None:
        """The facts of a file's content, None when they are not stored."""
        content = self._pending.get(digest) or self._content("SELECT content FROM facts WHERE digest = ?", (digest,))
        found = self._decoded(content)
        if found is None:
            self.fetch([digest])
            found = self._decoded(self._pending.get(digest))
        if found is not None:
            self._note_parsed(digest, found)
            self._note_use(digest)
        return found

    def put_facts(self, digest: bytes, facts: FileFacts) -> None:
        """Keep facts; they are written by `flush`."""
        self._note_parsed(digest, facts)
        if self._connection is not None or self._shared is not None:
            self._keep_own(digest, self._encoder.encode(facts))

    def put_encoded(self, digest: bytes, content: bytes) -> FileFacts | None:
        """Keep facts that somebody has encoded, without a file for this run; returns them, None when they are none."""
        found = self._decoded(content)
        if found is not None:
            self._note_parsed(digest, found)
            self._keep_own(digest, content)
        return found

    def known(self, digests: Iterable[bytes]) -> set[bytes]:
        """Those whose facts are here."""
        query = "SELECT digest FROM facts WHERE digest = ?"
        return {digest for digest in digests if digest in self._pending or self._content(query, (digest,)) is not None}

    def fetch(self, digests: Sequence[bytes]) -> None:
        """Take facts that are not here from the shared store; such as do not hold together are left there."""
        if self._shared is not None and digests:
            for digest, content in self._shared.read(FACTS, digests).items():
                found = self._decoded(content)
                if found is not None and is_sound(found):
                    self._note_parsed(digest, found)
                    self._keep(digest, content)

    def fetch_all(self, digests: Sequence[bytes]) -> None:
        """As `fetch`, of many, some at a time."""
        for start in range(0, len(digests), SHARED_AT_ONCE):
            self.fetch(digests[start : start + SHARED_AT_ONCE])

    def share(self, digests: Sequence[bytes]) -> set[bytes]:
        """Bring facts that are here to the shared store if it lacks them; returns those that both lack."""
        if self._shared is None:
            return set(digests) - self.known(digests)
        missing = sorted(self._shared.missing(FACTS, digests))
        here = self.known(missing)
        query = "SELECT content FROM facts WHERE digest = ?"
        for start in range(0, len(missing), SHARED_AT_ONCE):
            part = [digest for digest in missing[start : start + SHARED_AT_ONCE] if digest in here]
            found = {digest: self._pending.get(digest) or self._content(query, (digest,)) for digest in part}
            self._shared.write(FACTS, {digest: content for digest, content in found.items() if content is not None})
        return set(missing) - here

    def flush(self) -> None:
        """Write the facts that are pending and drop the oldest beyond SIZE_LIMIT."""
        if self._shared is not None and self._own:
            self._shared.write(FACTS, {digest: self._pending[digest] for digest in sorted(self._own)})
        if (self._pending or self._used) and self._connection is not None:
            is_new = not self._is_run_counted
            self._write(lambda connection: _write_facts(connection, self._pending, self._used, is_new_run=is_new))
            self._is_run_counted = True
        self._own.clear()
        if self._connection is not None:
            self._pending.clear()
            self._used.clear()
            self._pending_bytes = 0

    def _note_use(self, digest: bytes) -> None:
        """Facts were read: they are among the last to be dropped, and without a file nobody reads them again."""
        if self._connection is not None:
            self._used.add(digest)
        elif digest not in self._own:
            self._pending.pop(digest, None)

    def _keep_own(self, digest: bytes, content: bytes) -> None:
        if self._shared is not None:
            self._own.add(digest)
        self._keep(digest, content)

    def _keep(self, digest: bytes, content: bytes) -> None:
        self._pending[digest] = content
        self._pending_bytes += len(content)
        if self._pending_bytes > PENDING_BYTES:
            self._pending_bytes = 0
            self.flush()

    def _decoded(self, content: bytes | None) -> FileFacts | None:
        """Facts as they were encoded; None when they are damaged, or nest so deep that nobody of us wrote them."""
        try:
            return None if content is None else self._facts.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None

    def _note_parsed(self, digest: bytes, facts: FileFacts) -> None:
        if facts.problem is None:
            self.parsed.add(digest)

    # --- what only a shared store keeps: verdicts on the syntax of folders, and hints -----------

    @property
    def is_shared(self) -> bool:
        """Whether there is a shared store."""
        return self._shared is not None

    def verdicts(self, keys: Sequence[bytes]) -> dict[bytes, tuple[bytes, ...]]:
        """What was left under some keys: the digests of those among a group of files that may be no valid Python."""
        told = self._shared.read(VERDICTS, keys) if self._shared is not None else {}
        return {
            key: verdict for key, content in told.items() if (verdict := _read(content, tuple[bytes, ...])) is not None
        }

    def put_verdicts(self, verdicts: Mapping[bytes, tuple[bytes, ...]]) -> None:
        """Leave verdicts."""
        if self._shared is not None:
            self._shared.write(VERDICTS, {key: self._encoder.encode(verdict) for key, verdict in verdicts.items()})

    def needed(self, key: bytes) -> tuple[str, ...]:
        """The paths that were left under a key: a hint what to fetch."""
        told = self._shared.read(NEEDED, [key]) if self._shared is not None else {}
        return (_read(told[key], tuple[str, ...]) or ()) if key in told else ()

    def put_needed(self, key: bytes, paths: Sequence[str]) -> None:
        """Leave a hint."""
        if self._shared is not None:
            self._shared.write(NEEDED, {key: self._encoder.encode(tuple(paths))})

    # --- trees and words -----------------------------------------------------------------------

    def tree(self, root: Path) -> Tree | None:
        """The files that a project had in an earlier run, None when it is not known."""
        content = self._content("SELECT content FROM trees WHERE root = ?", (_key(root),))
        try:
            return None if content is None else self._trees.decode(content)
        except msgspec.DecodeError:
            return None

    def put_tree(self, root: Path, tree: Tree, words: Iterable[Postings] | None = None) -> None:
        """Keep the files of a project and, when its stored words are new, those: every bucket in order."""
        row = (_key(root), self._encoder.encode(tree), tree.stamp)
        buckets = None if words is None else [self._encoder.encode(postings) for postings in words]
        self._write(lambda connection: _write_tree(connection, row, buckets))

    def words(self, stamp: bytes, bucket: int) -> Postings | None:
        """The words of a bucket and the numbers of the files that hold them; None when they are not stored."""
        content = self._content("SELECT content FROM words WHERE stamp = ? AND bucket = ?", (stamp, bucket))
        try:
            return None if content is None else self._postings.decode(content)
        except msgspec.DecodeError:
            return None

    # --- answers -------------------------------------------------------------------------------

    def answer(self, key: bytes) -> bytes | None:
        """What was left under a key, None when nothing was."""
        return self._content("SELECT content FROM answers WHERE key = ?", (key,))

    def put_answer(self, key: bytes, content: bytes) -> None:
        """Leave an answer."""
        self._write(lambda connection: _write_answer(connection, key, content))

    # --- the file ------------------------------------------------------------------------------

    def _opened(self, file: Path) -> sqlite3.Connection | None:
        """The open database; one that cannot be read as ours is made anew."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            return _connected(file)
        except sqlite3.OperationalError as error:
            self._give_up(error)
            return None
        except sqlite3.DatabaseError:
            self.warnings.append("the cache was unreadable and has been made anew")
        except OSError as error:
            self._give_up(error)
            return None
        return self._made_anew(file)

    def _made_anew(self, file: Path) -> sqlite3.Connection | None:
        try:
            _remove(file)
            return _connected(file)
        except (OSError, sqlite3.Error) as error:
            self._give_up(error)
            return None

    def _content(self, query: str, parameters: tuple[str | bytes | int, ...]) -> bytes | None:
        """The one value that a query finds."""
        if self._connection is None:
            return None
        try:
            row = self._connection.execute(query, parameters).fetchone()
        except sqlite3.Error as error:
            self._give_up(error)
            return None
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def _write(self, write: Callable[[sqlite3.Connection], None]) -> None:
        """One transaction; when it fails, the run goes on without the store."""
        if self._connection is None:
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            write(self._connection)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without the file."""
        self.warnings.append(f"the cache is not used: {error}")
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if type(error) is sqlite3.DatabaseError and self._file is not None:
            _remove_if_possible(self._file)


def _read(content: bytes, kind: type[T]) -> T | None:
    """What somebody else encoded; None when it is something else."""
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _connected(file: Path) -> sqlite3.Connection:
    """An open database of our schema. Raises sqlite3.DatabaseError when it is something else."""
    connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        if _version(connection) != SCHEMA_VERSION:
            _use_write_ahead_log(connection)
            _make_schema(connection)
    except sqlite3.Error:
        connection.close()
        raise
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _make_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of a new database, unless another run has done so by now."""
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection)
    if version == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    elif version != SCHEMA_VERSION:
        raise sqlite3.DatabaseError("another schema")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _remove(file: Path) -> None:
    """Remove a database with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _remove_if_possible(file: Path) -> None:
    """Remove a database that is damaged inside, so that the next run makes a new one."""
    with suppress(OSError):
        _remove(file)


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let runs read while another writes. Where that cannot be had, or another run sees to it, they wait."""
    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA journal_mode = WAL")


def _write_tree(connection: sqlite3.Connection, row: tuple[str, bytes, bytes], buckets: Sequence[bytes] | None) -> None:
    """Write a tree, its words if there are new ones, and drop what no tree needs any more."""
    connection.execute("INSERT OR REPLACE INTO trees (root, content, stamp) VALUES (?, ?, ?)", row)
    connection.execute(
        "DELETE FROM trees WHERE number NOT IN (SELECT number FROM trees ORDER BY number DESC LIMIT ?)",
        (TREES_LIMIT,),
    )
    if buckets is not None:
        rows = ((row[2], number, content) for number, content in enumerate(buckets))
        connection.executemany("INSERT OR REPLACE INTO words VALUES (?, ?, ?)", rows)
        connection.execute("DELETE FROM words WHERE stamp NOT IN (SELECT stamp FROM trees)")


def _write_answer(connection: sqlite3.Connection, key: bytes, content: bytes) -> None:
    """Write an answer, and drop the oldest."""
    connection.execute("INSERT OR REPLACE INTO answers (key, content) VALUES (?, ?)", (key, content))
    connection.execute(
        "DELETE FROM answers WHERE number NOT IN (SELECT number FROM answers ORDER BY number DESC LIMIT ?)",
        (ANSWERS_LIMIT,),
    )


def _write_facts(
    connection: sqlite3.Connection, pending: dict[bytes, bytes], used: set[bytes], *, is_new_run: bool
) -> None:
    """Write new facts, note which old ones were of use, and drop what has been of none for longest."""
    if is_new_run:
        connection.execute("UPDATE runs SET number = number + 1")
    rows = ((digest, content, len(content)) for digest, content in pending.items())
    connection.executemany("INSERT OR REPLACE INTO facts SELECT ?, ?, ?, number FROM runs", rows)
    touched = ((digest,) for digest in sorted(used - pending.keys()))
    connection.executemany("UPDATE facts SET run = (SELECT number FROM runs) WHERE digest = ?", touched)
    size = connection.execute("SELECT coalesce(sum(size), 0) FROM facts").fetchone()[0]
    if size > SIZE_LIMIT:
        _drop_oldest(connection, size - SIZE_LIMIT * 3 // 4)


def _drop_oldest(connection: sqlite3.Connection, excess: int) -> None:
    """Drop the facts of the oldest runs, but not of this one, until `excess` bytes are gone."""
    runs = "SELECT run, sum(size) FROM facts WHERE run < (SELECT number FROM runs) GROUP BY run ORDER BY run"
    for run, size in connection.execute(runs).fetchall():
        if excess <= 0:
            break
        connection.execute("DELETE FROM facts WHERE run = ?", (run,))
        excess -= size


def _key(root: Path) -> str:
    """A root as a key: also when its name is no UTF-8."""
    return str(root).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
