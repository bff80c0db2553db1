"""Expressions over the columns of a query, and the rows that carry what they give.

users.annotate(to=F("phone"))                       rows of users, with the phone in `to`
users.values(to=Concat("phone", Value("x")))        the phone in `to`
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.query_conditions import EXISTS, field_at
from flowcheck.flow.query_values import rows_among
from flowcheck.flow.values import NOTHING, Const, Value, attr, derived, index, join


def annotated(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`annotate(to=F("phone"))`: the same rows, each with what is computed beside its fields."""
    computed = {attr(name): computed_value(frame, element, value, at) for name, value in arguments.keywords.items()}
    rows = NOTHING
    for _, obj in rows_among(frame, element):
        row = Obj("instance", {**obj.fields, **computed}, type=obj.type, detail=obj.detail, origin=obj.origin)
        rows = join(rows, frame.make(at, row, "row:annotated"))
    return rows if rows.atoms else element


def computed_value(frame: Frame, element: Value, expression: Value, at: Span) -> Value:
    """What an expression gives for a row: `F("phone")`, `Lower("phone")`, `Concat(F("phone"), Value("x"))`."""
    if any(obj.detail == EXISTS for _, obj in frame.objects(expression)):
        return expression
    found = derived(frame.deep_taints(expression))
    for name in fields_named(frame, expression):
        found = join(found, field_value(frame, element, name, at))
    return found


def fields_named(frame: Frame, expression: Value) -> list[str]:
    """The fields that an expression speaks of, through the functions that it is made of."""
    names: dict[str, None] = {}
    pending = [obj for _, obj in frame.objects(expression)]
    while pending:
        obj = pending.pop()
        if obj.detail == EXPRESSION:
            for value in obj.fields.values():
                pending.extend(inner for _, inner in frame.objects(value))
                for atom in frame.constants(value):
                    if isinstance(atom, Const) and isinstance(atom.value, str):
                        names[atom.value] = None
    return list(names)


EXPRESSION = "(orm).Expression"
"""What an expression over the columns of a query is taken for."""


def expression_of(frame: Frame, name: str, arguments: Arguments, at: Span) -> Value | None:
    """`F("phone")`, `Concat("phone", Value("x"))` of Django; None for any other call."""
    if not name.startswith(EXPRESSIONS) or name.startswith("django.db.models.functions.window"):
        return None
    last = name.rpartition(".")[2]
    if last == "Exists":
        given = arguments.get(0, "queryset")
        fields = {index(0): given} if given is not None else {}
        return frame.make(at, Obj("external", fields, detail=EXISTS), "query:exists")
    if last in COUNTED or not last[:1].isupper():
        return None
    if last == "Value":
        return arguments.get(0, "value")
    chosen = [arguments.keywords[name] for name in ("then", "default", "expression") if name in arguments.keywords]
    fields = {index(place): value for place, value in enumerate([*arguments.positional, *chosen])}
    return frame.make(at, Obj("external", fields, detail=EXPRESSION), f"query:{last}")


EXPRESSIONS = (
    "django.db.models.functions.", "django.db.models.expressions.", "django.contrib.postgres.aggregates.",
    "django.db.models.F", "django.db.models.Value", "django.db.models.Max", "django.db.models.Min",
    "django.db.models.Case", "django.db.models.When", "django.db.models.Exists", "tortoise.functions.",
    "tortoise.expressions.F", "tortoise.contrib.postgres.functions.",
)  # fmt: skip
COUNTED = frozenset({"Count", "Length", "RawSQL", "Subquery", "OuterRef", "Exists", "Q"})


def field_value(frame: Frame, element: Value, name: str, at: Span) -> Value:
    """A field's value as a column: what it holds, without the object that declares it."""
    return derived(frame.deep_taints(field_at(frame, element, name.split("__"), at)))
