"""`eval` and `exec` of constant texts: the text is lowered, and runs where it is named.

eval("user.phone")                      the phone of the local variable `user`
exec("b = a", {"a": user.phone})        puts the phone under `b` in that dictionary
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import fields, replace

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.statements import execute
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import NONE, NONE_VALUE, NOTHING, Value, derived, join, key
from flowcheck.lowering.lower import lower

LONGEST = 4096
"""Texts longer than this are not looked into."""

GLOBALS = "(globals)"
LOCALS = "(locals)"
"""Variables that no program can write: the dictionaries that stand for the names."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text runs: what its names mean there."""

    frame: Frame
    at: Span
    assigned: frozenset[str]
    has_names: bool

    def name(self, name: str) -> tree.Expression:
        """The expression that a name of the text stands for."""
        if "." in name:
            return tree.Name(name, tree.LOCAL, self.at)
        if not self.has_names:
            return tree.Name(name, self.scope(name), self.at)
        for held in (LOCALS, GLOBALS):
            if name in self.assigned or self.holds(held, name):
                return tree.Subscript(tree.Name(held, tree.LOCAL, self.at), tree.Constant(name), self.at)
        if hasattr(builtins, name):
            return tree.Name(name, tree.GLOBAL, self.at)
        return tree.Subscript(tree.Name(GLOBALS, tree.LOCAL, self.at), tree.Constant(name), self.at)

    def scope(self, name: str) -> str:
        """Where the code around it has a name."""
        code = self.frame.code
        if code.kind == "module":
            return tree.GLOBAL
        if name in code.locals or (name in self.assigned and name not in (*code.cells, *code.free, *code.globals)):
            return tree.LOCAL
        return tree.CELL if name in code.cells else tree.FREE if name in code.free else tree.GLOBAL

    def holds(self, held: str, name: str) -> bool:
        """Whether a dictionary of names has one."""
        value = self.frame.state.variables.get(self.frame.variable(held), NOTHING)
        return any(key(name) in obj.fields for _, obj in self.frame.objects(value))

    def moved(self, node: object) -> object:
        """A part of the text's tree with its names and places made those of the place where it runs."""
        if isinstance(node, tree.Name):
            return self.name(node.id)
        if isinstance(node, Span):
            return self.at
        if isinstance(node, tuple):
            return tuple(self.moved(each) for each in node)
        if isinstance(node, Struct):
            return replace(node, **{each.name: self.moved(getattr(node, each.name)) for each in fields(node)})
        return node


def assigned_names(node: object) -> Iterator[str]:
    """The names that statements assign."""
    if isinstance(node, tree.Assign | tree.AugmentedAssign | tree.For | tree.Walrus):
        targets = node.targets if isinstance(node, tree.Assign) else (node.target,)
        for target in targets:
            parts = target.items if isinstance(target, tree.Display) else (target,)
            yield from (part.id for part in parts if isinstance(part, tree.Name))
    if isinstance(node, tuple):
        for each in node:
            yield from assigned_names(each)
    elif isinstance(node, Struct):
        for field in fields(node):
            yield from assigned_names(getattr(node, field.name))


def body_of(text: str) -> tuple[tree.Statement, ...] | None:
    """The statements of a text; None when it cannot be parsed, or holds functions or classes of its own."""
    if len(text) > LONGEST or HOLE in text:
        return None
    codes = lower(text.encode()).codes
    return codes[0].body if len(codes) == 1 else None


def moved_here(
    frame: Frame, body: tuple[tree.Statement, ...], arguments: Arguments, at: Span
) -> tuple[tree.Statement, ...]:
    """The statements of a text with the names of this place, or of the dictionaries that are passed for them."""
    given = [value for value in (arguments.get(1, "globals"), arguments.get(2, "locals")) if value is not None]
    given = [value for value in given if value.atoms != (NONE,)]
    if given:
        frame.state.variables[frame.variable(GLOBALS)] = given[0]
        frame.state.variables[frame.variable(LOCALS)] = given[-1]
    moved = Place(frame, at, frozenset(assigned_names(body)), bool(given)).moved(body)
    assert isinstance(moved, tuple)
    return moved


def forget_names(frame: Frame) -> None:
    """The dictionaries that stood for names are no variables of the program."""
    for held in (LOCALS, GLOBALS):
        frame.state.variables.pop(frame.variable(held), None)


@handles("builtins.eval")
def call_eval(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`eval("user.phone")`, `eval("a", {"a": x})`"""
    found = NOTHING
    texts = constant_texts(frame, first(arguments))
    for text in texts or ():
        body = body_of(f"({text.strip()}\n)")
        statements = moved_here(frame, body, arguments, at) if body is not None else ()
        for statement in statements:
            found = join(found, frame.evaluate(statement.value) if isinstance(statement, tree.Evaluate) else NOTHING)
        forget_names(frame)
        if not statements:
            texts = None
    return found if texts else join(found, derived(frame.deep_taints(first(arguments))))


@handles("builtins.exec")
def call_exec(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`exec("b = a", names)`"""
    for text in constant_texts(frame, first(arguments)) or ():
        body = body_of(text)
        if body is not None:
            execute(frame, moved_here(frame, body, arguments, at))
            forget_names(frame)
    return NONE_VALUE


@handles("builtins.compile")
def call_compile(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`compile("user.phone", "<text>", "eval")` stands for its text."""
    return arguments.get(0, "source") or NOTHING
