"""Queries through mapped classes: managers, query sets, sessions; untyped, and with no library installed.

    User.objects.filter(phone__in=uploaded)          the field meets what it is compared with
    for user in User.objects.all(): user.phone       each element is a User, read from its table
    User.objects.values_list("phone", flat=True)     the field itself is read here
    session.query(User.phone).filter_by(city=city)   likewise

A query set is a list of what it yields, with a detail that tells it from other lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.consents import consents_named, is_true, rows_agreed
from flowcheck.flow.databases import RESULT, ROW, column_taints, fetched, first_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import field_named_by, made_instance, relation_of, table_of
from flowcheck.flow.matches import note_match
from flowcheck.flow.objects import Found, Member, class_names, external_base
from flowcheck.flow.sinks import written_field
from flowcheck.flow.sql import Column
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Const,
    Content,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    index,
    join,
    join_all,
    key,
)

QUERY = "(orm).Query"
"""What a list is taken for that a query yields."""

CONDITION = "(orm).Q"

WRITE = "(orm).Write"
"""What a statement is taken for that inserts or updates rows of a class."""

MANAGERS = frozenset({"objects", "_default_manager", "_base_manager", "all_objects", "query"})
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
CREATES = frozenset({"create", "acreate"})
MAKES_IF_MISSING = frozenset({"get_or_create", "update_or_create", "aget_or_create", "aupdate_or_create"})
LOOKUPS = frozenset(
    {
        "in", "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith",
        "gt", "gte", "lt", "lte", "range", "isnull", "regex", "iregex", "date", "year", "month", "day", "overlap",
        "contained_by", "lower",
    }
)  # fmt: skip
SELECTS = frozenset({"sqlalchemy.select", "sqlalchemy.future.select", "sqlmodel.select", "sqlalchemy.sql.select"})


# --- from the class to its rows ----------------------------------------------------------------------


def manager_of(frame: Frame, cls: Ref, name: str, found: Value | None, at: Span) -> Value | None:
    """`User.objects`: the query of all rows; also through a manager class of the code base."""
    manager = manager_class(frame, found) if found is not None else None
    if found is None and name not in MANAGERS:
        return None
    if found is not None and manager is None and not is_library_manager(frame, found):
        return None
    return query_of(frame, cls, at, manager)


def manager_class(frame: Frame, found: Value) -> Ref | None:
    """The class of a manager that the code base defines."""
    for _, obj in frame.objects(found):
        if obj.kind == "instance" and isinstance(obj.type, Ref):
            base = external_base(frame, obj.type) or ""
            if base.endswith(("Manager", "QuerySet")):
                return obj.type
    return None


def is_library_manager(frame: Frame, found: Value) -> bool:
    """`objects = models.Manager()`"""
    return any(obj.kind == "external" and "Manager" in str(obj.detail) for _, obj in frame.objects(found))


def query_of(frame: Frame, cls: Ref, at: Span, manager: Ref | None = None) -> Value:
    """All rows of a class."""
    row = made_instance(frame, cls, at)
    if manager is not None:
        return frame.make(at, Obj("instance", {ELEMENT: row}, type=manager, detail=QUERY), "query:manager")
    return query_yielding(frame, row, at)


def query_yielding(frame: Frame, element: Value, at: Span, tag: str = "query") -> Value:
    """A query with such elements."""
    return frame.make(at, Obj("list", detail=QUERY, rest=element), tag)


def related_field(frame: Frame, ref: Ref, obj: Obj, name: str, in_class: Value | None, at: Span) -> Found | None:
    """`user.profile`, `user.phonedevice_set`: rows of another class; None for any other attribute."""
    if obj.detail == QUERY:
        return Member(f"{QUERY}.{name}", Value((ref,))) if in_class is None else None
    if not isinstance(obj.type, Ref) or attr(name) in obj.fields or name.startswith("__"):
        return None
    if in_class is None and (table_of(frame, obj.type) is None or name in ROW_METHODS):
        return None
    if in_class is not None and not any(is_maker(each) for _, each in frame.objects(in_class)):
        return None
    found = relation_of(frame, obj.type, name)
    if found is None:
        return None
    target, is_many = found
    row = made_instance(frame, target, at, obj.detail)
    return query_yielding(frame, row, at) if is_many else row


ROW_METHODS = frozenset({"save", "delete", "refresh_from_db", "full_clean", "pk", "id", "objects"})


def is_maker(obj: Obj) -> bool:
    """Whether a class attribute is what a library's field constructor made."""
    last = str(obj.detail).removesuffix("()").rpartition(".")[2]
    return obj.kind == "external" and (last.endswith(("Field", "Key", "Relation")) or last.lower() == "relationship")


# --- calls ---------------------------------------------------------------------------------------------


def call_query(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A method of a query, a session or their kin; None for any other call."""
    method = name.rpartition(".")[2]
    if method == "Q" and name.startswith(("django.", "tortoise.")):
        return frame.make(at, Obj("external", condition_fields(frame, arguments), detail=CONDITION), "query:condition")
    if method in {"as_manager", "from_queryset"}:
        return manager_from(frame, method, receiver, arguments, at)
    if method == "model_to_dict":
        return mapping_of_row(frame, arguments, at)
    if receiver is not None and method in SAME | ONE | CREATES | MAKES_IF_MISSING | {"select", "values_list"}:
        classes = mapped_classes(frame, receiver)
        if classes:
            rows = join_all(query_of(frame, cls, at) for cls in classes)
            return rows if method == "select" else call_method_of_query(frame, method, rows, arguments, at)
    if receiver is not None and method in {"where", "filter", "returning"} and is_write(frame, receiver):
        return receiver
    if receiver is not None and method == "values" and is_write(frame, receiver):
        return updated(frame, element_of_write(frame, receiver), arguments, at)
    if receiver is None or not is_query(frame, receiver):
        return call_with_class(frame, name, method, receiver, arguments, at)
    return call_method_of_query(frame, method, receiver, arguments, at)


def mapping_of_row(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """`model_to_dict(user)`, `model_to_dict(user, fields=["city"])`"""
    fields = arguments.get(1, "fields")
    given = [value for _, obj in frame.objects(fields) for value in obj.elements()] if fields is not None else []
    return values_row(frame, arguments.get(0, "instance") or NOTHING, Arguments(given), at)


def is_write(frame: Frame, value: Value) -> bool:
    """Whether a value is what `insert(User)` or `update(User)` gives."""
    return any(obj.detail == WRITE for _, obj in frame.objects(value))


def element_of_write(frame: Frame, value: Value) -> Value:
    """The rows that it writes to."""
    return join_all(frame.content_of_object(obj, ELEMENT) for _, obj in frame.objects(value) if obj.detail == WRITE)


def manager_from(frame: Frame, method: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`PersonQuerySet.as_manager()`, `models.Manager.from_queryset(PersonQuerySet)`"""
    given = receiver if method == "as_manager" else arguments.get(0)
    classes = [ref for ref, obj in frame.objects(given) if obj.kind == "class"] if given is not None else []
    if not classes:
        return None
    if method == "from_queryset":
        return Value(tuple(classes))
    return frame.make(at, Obj("instance", type=classes[0]), "query:made")


def is_query(frame: Frame, value: Value) -> bool:
    """Whether a value may be a query."""
    return any(obj.detail == QUERY for _, obj in frame.objects(value))


def element_of_query(frame: Frame, query: Value) -> Value:
    """What a query yields."""
    found = NOTHING
    for _, obj in frame.objects(query):
        if obj.detail == QUERY:
            element = obj.get(ELEMENT) if obj.kind == "instance" else frame.content_of_object(obj, ELEMENT)
            found = join(found, element.present())
    return found


def call_method_of_query(frame: Frame, method: str, query: Value, arguments: Arguments, at: Span) -> Value | None:
    """`query.method(arguments)`"""
    element = frame.look(element_of_query(frame, query))
    note_conditions(frame, element, arguments, at)
    if frame.machine.labels.rules.consents and method in {"filter", "filter_by", "get", "where"}:
        clearances = consents_in(frame, element, arguments, at)
        if clearances:
            element = rows_agreed(frame, rows_among(frame, element), clearances, at)
            query = with_element(frame, query, element, at)
    if method in SAME:
        return query
    if method in ONE:
        return join(element, NONE_VALUE) if method not in {"get", "one", "aget"} else element
    if method in COUNTS:
        return Value((Scalar("int"),))
    if method == "values":
        return query_yielding(frame, values_row(frame, element, arguments, at), at, "query:values")
    if method in {"values_list", "with_entities", "only_columns"}:
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
        return frame.make(at, Obj("dict", rest=Value((UNKNOWN,))), "query:aggregate")
    return None


def rows_among(frame: Frame, element: Value) -> Iterator[tuple[Ref, Obj]]:
    """The instances of mapped classes that an element may be."""
    for ref, obj in frame.objects(element):
        if obj.kind == "instance" and isinstance(obj.type, Ref):
            yield ref, obj


# --- conditions ------------------------------------------------------------------------------------------


def note_conditions(frame: Frame, element: Value, arguments: Arguments, at: Span) -> None:
    """`filter(phone__in=uploaded)`, `get(Q(phone=number))`: each field meets its argument."""
    if not frame.machine.labels.has_supplied:
        return
    for name, given in (*conditions(frame, arguments), *alternatives(frame, arguments)):
        taints = frame.deep_taints(frame.machine.forced(frame, given))
        if taints:
            field = field_at(frame, element, [part for part in name.split("__") if part not in LOOKUPS], at)
            note_match(frame, "query", frame.deep_taints(field), taints, at)


def consents_in(frame: Frame, element: Value, arguments: Arguments, at: Span) -> tuple[int, ...]:
    """The consents that `filter(ads_consent=True)` or `filter(User.ads_consent)` asks for."""
    names: list[str] = []
    for name, given in conditions(frame, arguments):
        if is_true(frame, given):
            *path, last = name.split("__")
            owners = field_at(frame, element, path, at)
            for _, obj in rows_among(frame, owners):
                names.extend(f"{each}.{last}" for each in class_names(frame, obj.type))
    for value in arguments.positional:
        named = [field_named_by(frame, atom) for atom in frame.look(value).atoms]
        names.extend(".".join(each) for each in named if each is not None)
    return consents_named(frame, names, at)


def with_element(frame: Frame, query: Value, element: Value, at: Span) -> Value:
    """The same query with other elements."""
    for _, obj in frame.objects(query):
        if obj.kind == "instance":
            return frame.make(at, Obj("instance", {ELEMENT: element}, type=obj.type, detail=QUERY), "query:agreed")
    return query_yielding(frame, element, at, "query:agreed")


def conditions(frame: Frame, arguments: Arguments) -> Iterator[tuple[str, Value]]:
    """The conditions of a call, by the paths that their keywords spell."""
    yield from arguments.keywords.items()
    for value in arguments.positional:
        for _, obj in frame.objects(value):
            if obj.detail == CONDITION:
                yield from ((str(c.name), held) for c, held in obj.fields.items() if c.kind == "key")


def alternatives(frame: Frame, arguments: Arguments) -> Iterator[tuple[str, Value]]:
    """The conditions of which any may hold."""
    for value in arguments.positional:
        for _, obj in frame.objects(value):
            if obj.detail == CONDITION:
                yield from ((str(c.name), held) for c, held in obj.fields.items() if c.kind == "either")


def combined_conditions(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`Q(phone=x) | Q(city=y)`: both conditions; None when none is one. Of those joined by `|` any may hold."""
    sides = [obj for value in (left, right) for _, obj in frame.objects(value) if obj.detail == CONDITION]
    if not sides:
        return None
    fields: dict[Content, Value] = {}
    for obj in sides:
        for content, value in obj.fields.items():
            place = Content("either", content.name) if operator == "|" else content
            fields[place] = join(fields.get(place, NOTHING), value)
    return frame.make(at, Obj("external", fields, detail=CONDITION), "query:conditions")


def condition_fields(frame: Frame, arguments: Arguments) -> dict[Content, Value]:
    """`Q(phone__in=uploaded)`"""
    return {key(name): value for name, value in conditions(frame, arguments)}


def field_at(frame: Frame, element: Value, parts: list[str], at: Span) -> Value:
    """`profile__phone` from a row: field by field, through relations."""
    value = Value(tuple(ref for ref, _ in rows_among(frame, element)))
    for part in parts:
        value = frame.machine.attribute(frame, value, part, at).present()
        if is_query(frame, value):
            value = element_of_query(frame, value)
    return value


# --- columns instead of rows --------------------------------------------------------------------------------


def values_row(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`values("phone", "profile__city")`: a dictionary of these fields."""
    names = names_given(frame, arguments)
    if not names:
        return element_as_mapping(frame, element, at)
    fields = {key(name): field_value(frame, element, name, at) for name in names}
    return frame.make(at, Obj("dict", fields), "query:row")


def element_as_mapping(frame: Frame, element: Value, at: Span) -> Value:
    """`values()`: all fields; each is read as it is named."""
    fields: dict[Content, Value] = {}
    for ref, _ in rows_among(frame, element):
        for name in frame.machine.marked_fields_of(frame, Value((ref,))):
            fields[key(name)] = field_value(frame, element, name, at)
    return frame.make(at, Obj("dict", fields, rest=Value((UNKNOWN,))), "query:row")


def listed_row(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`values_list("phone", "city")`: a tuple of these fields; with `flat=True` the one field itself."""
    names = names_given(frame, arguments)
    if not names:
        columns = [column_value(frame, each, at) for each in arguments.positional]
        return tuple_of(frame, [(name, value) for name, value in columns], at)
    if "flat" in arguments.keywords and len(names) == 1:
        return field_value(frame, element, names[0], at)
    return tuple_of(frame, [(name, field_value(frame, element, name, at)) for name in names], at)


def names_given(frame: Frame, arguments: Arguments) -> list[str]:
    """The constant names passed."""
    values = [*arguments.positional, *([arguments.more] if arguments.more is not None else [])]
    return [
        atom.value
        for value in values
        for atom in frame.constants(value)
        if isinstance(atom, Const) and isinstance(atom.value, str)
    ]


def field_value(frame: Frame, element: Value, name: str, at: Span) -> Value:
    """A field's value as a column: what it holds, without the object that declares it."""
    return derived(frame.deep_taints(field_at(frame, element, name.split("__"), at)))


def tuple_of(frame: Frame, columns: list[tuple[str, Value]], at: Span) -> Value:
    """A row whose columns are found by position and by name."""
    fields: dict[Content, Value] = {}
    for position, (name, value) in enumerate(columns):
        fields[index(position)] = value
        if name:
            fields[attr(name)] = fields[key(name)] = value
    return frame.make(at, Obj("tuple", fields, detail=ROW, length=len(columns)), "query:tuple")


# --- writing ---------------------------------------------------------------------------------------------


def created(frame: Frame, method: str, element: Value, arguments: Arguments, at: Span) -> Value:
    """`create(phone=x)`, `get_or_create(id=1, defaults={"phone": x})`"""
    given = dict(arguments.keywords)
    defaults = given.pop("defaults", None)
    for _, obj in frame.objects(defaults) if defaults is not None else ():
        given.update((str(c.name), value.present()) for c, value in obj.fields.items() if c.kind == "key")
    made = NOTHING
    for cls in dict.fromkeys(obj.type for _, obj in rows_among(frame, element)):
        assert isinstance(cls, Ref)
        made = join(made, frame.machine.construct(frame, cls, Arguments([], given, None, arguments.extra), at))
    if method in CREATES:
        return made
    pair = {index(0): join(element, made), index(1): Value((Scalar("bool"),))}
    return frame.make(at, Obj("tuple", pair, length=2), "query:pair")


def updated(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`update(phone=x)`"""
    for ref, _ in rows_among(frame, element):
        for name, value in arguments.keywords.items():
            written_field(frame, Value((ref,)), name, value, at)
            frame.own(ref)
            stored = value.after(frame.hop("write", at, f"stored in `.{name}`"))
            frame.write(Value((ref,)), attr(name), join(frame.object(ref).get(attr(name)), stored))
    return Value((Scalar("int"),))


# --- sessions and functions that take the class ----------------------------------------------------------------


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


def mapped_classes(frame: Frame, value: Value) -> list[Ref]:
    """The mapped classes that a value may be."""
    return [
        ref for ref, obj in frame.objects(value) if obj.kind == "class" and table_of(frame, ref) is not None
    ]


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
    columns = [column_value(frame, each, at) for each in arguments.positional]
    is_known = any(value.taints or any(True for _ in rows_among(frame, value)) for _, value in columns)
    if not columns or not is_known:
        return None
    if is_flat and len(columns) == 1 and any(True for _ in rows_among(frame, columns[0][1])):
        return query_yielding(frame, columns[0][1], at)
    return query_yielding(frame, tuple_of(frame, columns, at), at)


def column_value(frame: Frame, value: Value, at: Span) -> tuple[str, Value]:
    """A column of a select list, by name: a whole row, or what is in one column of the table."""
    classes = mapped_classes(frame, value)
    if classes:
        name = str(frame.machine.code_of(frame.object(classes[0])).name)
        return name, join_all(made_instance(frame, cls, at) for cls in classes)
    for atom in frame.look(value).atoms:
        found = field_named_by(frame, atom)
        if found is not None:
            owner, name = found
            table = frame.machine.schemas.table_of_class(owner) or frame.machine.schemas.default_table(owner)
            taints = column_taints(frame, Column(table, name), at)
            return name, derived(taints).tainted(value.taints)
    return "", derived(frame.deep_taints(value))


def run_by_session(frame: Frame, method: str, query: Value, at: Span) -> Value | None:
    """`session.execute(statement)`, `session.scalars(statement)`, `session.exec(statement)`"""
    row = element_of_query(frame, query)
    if method in {"scalars", "stream_scalars", "exec"}:
        row = first_of(frame, row)
    if method in {"execute", "scalars", "exec", "stream", "stream_scalars"}:
        return frame.make(at, Obj("external", detail=RESULT, rest=row), "query:result")
    if method == "scalar":
        result = frame.make(at, Obj("external", detail=RESULT, rest=row), "query:result")
        return fetched(frame, "scalar", result, at)
    return None


__all__ = ["ABSENT", "QUERY", "call_query", "const", "manager_of", "related_field"]
