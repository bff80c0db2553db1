"""Scopes as Python has them, and the resolution of names once a whole file is lowered.

    def enroll(phone):                      phone  CELL here, FREE in `send`
        sent = [p for p in phones]          p      LOCAL, renamed `p.1`
        def send():
            return phone, sent              phones GLOBAL

A name is written down where it is used, with the scope of that place; what it means depends on what
the rest of the file binds, so every `Name` gets its final `id` and `scope` at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import force_setattr

from flowcheck.facts.tree import CELL, FREE, GLOBAL, LOCAL, Name


class Scope:
    """What one module, function, lambda, class body or comprehension binds and uses.

    `owner` is the scope of the code that runs it: of the enclosing code for a comprehension, else itself.
    """

    def __init__(self, kind: str, parent: Scope | None) -> None:
        self.kind = kind
        self.parent = parent
        self.owner: Scope = parent.owner if kind == "comprehension" and parent is not None else self
        self.uses: dict[str, list[Name]] = {}
        self.globals: set[str] = set()
        self.bound_globals: set[str] = set()
        self.captured: set[str] = set()
        self.free: set[str] = set()
        self._nonlocals: set[str] = set()
        self._bound: dict[str, str] = {}
        self._renamed: dict[str, int] = {}

    def use(self, name: Name) -> None:
        """Note a read or a write of a name at this place."""
        self.uses.setdefault(name.id, []).append(name)

    def bind(self, name: str) -> None:
        """Note that this place binds a name."""
        if name in self.globals:
            self.bound_globals.add(name)
        elif self.kind == "comprehension":
            if name not in self._bound:
                self._bound[name] = self.owner.rename(name)
        elif name not in self._nonlocals:
            self._bound[name] = name

    def rename(self, name: str) -> str:
        """The name, in this code, of a further comprehension variable: `x.1`, `x.2`."""
        count = self._renamed[name] = self._renamed.get(name, 0) + 1
        renamed = f"{name}.{count}"
        self._bound[renamed] = renamed
        return renamed

    def declare_global(self, name: str) -> None:
        """`global name`."""
        self.globals.add(name)

    def declare_nonlocal(self, name: str) -> None:
        """`nonlocal name`."""
        self._nonlocals.add(name)

    def bound(self, name: str) -> str | None:
        """What a name bound here is called in the code that runs this scope; None when it is not bound here."""
        return self._bound.get(name)

    @property
    def locals(self) -> tuple[str, ...]:
        """Sorted names bound here that no nested code captures."""
        return tuple(sorted(self._bound.keys() - self.captured))

    @property
    def cells(self) -> tuple[str, ...]:
        """Sorted names bound here that nested codes capture."""
        return tuple(sorted(self.captured))


def resolve(scopes: Iterable[Scope]) -> None:
    """Give every name used in these scopes its final `id` and `scope`, and the scopes what they capture."""
    here: list[tuple[Scope, str, list[Name]]] = []
    for scope in scopes:
        for name, uses in scope.uses.items():
            home, final = _home(scope, name)
            if home.kind == "module":
                _settle(uses, final, GLOBAL)
            elif home is scope.owner:
                here.append((home, final, uses))
            else:
                _capture(scope.owner, home, final)
                _settle(uses, final, FREE)
    for home, final, uses in here:
        _settle(uses, final, CELL if final in home.captured else LOCAL)


def _home(scope: Scope, name: str) -> tuple[Scope, str]:
    """The code's scope that a name lives in, and what it is called there."""
    for place in _visible(scope):
        if name in place.globals:
            break
        final = place.bound(name)
        if final is not None:
            return place.owner, final
    return _module_of(scope), name


def _visible(scope: Scope) -> Iterator[Scope]:
    """The scopes a name is looked up in; a class body is seen only from itself."""
    yield scope
    outer = scope.parent
    while outer is not None:
        if outer.kind != "class":
            yield outer
        outer = outer.parent


def _module_of(scope: Scope) -> Scope:
    while scope.parent is not None:
        scope = scope.parent
    return scope


def _capture(user: Scope, home: Scope, name: str) -> None:
    """Pass a name of an outer code through to the code that uses it."""
    home.captured.add(name)
    scope: Scope | None = user
    while scope is not None and scope is not home:
        scope.free.add(name)
        scope = scope.parent.owner if scope.parent is not None else None


def _settle(uses: list[Name], final: str, kind: str) -> None:
    """Complete the records of a name: nobody has seen them yet."""
    for name in uses:
        if name.scope is not kind:
            force_setattr(name, "scope", kind)
        if name.id != final:
            force_setattr(name, "id", final)
