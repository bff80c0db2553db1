"""The code base as the interpreter sees it: modules by name, their facts on demand, who mentions a word.

Nothing is loaded before it is asked for: `facts("shop.ads")` lowers that file (or takes it from the
store), `modules_with("phone")` asks the word index only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from flowcheck.facts.files import Code, FileFacts
from flowcheck.project.words import assignment_word, extension_word, import_word

SCRIPTS = "sql:"
"""How the names of SQL files start, which are no modules to anybody's import."""


class Files(Protocol):
    """Where the program's files come from."""

    def facts(self, path: str) -> FileFacts:
        """The facts of a file, lowered now or taken from the store."""

    def paths_with(self, word: str) -> Iterable[str]:
        """The files in which an identifier occurs, also inside strings and comments."""


class CodeRef(NamedTuple):
    """A code of a module."""

    module: str
    index: int  # type: ignore[assignment]  # hides the tuple's own, which nobody asks for


class Program:
    """All modules of the analysed code base.

    `modules` maps each dotted name a file can be imported by to its path; `primary` maps a path to the one name
    that findings use.
    """

    def __init__(self, modules: Mapping[str, str], primary: Mapping[str, str], files: Files) -> None:
        self._paths = dict(modules)
        self._primary = dict(primary)
        self._files = files
        self._packages = packages_of(self._paths)
        self._name_parts: frozenset[str] | None = None
        self._mentioning: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, list[str]] = {}
        self._mentioned: dict[str, frozenset[str]] = {}
        self._loaded: dict[str, FileFacts] = {}
        self._texts: dict[str, FileFacts] = {}  # by module: texts that the program itself runs
        self._by_qualname: dict[str, dict[str, Code]] = {}
        self._children: dict[str, dict[int, list[Code]]] = {}
        self._declared_global: dict[str, frozenset[str]] = {}

    def add_text(self, module: str, parent: str, facts: FileFacts) -> None:
        """Make a text that a module runs a module of its own, in the same file, which no import finds by this name."""
        self._texts[module] = facts
        self._paths[module] = self._paths[parent]

    def canonical(self, module: str) -> str:
        """The primary name of the file that `module` is."""
        return module if module in self._texts else self._primary[self._paths[module]]

    def names_of(self, module: str) -> list[str]:
        """Every name under which the file of a module can be imported."""
        if not self._names:
            for name, path in self._paths.items():
                self._names.setdefault(path, []).append(name)
        return self._names[self._paths[module]]

    def is_same(self, one: str, other: str) -> bool:
        """Whether two names are those of one file."""
        if one == other:
            return True
        is_file = one in self._paths and one not in self._texts and other not in self._texts
        return is_file and self._paths[one] == self._paths.get(other)

    def has_module(self, module: str) -> bool:
        """Whether a file of the code base can be imported under this name."""
        return module in self._paths

    def has_package(self, name: str) -> bool:
        """Whether modules lie below this name (also where there is no __init__.py)."""
        return name in self._packages

    def is_package(self, module: str) -> bool:
        """Whether the module is a package's __init__.py."""
        return self._paths[module].rpartition("/")[2] == "__init__.py"

    def path_of(self, module: str) -> str:
        """The file of a module."""
        return self._paths[module]

    def facts(self, module: str) -> FileFacts:
        """The facts of a module, loaded at the first call."""
        if module in self._texts:
            return self._texts[module]
        path = self._paths[module]
        found = self._loaded.get(path)
        if found is None:
            found = self._loaded[path] = self._files.facts(path)
        return found

    def code(self, ref: CodeRef) -> Code:
        """The code that a reference names."""
        return self.facts(ref.module).codes[ref.index]

    def children(self, ref: CodeRef) -> list[Code]:
        """The codes that stand directly in a code, in order."""
        found = self._children.get(ref.module)
        if found is None:
            found = self._children[ref.module] = {}
            for code in self.facts(ref.module).codes:
                found.setdefault(code.parent, []).append(code)
        return found.get(ref.index, [])

    def declared_global(self, module: str) -> frozenset[str]:
        """The names that some function of a module declares `global`."""
        found = self._declared_global.get(module)
        if found is None:
            codes = self.facts(module).codes[1:]
            found = self._declared_global[module] = frozenset(name for code in codes for name in code.globals)
        return found

    def code_named(self, module: str, qualname: str) -> Code | None:
        """A code by its name within the module."""
        names = self._by_qualname.get(module)
        if names is None:
            names = {code.qualname: code for code in self.facts(module).codes}
            self._by_qualname[module] = names
        return names.get(qualname)

    def modules_with(self, word: str) -> tuple[str, ...]:
        """The modules that mention a word, by path."""
        found = self._mentioning.get(word)
        if found is None:
            paths = sorted(self._files.paths_with(word))
            found = self._mentioning[word] = tuple(self._primary[path] for path in paths if path in self._primary)
        return found

    def mentions(self, module: str, word: str) -> bool:
        """Whether a module mentions a word."""
        found = self._mentioned.get(word)
        if found is None:
            found = self._mentioned[word] = frozenset(self.modules_with(word))
        return module in found

    def modules_assigning(self, name: str) -> tuple[str, ...]:
        """The modules that assign an attribute of this name on anything but `self`, by path."""
        return self.modules_with(assignment_word(name))

    def modules_extending(self, name: str) -> tuple[str, ...]:
        """The modules with a class that extends one of this name, also where they call it by another, by path."""
        return self.modules_with(extension_word(name))

    def modules_importing(self, name: str) -> tuple[str, ...]:
        """The modules that import something of this name from somewhere, by path, then those that import `*`."""
        return (*self.modules_with(import_word(name)), *self.modules_with(import_word("*")))

    def knows(self, word: str) -> bool:
        """Whether an identifier is mentioned in a file or is a part of a module's name."""
        return self.is_module_part(word) or bool(self.modules_with(word))

    def is_module_part(self, word: str) -> bool:
        """Whether a module's dotted name has that part."""
        if self._name_parts is None:
            self._name_parts = frozenset(
                part for module in self._paths if not module.startswith(SCRIPTS) for part in module.split(".")
            )
        return word in self._name_parts

    def loaded(self) -> list[str]:
        """The paths of the files whose facts were needed, sorted."""
        return sorted(self._loaded)

    def all_modules(self) -> list[str]:
        """The primary name of every file, by path."""
        return [self._primary[path] for path in sorted(self._primary)]

    def absolute(self, module: str, level: int, name: str) -> str:
        """The absolute name of `from <level dots>name import ...` written in `module`."""
        if level == 0:
            return name
        parts = module.split(".")
        drop = level - 1 if self.is_package(module) else level
        base = parts[: len(parts) - drop] if drop <= len(parts) else []
        return ".".join([*base, *([name] if name else [])])


def packages_of(modules: Iterable[str]) -> set[str]:
    """All proper prefixes of the names."""
    packages: set[str] = set()
    for module in modules:
        if module.startswith(SCRIPTS):
            continue
        parts = module.split(".")
        packages.update(".".join(parts[:count]) for count in range(1, len(parts)))
    return packages
