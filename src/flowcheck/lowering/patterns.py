"""Patterns of `match`.

case {"phone": number, **rest}:     MatchMapping((Constant("phone"),), (MatchCapture(Name("number"), None),), ...)
"""

from __future__ import annotations

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Pattern
from flowcheck.lowering.context import Context, PatternTable


def lower_value(node: cst.MatchValue, context: Context) -> Pattern:
    """`case 1:`, `case Color.RED:`."""
    return tree.MatchValue(context.expression(node.value))


def lower_singleton(node: cst.MatchSingleton, context: Context) -> Pattern:
    """`case None:`."""
    return tree.MatchValue(context.expression(node.value))


def lower_as(node: cst.MatchAs, context: Context) -> Pattern:
    """`case x:`, `case _:`, `case pattern as x:`."""
    pattern = None if node.pattern is None else context.pattern(node.pattern)
    return tree.MatchCapture(None if node.name is None else context.bind(node.name), pattern)


def lower_star(node: cst.MatchStar, context: Context) -> Pattern:
    """`*rest` in a sequence."""
    return tree.MatchStar(None if node.name is None else context.bind(node.name))


def lower_sequence(node: cst.MatchSequence, context: Context) -> Pattern:
    """`case [a, *rest]:`, `case a, b:`."""
    items = [context.pattern(n if isinstance(n, cst.MatchStar) else n.value) for n in node.patterns]
    return tree.MatchSequence(tuple(items))


def lower_mapping(node: cst.MatchMapping, context: Context) -> Pattern:
    """`case {"k": p, **rest}:`."""
    keys = tuple([context.expression(element.key) for element in node.elements])
    patterns = tuple([context.pattern(element.pattern) for element in node.elements])
    return tree.MatchMapping(keys, patterns, None if node.rest is None else context.bind(node.rest))


def lower_class(node: cst.MatchClass, context: Context) -> Pattern:
    """`case Point(x, y=0):`."""
    cls = context.expression(node.cls)
    positional = [context.pattern(element.value) for element in node.patterns]
    named = [context.pattern(element.pattern) for element in node.kwds]
    for element in node.kwds:
        context.mention(element.key.value)
    return tree.MatchClass(cls, (*positional, *named), tuple(element.key.value for element in node.kwds))


def lower_or(node: cst.MatchOr, context: Context) -> Pattern:
    """`case a | b:`."""
    return tree.MatchOr(tuple([context.pattern(element.pattern) for element in node.patterns]))


PATTERNS: PatternTable = {
    cst.MatchValue: lower_value,
    cst.MatchSingleton: lower_singleton,
    cst.MatchAs: lower_as,
    cst.MatchStar: lower_star,
    cst.MatchList: lower_sequence,
    cst.MatchTuple: lower_sequence,
    cst.MatchMapping: lower_mapping,
    cst.MatchClass: lower_class,
    cst.MatchOr: lower_or,
}
