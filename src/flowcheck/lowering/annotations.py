"""Annotations: expressions, also when they are written as strings.

phone: "Annotated[str, 'security-collected']"      Subscript(Name("Annotated"), Display("tuple", ...))
"""

from __future__ import annotations

import libcst as cst

from flowcheck.facts.tree import Expression
from flowcheck.lowering.context import Context
from flowcheck.lowering.parsing import parse_annotation
from flowcheck.lowering.positions import OnePlace
from flowcheck.lowering.reading import is_too_nested
from flowcheck.lowering.strings import plain_text


def lower_annotation(node: cst.Annotation | None, context: Context) -> Expression | None:
    """`T` or `"T"` behind a colon or an arrow; None without one, or when a string holds no expression."""
    if node is None:
        return None
    text = plain_text(node.annotation)
    if text is None:
        return context.expression(node.annotation)
    parsed = None if is_too_nested(text) else parse_annotation(text)
    if parsed is None:
        return None
    with context.placed_at(OnePlace(context.span(node.annotation))):
        return context.expression(parsed)
