"""Simple statements, one function for each form.

user.phone = phone      Assign((Attribute(Name("user"), "phone"),), Name("phone"), None)
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Statement
from flowcheck.lowering.annotations import lower_annotation
from flowcheck.lowering.context import Context, StatementTable
from flowcheck.lowering.declaring import declare_targets
from flowcheck.lowering.operators import AUGMENTED
from flowcheck.lowering.strings import plain_text
from flowcheck.lowering.targets import items_of

_CONSTANTS = (cst.Integer, cst.Float, cst.Imaginary, cst.Ellipsis, cst.SimpleString)


def lower_expression_statement(node: cst.Expr, context: Context) -> Sequence[Statement]:
    """`f(x)`; a constant, so a docstring too, does nothing."""
    if isinstance(node.value, _CONSTANTS) or plain_text(node.value) is not None:
        return ()
    value = context.expression(node.value)
    return () if isinstance(value, (tree.Constant, tree.Bytes)) else (tree.Evaluate(value, context.span(node)),)


def lower_assign(node: cst.Assign, context: Context) -> Sequence[Statement]:
    """`a = b = value`."""
    value = context.expression(node.value)
    targets = tuple([context.target(target.target) for target in node.targets])
    at = context.span(node)
    declare_targets(targets, at, context, value=value)
    return (tree.Assign(targets, value, None, at),)


def lower_annotated(node: cst.AnnAssign, context: Context) -> Sequence[Statement]:
    """`a: T = value`, `a: T`."""
    annotation = lower_annotation(node.annotation, context)
    value = context.optional(node.value)
    target = context.target(node.target)
    at = context.span(node)
    declare_targets((target,), at, context, annotation, value)
    if value is None:
        return (tree.Declare(target, annotation or tree.Opaque("str"), at),)
    return (tree.Assign((target,), value, annotation, at),)


def lower_augmented(node: cst.AugAssign, context: Context) -> Sequence[Statement]:
    """`a += value`."""
    value = context.expression(node.value)
    target = context.target(node.target)
    at = context.span(node)
    declare_targets((target,), at, context)
    return (tree.AugmentedAssign(target, AUGMENTED[type(node.operator)], value, at),)


def lower_delete(node: cst.Del, context: Context) -> Sequence[Statement]:
    """`del a, b.c`."""
    nodes = items_of(node.target) if isinstance(node.target, cst.Tuple) else [node.target]
    return (tree.Delete(tuple([context.target(target) for target in nodes]), context.span(node)),)


def lower_return(node: cst.Return, context: Context) -> Sequence[Statement]:
    """`return value`."""
    return (tree.Return(context.optional(node.value), context.span(node)),)


def lower_raise(node: cst.Raise, context: Context) -> Sequence[Statement]:
    """`raise exception from cause`."""
    cause = None if node.cause is None else context.expression(node.cause.item)
    return (tree.Raise(context.optional(node.exc), cause, context.span(node)),)


def lower_assert(node: cst.Assert, context: Context) -> Sequence[Statement]:
    """`assert test, message`."""
    return (tree.Assert(context.expression(node.test), context.optional(node.msg), context.span(node)),)


def lower_break(node: cst.Break, context: Context) -> Sequence[Statement]:
    """`break`."""
    return (tree.Break(),)


def lower_continue(node: cst.Continue, context: Context) -> Sequence[Statement]:
    """`continue`."""
    return (tree.Continue(),)


def lower_global(node: cst.Global, context: Context) -> Sequence[Statement]:
    """`global x`: told by the scope of each `x`."""
    for item in node.names:
        context.code.scope.declare_global(context.mangled(item.name.value))
    return ()


def lower_nonlocal(node: cst.Nonlocal, context: Context) -> Sequence[Statement]:
    """`nonlocal x`: told by the scope of each `x`."""
    for item in node.names:
        context.code.scope.declare_nonlocal(context.mangled(item.name.value))
    return ()


def lower_nothing(node: cst.BaseSmallStatement, context: Context) -> Sequence[Statement]:
    """`pass`, `type X = T`."""
    return ()


STATEMENTS: StatementTable = {
    cst.Expr: lower_expression_statement,
    cst.Assign: lower_assign,
    cst.AnnAssign: lower_annotated,
    cst.AugAssign: lower_augmented,
    cst.Del: lower_delete,
    cst.Return: lower_return,
    cst.Raise: lower_raise,
    cst.Assert: lower_assert,
    cst.Break: lower_break,
    cst.Continue: lower_continue,
    cst.Global: lower_global,
    cst.Nonlocal: lower_nonlocal,
    cst.Pass: lower_nothing,
    cst.TypeAlias: lower_nothing,
}
