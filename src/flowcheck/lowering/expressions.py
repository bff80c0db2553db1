"""Expressions, one function for each form.

user.phone or "none"       Boolean("or", (Attribute(Name("user"), "phone"), Constant("none")))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Argument, Expression
from flowcheck.lowering.context import Context, ExpressionTable
from flowcheck.lowering.operators import BINARY, COMPARISON, UNARY

SINGLETONS = {"None": None, "True": True, "False": False}

Link = TypeVar("Link", bound=cst.BaseExpression)

LINKS_IN_A_ROW = 60

SMALLEST_INT, LARGEST_INT = -(2**63), 2**64 - 1


def lower_name(node: cst.Name, context: Context) -> Expression:
    """`x`, `None`, `True`, `False`."""
    if node.value in SINGLETONS:
        return tree.Constant(SINGLETONS[node.value])
    return context.name(node.value, context.span(node))


def lower_integer(node: cst.Integer, context: Context) -> Expression:
    """`12`, `0xff`, `1_000`."""
    try:
        return integer(int(node.value, 0))
    except ValueError:  # more digits than Python converts
        return tree.Opaque("int")


def integer(value: int) -> Expression:
    """A whole number; beyond 64 bit its value is not kept."""
    return tree.Constant(value) if SMALLEST_INT <= value <= LARGEST_INT else tree.Opaque("int")


def lower_float(node: cst.Float, context: Context) -> Expression:
    """`1.5`."""
    return tree.Constant(float(node.value))


def lower_imaginary(node: cst.Imaginary, context: Context) -> Expression:
    """`2j`."""
    return tree.Opaque("complex")


def lower_ellipsis(node: cst.Ellipsis, context: Context) -> Expression:
    """`...`."""
    return tree.Opaque("ellipsis")


def lower_unary(node: cst.UnaryOperation, context: Context) -> Expression:
    """`-x`, `not x`; `-1` is a constant."""
    operator, operand = UNARY[type(node.operator)], context.expression(node.expression)
    if operator == "-" and isinstance(operand, tree.Constant):
        if isinstance(operand.value, float):
            return tree.Constant(-operand.value)
        if isinstance(operand.value, int) and not isinstance(operand.value, bool):
            return integer(-operand.value)
    return tree.Unary(operator, operand)


def lower_binary(node: cst.BinaryOperation, context: Context) -> Expression:
    """`a + b + c`: a chain leans to the left and is lowered in a loop."""
    chain = []
    leftmost: cst.BaseExpression = node
    while isinstance(leftmost, cst.BinaryOperation):
        chain.append(leftmost)
        leftmost = leftmost.left
    return lower_chain(context.expression(leftmost), chain, _lower_operation, context)


def _lower_operation(node: cst.BinaryOperation, left: Expression, context: Context) -> Expression:
    """`left + right`."""
    return tree.Binary(BINARY[type(node.operator)], left, context.expression(node.right), context.span(node))


def lower_chain(
    innermost: Expression,
    chain: Sequence[Link],
    lower_link: Callable[[Link, Expression, Context], Expression],
    context: Context,
) -> Expression:
    """Links from the outermost to the innermost; a long chain is cut, so that its tree is not deep.

    `a.b.c.d` cut after each link is `(x1 := a.b, x2 := x1.c, x2.d)[2]`.
    """
    lowered, pieces = innermost, []
    for count, link in enumerate(reversed(chain), start=1):
        lowered = lower_link(link, lowered, context)
        if count % LINKS_IN_A_ROW == 0 and count < len(chain):
            at = context.span(link)
            pieces.append(tree.Walrus(context.temporary(at), lowered, at))
            lowered = pieces[-1].target
    if not pieces:
        return lowered
    at = context.span(chain[0])
    return tree.Subscript(tree.Display("tuple", (*pieces, lowered), at), tree.Constant(len(pieces)), at)


def lower_comparison(node: cst.Comparison, context: Context) -> Expression:
    """`a < b`; `a < b < c` is `a < b and b < c`."""
    left_node, left = node.left, context.expression(node.left)
    links = []
    for target in node.comparisons:
        right = context.expression(target.comparator)
        at = context.between(left_node, target.comparator)
        links.append(tree.Comparison(COMPARISON[type(target.operator)], left, right, at))
        left_node, left = target.comparator, right
    return links[0] if len(links) == 1 else tree.Boolean("and", tuple(links))


def lower_boolean(node: cst.BooleanOperation, context: Context) -> Expression:
    """`a and b and c`, flat."""
    operator = type(node.operator)
    pending: list[cst.BaseExpression] = [node]
    operands = []
    while pending:
        operand = pending.pop()
        if isinstance(operand, cst.BooleanOperation) and type(operand.operator) is operator:
            pending += (operand.right, operand.left)
        else:
            operands.append(context.expression(operand))
    return tree.Boolean("and" if operator is cst.And else "or", tuple(operands))


def lower_conditional(node: cst.IfExp, context: Context) -> Expression:
    """`body if test else orelse`."""
    return tree.Conditional(*map(context.expression, (node.test, node.body, node.orelse)))


def lower_trailers(node: cst.BaseExpression, context: Context) -> Expression:
    """`a.b(c)[d].e`: a chain leans to the left and is lowered in a loop."""
    chain: list[cst.BaseExpression] = []
    while True:
        if isinstance(node, (cst.Attribute, cst.Subscript)):
            chain.append(node)
            node = node.value
        elif isinstance(node, cst.Call):
            chain.append(node)
            node = node.func
        else:
            break
    return lower_chain(context.expression(node), chain, _lower_trailer, context)


def _lower_trailer(node: cst.BaseExpression, value: Expression, context: Context) -> Expression:
    """`.b`, `(c)` or `[d]` behind a value."""
    return TRAILERS[type(node)](node, value, context)


def lower_attribute(node: cst.Attribute, value: Expression, context: Context) -> Expression:
    """`value.attr`."""
    attr = node.attr.value
    context.mention(attr)
    return tree.Attribute(value, context.mangled(attr), context.span(node))


def lower_subscript(node: cst.Subscript, value: Expression, context: Context) -> Expression:
    """`value[index]`; `value[a, b]` has a tuple for its index."""
    at = context.span(node)
    if len(node.slice) == 1 and not isinstance(node.slice[0].comma, cst.Comma):
        only = node.slice[0].slice
        if not isinstance(only, cst.Index) or only.star is None:
            return tree.Subscript(value, lower_index(only, context), at)
    items = tuple(lower_index(element.slice, context) for element in node.slice)
    return tree.Subscript(value, tree.Display("tuple", items, at), at)


def lower_index(node: cst.BaseSlice, context: Context) -> Expression:
    """`i`, `*i` or `lower:upper:step` between the brackets of a subscript."""
    if isinstance(node, cst.Slice):
        return tree.Slice(*map(context.optional, (node.lower, node.upper, node.step)))
    assert isinstance(node, cst.Index)
    value = context.expression(node.value)
    return value if node.star is None else tree.Starred(value)


def lower_call(node: cst.Call, func: Expression, context: Context) -> Expression:
    """`func(arguments)`."""
    return tree.Call(func, lower_arguments(node.args, context), context.span(node))


def lower_arguments(nodes: Sequence[cst.Arg], context: Context) -> tuple[Argument, ...]:
    """`x, name=x, *x, **x` of a call or a class header."""
    return tuple([lower_argument(node, context) for node in nodes])


def lower_argument(node: cst.Arg, context: Context) -> Argument:
    """`x`, `name=x`, `*x` or `**x`."""
    value = context.expression(node.value)
    if node.keyword is None:
        return Argument(value, None, len(node.star))
    context.mention(node.keyword.value)
    return Argument(value, context.mangled(node.keyword.value))


TRAILERS: ExpressionTable = {cst.Attribute: lower_attribute, cst.Subscript: lower_subscript, cst.Call: lower_call}


def lower_list(node: cst.List, context: Context) -> Expression:
    """`[a, *b]`."""
    return tree.Display("list", lower_elements(node.elements, context), context.span(node))


def lower_tuple(node: cst.Tuple, context: Context) -> Expression:
    """`a, *b`."""
    return tree.Display("tuple", lower_elements(node.elements, context), context.span(node))


def lower_set(node: cst.Set, context: Context) -> Expression:
    """`{a, *b}`."""
    return tree.Display("set", lower_elements(node.elements, context), context.span(node))


def lower_elements(nodes: Sequence[cst.BaseElement], context: Context) -> tuple[Expression, ...]:
    """The items of a display."""
    return tuple([context.expression(n if isinstance(n, cst.StarredElement) else n.value) for n in nodes])


def lower_starred(node: cst.StarredElement, context: Context) -> Expression:
    """`*x`."""
    return tree.Starred(context.expression(node.value))


def lower_dict(node: cst.Dict, context: Context) -> Expression:
    """`{k: v, **more}`."""
    items = tuple([lower_dict_item(element, context) for element in node.elements])
    return tree.DictDisplay(items, context.span(node))


def lower_dict_item(node: cst.BaseDictElement, context: Context) -> tree.DictItem:
    """`k: v` or `**more`."""
    key = context.expression(node.key) if isinstance(node, cst.DictElement) else None
    return tree.DictItem(key, context.expression(node.value))


def lower_await(node: cst.Await, context: Context) -> Expression:
    """`await x`."""
    return tree.Await(context.expression(node.expression), context.span(node))


def lower_yield(node: cst.Yield, context: Context) -> Expression:
    """`yield`, `yield x`, `yield from x`."""
    context.code.is_generator = True
    if isinstance(node.value, cst.From):
        return tree.YieldFrom(context.expression(node.value.item), context.span(node))
    return tree.Yield(context.optional(node.value), context.span(node))


def lower_walrus(node: cst.NamedExpr, context: Context) -> Expression:
    """`target := value`: binds in the code, also when it stands in a comprehension."""
    value = context.expression(node.value)
    assert isinstance(node.target, cst.Name)
    target = context.bind(node.target, context.code.scope)
    return tree.Walrus(target, value, context.span(node))


EXPRESSIONS: ExpressionTable = {
    cst.Name: lower_name,
    cst.Integer: lower_integer,
    cst.Float: lower_float,
    cst.Imaginary: lower_imaginary,
    cst.Ellipsis: lower_ellipsis,
    cst.UnaryOperation: lower_unary,
    cst.BinaryOperation: lower_binary,
    cst.Comparison: lower_comparison,
    cst.BooleanOperation: lower_boolean,
    cst.IfExp: lower_conditional,
    cst.Attribute: lower_trailers,
    cst.Subscript: lower_trailers,
    cst.Call: lower_trailers,
    cst.List: lower_list,
    cst.Tuple: lower_tuple,
    cst.Set: lower_set,
    cst.StarredElement: lower_starred,
    cst.Dict: lower_dict,
    cst.Await: lower_await,
    cst.Yield: lower_yield,
    cst.NamedExpr: lower_walrus,
}
