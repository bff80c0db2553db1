"""What one analysis leaves for the next in the same process, as an editor asks for one after each pause.

    memory.made("modules", paths, lambda: ModuleIndex(paths))      made once for the same paths

A request without an earlier one has a memory of its own, which holds nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flowcheck.facts.files import FileFacts

T = TypeVar("T")


class Memory:
    """Things made in the last analysis, each with what it was made of; only the last of each is held."""

    def __init__(self) -> None:
        self._things: dict[str, tuple[object, object]] = {}
        self._facts: dict[bytes, FileFacts] = {}
        self._earlier: dict[bytes, FileFacts] = {}

    def made(self, name: str, of: object, make: Callable[[], T]) -> T:
        """The thing of this name, made now unless it was made of the very same."""
        held = self._things.get(name)
        if held is None or held[0] != of:
            held = self._things[name] = (of, make())
        return cast("T", held[1])

    def held(self, name: str) -> object:
        """What was put or made under a name last; None when nothing was."""
        return self._things[name][1] if name in self._things else None

    def put(self, name: str, thing: object) -> None:
        """Hold a thing."""
        self._things[name] = (None, thing)

    def begin(self) -> None:
        """A new analysis begins: of facts those stay that the one before needed."""
        self._earlier, self._facts = self._facts or self._earlier, {}

    def facts(self, digest: bytes) -> FileFacts | None:
        """The facts of a content, when they were needed lately."""
        found = self._facts.get(digest) or self._earlier.get(digest)
        if found is not None:
            self._facts[digest] = found
        return found

    def put_facts(self, digest: bytes, facts: FileFacts) -> None:
        """Hold facts."""
        self._facts[digest] = facts
