"""What an assignment, `for`, `with` or `del` binds or writes.

name, *rest = user.phones      Display("tuple", (Name("name"), Starred(Name("rest"))))
"""

from __future__ import annotations

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Expression
from flowcheck.lowering.context import Context, ExpressionTable
from flowcheck.lowering.expressions import lower_trailers


def lower_name_target(node: cst.Name, context: Context) -> Expression:
    """`x = ...`."""
    return context.bind(node)


def lower_tuple_target(node: cst.Tuple, context: Context) -> Expression:
    """`a, b = ...`."""
    return tree.Display("tuple", tuple([context.target(item) for item in items_of(node)]), context.span(node))


def lower_list_target(node: cst.List, context: Context) -> Expression:
    """`[a, b] = ...`."""
    return tree.Display("list", tuple([context.target(item) for item in items_of(node)]), context.span(node))


def lower_starred_target(node: cst.StarredElement, context: Context) -> Expression:
    """`*rest` among targets."""
    return tree.Starred(context.target(node.value))


def items_of(node: cst.Tuple | cst.List) -> list[cst.CSTNode]:
    """The items of a display, without what the parser wraps them in."""
    return [item if isinstance(item, cst.StarredElement) else item.value for item in node.elements]


TARGETS: ExpressionTable = {
    cst.Name: lower_name_target,
    cst.Tuple: lower_tuple_target,
    cst.List: lower_list_target,
    cst.StarredElement: lower_starred_target,
    cst.Attribute: lower_trailers,
    cst.Subscript: lower_trailers,
    cst.Call: lower_trailers,
}
