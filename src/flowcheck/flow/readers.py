"""Readers: which codes that mention a field's name may read that field.

self.name        in a method: a field of the method's class, of its bases or of its subclasses
anything.name    a field of whatever that is
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.traversal import parts_of

if TYPE_CHECKING:
    from flowcheck.flow.machine import Machine

RECEIVER = "self"


class Said(NamedTuple):
    """The words of a body: those of fields of the receiver, and all others, in one text."""

    text: str
    fields: tuple[str, ...]

    def otherwise(self, word: str) -> bool:
        """Whether a word is said but as a field of the receiver."""
        return word in self.text or any(word in field and word != field for field in self.fields)


class Families:
    """The classes of a code base by the names they are written under, with all that are above or below them."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._found: dict[str, frozenset[str]] = {}
        self._bases_in: dict[str, dict[str, list[str]]] = {}
        self._said: dict[tuple[str, int], Said] = {}

    def said(self, module: str, code: Code) -> Said:
        """What a code says."""
        found = self._said.get((module, code.index))
        if found is None:
            found = self._said[module, code.index] = said_in(code.body)
        return found

    def of(self, name: str) -> frozenset[str]:
        """The names of a class, of its subclasses, and of the bases of them all; "" for a base without a name."""
        found = self._found.get(name)
        if found is None:
            names = dict.fromkeys(self.machine.hierarchy.names_below(name))
            pending = list(names)
            while pending:
                for base in self._bases(pending.pop()):
                    if base not in names:
                        names[base] = None
                        pending.append(base)
            found = self._found[name] = frozenset(names)
        return found

    def _bases(self, name: str) -> Iterator[str]:
        for module in self.machine.program.modules_with(name):
            if module not in self._bases_in:
                written = self._bases_in[module] = {}
                for each, bases in self.machine.hierarchy.class_statements(module):
                    written.setdefault(each, []).extend(bases)
            yield from self._bases_in[module].get(name, ())


def may_read(families: Families, module: str, code: Code, word: str, owners: AbstractSet[str]) -> bool:
    """Whether a code that mentions a word may read a field of that name of one of the classes `owners`."""
    codes = families.machine.program.facts(module).codes
    around = codes[code.parent] if code.parent > 0 else None
    is_method = around is not None and around.kind == "class" and code.parameters[:1] != ()
    if around is None or not is_method or code.parameters[0].name != RECEIVER:
        return True
    if families.said(module, code).otherwise(word):
        return True
    family = families.of(around.name)
    return "" in family or not owners.isdisjoint(family)


def said_in(body: object) -> Said:
    """What a body says, by one walk through it, however many fields are asked about."""
    texts: dict[str, None] = {}
    fields: dict[str, None] = {}
    pending: list[object] = [body]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            texts[node] = None
        elif isinstance(node, tree.Attribute) and isinstance(node.value, tree.Name) and node.value.id == RECEIVER:
            fields[node.attr] = None
        else:
            pending.extend(parts_of(node))
    return Said("\0".join(texts), tuple(fields))


__all__ = ["Families", "may_read"]
