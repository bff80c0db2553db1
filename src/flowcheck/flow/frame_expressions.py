"""Expressions over the columns of a data frame, as polars has them: which columns each is made of, under which name.

pl.col("phone").str.to_lowercase().alias("to")        made of `phone`, under `to`
pl.all().exclude("phone"), pl.exclude("phone")        every other column, each under its own name
pl.concat_str(["phone", "city"]), pl.col("a") + pl.col("b")     of several
pl.col("phone").n_unique()                            of none: it counts
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.columns import column, columns_of, names_in
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.values import NOTHING, Ref, Scalar, Value, attr, const, join_all

EXPRESSION = "polars.Expr()"
COLUMNS = attr("__columns__")
ALIAS = attr("__alias__")
EXCEPT = attr("__except__")
"""Where an expression of all columns keeps the names of those that it leaves out."""

COUNTING = frozenset(
    {
        "count", "n_unique", "sum", "mean", "median", "std", "var", "any", "all", "is_null", "is_not_null", "is_in",
        "len", "len_chars", "len_bytes", "is_duplicated", "is_unique", "is_first_distinct", "eq", "ne", "lengths",
        "contains", "starts_with", "ends_with", "is_between", "is_nan", "null_count", "arg_max", "arg_min", "rank",
    }
)  # fmt: skip
"""Methods of an expression whose result says nothing of any cell."""
MAKING = frozenset({"concat_str", "concat_list", "struct", "coalesce", "format", "max_horizontal", "min_horizontal"})
"""Functions that make one column of several."""


def expression(frame: Frame, names: Value, at: Span, tag: str = "frame:expression") -> Value:
    """`pl.col("phone")`"""
    return frame.make(at, Obj("external", {COLUMNS: names}, detail=EXPRESSION), tag)


def made_expression(frame: Frame, method: str, arguments: Arguments, at: Span) -> Value | None:
    """A function of the library that gives an expression; None for any other."""
    if method == "col":
        names = [name for value in arguments for name in names_in(frame, value)]
        return expression(frame, listed(frame, names, at), at)
    if method in {"len", "count", "lit", "row_index", "int_range"}:
        return expression(frame, NOTHING, at)
    if method in {"all", "exclude"}:
        left_out = [name for value in arguments for name in names_in(frame, value)] if method == "exclude" else []
        fields = {EXCEPT: listed(frame, left_out, at)}
        return frame.make(at, Obj("external", fields, detail=EXPRESSION), f"frame:{method}")
    if method in MAKING:
        given = list(arguments)
        if method == "format":
            given = given[1:]
        return expression(frame, listed(frame, list(names_within(frame, given)), at), at)
    return None


def listed(frame: Frame, names: list[str], at: Span) -> Value:
    """Names as one value."""
    items = [Value((const(name),)) for name in dict.fromkeys(names)]
    return fresh_list(frame, Items(items, None), at, "tuple", f"frame:names:{len(items)}")


def names_within(frame: Frame, values: list[Value]) -> Iterator[str]:
    """The columns that texts and expressions among some values name."""
    for value in values:
        yield from names_in(frame, value) if not is_expression(frame, value) else ()
        for _, obj in frame.objects(value):
            if obj.detail == EXPRESSION:
                yield from names_in(frame, obj.get(COLUMNS).present())
            elif obj.kind in {"list", "tuple"}:
                yield from names_within(frame, [each for each in obj.elements() if is_expression(frame, each)])


def is_expression(frame: Frame, value: Value) -> bool:
    """Whether a value is an expression over columns."""
    return any(obj.detail == EXPRESSION for _, obj in frame.objects(value))


def has_expression(frame: Frame, value: Value) -> bool:
    """Whether a value is an expression, or a list of some."""
    held = [each for _, obj in frame.objects(value) if obj.kind in {"list", "tuple"} for each in obj.elements()]
    return is_expression(frame, value) or any(is_expression(frame, each) for each in held)


def call_on_expression(frame: Frame, method: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`pl.col("phone").str.to_lowercase().alias("ph")`: still of the same columns, maybe under another name."""
    if method in {"alias", "name"} and arguments.positional:
        fields = {**obj.fields, ALIAS: arguments.positional[0]}
        return frame.make(at, Obj("external", fields, detail=EXPRESSION), "frame:alias")
    if method == "exclude":
        left_out = [*names_in(frame, obj.get(EXCEPT).present()), *names_within(frame, list(arguments))]
        fields = {**obj.fields, EXCEPT: listed(frame, left_out, at)}
        return frame.make(at, Obj("external", fields, detail=EXPRESSION), "frame:without")
    if method in COUNTING:
        return expression(frame, NOTHING, at)
    return Value((ref,))


def combined(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`pl.col("first") + pl.col("last")`: made of both; a comparison of neither. None for other operands."""
    if not is_expression(frame, left) and not is_expression(frame, right):
        return None
    if operator in COMPARISONS:
        return expression(frame, NOTHING, at, "frame:compared")
    names = [name for value in (left, right) if is_expression(frame, value) for name in names_within(frame, [value])]
    return expression(frame, listed(frame, names, at), at, "frame:combined")


COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "&", "|", "^"})


def expressed(frame: Frame, obj: Obj, value: Value) -> list[tuple[str, Value]]:
    """The columns that an expression gives of a frame: names and cells."""
    found: list[tuple[str, Value]] = []
    for _, each in frame.objects(value):
        if each.detail == EXPRESSION and EXCEPT in each.fields:
            left_out = names_in(frame, each.get(EXCEPT).present())
            known = {str(content.name): cells.present() for content, cells in columns_of(obj).items()}
            found.extend((name, cells) for name, cells in known.items() if name not in left_out)
            if obj.rest is not None:
                found.append(("*", obj.rest))
        elif each.detail == EXPRESSION:
            names = names_in(frame, each.get(COLUMNS).present())
            cells = join_all(column(frame, obj, name) for name in names) if names else Value((Scalar("int"),))
            alias = names_in(frame, each.get(ALIAS).present()) if ALIAS in each.fields else []
            if alias:
                found.extend((name, cells) for name in alias)
            else:
                found.extend((name, column(frame, obj, name)) for name in names)
        elif each.kind in {"list", "tuple"}:
            found.extend(pair for inner in each.elements() for pair in expressed(frame, obj, inner))
    return found
