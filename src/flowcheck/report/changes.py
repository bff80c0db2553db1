"""Which lines changed since a revision, and which findings touch one of them.

    --changed-since main    only findings with a step on a line that `main` does not have

The files of a finding's path are compared with what git holds of them at the revision, so what is not
committed, and files that git does not know, count too. Git only hands out the old contents: no filter, hook,
diff driver or network access that a repository's settings may ask for takes part.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from flowcheck.errors import FlowcheckError
from flowcheck.flow.results import Place
from flowcheck.report.lines import SourceLines, split_lines
from flowcheck.report.model import Finding

SAFE_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "core.hooksPath=/dev/null")
NO_COMMIT = "git knows no such commit; name a branch, tag or commit of this repository"
ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class RevisionError(FlowcheckError):
    """A revision that cannot be compared with; `reason` says why."""

    def __init__(self, revision: str, reason: str) -> None:
        super().__init__(revision, reason)
        self.revision = revision
        self.reason = reason

    def __str__(self) -> str:
        return f"--changed-since {self.revision}: {self.reason}"


class Changes:
    """The changed lines of the files below `root`; raises RevisionError when git has no such `revision`."""

    def __init__(self, root: Path, revision: str, lines: SourceLines) -> None:
        self._root = root
        self._lines = lines
        self._commit = commit_of(root, revision)
        self._blobs = blobs_of(root, self._commit)
        self._changed: dict[str, frozenset[int]] = {}

    def touching(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings with a step on a changed line."""
        return tuple(finding for finding in findings if any(self._touches(place) for place in places_of(finding)))

    def of(self, path: str) -> frozenset[int]:
        """The changed lines of a file, 1-based; both neighbours of lines that were taken out are among them."""
        if path not in self._changed:
            self._changed[path] = frozenset(self._changes_in(path))
        return self._changed[path]

    def _changes_in(self, path: str) -> Iterable[int]:
        known = self._blobs.get(path)
        if known is not None and known == id_of_blob(self._lines.content(path), len(known)):
            return ()
        old = blob(self._root, self._commit, path)
        return changed_lines(() if old is None else split_lines(old), self._lines.of(path))

    def _touches(self, place: Place) -> bool:
        changed = self.of(place.path)
        return any(line in changed for line in range(place.span.line, place.span.end_line + 1))


def places_of(finding: Finding) -> Iterator[Place]:
    """Every place that a finding speaks of."""
    yield finding.sink.place
    for step in (*finding.path, *finding.supplied_path):
        yield step.place


def changed_lines(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[int]:
    """Numbers of the lines in `new` that differ from `old`, and of those beside a removal."""
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag == "delete":
            yield from (number for number in (start, start + 1) if number)
        elif tag != "equal":
            yield from range(start + 1, end + 1)


def commit_of(root: Path, revision: str) -> str:
    """The commit that a revision names."""
    if revision.startswith("-"):
        raise RevisionError(revision, "a revision does not start with a dash")
    done = git(root, revision, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise RevisionError(revision, reason or NO_COMMIT)
    return done.stdout.decode().strip()


def blobs_of(root: Path, commit: str) -> dict[str, str]:
    """The ids of what the files below a folder held at a commit; most are what they were, which an id tells."""
    done = git(root, commit, "ls-tree", "-r", "-z", commit)
    rows = done.stdout.decode("utf-8", "backslashreplace").split("\0") if done.returncode == 0 else []
    pairs = [row.partition("\t") for row in rows]
    return {path: words.split()[2] for words, _, path in pairs if path}


def id_of_blob(content: bytes, length: int) -> str:
    """What git calls a content, in a repository whose ids are so long."""
    made = hashlib.sha1 if length == 40 else hashlib.sha256
    return made(b"blob %d\0%b" % (len(content), content), usedforsecurity=False).hexdigest()


def blob(root: Path, commit: str, path: str) -> bytes | None:
    """What a file held at a commit; None when it was not there."""
    done = git(root, commit, "cat-file", "blob", f"{commit}:./{path}")
    return None if done.returncode else done.stdout


def git(root: Path, revision: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run git in the project root."""
    command = ["git", "-C", str(root), *SAFE_SETTINGS, *arguments]
    try:
        return subprocess.run(  # noqa: S603 (fixed words; the revision is checked, paths follow a commit's hash)
            command, capture_output=True, check=False, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL
        )
    except FileNotFoundError:
        raise RevisionError(revision, "git is not installed, or not on the PATH") from None
