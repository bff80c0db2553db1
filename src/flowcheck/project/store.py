"""What earlier runs found out about files, in one SQLite file under the user's cache directory.

    facts     digest of a file's content          -> its facts
    trees     a project root                      -> the files it had, their digests and problems
    words     a project root, a bucket number     -> words and the numbers of the tree's files that hold them

Digests depend on the content, the facts version and flowcheck's version, so that what another version stored
is never read. The store is only ever a saving of time: one that is broken is made anew, one that cannot be
written is done without, each with a warning. Several runs may use it at once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from flowcheck import __version__
from flowcheck.facts.files import FACTS_VERSION, FileFacts, Problem
from flowcheck.project.words import Postings

SIZE_LIMIT = 512 * 1024 * 1024
"""Bytes of facts beyond which the oldest are dropped."""

FILE_NAME = "facts.sqlite3"
SCHEMA_VERSION = 1

_BUSY_SECONDS = 2.0
_PERSON = hashlib.blake2b(f"{__version__} {FACTS_VERSION}".encode(), digest_size=16).digest()
_SCHEMA = """
    CREATE TABLE facts (digest BLOB PRIMARY KEY, content BLOB NOT NULL, size INTEGER NOT NULL, run INTEGER NOT NULL);
    CREATE TABLE trees (root TEXT PRIMARY KEY, content BLOB NOT NULL, run INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE words (root TEXT, bucket INTEGER, content BLOB NOT NULL, PRIMARY KEY (root, bucket)) WITHOUT ROWID;
    CREATE TABLE runs (number INTEGER NOT NULL);
    INSERT INTO runs VALUES (0);
"""


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


def digest_of(content: bytes) -> bytes:
    """The key of a file's content: 16 bytes."""
    return hashlib.blake2b(content, digest_size=16, person=_PERSON).digest()


class Store:
    """Facts, trees and words by their keys. Without a file it remembers nothing and refuses nothing.

    Nothing here raises for a store that is unreadable, locked, full or read-only: what cannot be read is
    not there, and `warnings` says once what went wrong.
    """

    def __init__(self, folder: Path | None) -> None:
        self.warnings: list[str] = []
        self._pending: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._facts = msgspec.msgpack.Decoder(FileFacts)
        self._trees = msgspec.msgpack.Decoder(Tree)
        self._postings = msgspec.msgpack.Decoder(dict[bytes, list[int]])
        self._encoder = msgspec.msgpack.Encoder()
        self._connection = None if folder is None else self._opened(folder / FILE_NAME)

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
        if content is None:
            return None
        try:
            found = self._facts.decode(content)
        except msgspec.DecodeError:
            return None
        self._used.add(digest)
        return found

    def put_facts(self, digest: bytes, facts: FileFacts) -> None:
        """Keep facts; they are written by `flush`."""
        if self._connection is not None:
            self._pending[digest] = self._encoder.encode(facts)

    def flush(self) -> None:
        """Write the facts that are pending and drop the oldest beyond SIZE_LIMIT."""
        if not self._pending and not self._used:
            return
        with self._writing() as connection:
            if connection is not None:
                _write_facts(connection, self._pending, self._used)
        self._pending.clear()
        self._used.clear()

    # --- trees and words -----------------------------------------------------------------------

    def tree(self, root: Path) -> Tree | None:
        """The files that a project had in an earlier run, None when it is not known."""
        content = self._content("SELECT content FROM trees WHERE root = ?", (_key(root),))
        try:
            return None if content is None else self._trees.decode(content)
        except msgspec.DecodeError:
            return None

    def put_tree(self, root: Path, tree: Tree, words: Iterable[tuple[int, Postings]] | None = None) -> None:
        """Keep the files of a project and, when its stored words are new, all of those."""
        with self._writing() as connection:
            if connection is None:
                return
            row = (_key(root), self._encoder.encode(tree))
            connection.execute("INSERT OR REPLACE INTO trees SELECT ?, ?, number FROM runs", row)
            if words is not None:
                rows = ((_key(root), number, self._encoder.encode(postings)) for number, postings in words)
                connection.execute("DELETE FROM words WHERE root = ?", (_key(root),))
                connection.executemany("INSERT INTO words VALUES (?, ?, ?)", rows)

    def words(self, root: Path, bucket: int) -> Postings:
        """The words of a bucket and the numbers of the files that hold them; empty when there are none."""
        content = self._content("SELECT content FROM words WHERE root = ? AND bucket = ?", (_key(root), bucket))
        try:
            return {} if content is None else self._postings.decode(content)
        except msgspec.DecodeError:
            return {}

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
            for suffix in ("", "-wal", "-shm", "-journal"):
                file.with_name(file.name + suffix).unlink(missing_ok=True)
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

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection | None]:
        """One transaction; when it fails, the run goes on without the store."""
        if self._connection is None:
            yield None
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield self._connection
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Go on without the file."""
        self.warnings.append(f"the cache is not used: {error}")
        self._connection = None


def _connected(file: Path) -> sqlite3.Connection:
    """An open database of our schema. Raises sqlite3.DatabaseError when it is something else."""
    connection = sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0 and not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")
    elif version != SCHEMA_VERSION:
        connection.close()
        raise sqlite3.DatabaseError("another schema")
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def _write_facts(connection: sqlite3.Connection, pending: dict[bytes, bytes], used: set[bytes]) -> None:
    """Write new facts, note which old ones were of use, and drop what has been of none for longest."""
    connection.execute("UPDATE runs SET number = number + 1")
    rows = ((digest, content, len(content)) for digest, content in pending.items())
    connection.executemany("INSERT OR REPLACE INTO facts SELECT ?, ?, ?, number FROM runs", rows)
    touched = ((digest,) for digest in sorted(used - pending.keys()))
    connection.executemany("UPDATE facts SET run = (SELECT number FROM runs) WHERE digest = ?", touched)
    size = connection.execute("SELECT coalesce(sum(size), 0) FROM facts").fetchone()[0]
    if size > SIZE_LIMIT:
        _drop_oldest(connection, size - SIZE_LIMIT * 3 // 4)


def _drop_oldest(connection: sqlite3.Connection, excess: int) -> None:
    """Drop the facts of the oldest runs until `excess` bytes are gone."""
    for run, size in connection.execute("SELECT run, sum(size) FROM facts GROUP BY run ORDER BY run").fetchall():
        if excess <= 0:
            break
        connection.execute("DELETE FROM facts WHERE run = ?", (run,))
        excess -= size


def _key(root: Path) -> str:
    """A root as a key: also when its name is no UTF-8."""
    return str(root).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
