"""Import statements; a name each.

from .models import User as U      ImportFrom("models", 1, "User", Name("U"))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Name, Statement
from flowcheck.lowering.context import Context, StatementTable


def lower_import(node: cst.Import | cst.LazyImport, context: Context) -> Sequence[Statement]:
    """`import a.b`, `import a.b as c`."""
    at = context.span(node)
    statements = []
    for alias in node.names:
        module = _dotted(alias.name, context)
        statement = tree.Import(module, _bound(alias, context), alias.asname is not None, at)
        statements.append(statement)
        if context.declarations is not None:
            context.declarations.add_import(statement)
    return statements


def lower_import_from(node: cst.ImportFrom | cst.LazyImportFrom, context: Context) -> Sequence[Statement]:
    """`from ..a import b as c`, `from a import *`."""
    return tuple(_noted(_imported(node, context), context))


def _imported(
    node: cst.ImportFrom | cst.LazyImportFrom, context: Context
) -> Iterator[tree.ImportFrom | tree.ImportStar]:
    """One record a name."""
    module, level, at = _dotted(node.module, context), len(node.relative), context.span(node)
    if isinstance(node.names, cst.ImportStar):
        yield tree.ImportStar(module, level, at)
        return
    for alias in node.names:
        yield tree.ImportFrom(module, level, _dotted(alias.name, context), _bound(alias, context), at)


def _noted(
    statements: Iterator[tree.ImportFrom | tree.ImportStar], context: Context
) -> Iterator[tree.ImportFrom | tree.ImportStar]:
    """Note what is imported, for labels that are named by imports."""
    for statement in statements:
        if context.declarations is not None:
            context.declarations.add_import(statement)
        yield statement


def _bound(alias: cst.ImportAlias, context: Context) -> Name:
    """`c` of `a.b as c`, `a` of `a.b`."""
    node: cst.BaseExpression = alias.name if alias.asname is None else alias.asname.name
    while isinstance(node, cst.Attribute):
        node = node.value
    assert isinstance(node, cst.Name)
    return context.bind(node)


def _dotted(node: cst.BaseExpression | None, context: Context) -> str:
    """`a.b`, each part of it mentioned; empty in `from . import x`."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    for part in parts:
        context.mention(part)
    return ".".join(reversed(parts))


IMPORTS: StatementTable = {
    cst.Import: lower_import,
    cst.ImportFrom: lower_import_from,
    cst.LazyImport: lower_import,
    cst.LazyImportFrom: lower_import_from,
}
