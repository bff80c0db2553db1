"""The bulk stage: files lowered by whatever runs things elsewhere, many at a time.

    ThreadPoolExecutor, ProcessPoolExecutor, a Dask cluster      anything that is a `concurrent.futures.Executor`

What is sent is the bytes of files, what comes back is their facts as the store keeps them: a pure function of the
bytes and the names, so that it does not matter who runs it, in which order, or whether it is run again by this process
because whoever should have run it stopped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures import TimeoutError as OutOfTimeError
from dataclasses import dataclass
from typing import TypeAlias

import msgspec

from flowcheck.api.containment import Fault, attempted
from flowcheck.errors import FlowcheckError
from flowcheck.project.index import IndexedFile
from flowcheck.project.store import VERSION, digest_of_file
from flowcheck.stack import with_deep_stack

BATCH_BYTES = 60_000
"""So much source is sent at once: some tenths of a second's work."""

MOST_BATCHES = 512
"""So many batches wait to be done; the files behind them are read when there is room."""

PATIENCE = 60.0
"""Seconds without an answer after which whoever runs things is taken to have stopped."""

Sent: TypeAlias = tuple[tuple[str, bytes], ...]
"""Paths and contents of files."""


class OtherVersionError(FlowcheckError):
    """What runs things elsewhere has another flowcheck, whose facts this one would not read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the workers must have the same flowcheck as this process: {self.reason}"


def lowered(version: bytes, files: Sent) -> tuple[bytes, ...]:
    """The facts of files, encoded, each empty where a bug of ours struck. This is what runs elsewhere."""
    from flowcheck import __version__  # noqa: PLC0415 - said of the worker's, where this runs

    if version != VERSION:
        raise OtherVersionError(f"they have {__version__}")
    return with_deep_stack(lambda: tuple(_facts_of(path, content) for path, content in files))


def _facts_of(path: str, content: bytes) -> bytes:
    from flowcheck.lowering.lower import Lowering  # noqa: PLC0415 - slow to load, and whoever sends needs it seldom

    facts = attempted(Lowering(content, path).facts)
    return b"" if isinstance(facts, Fault) else msgspec.msgpack.encode(facts)


@dataclass(frozen=True, slots=True)
class Lowered:
    """The facts of a file, encoded, and the digest of what it held when it was read."""

    file: IndexedFile
    digest: bytes
    content: bytes


class Bulk:
    """Files on their way through an executor. `stopped` says, once that is so, why it does no more."""

    def __init__(self, executor: Executor, read: Callable[[str], bytes], patience: float = PATIENCE) -> None:
        self.stopped = ""
        self._executor = executor
        self._read = read
        self._patience = patience

    def lowered(self, files: Iterable[IndexedFile]) -> Iterator[Lowered]:
        """The facts of files in their order; of those that could not be had in this way nothing.

        Raises OtherVersionError when they would be those of another flowcheck.
        """
        under_way: deque[tuple[_Batch, Future[tuple[bytes, ...]]]] = deque()
        batches = self._batches(files)
        try:
            while not self.stopped:
                self._submit(batches, under_way)
                if not under_way:
                    break
                yield from self._answers(*under_way.popleft())
        finally:
            for _, future in under_way:
                future.cancel()

    def _submit(self, batches: Iterator[_Batch], under_way: deque[tuple[_Batch, Future[tuple[bytes, ...]]]]) -> None:
        """Send batches while there is room."""
        while len(under_way) < MOST_BATCHES and not self.stopped:
            batch = next(batches, None)
            if batch is None:
                return
            try:
                under_way.append((batch, self._executor.submit(lowered, VERSION, batch.sent)))
            except (RuntimeError, OSError) as error:  # it was shut down, or cannot be reached any more
                self.stopped = _said(error)

    def _answers(self, batch: _Batch, future: Future[tuple[bytes, ...]]) -> Iterator[Lowered]:
        """What became of a batch."""
        error = self._error_of(future)
        if isinstance(error, OtherVersionError):
            raise error
        if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == "flowcheck":
            raise OtherVersionError(f"they say {error}") from error
        if error is not None:
            self.stopped = self.stopped or _said(error)
            return
        contents = future.result()
        for file, (path, source), content in zip(batch.files, batch.sent, contents, strict=False):
            if content:
                yield Lowered(file, digest_of_file(path, source), content)

    def _error_of(self, future: Future[tuple[bytes, ...]]) -> BaseException | None:
        try:
            return future.exception(self._patience)
        except CancelledError:
            return CancelledError("its work was called off")
        except OutOfTimeError:
            return OutOfTimeError(f"no answer for {self._patience:g} s")

    def _batches(self, files: Iterable[IndexedFile]) -> Iterator[_Batch]:
        """Files with their contents, some BATCH_BYTES at a time; one that cannot be read is left out."""
        read: list[tuple[IndexedFile, bytes]] = []
        size = 0
        for file in files:
            try:
                content = self._read(file.location)
            except OSError:
                continue
            if read and size + len(content) > BATCH_BYTES:
                yield _Batch.of(read)
                read, size = [], 0
            read.append((file, content))
            size += len(content)
        if read:
            yield _Batch.of(read)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Files that are sent together."""

    files: tuple[IndexedFile, ...]
    sent: Sent

    @classmethod
    def of(cls, read: Sequence[tuple[IndexedFile, bytes]]) -> _Batch:
        return cls(tuple(file for file, _ in read), tuple((file.path, content) for file, content in read))


def _said(error: BaseException) -> str:
    """An error in one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
