"""Rows of models that a library defines, which need not be installed.

from vendor.models import Device
Device.objects.filter(user=user)                rows of Device: an instance whose class is only a name
user.device_set.all()                           likewise, by the name that Django gives the way back
"""

from __future__ import annotations

import re

from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import every_relation, made_instance, plain_class, ruled_model
from flowcheck.flow.query_values import query_yielding
from flowcheck.flow.values import External, Value

_QUERY = re.compile(r"(?P<model>(?:\w+\.)+[A-Z]\w*)\.(?:objects|_default_manager)\.\w+")
_WAY_BACK = re.compile(r"(?P<owner>.*)\.(?P<name>[a-z]\w*)\.\w+")


def query_of_library(frame: Frame, name: str, at: Span, *, is_known: bool) -> Value | None:
    """The query that a call's dotted name starts with: that of a library's model, or the way back to one's rows.

    `is_known` says that the method is one of queries; a manager of a library may have others, which give rows too.
    """
    found = _QUERY.fullmatch(name)
    if found is not None:
        return query_yielding(frame, row_of(frame, found["model"], at), at, "query:library")
    way = _WAY_BACK.fullmatch(name) if is_known else None
    return rows_behind(frame, way["name"], at) if way is not None else None


def row_of(frame: Frame, model: str, at: Span) -> Value:
    """A row of a library's model."""
    return made_instance(frame, External(model), at)


def rows_behind(frame: Frame, name: str, at: Span) -> Value | None:
    """`phonedevice_set`, `phones`: the rows that such an attribute of an object of unknown class leads to."""
    for relation in every_relation(frame):
        is_default = not relation.related_name and name == f"{relation.owner.rpartition('.')[2].lower()}_set"
        if is_default or (name == relation.related_name and relation.kind != "OneToOneField"):
            target = plain_class(frame, relation.owner)
            if target is not None:
                return query_yielding(frame, made_instance(frame, target, at), at, "query:back")
    model = ruled_model(frame, name.removesuffix("_set")) if name.endswith("_set") else None
    return query_yielding(frame, row_of(frame, model, at), at, "query:back") if model is not None else None


def is_library_row(obj: Obj) -> bool:
    """Whether an object is a row of a library's model."""
    return obj.kind == "instance" and isinstance(obj.type, External) and obj.origin is not None
