"""Which modules may change a container of another module while they are imported.

# shop/registry.py                      # shop/mail.py
SENDERS = {}                            from shop.registry import sender, SENDERS
def sender(function):                   @sender                          changes it
    SENDERS[function.__name__] = ...    ALL = {**SENDERS, "none": None}  only reads it

Whoever reads `SENDERS` in a function sees what all imports left in it, so the modules that add to it are imported
first. Told by how the code is written, in favour of a change: what is not known to be a reading may change it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.traversal import parts_of
from flowcheck.flow.outside import imports_of
from flowcheck.program.program import Program

MOST_MENTIONS = 40
"""Modules that mention a name; of more, only those that can name a module which has it, by the parts of its name."""

READING_METHODS = frozenset({"copy", "count", "get", "index", "items", "keys", "values"})
"""Methods of containers that change nothing."""

READING_CALLS = frozenset({
    "all", "any", "bool", "dict", "enumerate", "frozenset", "isinstance", "iter", "len", "list", "max", "min", "print",
    "repr", "reversed", "set", "sorted", "str", "sum", "tuple", "zip",
})  # fmt: skip
"""Builtins that change nothing of what they are given."""

IsOutside: TypeAlias = Callable[[tree.Expression], bool]
"""Whether what an expression calls lies outside the program."""


@dataclass(frozen=True, slots=True)
class Word:
    """A name by which a container can be changed: its own, or that of what changes it when called or extended.

    `is_at_home` where the code stands in the module that binds the name at its top.
    """

    text: str
    is_container: bool
    is_at_home: bool = False

    def at_home(self) -> Word:
        """The same name in its own module."""
        return replace(self, is_at_home=True)

    def is_named_by(self, node: object) -> bool:
        """Whether a record is a mention of it."""
        match node:
            case tree.Name(id=self.text, scope=scope):
                return scope == tree.GLOBAL or not self.is_at_home
            case tree.Attribute(attr=self.text):
                return True
            case _:
                return False


class Changes:
    """Who changes what, each code looked through once for each name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str, int, Word], bool] = {}

    def changing_words(self, module: str, words: Iterable[str], owners: Iterable[str]) -> list[Word]:
        """The names by which other modules may change a container of a module.

        `words` are its own names, `owners` those of objects that hold it; the functions and classes of the module that
        may change it by these, or by one another, come with them.
        """
        found = {text: Word(text, is_container=False) for text in owners}
        found.update((text, Word(text, is_container=True)) for text in words)
        codes = [code for code in self._program.facts(module).codes[1:] if code.kind != "class"]
        grows = True
        while grows:
            grows = False
            for code in codes:
                name = outermost_name(self._program, module, code)
                if name not in found and any(self._changes(module, code, word.at_home()) for word in found.values()):
                    found[name] = Word(name, is_container=False)
                    grows = True
        return [word for word in found.values() if word.text.isidentifier()]

    def changing_modules(self, module: str, word: Word) -> Iterator[str]:
        """The modules that may, while they are imported, change what a name of another module stands for, by path."""
        for other in candidates(self._program, module, word.text):
            codes = self._program.facts(other).codes if other != module else ()
            if any(self._changes(other, code, word) for code in codes if code.kind in {"module", "class"}):
                yield other

    def _changes(self, module: str, code: Code, word: Word) -> bool:
        """Whether a code may change what a name stands for."""
        if word.text not in code.mentions:
            return False
        found = self._known.get((module, code.index, word))
        if found is None:
            is_outside = outside_calls(self._program, module, code)
            found = self._known[module, code.index, word] = may_change(code.body, word, is_outside)
        return found


def outermost_name(program: Program, module: str, code: Code) -> str:
    """The name of the function or class at the top of a module in which a code stands."""
    codes = program.facts(module).codes
    while code.parent > 0:
        code = codes[code.parent]
    return code.name


def candidates(program: Program, module: str, text: str) -> tuple[str, ...]:
    """The modules that mention a name of a module, and can have it from there or from who imports it."""
    mentioning = program.modules_with(text)
    if len(mentioning) <= MOST_MENTIONS:
        return mentioning
    homes = {module: None}
    pending = [module]
    while pending:
        home = pending.pop()
        near = [
            other for other in program.modules_importing(text) if other not in homes and can_name(program, other, home)
        ]
        homes.update(dict.fromkeys(near))
        pending.extend(near)
    return tuple(each for each in mentioning if each in homes or any(can_name(program, each, home) for home in homes))


def can_name(program: Program, module: str, other: str) -> bool:
    """Whether a module mentions all parts of a name of another that are not those of a package around both."""
    return any(says_parts(program, module, name) for name in program.names_of(other))


def says_parts(program: Program, module: str, name: str) -> bool:
    """Whether a module mentions the parts of a dotted name behind those that it shares with it."""
    here, parts = module.split("."), name.split(".")
    common = next((n for n, (one, two) in enumerate(zip(here, parts, strict=False)) if one != two), len(here))
    return all(program.mentions(module, part) for part in parts[common:])


def outside_calls(program: Program, module: str, code: Code) -> IsOutside:
    """Tells for a code which of the things it calls come from imports of what is not in the program."""

    def is_outside(called: tree.Expression) -> bool:
        root = called
        while isinstance(root, tree.Attribute | tree.Subscript | tree.Call):
            root = root.func if isinstance(root, tree.Call) else root.value
        if not isinstance(root, tree.Name):
            return False
        imports = imports_of(program, module, code, root.id)
        return bool(imports) and all(is_foreign(program, statement) for statement in imports)

    return is_outside


def is_foreign(program: Program, statement: tree.Import | tree.ImportFrom) -> bool:
    """Whether an import brings something that is not in the program."""
    if isinstance(statement, tree.ImportFrom) and statement.level:
        return False
    top = statement.module.partition(".")[0]
    return not program.has_module(top) and not program.has_package(top)


# --- readings --------------------------------------------------------------------------------------


def may_change(body: object, word: Word, is_outside: IsOutside) -> bool:
    """Whether a tree has a mention of a name that is not known to be a mere reading."""
    pending = [body]
    while pending:
        node = pending.pop()
        if word.is_named_by(node) or (isinstance(node, tree.ImportFrom) and renames(node, word)):
            return True
        pending.extend(unread_parts(node, word, is_outside))
    return False


def renames(node: tree.ImportFrom, word: Word) -> bool:
    """Whether an import brings what is named under another name."""
    return node.name == word.text != node.target.id


def unread_parts(node: object, word: Word, is_outside: IsOutside) -> Iterator[object]:
    """What stands in a record, but for the mentions that only read."""
    match node:
        case tree.Import() | tree.ImportFrom():
            return
        case tree.Call():
            yield from parts_of_call(node, word, is_outside)
        case tree.Assign() | tree.AugmentedAssign() | tree.Declare() | tree.Delete():
            yield from parts_of_assignment(node, word)
        case tree.DefineFunction():
            yield from (node.defaults, node.decorators)
        case tree.DefineClass():
            yield from (node.arguments, node.decorators)
        case (
            tree.Binary() | tree.Comparison() | tree.Unary() | tree.DictItem() | tree.Starred() | tree.Display()
            | tree.Interpolation() | tree.If() | tree.While() | tree.Subscript() | tree.Assert()
        ):  # fmt: skip
            yield from without_mention(parts_of(node), word)
        case tree.For(target=target, iterable=iterable, body=body, orelse=orelse):
            yield from parts_of_target(target, word)
            yield from (*without_mention((iterable,), word), body, orelse)
        case tree.Clause(iterable=iterable, conditions=conditions):
            yield from (*without_mention((iterable,), word), conditions)
        case _:
            yield from parts_of(node)


def without_mention(parts: Iterable[object], word: Word) -> Iterator[object]:
    """Parts, of a mention that stands there itself only what it is an attribute of."""
    for part in parts:
        if isinstance(part, tuple):
            yield from without_mention(part, word)
        elif not word.is_named_by(part):
            yield part
        elif isinstance(part, tree.Attribute):
            yield part.value


def parts_of_call(node: tree.Call, word: Word, is_outside: IsOutside) -> Iterator[object]:
    """What a call may change: its receiver unless the method reads, its arguments unless what it calls does not."""
    match node.func:
        case tree.Attribute(value=receiver, attr=method) if method != word.text:
            is_reading = word.is_container and method in READING_METHODS
            yield from without_mention((receiver,), word) if is_reading else held_in(receiver)
        case _:
            yield node.func
    is_safe = is_outside(node.func) or (
        word.is_container and isinstance(node.func, tree.Name) and node.func.id in READING_CALLS
    )
    for argument in node.arguments:
        yield from without_mention((argument.value,), word) if is_safe or argument.stars else (argument.value,)


def held_in(receiver: tree.Expression) -> Iterator[object]:
    """The objects that a receiver lies in, itself included: `SENDERS["sms"].append(x)` changes what lies in SENDERS."""
    node: tree.Expression = receiver
    while isinstance(node, tree.Subscript):
        yield node.index
        node = node.value
    yield node


def parts_of_assignment(
    node: tree.Assign | tree.AugmentedAssign | tree.Declare | tree.Delete, word: Word
) -> Iterator[object]:
    """What is assigned, and what it is assigned to."""
    match node:
        case tree.Assign(targets=targets, value=value):
            yield value
        case tree.AugmentedAssign(target=target, value=value):
            yield value
            yield target
            targets = ()
        case tree.Declare(target=target):
            targets = (target,)
        case tree.Delete(targets=targets):
            pass
    for each in targets:
        yield from parts_of_target(each, word)


def parts_of_target(target: tree.Expression, word: Word) -> Iterator[object]:
    """What an assignment changes: a name of the module itself is only bound anew where it is another's."""
    match target:
        case tree.Name() if not word.is_at_home:
            return
        case tree.Display(items=items):
            for item in items:
                yield from parts_of_target(item, word)
        case tree.Subscript():
            yield from held_in(target)
        case _:
            yield target


__all__ = ["Changes", "Word", "candidates", "may_change"]
