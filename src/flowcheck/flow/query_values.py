"""Queries as values: a list-like object that yields the rows of a class, and what leads to one.

User.objects                    a manager: a query of all rows of User
user.orders                     the rows of the related class

A query is a list of what it yields, with a detail that tells it from other lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import made_instance, relation_of, table_of
from flowcheck.flow.model_meta import meta_of_class
from flowcheck.flow.objects import Found, Member, external_base
from flowcheck.flow.values import ELEMENT, NOTHING, External, Ref, Value, attr, join, join_all

QUERY = "(orm).Query"
"""What a list is taken for that a query yields."""

CONDITION = "(orm).Q"

WRITE = "(orm).Write"
"""What a statement is taken for that inserts or updates rows of a class."""

MANAGERS = frozenset({"objects", "_default_manager", "_base_manager", "all_objects", "query"})


def manager_of(frame: Frame, cls: Ref, name: str, found: Value | None, at: Span) -> Value | None:
    """`User.objects`: the query of all rows; also through a manager class of the code base."""
    manager = manager_class(frame, found) if found is not None else None
    if found is None and name == "_meta":
        return meta_of_class(frame, cls, at)
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
    if name == "_meta" and in_class is None:
        return meta_of_class(frame, obj.type, at)
    if obj.detail == QUERY:
        return Member(f"{QUERY}.{name}", Value((ref,))) if in_class is None else None
    is_row = isinstance(obj.type, External) and obj.origin is not None
    if not (isinstance(obj.type, Ref) or is_row) or attr(name) in obj.fields or name.startswith("__"):
        return None
    if in_class is None and ((not is_row and table_of(frame, obj.type) is None) or name in ROW_METHODS):
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


def rows_among(frame: Frame, element: Value) -> Iterator[tuple[Ref, Obj]]:
    """The instances of mapped classes, the code base's or a library's, that an element may be."""
    for ref, obj in frame.objects(element):
        if obj.kind == "instance" and (isinstance(obj.type, Ref) or (obj.type is not None and obj.origin is not None)):
            yield ref, obj


def with_element(frame: Frame, query: Value, element: Value, at: Span) -> Value:
    """The same query with other elements."""
    for _, obj in frame.objects(query):
        if obj.kind == "instance":
            return frame.make(at, Obj("instance", {ELEMENT: element}, type=obj.type, detail=QUERY), "query:agreed")
    return query_yielding(frame, element, at, "query:agreed")


def mapped_classes(frame: Frame, value: Value) -> list[Ref]:
    """The mapped classes that a value may be."""
    return [ref for ref, obj in frame.objects(value) if obj.kind == "class" and table_of(frame, ref) is not None]
