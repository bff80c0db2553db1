"""Sessions, and functions that take the class of the rows.

session.query(User), select(User)           a query of all rows
session.get(User, key)                      one of them
session.execute(select(User.phone))         the phones
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.databases import RESULT, fetched, first_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import made_instance, table_of
from flowcheck.flow.query_conditions import note_conditions
from flowcheck.flow.query_rows import selected_columns, tuple_of
from flowcheck.flow.query_values import WRITE, element_of_query, is_query, mapped_classes, query_yielding, rows_among
from flowcheck.flow.values import ELEMENT, NONE_VALUE, Ref, Value, join_all

SELECTS = frozenset({"sqlalchemy.select", "sqlalchemy.future.select", "sqlmodel.select", "sqlalchemy.sql.select"})


def call_with_class(
    frame: Frame, name: str, method: str, receiver: Value | None, arguments: Arguments, at: Span
) -> Value | None:
    """`session.query(User)`, `select(User.phone)`, `session.scalars(statement)`, `get_object_or_404(User, id=1)`"""
    first = arguments.get(0)
    if first is None:
        return None
    if method in {"insert", "update"} and mapped_classes(frame, first):
        rows = join_all(made_instance(frame, cls, at) for cls in mapped_classes(frame, first))
        return frame.make(at, Obj("list", rest=rows, detail=WRITE), "query:write")
    if name in SELECTS or method == "select" or (method == "query" and receiver is not None):
        return selected(frame, arguments, at, is_flat=method == "query")
    if is_query(frame, first):
        return run_by_session(frame, method, first, at)
    if method in KEEPS and receiver is not None and any(True for _ in kept_rows(frame, first)):
        return first if method == "merge" else NONE_VALUE
    if method in {"get", "get_object_or_404", "aget_object_or_404", "get_one", "get_or_404", "refresh"}:
        return instance_by_class(frame, first, arguments, at)
    if method in {"get_list_or_404", "aget_list_or_404"}:
        found = instance_by_class(frame, first, arguments, at)
        return frame.make(at, Obj("list", rest=found), "query:list") if found is not None else None
    return None


KEEPS = frozenset({"add", "add_all", "merge", "bulk_save_objects", "expunge", "refresh", "flush", "insert", "save"})


def kept_rows(frame: Frame, value: Value) -> Iterator[Ref]:
    """The rows that a session is handed: what is in their fields rests in the table already."""
    for ref, obj in frame.objects(value):
        if obj.kind == "instance" and table_of(frame, obj.type) is not None:
            yield ref
        elif obj.kind in {"list", "tuple"}:
            inner = frame.content_of_object(obj, ELEMENT)
            yield from (each for each, held in rows_among(frame, inner) if table_of(frame, held.type) is not None)


def instance_by_class(frame: Frame, first: Value, arguments: Arguments, at: Span) -> Value | None:
    """`session.get(User, id)`, `get_object_or_404(User, phone=number)`, also of a query."""
    if is_query(frame, first):
        element = element_of_query(frame, first)
    else:
        element = join_all(made_instance(frame, cls, at) for cls in mapped_classes(frame, first))
    if not element.atoms:
        return None
    note_conditions(frame, element, Arguments(arguments.positional[1:], arguments.keywords), at)
    return element


def selected(frame: Frame, arguments: Arguments, at: Span, *, is_flat: bool) -> Value | None:
    """`select(User)`, `select(User.phone, User.city)`; rows are tuples but where a session asks for one class."""
    columns = [column for each in arguments.positional for column in selected_columns(frame, each, at)]
    is_known = any(value.taints or any(True for _ in rows_among(frame, value)) for _, value in columns)
    if not columns or not is_known:
        return None
    if is_flat and len(columns) == 1 and any(True for _ in rows_among(frame, columns[0][1])):
        return query_yielding(frame, columns[0][1], at)
    return query_yielding(frame, tuple_of(frame, columns, at), at)


def run_by_session(frame: Frame, method: str, query: Value, at: Span) -> Value | None:
    """`session.execute(statement)`, `session.scalars(statement)`, `session.exec(statement)`"""
    row = element_of_query(frame, query)
    is_one = all(obj.length == 1 for _, obj in frame.objects(row) if obj.kind == "tuple")
    if method in {"scalars", "stream_scalars"} or (method == "exec" and is_one):
        row = first_of(frame, row)
    if method in {"execute", "scalars", "exec", "stream", "stream_scalars"}:
        return frame.make(at, Obj("external", detail=RESULT, rest=row), "query:result")
    if method == "scalar":
        result = frame.make(at, Obj("external", detail=RESULT, rest=row), "query:result")
        return fetched(frame, "scalar", result, at)
    return None
