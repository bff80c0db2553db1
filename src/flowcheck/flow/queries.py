"""Queries of object-relational mappers: from a class that is mapped to a table to its rows.

User.objects.filter(city="Oslo").first()    a row of User
session.scalars(select(User)).all()         likewise
users.count()                               a number that carries nothing
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.columns import names_in
from flowcheck.flow.consents import rows_agreed
from flowcheck.flow.core_tables import is_table, subquery_of
from flowcheck.flow.databases import first_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.library_rows import query_of_library
from flowcheck.flow.mapped import field_named_by, made_instance
from flowcheck.flow.query_conditions import (
    condition_fields,
    consents_in,
    is_of_outer_row,
    keep_meetings,
    note_conditions,
    rows_of_outer,
)
from flowcheck.flow.query_expressions import annotated, computed_value, expression_of
from flowcheck.flow.query_rows import (
    CREATES,
    created,
    listed_row,
    selected_columns,
    tuple_of,
    updated,
    values_row,
)
from flowcheck.flow.query_sessions import call_with_class, selected
from flowcheck.flow.query_values import (
    CONDITION,
    WRITE,
    element_of_query,
    element_of_write,
    is_query,
    is_write,
    manager_from,
    mapped_classes,
    query_of,
    query_yielding,
    rows_among,
    with_element,
)
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Content,
    Scalar,
    Value,
    const,
    index,
    join,
    join_all,
    key,
)

SAME = frozenset(
    {
        "filter", "exclude", "order_by", "all", "distinct", "select_related", "prefetch_related", "only", "defer",
        "annotate", "using", "none", "reverse", "iterator", "select_for_update", "union", "extra", "alias",
        "complex_filter", "filter_by", "join", "outerjoin", "options", "limit", "offset", "group_by", "having",
        "where", "with_for_update", "execution_options", "unique", "yield_per", "get_queryset", "difference",
        "intersection", "select_from", "add_columns", "tolist", "db_manager", "prefetch", "subquery", "as_manager",
        "aiterator", "slice", "correlate", "cte", "with_entities_all", "populate_existing", "fetch", "paginate",
    }
)  # fmt: skip

ONE = frozenset(
    {
        "get", "first", "last", "latest", "earliest", "one", "one_or_none", "get_or_none", "get_or_404", "first_or_404",
        "one_or_404", "aget", "afirst", "alast", "get_by_id", "get_object", "scalar", "scalar_one", "random",
    }
)  # fmt: skip

COUNTS = frozenset({"count", "exists", "acount", "aexists", "delete", "adelete", "explain", "contains", "__len__"})

MAKES_IF_MISSING = frozenset({"get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"})


def call_query(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A method of a query, a session or their kin; None for any other call."""
    method = name.rpartition(".")[2]
    if receiver is not None and method == "is_" and asks_for_true(frame, receiver, arguments):
        return receiver
    if method == "Q" and name.startswith(("django.", "tortoise.")):
        return frame.make(at, Obj("external", condition_fields(frame, arguments), detail=CONDITION), "query:condition")
    expression = expression_of(frame, name, arguments, at)
    if expression is not None:
        return expression
    if method in {"as_manager", "from_queryset"}:
        return manager_from(frame, method, receiver, arguments, at)
    if method == "model_to_dict":
        return mapping_of_row(frame, arguments, at)
    if receiver is not None and method in SAME | ONE | CREATES | MAKES_IF_MISSING | {"select", "values_list"}:
        classes = mapped_classes(frame, receiver)
        if classes:
            rows = join_all(query_of(frame, cls, at) for cls in classes)
            if method == "select":
                return with_columns(frame, rows, arguments, at)
            return call_method_of_query(frame, method, rows, arguments, at)
    if receiver is not None and method in {"update", "insert"} and arguments.keywords and not arguments.positional:
        classes = mapped_classes(frame, receiver)
        if classes:
            rows = join_all(made_instance(frame, cls, at) for cls in classes)
            updated(frame, rows, arguments, at)
            return frame.make(at, Obj("list", rest=rows, detail=WRITE), "query:write")
    if receiver is not None and method == "select" and is_table(frame, receiver):
        return selected(frame, Arguments([receiver]), at, is_flat=False)
    if receiver is not None and method in {"where", "filter", "returning"} and is_write(frame, receiver):
        return receiver
    if receiver is not None and method == "values" and is_write(frame, receiver):
        return updated(frame, element_of_write(frame, receiver), arguments, at)
    if receiver is None or not is_query(frame, receiver):
        found = call_with_class(frame, name, method, receiver, arguments, at)
        if found is not None:
            return found
        back = query_of_library(frame, name, at, is_known=method in QUERY_METHODS)
        return call_method_of_query(frame, method, back, arguments, at) or back if back is not None else None
    return call_method_of_query(frame, method, receiver, arguments, at)


QUERY_METHODS = SAME | ONE | COUNTS | MAKES_IF_MISSING | CREATES | {"values", "values_list", "in_bulk", "bulk_create"}


def asks_for_true(frame: Frame, receiver: Value, arguments: Arguments) -> bool:
    """`User.ads_consent.is_(True)`: it asks for what `User.ads_consent` asks for."""
    given = arguments.get(0)
    return given is not None and frame.machine.is_column_that_is_true(frame, receiver, given)


def element_agreed(frame: Frame, element: Value, clearances: tuple[int, ...], at: Span) -> Value:
    """What a query yields, of people who agreed: rows, or tuples of them."""
    agreed = rows_agreed(frame, rows_among(frame, element), clearances, at)
    for _, obj in frame.objects(element):
        if obj.kind == "tuple":
            fields = {
                content: join(rows_agreed(frame, rows_among(frame, value), clearances, at), without_rows(frame, value))
                for content, value in obj.fields.items()
            }
            made = Obj("tuple", fields, detail=obj.detail, length=obj.length)
            agreed = join(agreed, frame.make(at, made, "query:agreed-tuple"))
    return agreed


def without_rows(frame: Frame, value: Value) -> Value:
    """What a column holds besides rows."""
    rows = {ref for ref, _ in rows_among(frame, value)}
    return Value(tuple(atom for atom in value.atoms if atom not in rows), value.taints)


SELECTED = Content("selected", None)
"""Where a query keeps the columns that it selects, as a row of them."""

SHAPES = frozenset({"tuples", "dicts", "namedtuples"})


def with_columns(frame: Frame, query: Value, arguments: Arguments, at: Span) -> Value:
    """`Person.select(Person.phone)`: rows of Person, or the columns themselves when a shape is asked for."""
    if arguments.positional:
        columns = [pair for each in arguments.positional for pair in selected_columns(frame, each, at)]
        frame.write(query, SELECTED, tuple_of(frame, columns, at))
    return query


def rows_shaped(frame: Frame, method: str, query: Value, at: Span) -> Value | None:
    """`tuples()`, `dicts()`: what is selected, by position or by name; None where no columns are."""
    row = join_all(obj.fields.get(SELECTED, NOTHING) for _, obj in frame.objects(query))
    if not row.atoms:
        return None
    if method == "dicts":
        fields = {key(str(c.name)): v for _, o in frame.objects(row) for c, v in o.fields.items() if c.kind == "attr"}
        row = frame.make(at, Obj("dict", fields), "query:dict")
    return query_yielding(frame, row, at, f"query:{method}")


def first_selected(frame: Frame, query: Value) -> Value:
    """The first of the columns that a query selects."""
    row = join_all(obj.fields.get(SELECTED, NOTHING) for _, obj in frame.objects(query))
    return frame.content(row, index(0)) if row.atoms else NOTHING


def mapping_of_row(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """`model_to_dict(user)`, `model_to_dict(user, fields=["city"])`, `model_to_dict(user, exclude=["phone"])`"""
    fields, excluded = arguments.get(1, "fields"), arguments.get(2, "exclude")
    fields = fields or arguments.keywords.get("only")
    given = [Value((const(name),)) for name in fields_told(frame, fields)] if fields is not None else []
    row = values_row(frame, arguments.get(0, "instance") or NOTHING, Arguments(given), at)
    left_out = {key(name) for name in fields_told(frame, excluded)}
    for _, obj in frame.objects(row) if left_out else ():
        kept = {content: value for content, value in obj.fields.items() if content not in left_out}
        row = frame.make(at, Obj("dict", kept, rest=obj.rest), "query:row-without")
    return row


def fields_told(frame: Frame, given: Value | None) -> list[str]:
    """The names of fields in a list: texts, or the columns themselves (`User.phone`)."""
    held = [each for _, obj in frame.objects(given) for each in obj.elements()] if given is not None else []
    columns = [field_named_by(frame, atom) for each in held for atom in frame.look(each).atoms]
    return [*names_in(frame, given), *(found[1] for found in columns if found is not None)]


def element_asked(frame: Frame, method: str, element: Value, arguments: Arguments, at: Span) -> Value:
    """The rows that a condition leaves, of people who agreed where it asks for that; the same value otherwise."""
    if not frame.machine.labels.rules.consents:
        return element
    if method in {"filter", "filter_by", "get", "where"}:
        clearances = consents_in(frame, element, arguments, at)
        agreed = element_agreed(frame, element, clearances, at) if clearances else element
        return rows_of_outer(frame, agreed, at) if is_of_outer_row(frame, arguments) else agreed
    if method == "exclude":
        clearances = consents_in(frame, element, arguments, at, wanted=False)
        is_alone = len(arguments.keywords) == 1 and not arguments.positional
        return element_agreed(frame, element, clearances, at) if clearances and is_alone else element
    return element


def call_method_of_query(frame: Frame, method: str, query: Value, arguments: Arguments, at: Span) -> Value | None:
    """`query.method(arguments)`"""
    element = frame.look(element_of_query(frame, query))
    note_conditions(frame, element, arguments, at)
    if frame.machine.labels.has_supplied and method in {"filter", "get", "exclude"}:
        keep_meetings(frame, query, element, arguments, at)
    asked = element_asked(frame, method, element, arguments, at)
    if asked is not element:
        element, query = asked, with_element(frame, query, asked, at)
    if method in {"annotate", "alias"} and arguments.keywords:
        return with_element(frame, query, annotated(frame, element, arguments, at), at)
    if method in SHAPES and (shaped := rows_shaped(frame, method, query, at)) is not None:
        return shaped
    if method in {"subquery", "cte"}:
        return subquery_of(frame, element, at)
    if method in SAME:
        return query
    if method == "scalar" and (column := first_selected(frame, query)).atoms:
        return join(column, NONE_VALUE)
    if method in ONE:
        return join(element, NONE_VALUE) if method not in {"get", "one", "aget"} else element
    if method in COUNTS:
        return Value((Scalar("int"),))
    if method == "values":
        return query_yielding(frame, values_row(frame, element, arguments, at), at, "query:values")
    if method in {"values_list", "with_entities", "with_only_columns"}:
        return query_yielding(frame, listed_row(frame, element, arguments, at), at, "query:listed")
    if method == "scalars":
        return query_yielding(frame, first_of(frame, element), at, "query:scalars")
    if method in CREATES | MAKES_IF_MISSING:
        return created(frame, method, element, arguments, at)
    if method in {"update", "aupdate"}:
        return updated(frame, element, arguments, at)
    if method in {"bulk_create", "abulk_create", "bulk_update"}:
        return arguments.get(0, "objs") or NOTHING
    if method in {"add", "set", "remove", "clear"}:
        return NONE_VALUE
    if method == "in_bulk":
        return frame.make(at, Obj("dict", rest=element), "query:bulk")
    if method == "aggregate":
        fields = {key(name): computed_value(frame, element, each, at) for name, each in arguments.keywords.items()}
        return frame.make(at, Obj("dict", fields, rest=Value((UNKNOWN,))), "query:aggregate")
    return None
