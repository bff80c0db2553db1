"""Who holds a function: the containers, classes and objects of the program by which it can be called.

SENDERS["contact"] = contact_of         held by SENDERS, which `get` of that module mentions
def get(name): return SENDERS[name]     so whoever mentions `get` or `SENDERS` may call `contact_of`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowcheck.facts import tree
from flowcheck.flow.heap import Obj
from flowcheck.flow.names import function_id
from flowcheck.flow.values import Atom, Content, External, Input, ObjectId, Ref, is_global
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.flow.machine import Machine

DEEPEST = 4
"""Objects inside one another through which a function is held."""

MOST_NEAR = 40
"""Files that may mention such a word and its module for them to be looked at."""


class Holders:
    """What the imports seen so far put where."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._ids: dict[CodeRef, list[ObjectId]] = {}
        self._kinds: dict[ObjectId, str] = {}
        self._held: dict[ObjectId, list[tuple[ObjectId, Content | None]]] = {}
        self._instances: dict[ObjectId, list[ObjectId]] = {}
        self._libraries: dict[str, list[tuple[ObjectId, Content | None]]] = {}
        for state in list(machine.modules.values()):
            for id, obj in state.state.heap.items():
                if is_global(id):
                    self._note(id, obj)

    def _note(self, id: ObjectId, obj: Obj) -> None:  # noqa: A002 - the word for it everywhere
        self._kinds[id] = obj.kind
        if obj.kind == "function" and isinstance(obj.detail, CodeRef):
            self._ids.setdefault(obj.detail, []).append(id)
        if obj.kind == "instance" and isinstance(obj.type, Ref):
            self._instances.setdefault(obj.type.id, []).append(id)
        for content, value in (*obj.fields.items(), *([(None, obj.rest)] if obj.rest is not None else [])):
            for atom in self._resolved(value.atoms):
                if isinstance(atom, Ref):
                    self._held.setdefault(atom.id, []).append((id, content))
                elif isinstance(atom, External):
                    self._libraries.setdefault(atom.name, []).append((id, content))

    def _resolved(self, atoms: tuple[Atom, ...]) -> Iterator[Atom]:
        """What names stand for that were imported from where they had been assigned."""
        for atom in atoms:
            path = atom.path if isinstance(atom, Input) else ()
            if len(path) != 2 or not isinstance(path[0].name, tuple):
                yield atom
                continue
            home = self.machine.modules.get(str(path[0].name[1]))
            owner = home.state.heap.get(path[0].name) if home is not None else None
            yield from owner.fields[path[1]].atoms if owner is not None and path[1] in owner.fields else ()

    def words(self, ref: CodeRef) -> list[tuple[str, str]]:
        """The words, each with the module that it belongs to, by which code may reach a function that is held, under
        another name than its own.
        """
        name = self.machine.program.code(ref).name
        statement = self.machine.definition_of(ref) if self.machine.program.code(ref).parent == 0 else None
        plain = [function_id(ref.module, statement)] if isinstance(statement, tree.DefineFunction) else []
        return self._words([(id, 0) for id in dict.fromkeys([*self._ids.get(ref, ()), *plain])], name)

    def words_of_sources(self) -> list[tuple[str, str]]:
        """Likewise of the functions of libraries that are sources."""
        found: dict[tuple[str, str], None] = {}
        calls = self.machine.labels.source_calls
        for name, holders in self._libraries.items():
            if calls.matching(name):
                last = name.rpartition(".")[2]
                for owner, content in holders:
                    found.update(dict.fromkeys(self._words_of(owner, content, 0, last)))
                found.update(dict.fromkeys(self._words([(owner, 1) for owner, _ in holders], last)))
        return list(found)

    def _words(self, pending: list[tuple[ObjectId, int]], name: str) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], None] = {}
        is_special = name.startswith("__")
        seen = {id for id, _ in pending}
        while pending:
            inner, depth = pending.pop()
            holders = self._held.get(inner, [])
            if is_special:
                holders = [*holders, *((id, None) for id in self._instances.get(inner, ()))]
            for owner, content in holders:
                found.update(dict.fromkeys(self._words_of(owner, content, depth, name)))
                if owner not in seen and depth < DEEPEST:
                    seen.add(owner)
                    pending.append((owner, depth + 1))
        return list(found)

    def _words_of(
        self,
        owner: ObjectId,
        content: Content | None,
        depth: int,
        own: str,
    ) -> Iterator[tuple[str, str]]:
        """The name that a module or class gives to what is held; the functions that mention a module's container."""
        module = str(owner[1])
        if not self.machine.program.has_module(module) or content is None or content.kind != "attr":
            return
        name = str(content.name)
        if self._kinds.get(owner) == "scope" or name.startswith("__"):
            return
        if depth or len(owner) > 2 or name != own:
            yield name, module
        if depth and len(owner) == 2:
            yield from ((accessor, module) for accessor in self._accessors(module, name))

    def _accessors(self, module: str, name: str) -> Iterator[str]:
        """The functions of a module that mention one of its names."""
        codes = self.machine.program.facts(module).codes
        for code in codes[1:]:
            if name in code.mentions:
                outer = code
                while outer.parent > 0:
                    outer = codes[outer.parent]
                yield outer.name

    def codes_near(self, word: str, module: str) -> Iterator[CodeRef]:
        """The codes that mention a word, in files that mention the module it belongs to, or in that itself."""
        program = self.machine.program
        around = {module, *program.modules_with(module.rpartition(".")[2])}
        near = [each for each in program.modules_with(word) if each in around]
        for each in near if len(near) <= MOST_NEAR else ():
            for code in program.facts(each).codes:
                if word in code.mentions:
                    yield CodeRef(each, code.index)
