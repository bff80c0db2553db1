"""Readers: which codes that mention a field's name may read that field.

self.name        in a method: a field of the method's class, of its bases or of its subclasses
anything.name    a field of whatever that is
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from msgspec import Struct

from flowcheck.facts import tree
from flowcheck.facts.files import Code

if TYPE_CHECKING:
    from flowcheck.flow.machine import Machine

RECEIVER = "self"


class Families:
    """The classes of a code base by the names they are written under, with all that are above or below them."""

    def __init__(self, machine: Machine, subclasses: Callable[[str, str], list[str]]) -> None:
        self.machine = machine
        self._subclasses = subclasses
        self._found: dict[tuple[str, str], frozenset[str]] = {}
        self._bases_in: dict[str, dict[str, list[str]]] = {}

    def of(self, module: str, name: str) -> frozenset[str]:
        """The names of a class, of its subclasses, and of the bases of them all."""
        found = self._found.get((module, name))
        if found is None:
            names = dict.fromkeys(self._subclasses(module, name))
            pending = list(names)
            while pending:
                for base in self._bases(pending.pop()):
                    if base not in names:
                        names[base] = None
                        pending.append(base)
            found = self._found[module, name] = frozenset(names)
        return found

    def _bases(self, name: str) -> Iterator[str]:
        for module in self.machine.program.modules_with(name):
            if module not in self._bases_in:
                written = self._bases_in[module] = {}
                for each, bases in self.machine.class_statements(module):
                    written.setdefault(each, []).extend(bases)
            yield from self._bases_in[module].get(name, ())


def may_read(families: Families, module: str, code: Code, word: str, owners: AbstractSet[str]) -> bool:
    """Whether a code that mentions a word may read a field of that name of one of the classes `owners`."""
    codes = families.machine.program.facts(module).codes
    around = codes[code.parent] if code.parent > 0 else None
    is_method = around is not None and around.kind == "class" and code.parameters[:1] != ()
    if around is None or not is_method or code.parameters[0].name != RECEIVER or says_otherwise(code.body, word):
        return True
    return not owners.isdisjoint(families.of(module, around.name))


def says_otherwise(node: object, word: str) -> bool:
    """Whether a part of a body says a word but as a field of the receiver."""
    if isinstance(node, str):
        return word in node
    if isinstance(node, tuple):
        return any(says_otherwise(each, word) for each in node)
    if not isinstance(node, Struct):
        return False
    if isinstance(node, tree.Attribute) and node.attr == word:
        return not (isinstance(node.value, tree.Name) and node.value.id == RECEIVER)
    return any(says_otherwise(getattr(node, name), word) for name in node.__struct_fields__)


__all__ = ["Families", "may_read"]
