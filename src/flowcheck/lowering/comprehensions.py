"""Comprehensions: run inline in the code that holds them, with variables of their own.

[p.strip() for p in phones if p]     Comprehension("list", Call(...), None, (Clause(Name("p.1"), ...),))
"""

from __future__ import annotations

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Expression
from flowcheck.lowering.context import Context, ExpressionTable


def lower_list_comprehension(node: cst.ListComp, context: Context) -> Expression:
    """`[x for ...]`."""
    return _lower("list", node, node.elt, None, context)


def lower_set_comprehension(node: cst.SetComp, context: Context) -> Expression:
    """`{x for ...}`."""
    return _lower("set", node, node.elt, None, context)


def lower_generator(node: cst.GeneratorExp, context: Context) -> Expression:
    """`(x for ...)`."""
    return _lower("generator", node, node.elt, None, context)


def lower_dict_comprehension(node: cst.DictComp, context: Context) -> Expression:
    """`{k: v for ...}`."""
    return _lower("dict", node, node.value, node.key, context)


def lower_merging_comprehension(node: cst.StarredDictComp, context: Context) -> Expression:
    """`{**x for ...}`: a dict without a key."""
    return _lower("dict", node, node.value, None, context)


def _lower(
    kind: str, node: cst.BaseComp, element: cst.BaseExpression, key: cst.BaseExpression | None, context: Context
) -> Expression:
    """The first iterable belongs to the place around; targets come first, for they say what the rest means."""
    first = context.expression(node.for_in.iter)
    with context.comprehension():
        clauses = [_lower_clause(node.for_in, first, context)]
        inner = node.for_in.inner_for_in
        while inner is not None:
            clauses.append(_lower_clause(inner, None, context))
            inner = inner.inner_for_in
        lowered_key = context.optional(key)
        lowered = context.expression(element)
    return tree.Comprehension(kind, lowered, lowered_key, tuple(clauses), context.span(node))


def _lower_clause(node: cst.CompFor, iterable: Expression | None, context: Context) -> tree.Clause:
    """`async for target in iterable if condition if condition`."""
    target = context.target(node.target)
    return tree.Clause(
        target,
        iterable if iterable is not None else context.expression(node.iter),
        tuple([context.expression(condition.test) for condition in node.ifs]),
        node.asynchronous is not None,
    )


COMPREHENSIONS: ExpressionTable = {
    cst.ListComp: lower_list_comprehension,
    cst.SetComp: lower_set_comprehension,
    cst.GeneratorExp: lower_generator,
    cst.DictComp: lower_dict_comprehension,
    cst.StarredDictComp: lower_merging_comprehension,
}
