"""Under which names the files of a program can be imported.

    src/shop/models.py        shop.models                     `src/` is an import root
    backend/ads/jobs.py       ads.jobs, backend.ads.jobs      ... and so is what a package stands in
    jobs/nightly.py           jobs.nightly, nightly           a folder without `__init__.py`: namespace or scripts
    google/cloud/x/api.py     google.cloud.x.api              ... that holds nothing but packages: a namespace

The first name is the one that rules and reports use. The others are tried for imports only, and only by files
below the folder that the name starts from: `jobs/weekly.py` may say `import nightly`, `app.py` may not.
Everything rests on the paths and on which folders hold an `__init__.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SOURCE_FOLDERS = frozenset({"src", "lib"})
"""Folders that are import roots by custom, when they are no packages themselves."""


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """The names of one file, best first; a package is named by its `__init__.py`."""

    primary: str
    alternates: tuple[str, ...]
    is_package: bool

    @property
    def all(self) -> tuple[str, ...]:
        """Primary name and alternates."""
        return (self.primary, *self.alternates)


class ModuleIndex:
    """The modules of a program by file and by name.

    `paths` are relative to the root, `packages` the folders (empty for the root) that hold an `__init__.py`;
    `root_name` is the root folder's own name, needed when the root is a package itself.
    """

    def __init__(self, paths: Iterable[str], packages: frozenset[str] = frozenset(), root_name: str = "") -> None:
        ordered = sorted(paths)
        folders = packages | {_folder(path) for path in ordered if _stem(path) == "__init__"}
        layout = _Layout(frozenset(folders), _folders_with_modules(ordered), root_name)
        entries = {path: layout.entries_of(path) for path in ordered}
        self._names = {path: _names(path, found) for path, found in entries.items()}
        self._files = _by_name(entry for found in entries.values() for entry in found)
        self._namespaces = _prefixes(self._files)

    def names_of(self, path: str) -> ModuleNames:
        """The names of a file of the program. Raises KeyError for another."""
        return self._names[path]

    def files_of(self, name: str, importer: str = "") -> tuple[str, ...]:
        """The files that a dotted name may mean to the file that imports it, best first.

        Best is what stands nearest to the importer; then a file of which this is the first name. None when
        the name is no module of the program.
        """
        entries = self._files.get(name, ())
        heard = [entry for entry in entries if entry.rank == 0 or _is_below(importer, entry.root)]
        ordered = sorted(heard, key=lambda entry: (-_shared_folders(entry.path, importer), entry.rank, entry.path))
        return tuple(entry.path for entry in ordered)

    def file_of(self, name: str, importer: str = "") -> str | None:
        """The best of `files_of`, None when there is none."""
        return next(iter(self.files_of(name, importer)), None)

    def is_namespace(self, name: str) -> bool:
        """Whether modules of the program stand below the name, be it a module itself or not."""
        return name in self._namespaces

    def submodules(self, name: str) -> tuple[str, ...]:
        """The full names of the modules directly below a package or namespace, sorted."""
        return self._namespaces.get(name, ())

    def paths(self) -> tuple[str, ...]:
        """All files, sorted."""
        return tuple(self._names)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One name of a file, its rank among the file's names, and the folder that the name starts from."""

    name: str
    path: str
    rank: int
    root: str


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the folders of a program say about its import roots."""

    packages: frozenset[str]
    with_modules: frozenset[str]
    root_name: str

    def entries_of(self, path: str) -> tuple[_Entry, ...]:
        parts = _module_parts(path)
        roots = self._roots(_folder(path))
        named = {".".join(parts[_depth(root) :]): root for root in reversed(roots)}
        names = [".".join(parts[_depth(root) :]) for root in roots]
        if "" in self.packages and self.root_name:
            names.insert(0, ".".join((self.root_name, *parts)))
        kept = [name for name in names if name] or [path]
        return tuple(_Entry(name, path, rank, named.get(name, "")) for rank, name in enumerate(kept))

    def _roots(self, folder: str) -> list[str]:
        """The folders from which the modules of a folder can be imported, best first."""
        top = self._top(folder)
        above = _and_above(top)
        best = next((root for root in above if self._is_root(root, top)), above[-1])
        return [best, *(root for root in above if root != best)]

    def _top(self, folder: str) -> str:
        """The folder in which the outermost package stands that a folder belongs to."""
        while folder in self.packages and folder not in ("", ".."):
            folder = _folder(folder)
        return folder

    def _is_root(self, folder: str, top: str) -> bool:
        """Whether programs are likely to be started with a folder on their path.

        `src` is by custom. What a package stands in is, unless it holds no module: then it is a namespace.
        """
        if not folder or folder.rpartition("/")[2] in (*SOURCE_FOLDERS, ".."):
            return True
        return folder == top and folder in self.with_modules and self._holds_packages(folder)

    def _holds_packages(self, folder: str) -> bool:
        return any(_folder(package) == folder for package in self.packages if package)


def _folders_with_modules(paths: Iterable[str]) -> frozenset[str]:
    """The folders with a Python file of their own that is no `__init__.py`."""
    return frozenset(_folder(path) for path in paths if _stem(path) != "__init__")


def _names(path: str, entries: tuple[_Entry, ...]) -> ModuleNames:
    primary, *alternates = (entry.name for entry in entries)
    return ModuleNames(primary, tuple(alternates), _stem(path) == "__init__")


def _by_name(entries: Iterable[_Entry]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.name, []).append(entry)
    return found


def _prefixes(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names directly below each dotted prefix."""
    below: dict[str, set[str]] = {}
    for name in names:
        parts = name.split(".")
        for length in range(1, len(parts)):
            below.setdefault(".".join(parts[:length]), set()).add(".".join(parts[: length + 1]))
    return {above: tuple(sorted(names)) for above, names in below.items()}


# --- paths -------------------------------------------------------------------------------------


def _module_parts(path: str) -> tuple[str, ...]:
    """The folders and the module of a path; none for the `__init__.py` of the root."""
    *folders, file = path.split("/")
    stem = _stem(file)
    return tuple(folders) if stem == "__init__" else (*folders, stem)


def _stem(path: str) -> str:
    """The file's name without `.py`; a script's is its whole name."""
    name = path.rpartition("/")[2]
    return name[: name.rindex(".")] if name.endswith((".py", ".pyw")) else name


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _and_above(folder: str) -> list[str]:
    """A folder and those above it, the root last; nothing above the root."""
    found = [folder]
    while folder and folder.rpartition("/")[2] != "..":
        folder = _folder(folder)
        found.append(folder)
    return found


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def _shared_folders(path: str, other: str) -> int:
    """How many leading folders two paths share."""
    shared = 0
    for one, two in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if one != two:
            break
        shared += 1
    return shared
