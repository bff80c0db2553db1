"""`_meta`: what a mapped class of Django says of its own fields.

for field in user._meta.fields: getattr(user, field.name)      each field's name in turn: the marked ones are known
{f.name: f.value_from_object(user) for f in User._meta.get_fields()}
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import made_instance, table_of
from flowcheck.flow.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    join,
    join_all,
)

META = "(orm).Meta"
FIELD = "(orm).Field"
LISTS = ("fields", "concrete_fields", "local_fields", "local_concrete_fields")
NAMES = ("name", "attname", "column")


def meta_of_class(frame: Frame, cls: Atom | None, at: Span) -> Value | None:
    """`User._meta`; None for a class that is mapped to no table."""
    if not isinstance(cls, Ref) or table_of(frame, cls) is None:
        return None
    row = made_instance(frame, cls, at)
    known = [field_named(frame, Value((const(name),)), at, name) for name in frame.machine.marked_fields_of(frame, row)]
    others = field_named(frame, Value((Scalar("str"),)), at, "")
    fields = frame.make(at, Obj("list", rest=join_all([*known, others])), "meta:fields")
    return frame.make(at, Obj("external", {attr(name): fields for name in LISTS}, detail=META), "meta")


def field_named(frame: Frame, name: Value, at: Span, tag: str) -> Value:
    """A field that tells its name."""
    return frame.make(at, Obj("external", {attr(each): name for each in NAMES}, detail=FIELD), f"meta:field:{tag}")


def call_meta(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`_meta.get_fields()`, `_meta.get_field("phone")`, `field.value_from_object(user)`; None for any other call."""
    method = name.rpartition(".")[2]
    if receiver is None or method not in {"get_fields", "get_field", "value_from_object", "value_to_string"}:
        return None
    found = NOTHING
    for _, obj in frame.objects(receiver):
        if obj.detail == META:
            named = arguments.get(0, "field_name")
            is_one = method == "get_field" and named is not None
            found = join(found, field_named(frame, named, at, "one") if is_one and named else obj.get(attr("fields")))
        elif obj.detail == FIELD:
            found = join(found, value_named(frame, obj.get(attr("name")), arguments.get(0, "obj") or NOTHING, at))
    return found if found.atoms or found.taints else None


def value_named(frame: Frame, names: Value, row: Value, at: Span) -> Value:
    """What a row holds in the field of that name."""
    found = UNKNOWN_VALUE
    for atom in frame.constants(names):
        if isinstance(atom, Const) and isinstance(atom.value, str):
            found = join(found, frame.machine.attribute(frame, row, atom.value, at))
    return found
