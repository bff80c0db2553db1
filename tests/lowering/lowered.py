"""Core Python made readable: records without places, global names bare, other names with their scope.

x = f(1)        Assign([x], Call(f, [1]))
"""

from __future__ import annotations

from textwrap import dedent

import msgspec

from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.tree import GLOBAL, Argument, Attribute, Constant, Name, Span
from flowcheck.lowering import lower


def facts(source: str) -> FileFacts:
    """The facts of a snippet that parses."""
    lowered = lower(dedent(source).encode())
    assert lowered.problem is None, lowered.problem
    return lowered


def shown(source: str) -> str:
    """The statements of a snippet."""
    return "; ".join(text(statement) for statement in facts(source).codes[0].body)


def value(source: str) -> str:
    """An expression."""
    (statement,) = facts(f"_ = {source}").codes[0].body
    return text(statement.value)


def body(source: str, qualname: str) -> str:
    """The statements of one code of a snippet."""
    return "; ".join(text(statement) for statement in code(source, qualname).body)


def code(source: str, qualname: str) -> Code:
    """One code of a snippet."""
    return next(each for each in facts(source).codes if each.qualname == qualname)


def cut(source: str, at: Span) -> str:
    """The stretch of text that a span covers."""
    lines = source.split("\n")
    if at.line == at.end_line:
        return lines[at.line - 1][at.column - 1 : at.end_column - 1]
    inner = lines[at.line : at.end_line - 1]
    return "\n".join([lines[at.line - 1][at.column - 1 :], *inner, lines[at.end_line - 1][: at.end_column - 1]])


def text(record: object) -> str:
    match record:
        case Name(name, scope):
            return name if scope == GLOBAL else f"{name}:{scope}"
        case Constant(constant):
            return repr(constant)
        case Attribute(of, attr):
            return f"{text(of)}.{attr}"
        case Argument(passed, name, stars):
            return f"{name}={text(passed)}" if name else "*" * stars + text(passed)
        case tuple():
            return f"[{', '.join(map(text, record))}]"
        case msgspec.Struct():
            fields = (getattr(record, field) for field in record.__struct_fields__)
            kept = [field for field in fields if not isinstance(field, Span)]
            while kept and (kept[-1] is None or kept[-1] is False or kept[-1] == ()):
                kept.pop()
            return f"{type(record).__name__}({', '.join(map(text, kept))})"
        case str():
            return record
        case _:
            return repr(record)
