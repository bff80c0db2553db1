"""Statements that hold blocks, one function for each form.

with open(a) as f, open(b) as g:      With(Call(...), Name("f"), (With(Call(...), Name("g"), body),))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Expression, Span, Statement
from flowcheck.lowering.context import Context, StatementTable
from flowcheck.lowering.declaring import declare_targets

_Branch: TypeAlias = tuple[Expression, tuple[Statement, ...]]

BRANCHES_IN_A_ROW = 60


def lower_if(node: cst.If, context: Context) -> Sequence[Statement]:
    """`if ... elif ... else`: a chain, lowered in a loop, nests from its end."""
    links: list[_Branch] = []
    link: cst.If | cst.Else | None = node
    while isinstance(link, cst.If):
        links.append((context.expression(link.test), context.block(link.body)))
        link = link.orelse
    orelse = _else(link, context)
    if len(links) <= BRANCHES_IN_A_ROW:
        return _nested(links, orelse)
    return _grouped(links, orelse)


def _nested(links: Sequence[_Branch], orelse: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """`if a: x elif b: y else: z` is `if a: x else: (if b: y else: z)`."""
    for test, body in reversed(links):
        orelse = (tree.If(test, body, orelse),)
    return orelse


def _grouped(links: Sequence[_Branch], orelse: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """A long chain, so that its tree is not deep: `if a or b: (if a: x elif b: y) elif c or d: ... else: z`."""
    groups = [links[start : start + BRANCHES_IN_A_ROW] for start in range(0, len(links), BRANCHES_IN_A_ROW)]
    branches = [(tree.Boolean("or", tuple(test for test, _ in group)), _nested(group, ())) for group in groups]
    return _nested(branches, orelse)


def lower_while(node: cst.While, context: Context) -> Sequence[Statement]:
    """`while test: body else: orelse`."""
    return (tree.While(context.expression(node.test), context.block(node.body), _else(node.orelse, context)),)


def lower_for(node: cst.For, context: Context) -> Sequence[Statement]:
    """`async for target in iterable: body else: orelse`; its place is the header."""
    iterable = context.expression(node.iter)
    target = context.target(node.target)
    at = context.between(node, node.iter)
    declare_targets((target,), at, context)
    body, orelse = context.block(node.body), _else(node.orelse, context)
    return (tree.For(target, iterable, body, orelse, node.asynchronous is not None, at),)


def lower_try(node: cst.Try | cst.TryStar, context: Context) -> Sequence[Statement]:
    """`try: body except: ... else: orelse finally: final`."""
    body = context.block(node.body)
    handlers = tuple([_lower_handler(handler, context) for handler in node.handlers])
    orelse = _else(node.orelse, context)
    final = () if node.finalbody is None else context.block(node.finalbody.body)
    return (tree.Try(body, handlers, orelse, final, isinstance(node, cst.TryStar)),)


def _lower_handler(node: cst.ExceptHandler | cst.ExceptStarHandler, context: Context) -> tree.Handler:
    """`except caught as target: body`."""
    caught = context.optional(node.type)
    target = None
    if node.name is not None and isinstance(node.name.name, cst.Name):
        target = context.bind(node.name.name)
    return tree.Handler(caught, target, context.block(node.body))


def lower_with(node: cst.With, context: Context) -> Sequence[Statement]:
    """`async with context as target: body`; several items nest, and each has its own place."""
    items = [_lower_item(item, context) for item in node.items]
    body = context.block(node.body)
    for manager, target, at in reversed(items):
        body = (tree.With(manager, target, body, node.asynchronous is not None, at),)
    return body


def _lower_item(node: cst.WithItem, context: Context) -> tuple[Expression, Expression | None, Span]:
    """`context as target`."""
    manager = context.expression(node.item)
    if node.asname is None:
        return manager, None, context.span(node.item)
    target = context.target(node.asname.name)
    at = context.between(node.item, node.asname.name)
    declare_targets((target,), at, context)
    return manager, target, at


def lower_match(node: cst.Match, context: Context) -> Sequence[Statement]:
    """`match subject: case ...`; its place is the header."""
    subject = context.expression(node.subject)
    cases = tuple([_lower_case(case, context) for case in node.cases])
    return (tree.Match(subject, cases, context.between(node, node.subject)),)


def _lower_case(node: cst.MatchCase, context: Context) -> tree.Case:
    """`case pattern if guard: body`."""
    return tree.Case(context.pattern(node.pattern), context.optional(node.guard), context.block(node.body))


def _else(node: cst.Else | None, context: Context) -> tuple[Statement, ...]:
    """`else: body`, or nothing."""
    return () if node is None else context.block(node.body)


BLOCKS: StatementTable = {
    cst.If: lower_if,
    cst.While: lower_while,
    cst.For: lower_for,
    cst.Try: lower_try,
    cst.TryStar: lower_try,
    cst.With: lower_with,
    cst.Match: lower_match,
}
