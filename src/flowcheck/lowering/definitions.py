"""Functions, lambdas and classes: codes of their own, and the statements that define them.

@cached                    DefineFunction(Name("contact"), code=1, decorators=(Name("cached"),))
def contact(user): ...     codes[1]: Code("contact", parameters=(Parameter("user"),))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.files import Parameter
from flowcheck.facts.tree import Default, Expression, Statement
from flowcheck.lowering.annotations import lower_annotation
from flowcheck.lowering.context import Context, Draft
from flowcheck.lowering.declaring import declare_class, declare_function
from flowcheck.lowering.expressions import lower_arguments


def lower_function(node: cst.FunctionDef, context: Context) -> Sequence[Statement]:
    """`@decorators async def target(parameters) -> T: body`."""
    decorators = _lower_decorators(node, context)
    defaults = _lower_defaults(node.params, context)
    target = context.bind(node.name)
    draft = context.open_code("function", node.name.value)
    draft.at, draft.body_at = target.at, context.span(node)
    draft.is_async = node.asynchronous is not None
    with context.mentioning_for(draft):
        params = [(_lower_parameter(kind, param, draft, context), param) for kind, param in _params(node.params)]
        draft.returns = lower_annotation(node.returns, context)
    draft.parameters = tuple(parameter for parameter, _ in params)
    declare_function(node, draft, decorators, params, context)
    with context.within(draft):
        draft.body = context.block(node.body)
    return (tree.DefineFunction(target, draft.index, defaults, decorators, draft.body_at),)


def lower_class(node: cst.ClassDef, context: Context) -> Sequence[Statement]:
    """`@decorators class target(*bases, **keywords): body`."""
    decorators = _lower_decorators(node, context)
    arguments = lower_arguments((*node.bases, *node.keywords), context)
    target = context.bind(node.name)
    draft = context.open_code("class", node.name.value)
    draft.at, draft.body_at = target.at, context.span(node)
    declare_class(node, draft, decorators, context)
    with context.within(draft):
        draft.body = context.block(node.body)
    return (tree.DefineClass(target, draft.index, arguments, decorators, draft.body_at),)


def lower_lambda(node: cst.Lambda, context: Context) -> Expression:
    """`lambda parameters: body`: a code that returns its expression."""
    defaults = _lower_defaults(node.params, context)
    at = context.span(node)
    draft = context.open_code("lambda", "<lambda>")
    draft.at = draft.body_at = at
    draft.parameters = tuple(_lower_parameter(kind, param, draft, context) for kind, param in _params(node.params))
    with context.within(draft):
        draft.body = (tree.Return(context.expression(node.body), context.span(node.body)),)
    return tree.Lambda(draft.index, defaults, at)


def _lower_decorators(node: cst.FunctionDef | cst.ClassDef, context: Context) -> tuple[Expression, ...]:
    """`@cached @app.get("/")`, in source order."""
    return tuple([context.expression(decorator.decorator) for decorator in node.decorators])


def _lower_defaults(node: cst.Parameters, context: Context) -> tuple[Default, ...]:
    """`x=1, *, y=2`: evaluated where the function is defined."""
    return tuple(
        [
            Default(context.mangled(param.name.value), context.expression(param.default))
            for _, param in _params(node)
            if param.default is not None
        ]
    )


def _params(node: cst.Parameters) -> Iterator[tuple[str, cst.Param]]:
    """All parameters with their kinds, in source order."""
    for param in node.posonly_params:
        yield "positional", param
    for param in node.params:
        yield "plain", param
    if isinstance(node.star_arg, cst.Param):
        yield "star", node.star_arg
    for param in node.kwonly_params:
        yield "keyword", param
    if node.star_kwarg is not None:
        yield "double_star", node.star_kwarg


def _lower_parameter(kind: str, node: cst.Param, draft: Draft, context: Context) -> Parameter:
    """`x: T = default`; the annotation belongs to the place around the function."""
    name = context.mangled(node.name.value)
    draft.scope.bind(name)
    draft.words.add(node.name.value)
    annotation = lower_annotation(node.annotation, context)
    return Parameter(name, kind, annotation, node.default is not None, context.span(node.name))
