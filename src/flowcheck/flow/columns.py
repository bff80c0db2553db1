"""Columns of data frames: what a frame and a series are to the interpreter, and how their parts are reached.

    frame["phone"], frame.phone, frame.loc[mask, "phone"]      a series whose cells are those of the column
    frame[["phone", "city"]], frame[mask]                      a frame with these columns

A frame is an object of its library whose contents are its columns under their names, each the value that any
of its cells may have; `rest` is any further column. A series is one whose `rest` is any of its cells.
"""

from __future__ import annotations

from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Content,
    Ref,
    Scalar,
    Value,
    attr,
    index,
    join,
    join_all,
    key,
)

FRAMES = ("DataFrame()", "LazyFrame()")
SERIES = ("Series()",)

CLEAN = frozenset(
    {"columns", "index", "shape", "dtypes", "dtype", "empty", "size", "ndim", "schema", "width", "height"}
)
VIEWS = frozenset({"loc", "iloc", "at", "iat", "str", "dt", "cat", "values", "array", "T", "list", "struct", "sparse"})

ROW_READ = attr("__row__")
"""Where a frame that was read from a file has a row of it, as somebody else wrote it."""

GROUPS = attr("__groups__")
"""Where a grouped frame keeps the names of the columns that it is grouped by."""
INDEX = attr("__index__")
"""Where a frame keeps the names of the columns that are its index."""

Columns: TypeAlias = "dict[Content, Value]"


# --- what kind of thing -------------------------------------------------------------------------------


def is_frame(obj: Obj) -> bool:
    """Whether an object is a data frame."""
    return obj.kind == "external" and str(obj.detail).endswith(FRAMES)


def is_series(obj: Obj) -> bool:
    """Whether an object is one column."""
    return obj.kind == "external" and str(obj.detail).endswith(SERIES)


def library_of(name: str) -> str:
    """`pandas` of `pandas.DataFrame()`"""
    return name.partition(".")[0].removesuffix("()")


def made_frame(frame: Frame, library: str, columns: Columns, rest: Value | None, at: Span, tag: str = "frame") -> Value:
    """A frame with these columns."""
    plain = {content: cell_of(frame, value) for content, value in columns.items()}
    return frame.make(at, Obj("external", plain, detail=f"{library}.DataFrame()", rest=rest), tag)


def made_series(frame: Frame, library: str, cell: Value, at: Span, tag: str = "series") -> Value:
    """A column with such cells."""
    return frame.make(at, Obj("external", detail=f"{library}.Series()", rest=cell), tag)


def cell_of(frame: Frame, value: Value) -> Value:
    """What one cell of a column may be, whatever was assigned to the column: a series, a list, one value."""
    found = NOTHING
    for atom in frame.look(value).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and (is_series(obj) or obj.kind in {"list", "tuple", "set", "generator"}):
            inner = frame.machine.iterate_values(frame, Value((atom,)), frame.code.at)
            found = join(found, inner.tainted(value.taints))
        else:
            found = join(found, Value((atom,), value.taints))
    return found


def columns_of(obj: Obj) -> Columns:
    """The columns that are known apart."""
    return {content: value for content, value in obj.fields.items() if content.kind == "key"}


def column(frame: Frame, obj: Obj, name: str) -> Value:
    """One column of a frame, by its name."""
    held = obj.get(key(name)) if key(name) in obj.fields else NOTHING
    if held.present().atoms:
        return cell_of(frame, held.present())
    if ROW_READ in obj.fields and key(name) not in obj.fields:
        return frame.content(obj.fields[ROW_READ], key(name))
    return obj.rest or NOTHING


def names_in(frame: Frame, value: Value | None) -> list[str]:
    """The constant names that a value is, or holds."""
    if value is None:
        return []
    held = [value]
    for _, obj in frame.objects(value):
        held.extend(obj.elements())
    constants = [atom for each in held for atom in frame.constants(each) if isinstance(atom, Const)]
    return [atom.value for atom in constants if isinstance(atom.value, str)]


# --- rows ---------------------------------------------------------------------------------------------


def row_of(frame: Frame, obj: Obj, at: Span) -> Value:
    """A row: its cells by position, by name and as attributes."""
    columns = {content: cell_of(frame, value.present()) for content, value in columns_of(obj).items()}
    fields: Columns = {}
    for place, (content, value) in enumerate(columns.items()):
        fields[index(place)] = value
        fields[content] = fields[attr(str(content.name))] = value
    row = Obj("tuple", fields, detail="(frame).Row", length=len(columns), rest=cells_beside(frame, obj))
    return frame.make(at, row, "frame:row")


def record_of(frame: Frame, obj: Obj, at: Span) -> Value:
    """A row as a dictionary."""
    columns = {content: cell_of(frame, value.present()) for content, value in columns_of(obj).items()}
    return frame.make(at, Obj("dict", columns, rest=cells_beside(frame, obj)), "frame:record")


def cells_beside(frame: Frame, obj: Obj) -> Value | None:
    """The cells of the columns that are not known apart."""
    return cell_of(frame, obj.rest) if obj.rest is not None else None


# --- subscripts and attributes ---------------------------------------------------------------------------------


def item_of_frame(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span) -> Value | None:
    """`frame["phone"]`, `frame[["phone", "city"]]`, `frame[mask]`, `series[0]`; None for other objects."""
    library = library_of(str(obj.detail))
    if is_series(obj):
        is_mask = any(True for _ in frame.objects(subscript)) or any(a == Scalar("slice") for a in subscript.atoms)
        return Value((ref,)) if is_mask else obj.rest or NOTHING
    if not is_frame(obj):
        return None
    picked = [value for _, each in frame.objects(subscript) if each.kind == "tuple" for value in each.elements()]
    wanted = picked[-1] if picked else subscript
    names = names_in(frame, wanted)
    if not names:
        return Value((ref,))
    if any(True for _ in frame.objects(wanted)):
        part = {key(name): column(frame, obj, name) for name in names}
        return made_frame(frame, library, part, None, at, "frame:part")
    return made_series(frame, library, join_all(column(frame, obj, name) for name in names), at)


def attribute_of_frame(frame: Frame, ref: Ref, obj: Obj, name: str, at: Span) -> Value | None:
    """`frame.phone`, `frame.loc`, `series.str`; None for methods and for other objects."""
    if not is_frame(obj) and not is_series(obj):
        return None
    if is_frame(obj) and key(name) in obj.fields:
        return made_series(frame, library_of(str(obj.detail)), column(frame, obj, name), at)
    if name in VIEWS:
        return Value((ref,))
    if name == "index" and INDEX in obj.fields:
        names = names_in(frame, obj.fields[INDEX].present())
        return made_series(frame, library_of(str(obj.detail)), join_all(column(frame, obj, each) for each in names), at)
    if name == "size" and GROUPS in obj.fields:
        return None
    return UNKNOWN_VALUE if name in CLEAN else None


def columns_written(frame: Frame, obj: Obj, subscript: Value) -> list[str] | None:
    """The columns that `frame.loc[mask, "to"] = x` writes; None where it is no frame, or may be any column."""
    if not is_frame(obj):
        return None
    picked = [value for _, each in frame.objects(subscript) if each.kind == "tuple" for value in each.elements()]
    return names_in(frame, picked[-1] if picked else subscript) or None
