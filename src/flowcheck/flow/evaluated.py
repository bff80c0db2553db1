"""`eval` and `exec` of constant texts: the text is lowered, and runs where it is named.

eval("user.phone")                      the phone of the local variable `user`
exec("b = a", {"a": user.phone})        puts the phone under `b` in that dictionary
exec("def f(x): return x", names)       `f` is that of a module of its own, made of the text
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar, cast

from msgspec import Struct
from msgspec.structs import fields, replace

from flowcheck.facts import tree
from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.traversal import records_in
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.bindings import all_statements
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.names import module_member
from flowcheck.flow.pythons import BUILTINS
from flowcheck.flow.statements import execute
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import NONE, NONE_VALUE, NOTHING, ModuleRef, Value, derived, join, key
from flowcheck.lowering.lower import lower

LONGEST = 4096
"""Texts longer than this are not looked into."""

GLOBALS = "(globals)"
LOCALS = "(locals)"
"""Variables that no program can write: the dictionaries that stand for the names."""


NodeT = TypeVar("NodeT")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text runs: what its names mean there."""

    frame: Frame
    at: Span
    assigned: frozenset[str]
    has_names: bool

    def name(self, name: str) -> tree.Expression:
        """The expression that a name of the text stands for."""
        if "." in name or name.startswith("("):
            return tree.Name(name, tree.LOCAL, self.at)
        if not self.has_names:
            return tree.Name(name, self.scope(name), self.at)
        for held in (LOCALS, GLOBALS):
            if name in self.assigned or self.holds(held, name):
                return tree.Subscript(tree.Name(held, tree.LOCAL, self.at), tree.Constant(name), self.at)
        if name in BUILTINS:
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

    def moved(self, node: NodeT) -> NodeT:
        """A part of the text's tree with its names and places made those of the place where it runs."""
        if isinstance(node, tree.Name):
            return cast("NodeT", self.name(node.id))
        if isinstance(node, Span):
            return cast("NodeT", self.at)
        if isinstance(node, tuple):
            return cast("NodeT", tuple(self.moved(each) for each in node))
        if isinstance(node, Struct):
            return replace(node, **{each.name: self.moved(getattr(node, each.name)) for each in fields(node)})
        return node


def assigned_names(node: object) -> Iterator[str]:
    """The names that statements assign."""
    for record in records_in(node):
        if isinstance(record, tree.Assign | tree.AugmentedAssign | tree.For | tree.Walrus):
            targets = record.targets if isinstance(record, tree.Assign) else (record.target,)
            for target in targets:
                parts = target.items if isinstance(target, tree.Display) else (target,)
                yield from (part.id for part in parts if isinstance(part, tree.Name))


def codes_of(text: str) -> tuple[Code, ...]:
    """The codes of a text, its own statements first; none when it cannot be parsed or is not known whole."""
    return lower(text.encode()).codes if len(text) <= LONGEST and HOLE not in text else ()


def names_executed(code: Code) -> frozenset[str]:
    """The names that the texts bind which a module's own statements run: `exec("total = 0")`."""
    if "exec" not in code.mentions:
        return frozenset()
    names: set[str] = set()
    for statement in all_statements(code.body):
        match statement:
            case tree.Evaluate(value=tree.Call(func=tree.Name(id="exec"), arguments=(first, *_))):
                if isinstance(first.value, tree.Constant) and isinstance(first.value.value, str):
                    names.update(*(each.locals for each in codes_of(first.value.value)[:1]))
            case _:
                pass
    return frozenset(names)


def give_names(frame: Frame, arguments: Arguments) -> None:
    """The dictionaries that are passed for the names of a text."""
    given = [value for value in (arguments.get(1, "globals"), arguments.get(2, "locals")) if value is not None]
    given = [value for value in given if value.atoms != (NONE,)]
    if given:
        frame.state.variables[frame.variable(GLOBALS)] = given[0]
        frame.state.variables[frame.variable(LOCALS)] = given[-1]


def is_given(frame: Frame) -> bool:
    """Whether dictionaries were passed for the names."""
    return frame.variable(GLOBALS) in frame.state.variables


# --- functions and classes that a text defines ------------------------------------------------------

MADE = "(made)"
"""The name of what `eval` makes, in the module of its text; a name in brackets is one that no program can write."""


def module_of(frame: Frame, text: str, body: tuple[tree.Statement, ...], codes: tuple[Code, ...], at: Span) -> str:
    """The module that is made of the definitions of a text; what it does not bind itself is what its maker binds.

    All of it stands where the text is run.
    """
    names = list(dict.fromkeys(name for held in (GLOBALS, LOCALS) for name in names_in(frame, held)))
    digest = blake2b("\0".join([text, *names]).encode(), digest_size=4).hexdigest()
    module = f"{frame.module}:{digest}:{at.line}:{at.column}"
    program = frame.machine.program
    if not program.has_module(module):
        bound = tuple(dict.fromkeys([*codes[0].locals, *names, MADE]))
        whole = replace(codes[0], body=(tree.ImportStar(frame.module, 0, at), *body), locals=bound)
        program.add_text(module, frame.module, FileFacts(placed((whole, *codes[1:]), at), (), (), None))
    for name in names:
        target = tree.Attribute(tree.Name(MADE, tree.LOCAL, at), name, at)
        frame.state.variables[frame.variable(MADE)] = Value((ModuleRef(module),))
        execute(frame, (tree.Assign((target,), Place(frame, at, frozenset(), True).name(name), None, at),))
    return module


def names_in(frame: Frame, held: str) -> list[str]:
    """The names that a dictionary of names has."""
    value = frame.state.variables.get(frame.variable(held), NOTHING)
    found = (content.name for _, obj in frame.objects(value) for content in obj.fields if content.kind == "key")
    return [name for name in found if isinstance(name, str)]


def placed(node: NodeT, at: Span) -> NodeT:
    """A part of a text's tree with all places made one."""
    if isinstance(node, Span):
        return cast("NodeT", at)
    if isinstance(node, tuple):
        return cast("NodeT", tuple(placed(each, at) for each in node))
    if isinstance(node, Struct):
        return replace(node, **{each.name: placed(getattr(node, each.name), at) for each in fields(node)})
    return node


def has_codes(node: object) -> bool:
    """Whether there are functions or classes in it."""
    return any(isinstance(each, tree.Lambda | tree.DefineFunction | tree.DefineClass) for each in records_in(node))


def with_definitions(frame: Frame, text: str, codes: tuple[Code, ...], at: Span) -> tuple[tree.Statement, ...]:
    """The statements of a text, its definitions replaced by assignments of what they define."""
    made = tuple(each for each in codes[0].body if isinstance(each, tree.DefineFunction | tree.DefineClass))
    module = module_of(frame, text, made, codes, at) if made else ""
    statements: list[tree.Statement] = []
    for each in codes[0].body:
        if isinstance(each, tree.DefineFunction | tree.DefineClass):
            name = f"({each.target.id})"
            frame.state.variables[frame.variable(name)] = module_member(frame, module, each.target.id)
            statements.append(tree.Assign((each.target,), tree.Name(name, tree.LOCAL, at), None, at))
        elif not has_codes(each):
            statements.append(each)
    return tuple(statements)


def forget_names(frame: Frame) -> None:
    """The dictionaries that stood for names are no variables of the program."""
    for name in [name for name in frame.state.variables if name.startswith(frame.variable("("))]:
        del frame.state.variables[name]


@handles("builtins.eval")
def call_eval(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`eval("user.phone")`, `eval("a", {"a": x})`"""
    found = NOTHING
    is_known = True
    for text in constant_texts(frame, first(arguments)) or ("",):
        codes = codes_of(f"({text.strip()}\n)") if text else ()
        match codes[0].body if codes else ():
            case (tree.Evaluate(value=value),):
                found = join(found, evaluated(frame, text, codes, value, arguments, at))
            case _:
                is_known = False
        forget_names(frame)
    return found if is_known else join(found, derived(frame.deep_taints(first(arguments))))


def evaluated(
    frame: Frame, text: str, codes: tuple[Code, ...], value: tree.Expression, arguments: Arguments, at: Span
) -> Value:
    """The value of a text's expression."""
    give_names(frame, arguments)
    if has_codes(value):
        made = tree.Assign((tree.Name(MADE, tree.GLOBAL, at),), value, None, at)
        return module_member(frame, module_of(frame, text, (made,), codes, at), MADE)
    moved = Place(frame, at, frozenset(), is_given(frame)).moved(value)
    return frame.evaluate(moved)


@handles("builtins.exec")
def call_exec(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`exec("b = a", names)`"""
    for text in constant_texts(frame, first(arguments)) or ():
        codes = codes_of(text)
        if codes:
            give_names(frame, arguments)
            body = with_definitions(frame, text, codes, at)
            execute(frame, Place(frame, at, frozenset(assigned_names(body)), is_given(frame)).moved(body))
            forget_names(frame)
    return NONE_VALUE


@handles("builtins.compile")
def call_compile(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`compile("user.phone", "<text>", "eval")` stands for its text."""
    return arguments.get(0, "source") or NOTHING
