"""Which files gitignore patterns leave out.

    .gitignore        out/          src/out/a.py is ignored
    src/.gitignore    !keep.py      the deepest file that decides about a path wins

A spec answers for most paths with a single search: only what some pattern touches is judged in full.
"""

from __future__ import annotations

import re
import stat
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

MOST_WILDCARDS = 3
"""`*` in one part of a path, and `**` in a pattern: each more multiplies the time that a long name may take."""

MOST_BYTES = 1_000_000
"""A `.gitignore` that is larger is not read."""

WILDCARDS = re.compile(r"\*+")


def is_costly(pattern: str) -> bool:
    """Whether a pattern could keep the matcher busy for ever; `a*a*a*a*b` on a long name does."""
    parts = pattern.split("/")
    return parts.count("**") > MOST_WILDCARDS or any(len(WILDCARDS.findall(part)) > MOST_WILDCARDS for part in parts)


class IgnoreSpec:
    """gitignore patterns that hold below a folder; `base` is that folder's path, ending in `/`, or empty.

    Patterns that are too costly or that say nothing are left out: more is analysed then, never less.
    """

    def __init__(self, lines: Iterable[str], base: str = "") -> None:
        self._base = base
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of `re`, about brackets in brackets
            self._spec = GitIgnoreSpec.from_lines(line for line in lines if is_usable(line))
            self._touches = _any_of(self._spec)

    def decision(self, path: str) -> bool | None:
        """Whether the path (a folder's ends in `/`) is ignored; None when no pattern speaks of it."""
        if self._touches is None or not path.startswith(self._base):
            return None
        relative = path[len(self._base) :]
        return self._spec.check_file(relative).include if self._touches.match(relative) else None


@dataclass(frozen=True, slots=True)
class Ignores:
    """Specs that hold together: those of the configuration, and the `.gitignore` files, the deepest last."""

    always: IgnoreSpec
    nested: tuple[IgnoreSpec, ...] = ()

    def is_ignored(self, path: str) -> bool:
        """Whether a path is left out; a folder's path ends in `/`."""
        if self.always.decision(path):
            return True
        decisions = (spec.decision(path) for spec in reversed(self.nested))
        return next((decision for decision in decisions if decision is not None), False)

    def within(self, folder: Path, base: str) -> Ignores:
        """These and what the `.gitignore` of a folder adds."""
        lines = gitignore_lines(folder)
        return Ignores(self.always, (*self.nested, IgnoreSpec(lines, base))) if lines else self


def is_usable(line: str) -> bool:
    """Whether a line can be read as a pattern (or a comment), and is not too costly."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return not is_costly(line)


def gitignore_lines(folder: Path) -> tuple[str, ...]:
    """The lines of a folder's `.gitignore`; none when there is none that can be read. A link is none, as for git."""
    path = folder / ".gitignore"
    try:
        status = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(status.st_mode) and status.st_size <= MOST_BYTES else b""
    except OSError:
        return ()
    return tuple(content.decode("utf-8", "replace").splitlines())


def _any_of(spec: GitIgnoreSpec) -> re.Pattern[str] | None:
    """One expression that matches whatever some pattern of the spec may match."""
    sources = [pattern.regex.pattern for pattern in spec.patterns if pattern.regex is not None]
    if not sources:
        return None
    return re.compile("|".join(f"(?:{re.sub(r'[?]P<[^>]*>', '?:', source)})" for source in sources))
