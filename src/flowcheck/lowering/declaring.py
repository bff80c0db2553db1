"""Lists what a label may stand on while statements are lowered; see `declarations` for the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from flowcheck.facts.files import Parameter
from flowcheck.facts.tree import Attribute, Display, Expression, Name, Span, Starred
from flowcheck.lowering.context import Context, Draft
from flowcheck.lowering.declarations import Declarations, Declared


def declare_targets(
    targets: Sequence[Expression],
    at: Span,
    context: Context,
    annotation: Expression | None = None,
    value: Expression | None = None,
) -> None:
    """`phone = ...`, `phone: T`, `self.phone = ...`: a field in a class, else a variable."""
    if context.declarations is None:
        return
    for target in _leaves(targets):
        place = _variable(target, context) if isinstance(target, Name) else _own_field(target, context)
        if place is not None:
            kind, name, target_at = place
            lines = range(at.line, at.end_line + 1)
            context.declarations.add(Declared(kind, name, target_at, lines, annotation, value))


def declare_function(
    node: cst.FunctionDef,
    draft: Draft,
    decorators: tuple[Expression, ...],
    parameters: Sequence[tuple[Parameter, cst.Param]],
    context: Context,
) -> None:
    """`def`: the function, what it returns, and its parameters."""
    declarations = context.declarations
    if declarations is None:
        return
    _declare_header("function", node, draft, decorators, context, declarations)
    header_end = context.header_end(node.body)
    declarations.add(Declared("return", draft.qualname, draft.at, range(0), draft.returns))
    for parameter, param in parameters:
        span = context.between(param.name, _last_part(param))
        declarations.add(
            Declared(
                "parameter",
                f"{draft.qualname}:{parameter.name}",
                parameter.at,
                range(span.line, span.end_line + 1),
                parameter.annotation,
                def_line=draft.body_at.line,
                header_end=header_end,
            )
        )


def _last_part(param: cst.Param) -> cst.CSTNode:
    """What a parameter ends with: its default, its annotation or its name."""
    if param.default is not None:
        return param.default
    return param.name if param.annotation is None else param.annotation.annotation


def declare_class(node: cst.ClassDef, draft: Draft, decorators: tuple[Expression, ...], context: Context) -> None:
    """`class`."""
    if context.declarations is not None:
        _declare_header("class", node, draft, decorators, context, context.declarations)


def _declare_header(
    kind: str,
    node: cst.FunctionDef | cst.ClassDef,
    draft: Draft,
    decorators: tuple[Expression, ...],
    context: Context,
    declarations: Declarations,
) -> None:
    """A definition is marked on any line from its first decorator to its colon."""
    header_end = context.header_end(node.body)
    def_line = draft.body_at.line
    first = context.span(node.decorators[0].decorator).line if node.decorators else def_line
    declarations.add(
        Declared(
            kind,
            draft.qualname,
            draft.at,
            range(first, header_end[0] + 1),
            decorators=decorators,
            def_line=def_line,
            header_end=header_end,
        )
    )


def _leaves(targets: Sequence[Expression]) -> Iterator[Expression]:
    """The single targets in `a, (b, *c) = ...`."""
    for target in targets:
        if isinstance(target, Display):
            yield from _leaves(target.items)
        elif isinstance(target, Starred):
            yield from _leaves((target.value,))
        else:
            yield target


def _variable(target: Name, context: Context) -> tuple[str, str, Span]:
    """A name that is bound: a field in a class body, else a variable."""
    code = context.code
    if code.kind == "class":
        return "field", f"{code.qualname}.{target.id}", target.at
    if code.kind == "module" or target.id in code.scope.globals:
        return "variable", target.id, target.at
    return "variable", f"{code.qualname}.{target.id}", target.at


def _own_field(target: Expression, context: Context) -> tuple[str, str, Span] | None:
    """`self.phone = ...` in a method: a field of its class."""
    method, owner = context.code, context.code.parent
    if owner is None or owner.kind != "class" or not method.parameters:
        return None
    if not isinstance(target, Attribute) or not isinstance(target.value, Name):
        return None
    if target.value.id != method.parameters[0].name:
        return None
    return "field", f"{owner.qualname}.{target.attr}", target.at
