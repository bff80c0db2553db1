"""The small languages of rules, in words: arguments, access steps, flows of models.

payload[data][*].em          `em` of any element of what stands under "data" in the argument `payload`
arg:0 -> return[*]           the first argument itself becomes any element of what the call returns
self ~> return               from the receiver with all it holds comes what the call returns
"""

from __future__ import annotations

from collections.abc import Iterable

from flowcheck.rules.access import (
    AccessStep,
    AnyBelow,
    AnyElement,
    ArgumentPath,
    Attribute,
    Index,
    Key,
    Keys,
)
from flowcheck.rules.flows import (
    Application,
    ArgumentTerm,
    EveryArgument,
    Given,
    ModelFlow,
    Nothing,
    Rest,
    ReturnTerm,
    Term,
)

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def flow_words(flow: ModelFlow) -> str:
    """What a flow says."""
    source = term_words(flow.source)
    if isinstance(flow.target, Nothing):
        return f"{source} is dropped; what counts is that it was called"
    target = term_words(flow.target)
    return f"{source} itself becomes {target}" if flow.kind == "->" else f"{target} is made from {source}"


def term_words(term: Term) -> str:
    """What a term of a flow stands for."""
    match term:
        case ArgumentTerm(path):
            return argument_words(path)
        case EveryArgument(steps):
            return steps_words("every argument", steps)
        case ReturnTerm(steps):
            return steps_words("what the call returns", steps)
        case Nothing():
            return "nothing"
        case Application(callee, arguments, steps):
            given = given_words(arguments)
            return steps_words(f"what {term_words(callee)} returns when called with {given}", steps)


def given_words(arguments: Iterable[Given]) -> str:
    """The arguments that a callable is handed."""
    return ", ".join(map(one_given, arguments)) or "nothing"


def one_given(given: Given) -> str:
    """One of them."""
    if isinstance(given.term, Rest):
        return f"all arguments from the {ordinal(given.term.start)} on"
    what = term_words(given.term)
    if given.name:
        return f"{what} as `{given.name}`"
    return ("", "the items of ", "the named items of ")[given.stars] + what


def argument_words(path: ArgumentPath) -> str:
    """An argument, and what is taken of it."""
    return steps_words(root_words(path), path.steps)


def root_words(path: ArgumentPath) -> str:
    """The argument alone."""
    if path.is_receiver:
        return "the object whose method is called"
    if path.position is None:
        return f"the argument `{path.name}`"
    first = f"the {ordinal(path.position)} argument"
    return first if path.name is None else f"{first}, or the one given as `{path.name}`"


def steps_words(what: str, steps: Iterable[AccessStep]) -> str:
    """A value and the steps that are taken of it, the last one first."""
    for step in steps:
        what = step_words(what, step)
    return what


def step_words(what: str, step: AccessStep) -> str:
    """One step taken of a value."""
    match step:
        case Attribute(name):
            return f"`{name}` of {what}"
        case Key(value):
            return f'what stands under "{value}" in {what}'
        case Index(position):
            return f"item {position} of {what}"
        case AnyElement():
            return f"any element of {what}"
        case Keys():
            return f"any key of {what}"
        case AnyBelow():
            return f"{what} and all below it"


def ordinal(position: int) -> str:
    """The word for a position that counts from 0."""
    return ORDINALS[position] if position < len(ORDINALS) else f"{position + 1}th"
