"""What files hold: as they are on disk, or as an editor holds them and has not saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from flowcheck.project.discovery import SourceFile

UNSAVED = -1
"""The time of change of a file that was not saved: it says nothing about its content."""


class Contents:
    """Reads files; `unsaved` are contents that count instead of those on disk, by place."""

    def __init__(self, unsaved: Mapping[Path, bytes]) -> None:
        self._unsaved = {str(path): content for path, content in unsaved.items()}

    def of(self, location: str) -> bytes:
        """The content of a file. Raises OSError."""
        found = self._unsaved.get(location)
        return Path(location).read_bytes() if found is None else found

    def is_unsaved(self, location: str) -> bool:
        """Whether an editor holds something else than the disk."""
        return location in self._unsaved

    def noted(self, file: SourceFile) -> SourceFile:
        """A file as it was found, with the size of what counts."""
        content = self._unsaved.get(file.location)
        return file if content is None else replace(file, size=len(content), mtime_ns=UNSAVED)


ON_DISK = Contents({})
"""Nothing is unsaved."""


def in_utf8(content: bytes) -> bytes:
    """Bytes of UTF-16, as some tools for databases write them, brought to UTF-8; any other as they are."""
    if not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content
    return content.decode("utf-16", "replace").encode("utf-8", "surrogatepass")
