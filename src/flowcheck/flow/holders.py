"""Who holds a function: the containers, classes and objects of the program by which it can be called.

SENDERS["contact"] = contact_of         held by SENDERS, which `get` of that module mentions
def get(name): return SENDERS[name]     so whoever mentions `get` or `SENDERS` may call `contact_of`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowcheck.flow.heap import Obj
from flowcheck.flow.values import Content, ObjectId, Ref, is_global
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
        self._held: dict[ObjectId, list[tuple[ObjectId, Content | None]]] = {}
        for state in list(machine.modules.values()):
            for id, obj in state.state.heap.items():
                if is_global(id):
                    self._note(id, obj)

    def _note(self, id: ObjectId, obj: Obj) -> None:  # noqa: A002 - the word for it everywhere
        if obj.kind == "function" and isinstance(obj.detail, CodeRef):
            self._ids.setdefault(obj.detail, []).append(id)
            return
        held: list[tuple[Content | None, Ref]] = [
            (content, atom) for content, value in obj.fields.items() for atom in value.atoms if isinstance(atom, Ref)
        ]
        if obj.rest is not None:
            held += [(None, atom) for atom in obj.rest.atoms if isinstance(atom, Ref)]
        for content, atom in held:
            self._held.setdefault(atom.id, []).append((id, content))

    def words(self, ref: CodeRef) -> list[tuple[str, str]]:
        """The words, each with the module that it belongs to, by which code may reach a function that is held."""
        found: dict[tuple[str, str], None] = {}
        pending = [(id, 0) for id in self._ids.get(ref, ())]
        seen = {id for id, _ in pending}
        while pending:
            inner, depth = pending.pop()
            for owner, content in self._held.get(inner, ()):
                found.update(dict.fromkeys(self._words_of(owner, content, depth)))
                if owner not in seen and depth < DEEPEST:
                    seen.add(owner)
                    pending.append((owner, depth + 1))
        return list(found)

    def _words_of(self, owner: ObjectId, content: Content | None, depth: int) -> Iterator[tuple[str, str]]:
        """The name that a module or class gives to what is held; the functions that mention a module's container."""
        module = str(owner[1])
        if not self.machine.program.has_module(module) or content is None or content.kind != "attr":
            return
        name = str(content.name)
        if depth or len(owner) > 2:
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
