"""Strings in all their forms: plain, bytes, f-strings, t-strings, and several in a row.

"tel: " f"{user.phone:>{width}}"     Format((Constant("tel: "), Interpolation(..., spec=Format(...))))
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from flowcheck.facts import tree
from flowcheck.facts.tree import Constant, Expression, Interpolation, Span
from flowcheck.lowering.context import Context, ExpressionTable
from flowcheck.lowering.escapes import unescape, unescape_bytes

MAX_TEXT = 20_000

Part: TypeAlias = Constant | Interpolation
Field: TypeAlias = cst.FormattedStringExpression | cst.TemplatedStringExpression
Content: TypeAlias = cst.BaseFormattedStringContent | cst.BaseTemplatedStringContent
Piece: TypeAlias = cst.SimpleString | cst.FormattedString | cst.TemplatedString


def lower_string(node: cst.SimpleString, context: Context) -> Expression:
    """`"text"`, `b"bytes"`."""
    if "b" in node.prefix:
        return constant_bytes(unescape_bytes(node.raw_value, "r" in node.prefix))
    return constant_text(unescape(node.raw_value, "r" in node.prefix), context)


def lower_format(node: cst.FormattedString | cst.TemplatedString, context: Context) -> Expression:
    """`f"{x!r:spec}"`, `t"{x}"`."""
    return _format(list(_parts_of(node, context)), isinstance(node, cst.TemplatedString), context.span(node))


def lower_adjacent(node: cst.ConcatenatedString, context: Context) -> Expression:
    """`"a" "b"` is one constant, `"a" f"{b}"` one format."""
    pieces = list(_pieces(node))
    if all(isinstance(piece, cst.SimpleString) for piece in pieces):
        return _join_plain([piece for piece in pieces if isinstance(piece, cst.SimpleString)], context)
    parts = [part for piece in pieces for part in _parts_of(piece, context)]
    is_template = any(isinstance(piece, cst.TemplatedString) for piece in pieces)
    return _format(parts, is_template, context.span(node))


def constant_text(text: str, context: Context) -> Expression:
    """A text; its words are mentioned, its value is kept when it is short and can be stored."""
    context.mention_text(text)
    return Constant(text) if _is_storable(text) else tree.Opaque("str")


def constant_bytes(content: bytes) -> Expression:
    """Bytes, kept when they are few."""
    return tree.Bytes(content) if len(content) <= MAX_TEXT else tree.Opaque("bytes")


def plain_text(node: cst.BaseExpression) -> str | None:
    """The text of a string without interpolations; None for anything else."""
    pieces = list(_pieces(node)) if isinstance(node, cst.ConcatenatedString) else [node]
    texts = []
    for piece in pieces:
        if not isinstance(piece, cst.SimpleString) or "b" in piece.prefix:
            return None
        texts.append(unescape(piece.raw_value, "r" in piece.prefix))
    return "".join(texts)


def _is_storable(text: str) -> bool:
    """Whether a text is short enough, and free of lone surrogates, which have no UTF-8."""
    return len(text) <= MAX_TEXT and (text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))


def _pieces(node: cst.ConcatenatedString) -> Iterator[Piece]:
    """The literals in a row, from left to right."""
    rest: Piece | cst.ConcatenatedString = node
    while isinstance(rest, cst.ConcatenatedString):
        yield rest.left
        rest = rest.right
    yield rest


def _join_plain(pieces: Sequence[cst.SimpleString], context: Context) -> Expression:
    """Several plain strings, or several bytes, in a row."""
    if "b" in pieces[0].prefix:
        return constant_bytes(b"".join(unescape_bytes(piece.raw_value, "r" in piece.prefix) for piece in pieces))
    return constant_text("".join(unescape(piece.raw_value, "r" in piece.prefix) for piece in pieces), context)


def _parts_of(node: Piece, context: Context) -> Iterator[Part]:
    """The constants and interpolations of one literal."""
    if isinstance(node, cst.SimpleString):
        yield from _text_part(unescape(node.raw_value, "r" in node.prefix), context)
    else:
        yield from _contents(node.parts, "r" in node.prefix, context)


def _contents(nodes: Sequence[Content], is_raw: bool, context: Context) -> Iterator[Part]:
    """What stands between the quotes of an f-string, or behind the colon of a field."""
    for node in nodes:
        if isinstance(node, (cst.FormattedStringExpression, cst.TemplatedStringExpression)):
            yield from _field(node, is_raw, context)
        elif isinstance(node, (cst.FormattedStringText, cst.TemplatedStringText)):
            text = node.value.replace("{{", "{").replace("}}", "}")
            yield from _text_part(unescape(text, is_raw), context)


def _field(node: Field, is_raw: bool, context: Context) -> Iterator[Part]:
    """`{x}`, `{x!r}`, `{x:spec}`; `{x=}` has its own text before it."""
    conversion = node.conversion or ""
    if node.equal is not None:
        yield from _text_part(_field_text(node), context)
        if not conversion and node.format_spec is None:
            conversion = "r"
    yield Interpolation(context.expression(node.expression), conversion, _spec(node, is_raw, context))


def _field_text(node: Field) -> str:
    """`x = ` of `{x = }`, as it is written."""
    nodes = (node.whitespace_before_expression, node.expression, node.whitespace_after_expression, node.equal)
    blank = cst.Module(())
    return "".join(blank.code_for_node(part) for part in nodes if part is not None)


def _spec(node: Field, is_raw: bool, context: Context) -> Expression | None:
    """`>{width}` of `{x:>{width}}`: a constant, or a format when it has fields of its own."""
    if node.format_spec is None:
        return None
    parts = _merged(list(_contents(node.format_spec, is_raw, context)))
    if len(parts) == 1 and isinstance(parts[0], Constant):
        return parts[0]
    return tree.Format(parts, False, context.span(node.expression)) if parts else Constant("")


def _text_part(text: str, context: Context) -> Iterator[Constant]:
    """A stretch of text in an f-string; what cannot be stored of it is replaced or cut."""
    if text:
        context.mention_text(text)
        yield Constant(text if _is_storable(text) else text[:MAX_TEXT].encode("utf-8", "replace").decode())


def _format(parts: list[Part], is_template: bool, at: Span) -> Expression:
    return tree.Format(_merged(parts), is_template, at)


def _merged(parts: list[Part]) -> tuple[Part, ...]:
    """Join constants that stand side by side."""
    merged: list[Part] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Constant) and isinstance(last, Constant):
            merged[-1] = Constant(f"{last.value}{part.value}")
        else:
            merged.append(part)
    return tuple(merged)


STRINGS: ExpressionTable = {
    cst.SimpleString: lower_string,
    cst.FormattedString: lower_format,
    cst.TemplatedString: lower_format,
    cst.ConcatenatedString: lower_adjacent,
}
