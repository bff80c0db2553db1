"""Databases: calls that hand a statement to a cursor, connection or session, and what they give back.

    connection.execute("INSERT INTO contacts (address) VALUES (?)", (user.phone,))
        the phone is stored in contacts.address
    cursor.execute("SELECT address, town FROM contacts"); row = cursor.fetchone(); row[0]; row["address"]
        row is a tuple of what is in contacts.address and contacts.town, found by position and by name

A statement is known as far as its text is. What it compares is a match, what it writes to a column may be a
use, and what it reads from a column may be marked data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.clearing import guarded
from flowcheck.flow.consents import cleared, consents_by_column
from flowcheck.flow.container_methods import call_method
from flowcheck.flow.events import Cell, Escaped, Stored, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.matches import note_match
from flowcheck.flow.rule_names import columns_here
from flowcheck.flow.schemas import table_id
from flowcheck.flow.sinks import reach
from flowcheck.flow.sources import source_taints
from flowcheck.flow.sql import (
    ANY_COLUMN,
    HOLE_SLOT,
    Column,
    Output,
    Slot,
    Statement,
    Terms,
    looks_like_sql,
    statement_of,
)
from flowcheck.flow.values import (
    ELEMENT,
    NO_TAINTS,
    NONE_VALUE,
    NOTHING,
    ROWS,
    UNKNOWN,
    Below,
    Chain,
    Const,
    Content,
    Path,
    Ref,
    Taint,
    Taints,
    Value,
    attr,
    const,
    derived,
    index,
    join,
    join_all,
    joined_taints,
    key,
    with_hop,
)

RESULT = "(database).Result"
"""What a library's object is taken for that yields rows."""

ROW = "(database).Row"
"""A row: a tuple whose items also have names."""

MAPPING = attr("_mapping")
"""Where a row has its columns by name alone."""

EXECUTES = frozenset(
    {
        "execute", "executemany", "executescript", "exec_driver_sql", "execute_sql", "query", "raw",
        "fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "fetch_val", "fetchall", "fetchone", "iterate",
        "scalar", "scalars", "stream", "prepare", "run_query", "copy_expert",
        "execute_query_dict", "get_records", "get_first",
    }
)  # fmt: skip
TEXT_MAKERS = frozenset(
    {
        "sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "sqlmodel.text",
        "psycopg.sql.SQL", "psycopg2.sql.SQL", "django.db.models.expressions.RawSQL",
    }
)  # fmt: skip
"""What only wraps the text of a statement."""

MANY = frozenset(
    {
        "fetchall",
        "fetchmany",
        "all",
        "fetch_all",
        "fetch",
        "partitions",
        "tolist",
        "to_dicts",
        "get_records",
        "execute_query_dict",
    }
)
ONE = frozenset({"fetchone", "first", "one", "one_or_none", "fetchrow", "fetch_one", "get_first"})
FIRST_COLUMN = frozenset({"scalar", "scalar_one", "scalar_one_or_none", "fetchval", "fetch_val"})
SAME = frozenset({"mappings", "unique", "yield_per", "tuples", "execution_options", "iterate", "freeze"})
TEXT_NAMES = ("sql", "query", "statement", "operation", "sql_script", "raw_query", "stmt")
PARAMETER_NAMES = ("parameters", "params", "vars", "args", "vars_list", "seq_of_parameters", "values", "param_list")


def call_database(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A call that runs a statement, or fetches what one gave; None for any other."""
    method = name.rpartition(".")[2]
    if name in TEXT_MAKERS:
        return arguments.get(0, "text")
    if method in {"execute_values", "execute_batch"} and len(arguments.positional) > 2:
        given = Arguments([one_for_each_column(frame, arguments.positional[1]), *arguments.positional[2:]])
        return executed(frame, "executemany", arguments.positional[0], given, at)
    if method in EXECUTES and (receiver is not None or name.count(".")):
        found = executed(frame, method, receiver, arguments, at)
        if found is not None:
            return found
    if receiver is not None and method in ROW_METHODS and is_row(frame, receiver):
        return call_method(frame, ROW_METHODS[method], as_mapping(frame, receiver, at), arguments, at)
    if receiver is not None and method in FETCHES:
        rows = rows_of(frame, receiver)
        return fetched(frame, method, rows, at) if rows is not None else None
    return None


FETCHES = MANY | ONE | FIRST_COLUMN | SAME | {"scalars", "columns", "__next__", "__anext__", "close", "keys"}


# --- running a statement ----------------------------------------------------------------------------


def executed(frame: Frame, method: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`connection.execute(text, parameters)`"""
    text = text_argument(frame, arguments)
    if text is None:
        return None
    statements = [each for each in statements_of(frame, text, at) if each is not None]
    if not statements:
        return None
    given = Parameters(frame, method, text, arguments)
    row = join_all(run(frame, statement, given, at) for statement in statements)
    result = frame.make(at, Obj("external", detail=RESULT, rest=row if row.atoms else None), "database:result")
    keep_result(frame, receiver, result)
    return fetched(frame, method, result, at) if method in MANY | ONE | FIRST_COLUMN | {"scalars"} else result


def one_for_each_column(frame: Frame, text: Value) -> Value:
    """`INSERT INTO t (a, b) VALUES %s` of psycopg: the placeholder stands for a whole row."""
    atoms = [
        const(_WHOLE_ROW.sub(lambda found: f"{found[1]} ({', '.join(['%s'] * (found[1].count(',') + 1))})", atom.value))
        if isinstance(atom, Const) and isinstance(atom.value, str)
        else atom
        for atom in frame.constants(text)
    ]
    return Value(tuple(atoms), text.taints)


_WHOLE_ROW = re.compile(r"(\([^()]*\)\s*VALUES)\s*%s", re.IGNORECASE)


def text_argument(frame: Frame, arguments: Arguments) -> Value | None:
    """The statement's text."""
    for name in TEXT_NAMES:
        found = arguments.get(0, name)
        if found is not None:
            return frame.look(found)
    return None


def statements_of(frame: Frame, text: Value, at: Span) -> Iterator[Statement | None]:
    """What each text that the argument may be does."""
    for atom in frame.constants(text):
        if isinstance(atom, Const) and isinstance(atom.value, str):
            statement = statement_of(atom.value, frame.machine.schemas.columns)
            if statement is None and looks_like_sql(atom.value):
                note_unread(frame, atom.value, at)
            yield statement


def keep_result(frame: Frame, receiver: Value | None, result: Value) -> None:
    """A cursor keeps the rows for later fetches; a connection or session does not."""
    for ref, obj in frame.objects(receiver) if receiver is not None else ():
        kept = str(obj.detail).lower() if obj.kind == "external" else "cursor" if obj.kind == "unknown" else ""
        if kept.removesuffix("()").endswith(("cursor", "cur", "__enter__")):
            frame.own(ref)
            frame.state.write(ref.id, ROWS, result, is_strong=True)


def run(frame: Frame, statement: Statement, given: Parameters, at: Span) -> Value:
    """What a statement does here; the row that it gives."""
    if statement.required and frame.machine.labels.rules.consents:
        given.clearances = consents_by_column(frame, statement.required, at)
    for write in statement.writes:
        store(frame, write.column, given.value(write.terms, at), at)
    if frame.machine.labels.has_supplied:
        for comparison in statement.comparisons:
            left, right = given.value(comparison.left, at), given.value(comparison.right, at)
            note_match(frame, "SQL", left.taints, right.taints, at)
    return made_row(frame, statement.outputs, given, at) if statement.outputs else NOTHING


def run_sql(frame: Frame, text: str, at: Span) -> None:
    """A statement that stands for itself, without parameters."""
    statement = statement_of(text, frame.machine.schemas.columns)
    if statement is not None:
        run(frame, statement, Parameters(frame, "execute", Value((const(text),)), Arguments()), at)
    else:
        note_unread(frame, text, at)


_MOVES_NOTHING = re.compile(
    r"\s*(?:grant|revoke|analyze|vacuum|explain|lock|drop|comment|alter|set|use|declare|end|create\s+(?!table|view))\b",
    re.IGNORECASE,
)


def note_unread(frame: Frame, text: str, at: Span) -> None:
    """A statement that no dialect can read, and that names marked columns beside their tables."""
    if _MOVES_NOTHING.match(text):
        return
    words = {word.lower() for word in re.findall(r"\w+", text)}
    taints: Taints = NO_TAINTS
    for table in sorted(frame.machine.schemas.tables_of_marks() & words):
        for name in named_columns(frame, table):
            if name in words or "*" in text:
                taints = joined_taints(taints, column_taints(frame, Column(table, name), at))
    if taints:
        add_event(frame.events, Escaped("unparsed", "a statement", frame.place(at), taints, frame.state.pending))


class Parameters:
    """The values that a statement's terms stand for."""

    def __init__(self, frame: Frame, method: str, text: Value, arguments: Arguments) -> None:
        self.frame = frame
        self.text = text
        self.arguments = arguments
        self.clearances: tuple[int, ...] = ()  # the consents by which rows are selected
        self.given = self._given()
        if method in {"executemany", "execute_many"} or self._is_batch():
            self.given = frame.machine.iterate_values(frame, self.given, frame.code.at)
        self.is_container = any(obj.kind in CONTAINERS for _, obj in frame.objects(self.given))

    def _given(self) -> Value:
        for name in PARAMETER_NAMES:
            found = self.arguments.get(1, name)
            if found is not None:
                return self.frame.look(found)
        return NOTHING

    def _is_batch(self) -> bool:
        """`execute(text, [{"a": 1}, {"a": 2}])`"""
        if not any(obj.kind == "list" for _, obj in self.frame.objects(self.given)):
            return False
        inner = self.frame.machine.iterate_values(self.frame, self.given, self.frame.code.at)
        return any(obj.kind in {"dict", "tuple"} for _, obj in self.frame.objects(inner))

    def value(self, terms: Terms, at: Span) -> Value:
        """A scalar made of columns and parameters."""
        taints: Taints = NO_TAINTS
        for column in terms.columns:
            taints = joined_taints(taints, column_taints(self.frame, column, at))
        for slot in terms.slots:
            taints = joined_taints(taints, self.slot_taints(slot))
        return derived(cleared(taints, self.clearances))

    def slot_taints(self, slot: Slot) -> Taints:
        """What is passed for a placeholder."""
        if slot == HOLE_SLOT:
            return self.text.taints or self.frame.deep_taints(self.given)
        found = self._passed(slot)
        return self.frame.deep_taints(self.frame.machine.forced(self.frame, found)) if found is not None else NO_TAINTS

    def _passed(self, slot: Slot) -> Value | None:
        if isinstance(slot, str):
            if slot in self.arguments.keywords:
                return self.arguments.keywords[slot]
            return self.frame.machine.get_item_by_key(self.frame, self.given, slot)
        if self.is_container:
            return self.frame.machine.get_item_by_key(self.frame, self.given, slot)
        return self.arguments.get(1 + slot)


CONTAINERS = frozenset({"tuple", "list", "dict", "set", "generator", "unknown", "external"})


# --- columns ------------------------------------------------------------------------------------------


def column_taints(frame: Frame, column: Column, at: Span) -> Taints:
    """The marked data in a column: by rules, by marks of the class mapped to the table, by what is stored there."""
    taints: Taints = NO_TAINTS
    labels = frame.machine.labels
    for label in columns_here(frame, labels.rules.sources, labels.sources_of_column(column.table, column.name)):
        taints = joined_taints(taints, source_taints(frame, label, label.name, at))
    for label in frame.machine.schemas.labels_of(column.table, column.name):
        taints = joined_taints(taints, source_taints(frame, label, label.name, at))
    return joined_taints(taints, stored_taints(frame, column, at))


def stored_taints(frame: Frame, column: Column, at: Span) -> Taints:
    """Whatever any code stores in a column."""
    path: Path = (Content("obj", table_id(column.table)),)
    if column.name != ANY_COLUMN:
        path = (*path, attr(column.name))
    hop = frame.hop("library", at, f"read from `{column.table}.{column.name}`")
    return guarded(frame, {Taint(Below(path)): Chain(None, hop)})


def store(frame: Frame, column: Column, value: Value, at: Span) -> None:
    """A value is put in a column: is that a use? Others may read it."""
    if not value.taints:
        return
    name = f"{column.table}.{column.name}"
    labels = frame.machine.labels
    for label in columns_here(frame, labels.rules.sinks, labels.sinks_of_column(column.table, column.name)):
        reach(frame, label, name, [(column.name, value)], at)
    content = ELEMENT if column.name == ANY_COLUMN else attr(column.name)
    taints = with_hop(value.taints, frame.hop("write", at, f"stored in `{name}`"))
    add_event(frame.events, Stored(Cell(table_id(column.table), (content,)), taints, frame.state.pending))


# --- rows -----------------------------------------------------------------------------------------------


def made_row(frame: Frame, outputs: tuple[Output, ...], given: Parameters, at: Span) -> Value:
    """A row with these columns, found by position and by name."""
    if any(output.name == ANY_COLUMN for output in outputs):
        return open_row(frame, outputs, given, at)
    fields: dict[Content, Value] = {}
    for position, output in enumerate(outputs):
        value = given.value(output.terms, at)
        fields[index(position)] = value
        if output.name:
            fields[key(output.name)] = fields[attr(output.name)] = value
    named = {content: value for content, value in fields.items() if content.kind == "key"}
    fields[MAPPING] = frame.make(at, Obj("dict", named), "database:named")
    return frame.make(at, Obj("tuple", fields, detail=ROW, length=len(outputs)), "database:row")


def open_row(frame: Frame, outputs: tuple[Output, ...], given: Parameters, at: Span) -> Value:
    """A row of `SELECT *` where nothing says which columns there are: each is read from the table as it is named."""
    fields: dict[Content, Value] = {}
    tables: list[str] = []
    for output in outputs:
        if output.name == ANY_COLUMN:
            tables.extend(column.table for column in output.terms.columns)
        elif output.name:
            fields[key(output.name)] = fields[attr(output.name)] = given.value(output.terms, at)
    for table in tables:
        for name in named_columns(frame, table):
            value = given.value(Terms((Column(table, name),)), at)
            fields[key(name)] = fields[attr(name)] = join(fields.get(key(name), NOTHING), value)
    others = join_all(derived(column_taints(frame, Column(table, ANY_COLUMN), at)) for table in tables[1:])
    origin = (Content("obj", table_id(tables[0])),)
    return frame.make(at, Obj("unknown", fields, rest=others if others.taints else None, origin=origin), "database:row")


def named_columns(frame: Frame, table: str) -> list[str]:
    """The columns of a table that a rule or a mark names."""
    found: dict[str, None] = {}
    for target, _ in frame.machine.labels.column_sources:
        if target.column is not None and (target.table is None or target.table.matches(table)):
            found.update((name, None) for name in target.column.alternatives if name.isidentifier())
    for name in sorted(frame.machine.labels.fields):
        if any(True for _ in frame.machine.schemas.labels_of(table, name)):
            found[name] = None
    return list(found)


ROW_METHODS = {"keys": "keys", "items": "items", "values": "values", "get": "get", "_asdict": "copy", "asdict": "copy"}


def is_row(frame: Frame, receiver: Value) -> bool:
    """Whether a value is a row, and nothing else."""
    return all(obj.detail == ROW for _, obj in frame.objects(receiver)) and bool(frame.objects(receiver))


def as_mapping(frame: Frame, row: Value, at: Span) -> Value:
    """A row as a dictionary."""
    made = frame.make(at, Obj("dict"), "database:mapping")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    merge(frame, ref, row, at)
    return made


def rows_of(frame: Frame, receiver: Value) -> Value | None:
    """The result that a cursor keeps, or the receiver where it is a result itself."""
    found = NOTHING
    for ref, obj in frame.objects(receiver):
        if obj.kind == "external" and obj.detail == RESULT:
            found = join(found, Value((ref,)))
        elif obj.kind in {"external", "unknown"}:
            kept = frame.look(obj.get(ROWS)) if ROWS in obj.fields or obj.origin is not None else NOTHING
            for each, result in frame.objects(kept):
                if result.detail == RESULT:
                    found = join(found, Value((each,)))
    return found if found.atoms else None


def fetched(frame: Frame, method: str, rows: Value, at: Span) -> Value:
    """What fetching gives: the result as it is, all rows, one row, the first column of one."""
    row = join_all(frame.content_of_object(obj, ELEMENT) for _, obj in frame.objects(rows))
    if method in SAME:
        return rows
    if method in {"close", "keys"}:
        return Value((UNKNOWN,))
    if method in FIRST_COLUMN:
        return join(first_of(frame, row), NONE_VALUE)
    if method in {"scalars", "columns"}:
        return frame.make(at, Obj("external", detail=RESULT, rest=first_of(frame, row)), "database:scalars")
    if method in MANY:
        return frame.make(at, Obj("list", rest=row), "database:rows")
    return join(row, NONE_VALUE) if row.atoms or row.taints else NONE_VALUE


def first_of(frame: Frame, row: Value) -> Value:
    """The first column of a row; a row that is no tuple is itself what was selected."""
    found = NOTHING
    for atom in row.atoms:
        if isinstance(atom, Ref) and frame.object(atom).detail == ROW:
            found = join(found, frame.content(Value((atom,)), index(0)))
        elif isinstance(atom, Ref) and frame.object(atom).kind == "unknown":
            found = join(found, derived(frame.deep_taints(Value((atom,)))))
        else:
            found = join(found, Value((atom,), row.taints))
    return found
