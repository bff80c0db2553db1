"""How data passes through a call whose code is not read: the language of `flow` in a model.

    "arg:0 -> return[*]"                 what comes first is an element of what the call returns
    "arg:value -> self.body"             the argument becomes an attribute of the receiver
    "self ~> return"                     the result is made from the receiver: it carries its labels, nothing else
    "arg:0(arg:1[*]) -> return[*]"       the first argument is called with each element of the second
    "arg:key(arg:0[*]) -> nothing"       ... and what it gives is dropped

`->` hands over the value itself: the same object, with its constant and all that lies below it. `~>` makes
another value from it: a hash, a text, a number; it carries whatever labels the value holds at any depth.

A term is a root and access steps (see access.py). Roots: `arg:0`, `arg:name`, `arg:0|name` (either way it may
be given), `arg:*` (every argument), `self`, `return`, `nothing` (a target only). Arguments of a call on the
left are terms, `name=term`, `*term`, `**term`, or `arg:1...`: all positional arguments from 1 on and, with it,
every keyword argument that has no term of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from flowcheck.errors import RuleSyntaxError
from flowcheck.rules.access import AccessStep, ArgumentPath, read_argument, read_steps, shown_steps


@dataclass(frozen=True, slots=True)
class ArgumentTerm:
    """`arg:0[*]`, `arg:name`, `self.body`: an argument or the receiver, and what is taken of it."""

    path: ArgumentPath

    def __str__(self) -> str:
        return str(self.path) if self.path.is_receiver else f"arg:{self.path}"


@dataclass(frozen=True, slots=True)
class EveryArgument:
    """`arg:*`: each argument, positional or by name; the steps are taken of each."""

    steps: tuple[AccessStep, ...] = ()

    def __str__(self) -> str:
        return f"arg:*{shown_steps(self.steps)}"


@dataclass(frozen=True, slots=True)
class ReturnTerm:
    """`return[*]`: what the call returns, or a place in it."""

    steps: tuple[AccessStep, ...] = ()

    def __str__(self) -> str:
        return f"return{shown_steps(self.steps)}"


@dataclass(frozen=True, slots=True)
class Nothing:
    """`nothing`: the value is dropped; what counts is that the left side was called."""

    def __str__(self) -> str:
        return "nothing"


@dataclass(frozen=True, slots=True)
class Rest:
    """`arg:1...`: every positional argument from `start` on and the keyword arguments without a term."""

    start: int

    def __str__(self) -> str:
        return f"arg:{self.start}..."


@dataclass(frozen=True, slots=True)
class Given:
    """One argument handed to the callable of an Application: `term`, `name=term`, `*term` or `**term`."""

    term: Term | Rest
    name: str | None = None
    stars: int = 0

    def __str__(self) -> str:
        return f"{self.name}={self.term}" if self.name else f"{'*' * self.stars}{self.term}"


@dataclass(frozen=True, slots=True)
class Application:
    """`arg:0(arg:1[*])`: what comes of calling `callee` with those arguments; `steps` are taken of its result."""

    callee: Term
    arguments: tuple[Given, ...]
    steps: tuple[AccessStep, ...] = ()

    def __str__(self) -> str:
        return f"{self.callee}({', '.join(map(str, self.arguments))}){shown_steps(self.steps)}"


Term: TypeAlias = ArgumentTerm | EveryArgument | ReturnTerm | Nothing | Application


@dataclass(frozen=True, slots=True)
class ModelFlow:
    """`source -> target` hands over the value itself, `source ~> target` something made from it."""

    source: Term
    target: Term
    kind: Literal["->", "~>"] = "->"

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"


NESTING_LIMIT = 3
"""How deep calls on the left side may nest."""

_ARROW = re.compile(r"\s*([-~]>)\s*")
_STARS = re.compile(r"\*{1,2}")
_NAME = re.compile(r"([^\W\d]\w*)\s*=\s*")
_REST = re.compile(r"arg:(\d+)\.\.\.")
_EVERY = re.compile(r"arg:\*")
_WORD = re.compile(r"(return|nothing)\b")
_ARGUMENT = re.compile(r"arg:(?!self\b)")
_COMMA = re.compile(r"\s*,\s*")
_BLANK = re.compile(r"\s*")


def parse_flow(text: str) -> ModelFlow:
    """Read one flow of a model. Raises RuleSyntaxError with the place."""
    source, end = _term(text, _blank(text, 0), depth=0)
    arrow = _ARROW.match(text, end)
    if arrow is None:
        raise RuleSyntaxError(text, end, 'expected "->" or "~>"')
    target, close = _term(text, arrow.end(), depth=0)
    if _blank(text, close) < len(text):
        raise RuleSyntaxError(text, close, "expected the end")
    if isinstance(source, Nothing):
        raise RuleSyntaxError(text, 0, '"nothing" can only be a target')
    if isinstance(target, Application):
        raise RuleSyntaxError(text, arrow.end(), "a call can only stand on the left")
    return ModelFlow(source, target, "~>" if arrow[1] == "~>" else "->")


def _term(text: str, start: int, depth: int) -> tuple[Term, int]:
    term, end = _plain_term(text, start)
    while end < len(text) and text[end] == "(":
        if isinstance(term, Nothing) or depth == NESTING_LIMIT:
            raise RuleSyntaxError(text, end, "no call can stand here")
        arguments, end = _arguments(text, end + 1, depth + 1)
        steps, end = read_steps(text, end)
        term = Application(term, arguments, steps)
    return term, end


def _plain_term(text: str, start: int) -> tuple[Term, int]:
    """A root and its access steps."""
    if found := _EVERY.match(text, start):
        steps, end = read_steps(text, found.end())
        return EveryArgument(steps), end
    if found := _WORD.match(text, start):
        steps, end = read_steps(text, found.end())
        return (Nothing(), found.end()) if found[1] == "nothing" else (ReturnTerm(steps), end)
    if found := _ARGUMENT.match(text, start):
        path, end = read_argument(text, found.end())
        return ArgumentTerm(path), end
    if text.startswith("self", start):
        path, end = read_argument(text, start)
        if path.is_receiver:
            return ArgumentTerm(path), end
    raise RuleSyntaxError(text, start, 'expected "arg:", "self", "return" or "nothing"')


def _arguments(text: str, start: int, depth: int) -> tuple[tuple[Given, ...], int]:
    """The arguments of a call up to its closing parenthesis, and the place after that."""
    given: list[Given] = []
    position = _blank(text, start)
    while not text.startswith(")", position):
        if given:
            comma = _COMMA.match(text, position)
            if comma is None:
                raise RuleSyntaxError(text, position, 'expected "," or ")"')
            position = comma.end()
        argument, position = _given(text, position, depth)
        given.append(argument)
        position = _blank(text, position)
    return tuple(given), position + 1


def _given(text: str, start: int, depth: int) -> tuple[Given, int]:
    if found := _REST.match(text, start):
        return Given(Rest(int(found[1]))), found.end()
    if found := _STARS.match(text, start):
        term, end = _term(text, found.end(), depth)
        return Given(term, stars=len(found[0])), end
    if found := _NAME.match(text, start):
        term, end = _term(text, found.end(), depth)
        return Given(term, name=found[1]), end
    term, end = _term(text, start, depth)
    return Given(term), end


def _blank(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return start if found is None else found.end()
