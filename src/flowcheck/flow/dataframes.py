"""Data frames: pandas, polars and what speaks like them, column by column.

    ours = pd.DataFrame([{"id": user.id, "phone": user.phone} for user in users])
    ours["phone"], ours[["id"]], ours.rename(columns={"phone": "to"})      each column apart
    ours.merge(theirs, on="phone")                                         the two phone columns meet

What frames and series are, and their subscripts, is in columns.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.calls import call_value
from flowcheck.flow.columns import (
    GROUPS,
    INDEX,
    ROW_READ,
    Columns,
    cell_of,
    cells_beside,
    column,
    columns_of,
    is_frame,
    is_series,
    library_of,
    made_frame,
    made_series,
    names_in,
    record_of,
    row_of,
)
from flowcheck.flow.databases import executed, store
from flowcheck.flow.documents import document_behind
from flowcheck.flow.files import files_at, opened, taints_of_files
from flowcheck.flow.frame_expressions import (
    EXPRESSION,
    call_on_expression,
    expressed,
    has_expression,
    is_expression,
    made_expression,
)
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj, element_of
from flowcheck.flow.matches import note_match
from flowcheck.flow.objects import RECEIVER
from flowcheck.flow.serialization import structures, text_object
from flowcheck.flow.sql import Column
from flowcheck.flow.streams import emptied, held
from flowcheck.flow.streams import written as fill
from flowcheck.flow.values import (
    ELEMENT,
    KEYS,
    NO_TAINTS,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Ref,
    Scalar,
    Taints,
    Value,
    derived,
    index,
    join,
    join_all,
    joined_taints,
    key,
)

LIBRARIES = frozenset({"pandas", "polars", "geopandas", "modin", "dask", "cudf", "pyspark", "ibis"})
COUNTS = frozenset(
    {
        "count", "nunique", "size", "sum", "mean", "median", "std", "var", "any", "all", "isna", "isnull", "notna",
        "notnull", "duplicated", "isin", "is_in", "eq", "ne", "info", "memory_usage", "is_null", "n_unique", "len",
        "__len__", "equals", "is_duplicated", "corr", "describe_size", "is_unique",
    }
)  # fmt: skip
LISTS = frozenset({"tolist", "to_list", "unique", "to_numpy", "to_records", "rows", "itertuples", "iter_rows"})
LINES = frozenset(
    {"to_csv", "to_parquet", "to_excel", "to_feather", "write_csv", "write_parquet", "write_excel", "write_ndjson"}
)
WRITES = frozenset(
    {
        "to_csv", "to_json", "to_string", "to_html", "to_markdown", "to_parquet", "to_excel", "to_pickle", "to_feather",
        "write_csv", "write_json", "write_parquet", "write_ndjson",
    }
)  # fmt: skip


# --- calls of the library ---------------------------------------------------------------------------------


def call_dataframe(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A function of the library, or a method of a frame or series; None for any other call."""
    library, method = library_of(name), name.rpartition(".")[2]
    if receiver is None:
        return call_function(frame, library, method, arguments, at) if library in LIBRARIES else None
    result: Value | None = None
    for ref, obj in frame.objects(receiver):
        if obj.detail == EXPRESSION:
            return call_on_expression(frame, method, ref, obj, arguments, at)
        if is_frame(obj) or is_series(obj):
            call = call_on_frame if is_frame(obj) else call_on_series
            found = call(frame, library_of(str(obj.detail)), method, ref, obj, arguments, at)
            if any(is_frame(held) or is_series(held) for _, held in frame.objects(found)):
                found = found.tainted(receiver.taints)
            result = found if result is None else join(result, found)
    return result


def call_function(frame: Frame, library: str, method: str, arguments: Arguments, at: Span) -> Value | None:
    """`pd.DataFrame(rows)`, `pd.merge(a, b)`, `pd.concat([a, b])`, `pd.read_sql(text, connection)`"""
    first = arguments.get(0) or arguments.get(0, "data") or NOTHING
    if method in {"DataFrame", "from_dicts", "from_dict", "from_records", "json_normalize", "LazyFrame", "from_pandas"}:
        return frame_from(frame, library, first, arguments, at)
    if method == "Series":
        return made_series(frame, library, cell_of(frame, arguments.get(0, "data") or NOTHING), at)
    if library == "polars" and (made := made_expression(frame, method, arguments, at)) is not None:
        return made
    if method == "merge":
        left, right = arguments.get(0, "left") or NOTHING, arguments.get(1, "right") or NOTHING
        rest = Arguments(arguments.positional[2:], arguments.keywords)
        return merged(frame, library, left, right, rest, at)
    if method == "concat":
        return concatenated(frame, library, arguments.get(0, "objs") or NOTHING, at)
    if method in {"read_sql", "read_sql_query", "read_database", "read_database_uri"}:
        return frame_from_query(frame, library, arguments, at)
    if method.startswith(("read_", "scan_")):
        return frame_from_file(frame, library, method, first, arguments, at)
    return None


def frame_from_file(frame: Frame, library: str, method: str, path: Value, arguments: Arguments, at: Span) -> Value:
    """`pd.read_csv("users.csv", usecols=["city"])`: the columns that were written there."""
    taints = joined_taints(frame.deep_taints(path), taints_of_files(frame, path))
    rest = derived(taints)
    lines = NOTHING
    if method.removeprefix("read_").removeprefix("scan_") in TABULAR and is_path(frame, path):
        content = held(frame, opened(frame, files_at(frame, path, at), None))
        lines = structures(frame, content) or document_behind(frame, content) or NOTHING
    if not lines.atoms:
        return made_frame(frame, library, {}, rest, at, "frame:read")
    known = frame_from(frame, library, lines, Arguments(), at)
    row = frame.content(lines, ELEMENT)
    names = names_in(frame, arguments.get(9, "usecols") or arguments.get(9, "columns"))
    columns = {key(name): frame.content(row, key(name)) for name in names}
    if names:
        return made_frame(frame, library, columns, None, at, "frame:read")
    if any(columns_of(obj) for _, obj in frame.objects(known)):
        return known
    made = made_frame(frame, library, {}, rest, at, "frame:read")
    frame.write(made, ROW_READ, row)
    return made


TABULAR = frozenset({"csv", "table", "parquet", "excel", "feather", "ndjson"})
"""Formats of files in which every row has the columns by name."""


def frame_from(frame: Frame, library: str, data: Value, arguments: Arguments, at: Span) -> Value:
    """A frame made of a dictionary of columns, of rows, or of another frame."""
    names = names_in(frame, arguments.get(9, "columns") or arguments.get(9, "schema"))
    columns: Columns = {}
    rest: Value | None = None
    for atom in frame.look(frame.machine.forced(frame, data)).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        found, others = columns_in(frame, obj, names, at) if obj is not None else ({}, Value((atom,), data.taints))
        for content, value in found.items():
            columns[content] = join(columns.get(content, NOTHING), value)
        if others is not None and (others.taints or others.atoms):
            rest = join(rest or NOTHING, others)
    return made_frame(frame, library, columns, rest, at)


def columns_in(frame: Frame, obj: Obj, names: list[str], at: Span) -> tuple[Columns, Value | None]:
    """The columns in what a frame is made of, and what any further one may hold."""
    if is_frame(obj) or obj.kind == "dict":
        return {c: cell_of(frame, v.present()) for c, v in columns_of(obj).items()}, cells_beside(frame, obj)
    rows = element_of(obj) if obj.kind in ITERABLE else NOTHING
    columns: Columns = {}
    rest: Value | None = None
    for atom in frame.look(rows).atoms:
        row = frame.object(atom) if isinstance(atom, Ref) else None
        if row is not None and row.kind == "fields":
            for _, mapping in frame.objects(frame.machine.mapping_of_fields(frame, row.get(RECEIVER), at)):
                row = mapping
        if row is not None and (row.kind == "dict" or any(c.kind == "key" for c in row.fields)):
            found = {c: v.present() for c, v in columns_of(row).items()}
            others = row.rest
        elif row is not None and row.kind in {"tuple", "list"}:
            named = list(enumerate(names))[: row.length]
            found = {key(name): row.get(index(place)).present() for place, name in named}
            others = None if names else element_of(row)
        else:
            found, others = {key(name): Value((atom,), rows.taints) for name in names[:1]}, Value((atom,), rows.taints)
        for content, value in found.items():
            columns[content] = join(columns.get(content, NOTHING), value)
        rest = join(rest or NOTHING, others) if others is not None else rest
    return columns, rest


ITERABLE = frozenset({"list", "tuple", "set", "generator", "external", "unknown"})


def frame_from_query(frame: Frame, library: str, arguments: Arguments, at: Span) -> Value | None:
    """`pd.read_sql("SELECT phone FROM users", connection, params=[...])`"""
    given = Arguments([arguments.get(0, "sql") or arguments.get(0, "query") or NOTHING])
    parameters = arguments.keywords.get("params")
    if parameters is not None:
        given.positional.append(parameters)
    result = executed(frame, "execute", None, given, at)
    if result is None:
        return None
    columns: Columns = {}
    rest: Value | None = None
    for _, obj in frame.objects(result):
        for _, row in frame.objects(obj.rest or NOTHING):
            columns.update(columns_of(row))
            if row.kind == "unknown" and row.origin is not None:
                rest = derived(frame.deep_taints(obj.rest or NOTHING))
    return made_frame(frame, library, columns, rest, at, "frame:query")


def concatenated(frame: Frame, library: str, frames: Value, at: Span) -> Value:
    """`pd.concat([a, b])`"""
    columns: Columns = {}
    rest: Value | None = None
    held = frame.machine.iterate_values(frame, frames, at) if frame.objects(frames) else NOTHING
    for _, obj in frame.objects(held):
        for content, value in columns_of(obj).items():
            columns[content] = join(columns.get(content, NOTHING), value)
        rest = join(rest or NOTHING, obj.rest) if obj.rest is not None else rest
    return made_frame(frame, library, columns, rest, at, "frame:concat")


# --- methods of a frame ---------------------------------------------------------------------------------------

Method: TypeAlias = Callable[[Frame, str, Ref, Obj, Arguments, Span], Value]


def call_on_frame(frame: Frame, library: str, method: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.method(arguments)`; one that is not known here gives the frame again, changed in ways not followed."""
    known = FRAME_METHODS.get(method)
    if known is not None:
        return known(frame, library, ref, obj, arguments, at)
    if method in COUNTS:
        return UNKNOWN_VALUE
    if method in WRITES:
        return written(frame, method, Value((ref,)), arguments, at)
    if method in LISTS:
        return frame.make(at, Obj("list", rest=row_of(frame, obj, at)), "frame:rows")
    return Value((ref,))


def written(frame: Frame, method: str, holder: Value, arguments: Arguments, at: Span) -> Value:
    """`frame.to_csv()` gives a text; `frame.to_csv(buffer)` fills the buffer, `frame.to_csv("a.csv")` the file."""
    taints = frame.deep_taints(holder)
    text = text_of_frame(frame, holder, taints, at) if method in LINES else derived(taints, "str")
    target = arguments.get(0) or arguments.get(9, "path_or_buf") or arguments.get(9, "path") or NOTHING
    if is_path(frame, target):
        files = files_at(frame, target, at)
        emptied(frame, files)
        fill(frame, files, text.after(frame.hop("library", at, "written to a file")))
        return NONE_VALUE
    for ref, obj in frame.objects(target):
        if obj.kind in {"external", "unknown", "instance"}:
            frame.own(ref)
            frame.state.write(ref.id, ELEMENT, derived(taints, "str"), is_strong=False)
    return derived(taints, "str") if not frame.objects(target) else NONE_VALUE


def text_of_frame(frame: Frame, holder: Value, taints: Taints, at: Span) -> Value:
    """The text of a frame: carries the whole, and remembers its rows."""
    rows = [record_of(frame, obj, at) for _, obj in frame.objects(holder) if is_frame(obj)]
    if not rows or not taints:
        return derived(taints, "str")
    return text_object(frame, frame.make(at, Obj("list", rest=join_all(rows)), "frame:lines"), at, "str", "frame")


def is_path(frame: Frame, target: Value) -> bool:
    """Whether a value names a file: a constant text, or a path."""
    is_object = any(str(obj.detail).endswith("Path") for _, obj in frame.objects(target))
    return is_object or bool(constant_texts(frame, target))


def grouped(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`groups.agg({"phone": "first", "id": "count"})`, `groups.agg(n=("id", "count"))`: what counts is clean."""
    columns: Columns = {}
    known = False
    for _, given in frame.objects(arguments.get(0) or NOTHING):
        for content, value in given.fields.items():
            if content.kind == "key":
                known = True
                columns.update(aggregated(frame, obj, str(content.name), str(content.name), names_in(frame, value)))
    for name, value in arguments.keywords.items():
        chosen_names = names_in(frame, value)
        if len(chosen_names) == 2:
            known = True
            columns.update(aggregated(frame, obj, name, chosen_names[0], chosen_names[1:]))
    for value in arguments.positional:
        for name, cells in expressed(frame, obj, value):
            known = True
            columns[key(name)] = cells
        known = known or is_expression(frame, value)
    return made_frame(frame, library, columns, None, at, "frame:grouped") if known else Value((ref,))


def aggregated(frame: Frame, obj: Obj, name: str, source: str, functions: list[str]) -> Columns:
    """A column of groups: of what it is made of, unless it only counts."""
    if functions and all(function in COUNTS for function in functions):
        return {key(name): UNKNOWN_VALUE}
    return {key(name): column(frame, obj, source)}


# --- columns chosen and changed -------------------------------------------------------------------------------


def renamed(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.rename(columns={"phone": "to"})`"""
    del ref
    names: dict[object, list[str]] = {}
    mapping = arguments.get(9, "columns") or arguments.get(9, "mapping") or arguments.get(0) or NOTHING
    for _, given in frame.objects(mapping):
        for content, value in given.fields.items():
            if content.kind == "key":
                names[content.name] = names_in(frame, value)
    columns: Columns = {}
    for content, value in columns_of(obj).items():
        for name in names.get(content.name) or [str(content.name)]:
            columns[key(name)] = value
    return made_frame(frame, library, columns, obj.rest, at, "frame:renamed")


def dropped(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.drop(columns=["phone"])`, `frame.drop("phone", axis=1)`"""
    del ref
    gone = names_in(frame, arguments.get(9, "columns") or arguments.get(0, "labels"))
    kept = {content: value for content, value in columns_of(obj).items() if content.name not in gone}
    return made_frame(frame, library, kept, obj.rest, at, "frame:dropped")


def assigned(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.assign(to=frame["phone"], place=lambda each: each["city"])`"""
    columns = columns_of(obj)
    for name, value in arguments.keywords.items():
        functions = [each for each, held in frame.objects(value) if held.kind in {"function", "method"}]
        made = [applied(frame, Value((each,)), Value((ref,)), at) for each in functions]
        if is_expression(frame, value):
            made = [cells for _, cells in expressed(frame, obj, value)] or [UNKNOWN_VALUE]
        columns[key(name)] = join_all(made) if made else value
    for value in arguments.positional:
        columns.update((key(name), cells) for name, cells in expressed(frame, obj, value))
    return made_frame(frame, library, columns, obj.rest, at, "frame:assigned")


def chosen(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.select("phone", "city")`, with expressions among them"""
    parts = [pair for value in arguments for pair in expressed(frame, obj, value)]
    for name, value in arguments.keywords.items():
        parts = [*(pair for pair in parts if pair not in expressed(frame, obj, value))]
        parts.extend((name, cells) for _, cells in expressed(frame, obj, value))
    if parts or any(has_expression(frame, value) for value in arguments):
        parts.extend((name, column(frame, obj, name)) for value in arguments for name in plain_names(frame, value))
        return made_frame(frame, library, {key(name): cells for name, cells in parts}, None, at, "frame:expressed")
    names = [name for value in arguments for name in names_in(frame, value)]
    known = [name for name in names if key(name) in obj.fields]
    if not known:
        return Value((ref,))
    return made_frame(frame, library, {key(name): column(frame, obj, name) for name in known}, None, at, "frame:chosen")


def filtered(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.filter(items=["phone"])` of pandas: these columns; of polars and by a mask: some rows."""
    names = names_in(frame, arguments.get(0, "items")) if library != "polars" else []
    known = [name for name in names if key(name) in obj.fields]
    if not known:
        return Value((ref,))
    return made_frame(frame, library, {key(name): column(frame, obj, name) for name in known}, None, at, "frame:chosen")


def plain_names(frame: Frame, value: Value) -> list[str]:
    """The columns that are named by texts, also within a list."""
    return [] if is_expression(frame, value) else names_in(frame, value)


def applied_to_rows(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.apply(function, axis=1)`"""
    del ref
    function = arguments.get(0, "func") or NOTHING
    row = row_of(frame, obj, at)
    return made_series(frame, library, applied(frame, function, row, at), at, "series:applied")


def applied(frame: Frame, function: Value, given: Value, at: Span) -> Value:
    """What a function makes of a value."""
    try:
        return call_value(frame, function, Arguments([given]), at)
    except Diverges:
        return NOTHING


def melted(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.melt(id_vars="city", value_vars=["n"])`: what is named, all where no values are."""
    del ref
    kept = names_in(frame, arguments.get(0, "id_vars") or arguments.keywords.get("index"))
    values = names_in(frame, arguments.get(1, "value_vars") or arguments.keywords.get("on"))
    columns: Columns = {key(name): column(frame, obj, name) for name in kept}
    others = [str(content.name) for content in columns_of(obj) if content.name not in kept]
    columns[key("value")] = join_all(column(frame, obj, name) for name in values or others)
    return made_frame(frame, library, columns, None if values else obj.rest, at, "frame:melted")


def pivoted(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.pivot_table(index="city", values="n")`: what is named, all where no values are."""
    given = [arguments.get(place, name) for place, name in ((0, "values"), (1, "index"), (2, "columns"))]
    if given[0] is None:
        return Value((ref,))
    names = [name for value in given for name in names_in(frame, value)]
    part = {key(name): column(frame, obj, name) for name in names}
    return made_frame(frame, library, part, None, at, "frame:pivot") if names else Value((ref,))


def by_groups(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.groupby("city")`: the same columns; taken one by one, each group with its key."""
    by = arguments.get(0, "by") or NOTHING
    names = [*names_in(frame, by), *(name for value in arguments.positional[1:] for name in names_in(frame, value))]
    made = made_frame(frame, library, columns_of(obj), obj.rest, at, "frame:groups")
    keys = join_all(column(frame, obj, name) for name in names)
    pair = Obj("tuple", {index(0): keys, index(1): Value((ref,))}, length=2)
    frame.write(made, GROUPS, by)
    frame.write(made, ELEMENT, frame.make(at, pair, "frame:group"))
    return made


def sizes(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.groupby("phone").size()`: a number for each of the groups, under its key."""
    del ref, arguments
    names = names_in(frame, obj.fields[GROUPS].present()) if GROUPS in obj.fields else []
    part = {key(name): column(frame, obj, name) for name in names}
    return made_frame(frame, library, part, None, at, "frame:sizes") if part else UNKNOWN_VALUE


def inserted(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.insert(0, "copy", frame["phone"])`"""
    del library, obj, at
    for name in names_in(frame, arguments.get(1, "column")):
        frame.write(Value((ref,)), key(name), arguments.get(2, "value") or NOTHING)
    return NONE_VALUE


def piped(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.pipe(function, more)`"""
    del library, obj
    rest = Arguments([Value((ref,)), *arguments.positional[1:]], arguments.keywords)
    try:
        return call_value(frame, arguments.get(0) or NOTHING, rest, at)
    except Diverges:
        return NOTHING


def as_mapping(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.to_dict("records")`: rows; otherwise columns."""
    del library, ref
    if "records" in names_in(frame, arguments.get(0, "orient")):
        return frame.make(at, Obj("list", rest=record_of(frame, obj, at)), "frame:records")
    columns: Columns = {}
    for content, value in columns_of(obj).items():
        cells = Obj("dict", rest=cell_of(frame, value))
        columns[content] = frame.make(at, cells, f"frame:cells:{content.name}")
    return frame.make(at, Obj("dict", columns, rest=cells_beside(frame, obj)), "frame:columns")


def as_records(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.to_dicts()`"""
    del library, ref, arguments
    return frame.make(at, Obj("list", rest=record_of(frame, obj, at)), "frame:records")


def numbered_rows(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`for number, row in frame.iterrows():`"""
    del library, ref, arguments
    fields = {index(0): Value((Scalar("int"),)), index(1): row_of(frame, obj, at)}
    pair = frame.make(at, Obj("tuple", fields, length=2), "frame:pair")
    return frame.make(at, Obj("list", rest=pair), "frame:iterrows")


def joined_with(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.merge(other, on="phone")`, `frame.join(other, on="phone")`"""
    del obj
    rest = Arguments(arguments.positional[1:], arguments.keywords)
    other = arguments.get(0, "right") or arguments.get(0, "other") or NOTHING
    return merged(frame, library, Value((ref,)), other, rest, at)


def merged(frame: Frame, library: str, left: Value, right: Value, arguments: Arguments, at: Span) -> Value:
    """Rows of two frames put together where their keys meet: the match, then the columns of both."""
    lefts = [obj for _, obj in frame.objects(left) if is_frame(obj)]
    rights = [obj for _, obj in frame.objects(right) if is_frame(obj)]
    ours, theirs = joining_names(frame, lefts, rights, arguments)
    for one, other in zip(ours, theirs, strict=False):
        mine = join_all(column(frame, obj, one) for obj in lefts)
        other_cells = join_all(column(frame, obj, other) for obj in rights)
        ours_taints = joined_taints(frame.deep_taints(mine), left.taints)
        note_match(frame, "merge", ours_taints, joined_taints(frame.deep_taints(other_cells), right.taints), at)
    columns: Columns = {}
    rest: Value | None = None
    for suffix, objects in (("_x", lefts), ("_y", rights)):
        for obj in objects:
            for content, value in columns_of(obj).items():
                columns[content] = join(columns.get(content, NOTHING), value)
                columns[key(f"{content.name}{suffix}")] = value
            rest = join(rest or NOTHING, obj.rest) if obj.rest is not None else rest
    shared = column_names(lefts) & column_names(rights)
    kept = {c: v for c, v in columns.items() if not is_suffixed(str(c.name)) or str(c.name)[:-2] in shared}
    return made_frame(frame, library, kept, rest, at, "frame:merged")


def is_suffixed(name: str) -> bool:
    """Whether a column's name is one that a merge makes of two columns of the same name."""
    return name.endswith(("_x", "_y"))


def column_names(objects: list[Obj]) -> set[Hashable]:
    """The columns that frames are known to have."""
    return {content.name for obj in objects for content in columns_of(obj)}


def joining_names(
    frame: Frame, lefts: list[Obj], rights: list[Obj], arguments: Arguments
) -> tuple[list[str], list[str]]:
    """The columns that must meet: as named, else those that both frames have."""
    both = names_in(frame, arguments.get(1, "on"))
    if not both and not arguments.keywords.keys() & {"left_on", "right_on", "how"}:
        indexed = index_names(frame, lefts), index_names(frame, rights)
        if all(indexed):
            return indexed
    ours = names_in(frame, arguments.get(9, "left_on")) or both
    theirs = names_in(frame, arguments.get(9, "right_on")) or both
    if ours and theirs:
        return ours, theirs
    known = column_names(rights)
    shared = [str(c.name) for obj in lefts for c in columns_of(obj) if c.name in known]
    return shared, shared


def indexed(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.set_index("phone")`"""
    del ref
    made = made_frame(frame, library, columns_of(obj), obj.rest, at, "frame:indexed")
    frame.write(made, INDEX, arguments.get(0, "keys") or NOTHING)
    return made


def index_names(frame: Frame, objects: list[Obj]) -> list[str]:
    """The columns that are the index of frames."""
    held = [obj.fields[INDEX].present() for obj in objects if INDEX in obj.fields]
    return [name for value in held for name in names_in(frame, value)]


def stored_in_table(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.to_sql("contacts", connection)`"""
    del library, ref
    for table in names_in(frame, arguments.get(0, "name") or arguments.get(0, "table_name")):
        for content, value in columns_of(obj).items():
            cells = derived(frame.deep_taints(cell_of(frame, value)))
            store(frame, Column(table.lower(), str(content.name).lower()), cells, at)
    return NONE_VALUE


def one_column(frame: Frame, library: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`frame.get("phone")`, `frame.pop("phone")`, `frame.get_column("phone")`"""
    del ref
    names = names_in(frame, arguments.get(0))
    cells = join_all(column(frame, obj, name) for name in names) if names else every_cell(frame, obj)
    return made_series(frame, library, cells, at)


def every_cell(frame: Frame, obj: Obj) -> Value:
    """What any cell of a frame may be."""
    return join_all([*(cell_of(frame, value) for value in columns_of(obj).values()), obj.rest or NOTHING])


FRAME_METHODS: dict[str, Method] = {
    "set_index": indexed,
    "agg": grouped,
    "aggregate": grouped,
    "rename": renamed,
    "drop": dropped,
    "assign": assigned,
    "with_columns": assigned,
    "select": chosen,
    "filter": filtered,
    "melt": melted,
    "pivot_table": pivoted,
    "pivot": pivoted,
    "groupby": by_groups,
    "group_by": by_groups,
    "insert": inserted,
    "size": sizes,
    "apply": applied_to_rows,
    "pipe": piped,
    "to_dict": as_mapping,
    "to_dicts": as_records,
    "iterrows": numbered_rows,
    "merge": joined_with,
    "join": joined_with,
    "to_sql": stored_in_table,
    "write_database": stored_in_table,
    "get": one_column,
    "pop": one_column,
    "get_column": one_column,
}


# --- methods of a series ---------------------------------------------------------------------------------------


def call_on_series(
    frame: Frame, library: str, method: str, ref: Ref, obj: Obj, arguments: Arguments, at: Span
) -> Value:
    """`series.method(arguments)`; one that is not known here gives a series of the same data."""
    cell = obj.rest if obj.rest is not None else obj.get(ELEMENT).present()
    if method in {"map", "apply", "transform", "map_elements", "agg"}:
        return mapped_series(frame, library, cell, arguments, at)
    if method in COUNTS:
        return UNKNOWN_VALUE
    if method in LISTS:
        return frame.make(at, Obj("list", rest=cell), "series:list")
    if method in {"to_dict", "items", "iteritems"}:
        return frame.make(at, Obj("dict", rest=cell), "series:dict")
    if method in WRITES:
        return written(frame, method, Value((ref,)), arguments, at)
    if method in {"min", "max", "item", "mode", "first", "last"}:
        return cell
    if method in {"to_frame", "reset_index"}:
        names = names_in(frame, arguments.get(0, "name"))
        return made_frame(frame, library, {key(name): cell for name in names}, None if names else cell, at)
    taints = joined_taints(frame.deep_taints(cell), given_taints(frame, arguments))
    return made_series(frame, library, derived(taints), at, f"series:{method}") if taints else Value((ref,))


def given_taints(frame: Frame, arguments: Arguments) -> Taints:
    """The taints of what a method of a series is given, such as other series that it puts together with this one."""
    taints: Taints = NO_TAINTS
    for value in arguments:
        taints = joined_taints(taints, frame.deep_taints(value))
    return taints


def mapped_series(frame: Frame, library: str, cell: Value, arguments: Arguments, at: Span) -> Value:
    """`series.map(function)`, `series.map(mapping)`: cell by cell."""
    function = arguments.get(0) or arguments.get(0, "func") or NOTHING
    found = NOTHING
    for ref, obj in frame.objects(function):
        if obj.kind == "dict":
            note_match(frame, "look-up", frame.deep_taints(frame.content_of_object(obj, KEYS)), cell.taints, at)
            found = join(found, element_of(obj))
        elif is_series(obj):
            theirs = joined_taints(frame.deep_taints(Value((ref,))), function.taints)
            note_match(frame, "look-up", theirs, cell.taints, at)
            found = join(found, obj.rest or NOTHING)
        else:
            found = join(found, applied(frame, Value((ref,)), cell, at))
    for atom in frame.look(function).atoms:
        if not isinstance(atom, Ref):
            found = join(found, applied(frame, Value((atom,)), cell, at))
    return made_series(frame, library, found, at, "series:mapped")
