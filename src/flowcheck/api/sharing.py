"""A store of facts that several machines share, at any address that fsspec knows: a folder, a bucket, a server.

    s3://our-bucket/flowcheck
      9f…e1                     a version of flowcheck and of its parser: others have folders of their own
        facts/4b/4b07…          digest of a file's content -> its facts
        syntax/c2/c2aa…         digest of what a folder's files hold -> which of them may be no valid Python
        needed/0d/0d31…         digest of rules and top-level names -> paths of files whose facts the last run needed

An entry is compressed and has a digest of itself. But for `needed`, a hint, none is ever changed: it does not matter
who writes it first, and nothing need be locked. It is data and read as data. One that is damaged, or that stands under
another's name, is not there, and is said to be damaged.
"""

from __future__ import annotations

import hashlib
import importlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any, TypeVar
from uuid import uuid4

from flowcheck.api.containment import Fault, attempted
from flowcheck.errors import FlowcheckError
from flowcheck.project.store import VERSION

T = TypeVar("T")

LARGEST = 64 * 1024 * 1024
"""Bytes of facts of one file beyond which nobody of us wrote them."""

AT_ONCE = 16
"""So many entries are asked for at once."""

_SEAL_BYTES = 16


class UnusableStoreError(FlowcheckError):
    """A shared store that was named and cannot be had."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"the store {self.url} cannot be used: {self.reason}"


def shared_store(url: str) -> SharedFolder:
    """The shared store at an address. Raises UnusableStoreError, with the remedy, when there can be none."""
    try:
        core: Any = importlib.import_module("fsspec.core")
    except ImportError as error:
        raise UnusableStoreError(url, "install what it needs by: pip install 'flowcheck[store]'") from error
    try:
        files, root = core.url_to_fs(url)
    except ImportError as error:
        raise UnusableStoreError(url, f"{error}") from error
    except (ValueError, TypeError, OSError) as error:
        raise UnusableStoreError(
            url, f"{error}; it is written as in file:///srv/flowcheck or s3://bucket/flowcheck"
        ) from error
    if hasattr(files, "auto_mkdir"):
        files.auto_mkdir = True
    return SharedFolder(files, root, url)


class SharedFolder:
    """A shared store in a file system of fsspec. What goes wrong there is told in `warnings`, each thing once."""

    def __init__(self, files: Any, root: str, url: str) -> None:  # noqa: ANN401 - fsspec is imported only when used
        self._files = files
        self._url = url
        self._folder = f"{root.rstrip('/')}/{_format().hex()}"
        self._is_local = "file" in files.protocol
        self._said: dict[str, None] = {}
        self._is_down = False
        self._damaged = 0

    @property
    def warnings(self) -> list[str]:
        """What went wrong so far."""
        damaged = (
            f"{self._damaged} entries of the store {self._url} were damaged, and made anew" if self._damaged else ""
        )
        return [*self._said, *filter(None, [damaged])]

    def read(self, kind: str, digests: Sequence[bytes]) -> Mapping[bytes, bytes]:
        """The entries that are there."""
        read = self._each(lambda digest: self._read(kind, digest), digests)
        found = {
            digest: self._unsealed(digest, content) for digest, content in zip(digests, read, strict=True) if content
        }
        self._damaged += sum(content is None for content in found.values())
        return {digest: content for digest, content in found.items() if content is not None}

    def write(self, kind: str, contents: Mapping[bytes, bytes]) -> None:
        """Leave entries there."""
        self._each(lambda item: self._write(kind, *item), list(contents.items()))

    def missing(self, kind: str, digests: Sequence[bytes]) -> set[bytes]:
        """Those that are not there; all, when nobody can tell."""
        found = self._each(lambda digest: self._files.exists(self._place(kind, digest)), digests)
        return {digest for digest, is_there in zip(digests, found, strict=True) if not is_there}

    def _place(self, kind: str, digest: bytes) -> str:
        name = digest.hex()
        return f"{self._folder}/{kind}/{name[:2]}/{name}"

    def _each(self, do: Callable[[T], object], items: Sequence[T]) -> list[Any]:
        """Do the same with each item, several at once; where it fails, None comes of it."""
        if self._is_down or not items:
            return [None] * len(items)
        if len(items) == 1:
            return [self._safely(lambda: do(items[0]))]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda item: self._safely(lambda: do(item)), items))

    def _safely(self, do: Callable[[], object]) -> object:
        """What `do` returns; None when it fails, which is said, and then nothing more is tried."""
        if self._is_down:
            return None
        try:
            found = attempted(do)  # the libraries behind fsspec raise errors of their own
        except OSError as error:
            found = Fault(error)
        if not isinstance(found, Fault):
            return found
        self._is_down = True
        reason = " ".join(str(found.error).split()) or type(found.error).__name__
        self._said[f"the store {self._url} is not used any more: {reason}"] = None
        return None

    def _read(self, kind: str, digest: bytes) -> bytes | None:
        try:
            content: bytes = self._files.cat_file(self._place(kind, digest))
        except FileNotFoundError:
            return None
        return content

    def _write(self, kind: str, digest: bytes, content: bytes) -> None:
        """Write an entry; where this is not allowed, it is left to those who may."""
        place = self._place(kind, digest)
        beside = f"{place}.{uuid4().hex}" if self._is_local else place
        try:
            self._files.pipe_file(beside, _sealed(digest, content))
        except (PermissionError, NotImplementedError):
            return
        if self._is_local:  # others have an entry whole or not at all
            self._files.mv(beside, place)

    def _unsealed(self, digest: bytes, content: bytes) -> bytes | None:
        """The facts of an entry; None when it is not what was written there."""
        seal, packed = content[:_SEAL_BYTES], content[_SEAL_BYTES:]
        if seal != _seal(digest, packed):
            return None
        unpacking = zlib.decompressobj()
        try:
            facts = unpacking.decompress(packed, LARGEST)
        except zlib.error:
            return None
        return facts if unpacking.eof else None


def _sealed(digest: bytes, facts: bytes) -> bytes:
    packed = zlib.compress(facts, 1)
    return _seal(digest, packed) + packed


def _seal(digest: bytes, packed: bytes) -> bytes:
    """What says that an entry is whole and stands where it belongs."""
    return hashlib.blake2b(packed, digest_size=_SEAL_BYTES, key=digest).digest()


def _format() -> bytes:
    """What the facts of a file depend on beside the file."""
    return hashlib.blake2b(version("libcst").encode(), digest_size=16, key=VERSION).digest()
