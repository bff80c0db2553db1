"""What queries give instead of rows: columns of them, and rows that they make or change.

users.values_list("phone", flat=True)       the phones
users.create(phone=number)                  a row with that field
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.core_tables import columns_of
from flowcheck.flow.databases import MAPPING, ROW, column_taints
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import field_named_by, made_instance
from flowcheck.flow.query_expressions import computed_value, field_value
from flowcheck.flow.query_values import mapped_classes, rows_among
from flowcheck.flow.sinks import written_field
from flowcheck.flow.sql import Column
from flowcheck.flow.values import (
    NOTHING,
    UNKNOWN,
    Const,
    Content,
    External,
    Ref,
    Scalar,
    Value,
    attr,
    derived,
    index,
    join,
    join_all,
    key,
)

CREATES = frozenset({"create", "acreate"})


def values_row(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`values("phone", "profile__city")`: a dictionary of these fields."""
    names = names_given(frame, arguments)
    if not names and not arguments.keywords:
        return element_as_mapping(frame, element, at)
    fields = {key(name): field_value(frame, element, name, at) for name in names}
    for name, value in arguments.keywords.items():
        renamed = [atom.value for atom in frame.constants(value) if isinstance(atom, Const)]
        named = [field_value(frame, element, each, at) for each in renamed if isinstance(each, str)]
        fields[key(name)] = join_all([*named, computed_value(frame, element, value, at)])
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
        columns = [pair for each in arguments.positional for pair in selected_columns(frame, each, at)]
        return tuple_of(frame, columns, at)
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


def tuple_of(frame: Frame, columns: list[tuple[str, Value]], at: Span) -> Value:
    """A row whose columns are found by position and by name."""
    fields: dict[Content, Value] = {}
    for position, (name, value) in enumerate(columns):
        fields[index(position)] = value
        if name:
            fields[attr(name)] = fields[key(name)] = value
    named = {content: value for content, value in fields.items() if content.kind == "key"}
    if named:
        fields[MAPPING] = frame.make(at, Obj("dict", named), "query:mapping")
    return frame.make(at, Obj("tuple", fields, detail=ROW, length=len(columns)), "query:tuple")


def created(frame: Frame, method: str, element: Value, arguments: Arguments, at: Span) -> Value:
    """`create(phone=x)`, `get_or_create(id=1, defaults={"phone": x})`"""
    given = dict(arguments.keywords)
    defaults = given.pop("defaults", None)
    for _, obj in frame.objects(defaults) if defaults is not None else ():
        given.update((str(c.name), value.present()) for c, value in obj.fields.items() if c.kind == "key")
    made = NOTHING
    for cls in dict.fromkeys(obj.type for _, obj in rows_among(frame, element)):
        if isinstance(cls, Ref):
            made = join(made, frame.machine.construct(frame, cls, Arguments([], given, None, arguments.extra), at))
        elif isinstance(cls, External):
            made = join(made, made_instance(frame, cls, at))
    if method in CREATES:
        return made
    pair = {index(0): join(element, made), index(1): Value((Scalar("bool"),))}
    return frame.make(at, Obj("tuple", pair, length=2), "query:pair")


def updated(frame: Frame, element: Value, arguments: Arguments, at: Span) -> Value:
    """`update(phone=x)`"""
    written = dict(arguments.keywords)
    for _, mapping in frame.objects(arguments.get(0) or NOTHING):
        for content, held in mapping.fields.items():
            written.update({str(content.name): held.present()} if content.kind == "key" else {})
    for ref, _ in rows_among(frame, element):
        for name, given in written.items():
            value = computed_value(frame, element, given, at)
            written_field(frame, Value((ref,)), name, value, at)
            frame.own(ref)
            stored = value.after(frame.hop("write", at, f"stored in `.{name}`"))
            frame.write(Value((ref,)), attr(name), join(frame.object(ref).get(attr(name)), stored))
    return Value((Scalar("int"),))


def selected_columns(frame: Frame, value: Value, at: Span) -> list[tuple[str, Value]]:
    """The columns that one thing in a select list stands for: those of a table, else itself."""
    return columns_of(frame, value, at) or [column_value(frame, value, at)]


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
