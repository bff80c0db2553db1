"""Which files are analysed: the Python and SQL files below the given paths.

    discover(root, [root / "src"], exclude=["build/"])
        files     src/app.py, src/accounts/models.py, ... sorted, relative to the root, with "/"
        problems  what could not be looked at

Left out: what `.gitignore` or `exclude` names, version control, caches, virtual environments, `node_modules`,
and whatever is no regular file. Links found on the way are not followed: what they point to is analysed
where it stands, if it lies below the given paths at all. A file that is named itself is always analysed, a
script without `.py` too if its first line says that it is Python.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from flowcheck.errors import FlowcheckError
from flowcheck.facts.files import SQL_SUFFIX
from flowcheck.project.ignoring import Ignores, IgnoreSpec
from flowcheck.project.settings import repository_root

SIZE_LIMIT = 20_000_000
"""Bytes beyond which a file is not analysed but reported."""

_SKIPPED_FOLDERS = frozenset(
    {
        *(".git", ".hg", ".svn", "__pycache__", "node_modules", ".tox", ".nox", ".eggs"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints"),
    }
)
_ENVIRONMENT_MARKS = frozenset({"pyvenv.cfg", "conda-meta"})
_SHEBANG = re.compile(rb"#!.*\bpython")


class MissingPathError(FlowcheckError):
    """A path that was asked for and does not exist."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path}: no such file or folder"


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """A file to analyse. `path` is relative to the project root, with `/`, and printable; `location` opens it."""

    path: str
    location: str
    size: int
    mtime_ns: int

    @property
    def absolute(self) -> Path:
        """Where the file is."""
        return Path(self.location)


@dataclass(frozen=True, slots=True, order=True)
class PathProblem:
    """A file or folder that could not be looked at, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found, sorted by path.

    `packages` are the folders (relative to the root, empty for the root itself) that hold an `__init__.py`,
    those above the given paths included.
    """

    files: tuple[SourceFile, ...]
    problems: tuple[PathProblem, ...]
    packages: frozenset[str]


def discover(root: Path, paths: Sequence[Path], exclude: Sequence[str] = ()) -> Discovery:
    """The files to analyse below `paths`, both absolute. Raises MissingPathError for one that does not exist."""
    search = _Search(root, exclude)
    for path in paths:
        search.add(Path(os.path.normpath(path)))
    return search.result()


def relative_path(path: Path, root: Path) -> str:
    """A path relative to the root, with `/` and bytes that are no UTF-8 escaped. Empty for the root itself."""
    relative = os.path.relpath(path, root)
    text = os.fsencode(relative).decode("utf-8", "backslashreplace").replace(os.sep, "/")
    return "" if text == "." else text


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into: where it is, and how the paths of its entries start for reports and for patterns."""

    location: str
    start: str
    base: str
    ignores: Ignores


class _Search:
    """Collects files; each is kept once, however many of the paths it lies below."""

    def __init__(self, root: Path, exclude: Sequence[str]) -> None:
        self._root = root
        self._top = repository_root(root) or root  # patterns are matched on paths relative to this
        self._ignores = Ignores(IgnoreSpec(exclude, self._base(root)))
        self._files: dict[str, SourceFile] = {}
        self._problems: set[PathProblem] = set()
        self._packages: set[str] = set()

    def add(self, path: Path) -> None:
        """Take in a path that was asked for."""
        if not path.exists():
            raise MissingPathError(str(path))
        self._note_packages_above(path)
        if path.is_dir():
            self._walk(path, self._ignores_at(path))
        else:
            self._add_named_file(path)

    def result(self) -> Discovery:
        found = tuple(self._files[path] for path in sorted(self._files))
        packages = {file.path.rpartition("/")[0] for file in found if file.path.rpartition("/")[2] == "__init__.py"}
        return Discovery(found, tuple(sorted(self._problems)), frozenset(packages | self._packages))

    def _note_packages_above(self, path: Path) -> None:
        """A file's module name rests on the packages it lies in, whether or not those were asked for."""
        for folder in path.parents:
            if not (folder / "__init__.py").is_file():
                break
            self._packages.add(relative_path(folder, self._root))

    def _ignores_at(self, folder: Path) -> Ignores:
        """What is ignored in a folder that was asked for: all that is, unless the folder itself is ignored."""
        ignores = self._ignores
        for parent in reversed(folder.parents):
            if parent.is_relative_to(self._top):
                ignores = ignores.within(parent, self._base(parent))
        base = self._base(folder)
        is_named_although_ignored = bool(base) and ignores.is_ignored(base)
        return Ignores(IgnoreSpec(())) if is_named_although_ignored else ignores

    def _base(self, folder: Path) -> str:
        """How the paths of all that lies in a folder start, seen from the top."""
        relative = relative_path(folder, self._top)
        return f"{relative}/" if relative else ""

    def _walk(self, path: Path, ignores: Ignores) -> None:
        relative = relative_path(path, self._root)
        pending = [_Folder(str(path), f"{relative}/" if relative else "", self._base(path), ignores)]
        while pending:
            folder = pending.pop()
            entries = self._entries(folder)
            names = {entry.name for entry in entries}
            if _ENVIRONMENT_MARKS & names and folder.location != str(path):
                continue
            if ".gitignore" in names:
                inner = folder.ignores.within(Path(folder.location), folder.base)
                folder = replace(folder, ignores=inner)
            pending += self._visit(folder, entries)

    def _entries(self, folder: _Folder) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder.location) as entries:
                return list(entries)
        except OSError as error:
            self._problem(folder.start.rstrip("/"), f"cannot be read: {error.strerror}")
            return []

    def _visit(self, folder: _Folder, entries: Iterable[os.DirEntry[str]]) -> Iterator[_Folder]:
        """Keep the Python and SQL files of a folder; what is yielded are the folders to look into."""
        base, start, ignores = folder.base, folder.start, folder.ignores
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                name = _printable(entry.name)
                if name not in _SKIPPED_FOLDERS and not ignores.is_ignored(f"{base}{name}/"):
                    yield _Folder(entry.path, f"{start}{name}/", f"{base}{name}/", ignores)
            elif entry.name.endswith((".py", SQL_SUFFIX)) and entry.is_file(follow_symlinks=False):
                name = _printable(entry.name)
                if not ignores.is_ignored(f"{base}{name}"):
                    self._keep(f"{start}{name}", entry.path, entry.stat(follow_symlinks=False))

    def _add_named_file(self, path: Path) -> None:
        relative = relative_path(path, self._root)
        try:
            status = path.stat()
            is_python = stat.S_ISREG(status.st_mode) and (
                path.suffix in (".py", ".pyw", SQL_SUFFIX) or _is_python_script(path)
            )
        except OSError as error:
            self._problem(relative, f"cannot be read: {error.strerror}")
            return
        if is_python:
            self._keep(relative, str(path), status)
        else:
            self._problem(relative, "is no Python file")

    def _keep(self, path: str, location: str, status: os.stat_result) -> None:
        if status.st_size > SIZE_LIMIT:
            self._problem(path, f"is not analysed: it has more than {SIZE_LIMIT // 1_000_000} MB")
        else:
            self._files[path] = SourceFile(path, location, status.st_size, status.st_mtime_ns)

    def _problem(self, path: str, message: str) -> None:
        self._problems.add(PathProblem(path or ".", message))


def _printable(name: str) -> str:
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _is_python_script(path: Path) -> bool:
    """Whether a file starts with `#!... python`."""
    with path.open("rb") as file:
        return _SHEBANG.match(file.readline(200)) is not None
