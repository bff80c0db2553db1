"""Where the solver begins: the codes that mention a source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowcheck.facts.files import Code
from flowcheck.flow.labels import Labels
from flowcheck.flow.mentions import Mentions
from flowcheck.flow.whole_objects import codes_checking, codes_taking_whole
from flowcheck.program.program import CodeRef, Program
from flowcheck.rules.model import CallTarget, FieldTarget, ParameterTarget, VariableTarget

SELECTING = frozenset({"select", "SELECT", "Select"})


def seeds(mentions: Mentions, labels: Labels, tables: Iterable[str]) -> list[CodeRef]:
    """The codes that mention a source, in order; `tables` are those that have marked columns."""
    program = mentions.program
    found: dict[CodeRef, None] = {}
    for word in labels.source_words(program):
        found.update(dict.fromkeys(mentions.codes_reading(word)))
    for module, code in codes_with_marked_inputs(program, labels):
        found[mentions.entry_of(module, code)] = None
    for module, code in codes_checking(program, labels):
        found[mentions.entry_of(module, code)] = None
    for module, code in codes_taking_whole(program, labels):
        found[mentions.entry_of(module, code)] = None
    for module, _ in labels.variables:
        found[CodeRef(module, 0)] = None
    for words in wildcard_words(labels):
        for module in modules_with_all(program, words):
            found.update((mentions.entry_of(module, code), None) for code in program.facts(module).codes)
    found.update(dict.fromkeys(codes_selecting(mentions, tables)))
    return sorted(found, key=mentions.order)


def codes_using_sinks(mentions: Mentions, labels: Labels) -> Iterator[CodeRef]:
    """The codes that mention what may be a sink, whether or not marked data comes there."""
    for word in labels.sink_words(mentions.program):
        yield from mentions.codes_with(word)


def codes_selecting(mentions: Mentions, tables: Iterable[str]) -> Iterator[CodeRef]:
    """The codes that select from a table, perhaps all of its columns: `SELECT * FROM users`."""
    for table in sorted(tables):
        for module in mentions.program.modules_with(table):
            for code in mentions.codes_in(module, table):
                if not SELECTING.isdisjoint(code.mentions):
                    yield mentions.entry_of(module, code)


def codes_with_marked_inputs(program: Program, labels: Labels) -> Iterator[tuple[str, Code]]:
    """The codes with marked parameters or a marked result."""
    for (module, qualname), marks in labels.codes.items():
        code = program.code_named(module, qualname)
        if code is not None and (marks.parameters or marks.returns):
            yield module, code
    for rule in labels.rules.sources:
        if isinstance(rule.target, ParameterTarget):
            yield from codes_with_parameter(program, rule.target)


def codes_with_parameter(program: Program, target: ParameterTarget) -> Iterator[tuple[str, Code]]:
    """The codes that have a parameter which a rule names."""
    words = [name for name in target.name.alternatives if name.isidentifier()]
    modules = {module for word in words for module in program.modules_with(word)} or set(
        modules_with_all(program, sorted(target.pattern.words()))
    )
    for module in sorted(modules, key=program.path_of):
        for code in program.facts(module).codes:
            if any(target.name.matches(p.name) for p in code.parameters) and (
                target.pattern.matches(f"{module}.{code.qualname}") or may_override(target, code)
            ):
                yield module, code


def may_override(target: ParameterTarget, code: Code) -> bool:
    """Whether a method may override one that a rule names: it has its name, and the class some base."""
    words = target.pattern.last_words()
    return code.parent > 0 and words is not None and code.name in words


def wildcard_words(labels: Labels) -> Iterator[list[str]]:
    """For each source pattern that ends in a wildcard, the words that a file must mention."""
    for rule in labels.rules.sources:
        if (
            isinstance(rule.target, CallTarget | FieldTarget | VariableTarget)
            and rule.target.pattern.last_words() is None
        ):
            yield sorted(rule.target.pattern.words())


def modules_with_all(program: Program, words: Iterable[str]) -> list[str]:
    """The modules that mention every one of the words; all modules when there is none."""
    modules: list[str] | None = None
    for word in words:
        having = program.modules_with(word)
        modules = [module for module in (having if modules is None else modules) if module in having]
    return program.all_modules() if modules is None else modules


__all__ = ["codes_using_sinks", "seeds"]
