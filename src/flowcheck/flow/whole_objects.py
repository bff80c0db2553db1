"""Codes that take a record whole, without a word about its fields.

def enrol(body: Enrol): push(body.model_dump())        says nothing of `phone`, and hands it over

They are worth a look as those that mention the field are. Some words say it alone, others only beside the name
of a class with marked fields, or of a form or serializer that is made from one.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.files import Code
from flowcheck.flow.labels import Labels
from flowcheck.program.program import Program
from flowcheck.rules.model import FieldTarget

TELLING = (
    "__dict__", "asdict", "astuple", "cleaned_data", "jsonable_encoder", "_meta", "model_dump", "model_dump_json",
    "model_to_dict", "to_dict", "validated_data", "vars",
    "serializers",
)  # fmt: skip
AMBIGUOUS = ("data", "dict", "dump", "dumps", "json", "values")


def codes_taking_whole(program: Program, labels: Labels) -> Iterator[tuple[str, Code]]:
    """The codes that may take a record with marked fields as a whole, each with its module."""
    holders = holding_classes(program, labels)
    if not holders:
        return
    for word in TELLING:
        for module in program.modules_with(word):
            yield from ((module, code) for code in program.facts(module).codes if word in code.mentions)
    speaking = {module for name in holders for module in program.modules_with(name)}
    for word in AMBIGUOUS:
        for module in program.modules_with(word):
            if module in speaking:
                codes = program.facts(module).codes
                yield from ((module, c) for c in codes if word in c.mentions and speaks_of(codes, c, holders))


CHECKING = ("field_validator", "validator", "validates", "field_serializer")
"""Decorators of methods that are given the value of a field."""


def codes_checking(program: Program, labels: Labels) -> Iterator[tuple[str, Code]]:
    """The methods that a library calls with the value of a marked field: `validate_phone`, `@validator("phone")`."""
    for field in sorted(labels.fields):
        for module in program.modules_with(f"validate_{field}"):
            yield from ((module, code) for code in program.facts(module).codes if code.name == f"validate_{field}")
        for module in program.modules_with(field):
            codes = program.facts(module).codes
            for code in codes:
                around = codes[code.parent] if code.parent > 0 else code
                if (
                    around.kind == "class"
                    and field in around.mentions
                    and not set(CHECKING).isdisjoint(around.mentions)
                ):
                    yield module, code


def holding_classes(program: Program, labels: Labels) -> set[str]:
    """The names of the classes that have marked fields, and of those whose bodies are about them."""
    named = {owner.rpartition(".")[2] for marked in labels.fields.values() for owner, _ in marked}
    named |= {name.rpartition(".")[2] for name in labels.classes}
    for rule in labels.rules.sources:
        if isinstance(rule.target, FieldTarget) and not rule.origin.is_builtin:
            named |= {parts[-2].word for parts in rule.target.pattern.alternatives if len(parts) > 1}
    about: set[str] = set()
    for name in named:
        for module in program.modules_with(name):
            about |= {c.qualname.split(".")[0] for c in program.facts(module).codes if is_about(c, name)}
    return {name for name in named | about if name.isidentifier()}


def is_about(code: Code, name: str) -> bool:
    """Whether a class body mentions a name."""
    return code.kind == "class" and name in code.mentions


def speaks_of(codes: tuple[Code, ...], code: Code, names: set[str]) -> bool:
    """Whether a code, or the class around it, mentions one of the names."""
    around = codes[code.parent] if code.parent > 0 and codes[code.parent].kind == "class" else code
    return not names.isdisjoint(code.mentions) or not names.isdisjoint(around.mentions)
