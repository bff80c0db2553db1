"""Tables of databases: their columns, and the classes of the code base that are mapped to them.

    connection.execute("CREATE TABLE contacts (address TEXT, town TEXT)")      contacts: address, town

    class User(models.Model):                                                  users: the fields of User
        class Meta:
            db_table = "users"

A table is a storage: what any statement or mapped object writes to a column is what any other reads from it.
Its owner in events and paths is `table_id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.traversal import records_in
from flowcheck.flow.labels import Labels, SourceLabel
from flowcheck.flow.sql import looks_like_sql, tables_created
from flowcheck.flow.values import ObjectId
from flowcheck.program.program import CodeRef, Program
from flowcheck.rules.model import FieldTarget

TABLES = "(tables)"
"""Stands where other storages outside the code base have their module's name."""

DEFINING = re.compile(r"\b(?:create|alter)\b", re.IGNORECASE)
TABLE_NAMES = frozenset({"__tablename__", "db_table", "table_name", "table"})
MODEL_BASES = ("Model", "Base", "DeclarativeBase", "SQLModel", "AbstractUser", "AbstractBaseUser", "Document")


def table_id(table: str) -> ObjectId:
    """The storage that a table is."""
    return ("G", "external", f"{TABLES}.{table.lower()}")


def is_storage(id: object) -> bool:  # noqa: A002 - the word for it everywhere
    """Whether a global object is a storage outside the program, about which nothing but its stores is known."""
    return isinstance(id, tuple) and len(id) == 3 and id[1] == "external" and str(id[2]).startswith("(")


def shown_storage(id: object) -> str:  # noqa: A002
    """How reports call it."""
    return str(id[2]).partition(").")[2] or "a queue" if isinstance(id, tuple) and is_storage(id) else ""


class Schemas:
    """What a code base says of its tables."""

    def __init__(self, program: Program, labels: Labels) -> None:
        self.program = program
        self.labels = labels
        self._tables: dict[str, str | None] = {}
        self._bases: dict[CodeRef, dict[int, list[str]]] = {}

    def columns(self, table: str) -> tuple[str, ...] | None:
        """The columns of a table in order; None when no statement of the code base creates it."""
        return self._created.get(table.lower())

    @cached_property
    def _created(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        added: list[tuple[str, tuple[str, ...]]] = []
        for text in self._texts_defining():
            tables = tables_created(text)
            found.update(tables.created)
            added.extend(tables.added.items())
        for table, columns in added:
            if table in found:
                found[table] = (*found[table], *(each for each in columns if each not in found[table]))
        return found

    def _texts_defining(self) -> Iterator[str]:
        """The statements that create or alter tables, by the paths of their files."""
        words = [form for word in ("create", "alter") for form in (word.upper(), word, word.capitalize())]
        for module in sorted({m for word in words for m in self.program.modules_with(word)}, key=self.program.path_of):
            for code in self.program.facts(module).codes:
                if not set(words).isdisjoint(code.mentions):
                    yield from (text for text in texts_in(code) if DEFINING.search(text))

    def tables_of_marks(self) -> set[str]:
        """The tables with columns that are marked, by rules of the user's own and by the classes mapped to them."""
        classes = {cls for marked in self.labels.fields.values() for cls, _ in marked}
        classes |= {cls for rules in self._field_rules.values() for cls in rules.values()}
        return self.labels.tables_marked() | {t for cls in classes if (t := self.table_of_class(cls)) is not None}

    def table_of_class(self, name: str) -> str | None:
        """The table that the class of a dotted name is mapped to; None when it is mapped to none."""
        if name not in self._tables:
            self._tables[name] = self._find_table(name)
        return self._tables[name]

    def _find_table(self, name: str) -> str | None:
        module, code = self._class_named(name)
        if code is None:
            return None
        for each in (code, self.program.code_named(module, f"{code.qualname}.Meta")):
            for target, value in constants_in(each) if each is not None else ():
                if target in TABLE_NAMES:
                    return value.lower()
        return self.default_table(name) if self._extends_model(module, code) else None

    def _class_named(self, name: str) -> tuple[str, Code | None]:
        module, _, qualname = name.rpartition(".")
        while module:
            if self.program.has_module(module):
                code = self.program.code_named(module, qualname)
                return module, code if code is not None and code.kind == "class" else None
            module, _, first = module.rpartition(".")
            qualname = f"{first}.{qualname}"
        return "", None

    def default_table(self, name: str) -> str:
        """`accounts_user` for `accounts.models.User`"""
        module, _, cls = name.rpartition(".")
        parts = [part for part in module.split(".") if part != "models"]
        return f"{parts[-1]}_{cls}".lower() if parts and parts[-1] else cls.lower()

    def _extends_model(self, module: str, code: Code) -> bool:
        """Whether the class statement names a base that maps its subclasses to tables."""
        around = CodeRef(module, code.parent)
        bases = self._bases.get(around)
        if bases is None:
            bases = self._bases[around] = bases_of_classes(self.program.code(around))
        return any(name.endswith(MODEL_BASES) for name in bases.get(code.index, ()))

    def labels_of(self, table: str, column: str) -> Iterator[SourceLabel]:
        """The marked fields of the classes mapped to a table."""
        for cls, label in self.labels.fields.get(column, ()):
            if self.table_of_class(cls) == table:
                yield label
        for place in sorted(self._field_rules.get(column, ())):
            rule_name = self._field_rules[column][place]
            if self.table_of_class(rule_name) == table:
                yield self.labels.label_of_rule(place, f"{rule_name}.{column}")

    @cached_property
    def _field_rules(self) -> dict[str, dict[int, str]]:
        """The source rules that name a field of a class outright: by field, the class."""
        found: dict[str, dict[int, str]] = {}
        for place, rule in enumerate(self.labels.rules.sources):
            if isinstance(rule.target, FieldTarget) and rule.target.pattern.is_exact() and not rule.target.steps:
                owner, _, name = rule.target.pattern.text.rpartition(".")
                found.setdefault(name, {})[place] = owner
        return found


def bases_of_classes(code: Code) -> dict[int, list[str]]:
    """The last names of the bases of each class that a code defines outside of blocks, by the index of its code."""
    found: dict[int, list[str]] = {}
    for statement in code.body:
        if isinstance(statement, tree.DefineClass):
            found.setdefault(statement.code, [last_name(argument.value) for argument in statement.arguments])
    return found


def last_name(expression: tree.Expression) -> str:
    """`Model` of `models.Model`."""
    if isinstance(expression, tree.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, tree.Name) else ""


def constants_in(code: Code) -> Iterator[tuple[str, str]]:
    """`name = "text"` in a class body."""
    for statement in code.body:
        if isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Constant):
            for target in statement.targets:
                if isinstance(target, tree.Name) and isinstance(statement.value.value, str):
                    yield target.id, statement.value.value


def kept_statements(code: Code) -> list[tuple[str, str]]:
    """`QUERY = "SELECT phone ..."`: the statements that a module or class keeps, with their names."""
    if code.kind not in {"module", "class"}:
        return []
    return [(name, text) for name, text in constants_in(code) if looks_like_sql(text)]


def texts_in(code: Code) -> Iterator[str]:
    """Every constant text of a code, in order."""
    for record in records_in(code.body):
        if isinstance(record, tree.Constant) and isinstance(record.value, str):
            yield record.value
