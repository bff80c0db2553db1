"""Tables that SQLAlchemy describes outside classes, and what statements over them select and write.

users = Table("users", metadata, Column("phone", String))
select(users.c.phone), users.select()               columns found by position and by name
insert(audience).values(contact=x)                  a write of audience.contact
User.phone.label("contact")                         a column under another name
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.databases import column_taints, store
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items
from flowcheck.flow.mapped import field_named_by
from flowcheck.flow.matches import note_match
from flowcheck.flow.sql import Column
from flowcheck.flow.subscripts import COLUMN_NAME, SQL_COLUMN, constant_keys
from flowcheck.flow.values import (
    ELEMENT,
    NONE_VALUE,
    NOTHING,
    Const,
    Content,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
)

TABLE, COLUMNS, LABEL, WRITE = (f"(sql).{name}" for name in ("Table", "Columns", "Label", "Write"))
COLUMN, NAME = SQL_COLUMN, COLUMN_NAME
OWNER, INNER = attr("__table__"), attr("__inner__")


@handles("sqlalchemy.Table", "sqlalchemy.schema.Table", "sqlalchemy.sql.schema.Table", "sqlalchemy.sql.table")
def call_table(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Table("users", metadata, Column("phone", String))`"""
    name = arguments.get(0, "name") or NOTHING
    columns: dict[Content, Value] = {}
    for value in arguments.positional[1:]:
        for _, obj in frame.objects(value):
            if obj.detail == COLUMN:
                for text in texts(frame, obj.get(NAME)):
                    fields = {NAME: Value((const(text),)), OWNER: name}
                    columns[attr(text)] = frame.make(at, Obj("external", fields, detail=COLUMN), f"table:{text}")
    held = frame.make(at, Obj("external", columns, detail=COLUMNS), "table:columns")
    fields = {NAME: name, attr("c"): held, attr("columns"): held}
    return frame.make(at, Obj("external", fields, detail=TABLE), "table")


@handles("sqlalchemy.Column", "sqlalchemy.schema.Column", "sqlalchemy.sql.column")
def call_column(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Column("phone", String)`; in a class body the name is that of the field."""
    name = arguments.get(0, "name") or NOTHING
    if not any(True for _ in texts(frame, name)):
        return frame.make(at, Obj("external", detail="sqlalchemy.Column()"), "column")
    return frame.make(at, Obj("external", {NAME: name}, detail=COLUMN), "column")


def texts(frame: Frame, value: Value) -> Iterator[str]:
    """The constant texts that a value may be."""
    for atom in frame.constants(value):
        if isinstance(atom, Const) and isinstance(atom.value, str):
            yield atom.value


def columns_of(frame: Frame, value: Value, at: Span) -> list[tuple[str, Value]]:
    """The columns that a table, or one of its columns, stands for in a select list: names and what they hold."""
    found: list[tuple[str, Value]] = []
    for _, obj in frame.objects(value):
        if obj.detail == TABLE:
            held = [inner for _, inner in frame.objects(obj.get(attr("c")))]
            columns = [column for inner in held for column in inner.fields.values()]
            found.extend(each for column in columns for each in columns_of(frame, column, at))
        elif obj.detail == COLUMN:
            for table in texts(frame, obj.get(OWNER).present()):
                found.extend((name, column_of(frame, table, name, at)) for name in texts(frame, obj.get(NAME)))
        elif obj.kind in {"tuple", "list"}:
            found.extend(each for column in obj.elements() for each in columns_of(frame, column, at))
        elif obj.detail == LABEL:
            name = next(texts(frame, obj.get(NAME)), "")
            found.append((name, frame.machine.column_value(frame, obj.get(INNER), at)[1]))
    return found


@handles(f"{COLUMNS}.__getitem__")
def call_columns_item(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`users.c["phone"]`; `users.c["phone", "city"]` is several columns."""
    subscript = arguments.get(0) or NOTHING
    several = [each for _, obj in frame.objects(subscript) if obj.kind == "tuple" for each in obj.elements()]
    if several:
        columns = [call_columns_item(frame, receiver, Arguments([each]), at) for each in several]
        return fresh_list(frame, Items(columns, None), at, "tuple", "table:some")
    names = constant_keys(frame, subscript) or ()
    return join_all(frame.machine.attribute(frame, receiver, str(name), at) for name in names)


def subquery_of(frame: Frame, element: Value, at: Span) -> Value:
    """`select(User.phone).subquery()`: a table of what each row holds by name."""
    held: dict[Content, Value] = {}
    for ref, obj in frame.objects(element):
        names = [str(c.name) for c in obj.fields if c.kind == "key"] if obj.kind == "tuple" else []
        names = names or frame.machine.marked_fields_of(frame, Value((ref,)))
        for name in names:
            value = frame.machine.attribute(frame, Value((ref,)), name, at)
            fields = {NAME: Value((const(name),)), INNER: value}
            held[attr(name)] = frame.make(at, Obj("external", fields, detail=LABEL), f"subquery:{name}")
    columns = frame.make(at, Obj("external", held, detail=COLUMNS), "subquery:columns")
    return frame.make(at, Obj("external", {attr("c"): columns, attr("columns"): columns}, detail=TABLE), "subquery")


def column_of(frame: Frame, table: str, name: str, at: Span) -> Value:
    """What a column holds."""
    return derived(column_taints(frame, Column(table.lower(), name), at))


def call_core(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A method of a table or a column, a statement over one; None for any other call."""
    method = name.rpartition(".")[2]
    if receiver is not None and arguments.positional and is_renaming(frame, method, receiver):
        fields = {NAME: arguments.positional[0], INNER: receiver}
        return frame.make(at, Obj("external", fields, detail=LABEL), "column:label")
    if method in {"insert", "update"}:
        table = receiver if receiver is not None and is_table(frame, receiver) else arguments.get(0)
        if table is not None and is_table(frame, table):
            return frame.make(at, Obj("external", {OWNER: table}, detail=WRITE), "table:write")
    if receiver is not None and is_core_write(frame, receiver):
        return written(frame, method, receiver, arguments, at)
    if method in {"in_", "is_in"} and receiver is not None:
        note_column_match(frame, receiver, arguments, at)
    if method == "execute":
        return run_write(frame, arguments, at)
    return None


def is_renaming(frame: Frame, method: str, receiver: Value) -> bool:
    """`User.phone.label("contact")`; `alias` of Peewee, of a column or of what a function makes of one."""
    if method == "alias":
        is_column = any(field_named_by(frame, atom) is not None for atom in frame.look(receiver).atoms)
        return is_column or any(str(obj.detail).startswith("peewee.fn.") for _, obj in frame.objects(receiver))
    return method == "label"


def note_column_match(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> None:
    """`users.c.phone.in_(uploaded)`: a match of the column with the values."""
    given = arguments.get(0)
    if given is None or not frame.machine.labels.has_supplied:
        return
    for _, value in columns_of(frame, receiver, at):
        note_match(frame, "query", value.taints, frame.deep_taints(frame.machine.forced(frame, given)), at)


def is_table(frame: Frame, value: Value) -> bool:
    """Whether a value is a table."""
    return any(obj.detail == TABLE for _, obj in frame.objects(value))


def is_core_write(frame: Frame, value: Value) -> bool:
    """Whether a value is what `insert(audience)` gives."""
    return any(obj.detail == WRITE for _, obj in frame.objects(value))


def written(frame: Frame, method: str, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`insert(audience).values(contact=x)`; other methods give the statement back."""
    if method == "values":
        given = dict(arguments.keywords)
        for value in arguments.positional:
            given.update(columns_given(frame, value))
        write_columns(frame, receiver, given, at)
    return receiver


def run_write(frame: Frame, arguments: Arguments, at: Span) -> Value | None:
    """`connection.execute(audience.insert(), [{"contact": x}])`"""
    statement = arguments.get(0, "statement")
    if statement is None or not is_core_write(frame, statement):
        return None
    given = arguments.get(1, "parameters")
    if given is not None:
        write_columns(frame, statement, columns_given(frame, given), at)
    return NONE_VALUE


def columns_given(frame: Frame, value: Value) -> dict[str, Value]:
    """The columns of a mapping, or of a list of mappings."""
    found: dict[str, Value] = {}
    for ref, obj in frame.objects(frame.machine.forced(frame, value)):
        if obj.kind == "dict":
            for content, held in obj.fields.items():
                if content.kind == "key":
                    found[str(content.name)] = join(found.get(str(content.name), NOTHING), held.present())
        elif obj.kind in {"list", "tuple"}:
            inner = join_all([*obj.elements(), frame.content(Value((ref,)), ELEMENT).present()])
            for name, held in columns_given(frame, inner).items():
                found[name] = join(found.get(name, NOTHING), held)
    return found


def write_columns(frame: Frame, statement: Value, given: dict[str, Value], at: Span) -> None:
    """Each value goes into its column."""
    for _, obj in frame.objects(statement):
        for _, table in frame.objects(obj.get(OWNER)) if obj.detail == WRITE else ():
            for name in texts(frame, table.get(NAME)):
                for column, value in given.items():
                    store(frame, Column(name.lower(), column), derived(frame.deep_taints(value)), at)
