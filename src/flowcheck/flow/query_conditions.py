"""Conditions of queries: what is compared with which column, and consents among them.

users.filter(phone=row["phone"])            a match of the column with the value
users.filter(Q(city="Oslo") | Q(age=3))     two conditions, of which one holds
users.filter(ads_consent=True)              rows of people who agreed
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.consents import agreed, consents_named, is_true
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import field_named_by
from flowcheck.flow.matches import note_match
from flowcheck.flow.objects import class_names
from flowcheck.flow.query_values import CONDITION, element_of_query, is_query, rows_among
from flowcheck.flow.values import NOTHING, UNKNOWN_VALUE, Const, Content, Value, index, join, key, union

LOOKUPS = frozenset(
    {
        "in", "exact", "iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith",
        "gt", "gte", "lt", "lte", "range", "isnull", "regex", "iregex", "date", "year", "month", "day", "overlap",
        "contained_by", "lower",
    }
)  # fmt: skip


def note_conditions(frame: Frame, element: Value, arguments: Arguments, at: Span) -> None:
    """`filter(phone__in=uploaded)`, `get(Q(phone=number))`: each field meets its argument."""
    if not frame.machine.labels.has_supplied:
        return
    for name, given in (*conditions(frame, arguments), *alternatives(frame, arguments)):
        taints = frame.deep_taints(frame.machine.forced(frame, given))
        if taints:
            field = field_at(frame, element, [part for part in name.split("__") if part not in LOOKUPS], at)
            note_match(frame, "query", frame.deep_taints(field), taints, at)
    for value in (*arguments.positional, *arguments.keywords.values()):
        for _, obj in frame.objects(value):
            if obj.detail == EXISTS:
                note_meeting(frame, element, obj.get(index(0)), at)


def note_meeting(frame: Frame, element: Value, inner: Value, at: Span) -> None:
    """`Exists(Upload.objects.filter(number=OuterRef("phone")))`: a field of the outer row meets one of inner rows."""
    for _, query in frame.objects(inner):
        for content, held in query.fields.items():
            if content.kind == MEETING:
                field = field_at(frame, element, str(content.name).split("__"), at)
                note_match(frame, "query", frame.deep_taints(field), frame.deep_taints(held), at)


@handles("django.db.models.OuterRef", "django.db.models.expressions.OuterRef")
def call_outer_ref(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`OuterRef("phone")`"""
    fields = {OUTER_NAME: arguments.get(0, "name") or NOTHING}
    return frame.make(at, Obj("external", fields, detail="django.db.models.OuterRef()"), "query:outer")


def keep_meetings(frame: Frame, query: Value, element: Value, arguments: Arguments, at: Span) -> None:
    """A query remembers which of its fields have to equal which of the row of a query around it."""
    for name, given in conditions(frame, arguments):
        for _, obj in frame.objects(given):
            for atom in frame.constants(obj.get(OUTER_NAME)) if OUTER_NAME in obj.fields else ():
                if isinstance(atom, Const):
                    parts = [part for part in name.split("__") if part not in LOOKUPS]
                    frame.write(query, Content(MEETING, str(atom.value)), field_at(frame, element, parts, at))


MEETING, OUTER_NAME = "meeting", Content("attr", "__outer__")
"""The kind of content that a query keeps fields in, under the names of those that they meet; where one is named."""


def consents_in(
    frame: Frame, element: Value, arguments: Arguments, at: Span, *, wanted: bool = True
) -> tuple[int, ...]:
    """The consents that `filter(ads_consent=True)` or `filter(User.ads_consent)` asks for, or `exclude(...=False)`."""
    names: list[str] = []
    found: tuple[int, ...] = ()
    for name, given in conditions(frame, arguments):
        if is_true(frame, given, wanted):
            if wanted:
                found = union(found, consents_of_existing(frame, field_at(frame, element, [name], at)))
            *path, last = name.split("__")
            owners = field_at(frame, element, path, at)
            for _, obj in rows_among(frame, owners):
                names.extend(f"{each}.{last}" for each in class_names(frame, obj.type))
    for value in arguments.positional:
        named = [field_named_by(frame, atom) for atom in frame.look(value).atoms]
        names.extend(".".join(each) for each in named if each is not None)
        found = union(found, consents_of_existing(frame, value))
    return union(found, consents_named(frame, names, at))


def consents_of_existing(frame: Frame, value: Value) -> tuple[int, ...]:
    """`Exists(Consent.objects.filter(user=OuterRef("pk"), ads=True))`: those of the rows that there must be."""
    found: tuple[int, ...] = ()
    for _, obj in frame.objects(value):
        if obj.detail == EXISTS:
            for _, row in rows_among(frame, element_of_query(frame, obj.get(index(0)))):
                found = union(found, agreed(row) if OUTER in row.fields else ())
    return found


EXISTS = "(orm).Exists"
"""What the question is taken for whether a query yields rows."""

OUTER = Content("of", "outer row")
"""What a row holds that was selected as belonging to the row of a query around it."""


def is_of_outer_row(frame: Frame, arguments: Arguments) -> bool:
    """`filter(user=OuterRef("pk"))`"""
    return any(
        str(obj.detail) == "django.db.models.OuterRef()" or str(obj.detail) == "django.db.models.expressions.OuterRef()"
        for _, given in conditions(frame, arguments)
        for _, obj in frame.objects(given)
    )


def rows_of_outer(frame: Frame, element: Value, at: Span) -> Value:
    """The same rows, each of them the outer row's own."""
    rows = NOTHING
    for _, obj in rows_among(frame, element):
        fields = {**obj.fields, OUTER: UNKNOWN_VALUE}
        row = Obj("instance", fields, type=obj.type, detail=obj.detail, origin=obj.origin)
        rows = join(rows, frame.make(at, row, "row:outer"))
    return rows if rows.atoms else element


def is_column_that_is_true(frame: Frame, left: Value, right: Value) -> bool:
    """`User.ads_consent == True` in a query: it asks for what `User.ads_consent` asks for."""
    if not frame.machine.labels.rules.consents or not is_true(frame, right):
        return False
    return any(field_named_by(frame, atom) is not None for atom in left.atoms)


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
