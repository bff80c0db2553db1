"""SQL trees: how the parser's tree of a statement becomes the records of sql.py.

    SELECT u.phone AS p FROM users AS u        Output("p", Terms((users.phone,))), by the scope {u: users}

Names are resolved as a database would, as far as that needs no schema; where it does and none is known, a
column belongs to every table in scope that may have it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import errors, exp, parse

from flowcheck.flow.sql import (
    ANY_COLUMN,
    NO_TERMS,
    Column,
    Comparison,
    Output,
    Schema,
    Statement,
    Tables,
    Terms,
    Write,
    prepared,
    slot_named,
)

if TYPE_CHECKING:
    from sqlglot.expressions import Expr as Expression

DIALECTS = ("", "mysql", "sqlite", "postgres", "tsql", "bigquery", "oracle")
"""Tried in this order until one can read a text; the first is the parser's own, the widest."""


@lru_cache(maxsize=2048)
def parsed(text: str) -> tuple[Expression, ...]:
    """The statements of a text; none when no dialect can read it."""
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    ready = prepared(text)
    for dialect in DIALECTS:
        try:
            trees = parse(ready, dialect=dialect)
        except (errors.SqlglotError, RecursionError):
            continue
        found = tuple(each for each in trees if each is not None)
        if not any(isinstance(each, exp.Command) for each in found):
            return found
    return ()


def statement_of(text: str, schema: Schema) -> Statement | None:
    """What a text does; None when it cannot be read."""
    trees = parsed(text)
    if not trees:
        return None
    reader = Reader(schema)
    for tree in trees:
        reader.read(tree)
    if len(trees) > 1:
        reader.statement.required.clear()
    return reader.statement


def tables_created(text: str) -> Tables:
    """The columns of the tables that a text creates, and those that it adds."""
    found = Tables()
    for tree in parsed(text):
        if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema):
            names = tuple(each.name.lower() for each in tree.this.expressions if isinstance(each, exp.ColumnDef))
            if isinstance(tree.this.this, exp.Table) and names:
                found.created[tree.this.this.name.lower()] = names
        elif isinstance(tree, exp.Alter) and isinstance(tree.this, exp.Table):
            added = tuple(each.name.lower() for each in tree.find_all(exp.ColumnDef))
            table = tree.this.name.lower()
            found.added[table] = (*found.added.get(table, ()), *added)
    return found


# --- reading a tree ----------------------------------------------------------------------------------

Relation: TypeAlias = "str | tuple[Output, ...]"
"""A table by its name, or the columns of a subquery."""


class Scope:
    """The relations that names in a query may speak of, innermost first."""

    def __init__(self, outer: Scope | None = None) -> None:
        self.outer = outer
        self.relations: dict[str, Relation] = {}
        self.queries: dict[str, tuple[Output, ...]] = {}  # by the name that WITH gives them

    def named(self, name: str) -> Relation | None:
        if name in self.relations:
            return self.relations[name]
        return self.outer.named(name) if self.outer is not None else None

    def query(self, name: str) -> tuple[Output, ...] | None:
        if name in self.queries:
            return self.queries[name]
        return self.outer.query(name) if self.outer is not None else None


class Reader:
    """Collects what statements do."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.statement = Statement()

    def read(self, tree: Expression) -> None:
        """One statement."""
        match tree:
            case exp.Insert():
                self.read_insert(tree)
            case exp.Update():
                self.read_update(tree)
            case exp.Delete():
                self.read_delete(tree)
            case exp.Merge():
                self.read_merge(tree)
            case exp.Create():
                self.read_create(tree)
            case exp.Query():
                self.statement.outputs = self.query(tree, Scope())
                self.read_into(tree)
            case _:
                pass

    # --- statements ------------------------------------------------------------------------

    def read_insert(self, tree: Expression) -> None:
        """`INSERT INTO t (a, b) VALUES (?, ?)`, `INSERT INTO t (a) SELECT ...`"""
        scope = Scope()
        self.add_queries(tree, scope)
        target = tree.this
        table = target.find(exp.Table)
        if table is None:
            return
        name = table.name.lower()
        columns = self.schema(name)
        if isinstance(target, exp.Schema):
            columns = tuple(each.name.lower() for each in target.expressions)
        source = tree.args.get("expression")
        scope.relations[name] = name
        if isinstance(source, exp.Values):
            for row in source.expressions:
                self.write_row(name, columns, [self.terms(each, scope) for each in row.expressions])
        elif isinstance(source, exp.Query):
            self.write_row(name, columns, [output.terms for output in self.query(source, scope)])
        conflict = tree.args.get("conflict")
        for each in conflict.expressions if conflict is not None else ():
            self.assign(name, each, scope)
        self.read_returning(tree, scope)

    def write_row(self, table: str, columns: tuple[str, ...] | None, values: list[Terms]) -> None:
        """Values meet columns by position; without a list of columns any may be meant."""
        for position, terms in enumerate(values):
            known = columns is not None and position < len(columns)
            name = columns[position] if columns is not None and known else ANY_COLUMN
            if terms != NO_TERMS:
                self.statement.writes.append(Write(Column(table, name), terms))

    def read_update(self, tree: Expression) -> None:
        """`UPDATE t SET a = ?, b = s.c FROM s WHERE ...`"""
        scope = Scope()
        self.add_queries(tree, scope)
        self.add_relation(tree.this, scope)
        self.add_sources(tree, scope)
        name = tree.this.name.lower() if isinstance(tree.this, exp.Table) else ""
        for each in tree.expressions:
            self.assign(name, each, scope)
        self.read_conditions(tree, scope)
        self.read_returning(tree, scope)

    def assign(self, table: str, tree: Expression, scope: Scope) -> None:
        """`a = ?`"""
        if isinstance(tree, exp.EQ) and isinstance(tree.this, exp.Column):
            terms = self.terms(tree.expression, scope)
            if terms != NO_TERMS:
                self.statement.writes.append(Write(Column(table, tree.this.name.lower()), terms))

    def read_delete(self, tree: Expression) -> None:
        """`DELETE FROM t WHERE ...`"""
        scope = Scope()
        self.add_queries(tree, scope)
        self.add_relation(tree.this, scope)
        for each in tree.args.get("using") or ():
            self.add_relation(each, scope)
        self.read_conditions(tree, scope)
        self.read_returning(tree, scope)

    def read_merge(self, tree: Expression) -> None:
        """`MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = s.b`"""
        scope = Scope()
        self.add_relation(tree.this, scope)
        self.add_relation(tree.args["using"], scope)
        name = tree.this.name.lower()
        self.note_conditions(tree.args.get("on"), scope)
        for action in tree.find_all(exp.Update):
            for each in action.expressions:
                self.assign(name, each, scope)
        for added in tree.find_all(exp.Insert):
            columns = tuple(each.name.lower() for each in added.this.expressions) if added.this is not None else None
            source = added.args.get("expression")
            if source is not None:
                self.write_row(name, columns, [self.terms(each, scope) for each in source.expressions])

    def read_into(self, tree: Expression) -> None:
        """`SELECT a INTO t FROM s`"""
        into = tree.args.get("into")
        if into is not None and isinstance(into.this, exp.Table):
            for output in self.statement.outputs:
                if output.terms != NO_TERMS:
                    self.statement.writes.append(Write(Column(into.this.name.lower(), output.name), output.terms))

    def read_create(self, tree: Expression) -> None:
        """`CREATE TABLE t AS SELECT ...`"""
        source, table = tree.args.get("expression"), tree.find(exp.Table)
        if isinstance(source, exp.Query) and table is not None:
            for output in self.query(source, Scope()):
                if output.terms != NO_TERMS:
                    self.statement.writes.append(Write(Column(table.name.lower(), output.name), output.terms))

    def read_returning(self, tree: Expression, scope: Scope) -> None:
        """`... RETURNING a, b`"""
        returning = tree.args.get("returning")
        if returning is not None:
            self.statement.outputs = tuple(self.outputs(returning.expressions, scope))

    # --- queries -----------------------------------------------------------------------------

    def query(self, tree: Expression, outer: Scope) -> tuple[Output, ...]:
        """The columns of what a query gives."""
        scope = Scope(outer)
        self.add_queries(tree, scope)
        match tree:
            case exp.Select():
                self.add_sources(tree, scope)
                self.read_conditions(tree, scope)
                return tuple(self.outputs(tree.expressions, scope))
            case exp.SetOperation():
                left, right = self.query(tree.this, scope), self.query(tree.expression, scope)
                return tuple(self.united(left, right, compares=not isinstance(tree, exp.Union)))
            case exp.Subquery():
                return self.query(tree.this, scope)
            case _:
                return ()

    def united(self, left: tuple[Output, ...], right: tuple[Output, ...], *, compares: bool) -> Iterator[Output]:
        """UNION joins columns by position; INTERSECT and EXCEPT compare them too."""
        for position, output in enumerate(left):
            other = right[position].terms if position < len(right) else NO_TERMS
            if compares:
                self.compare(output.terms, other)
            yield Output(output.name, output.terms if compares else output.terms + other)

    def add_queries(self, tree: Expression, scope: Scope) -> None:
        """`WITH name AS (SELECT ...)`"""
        clause = tree.args.get("with_") or tree.args.get("with")
        for each in clause.expressions if clause is not None else ():
            outputs = self.query(each.this, scope)
            scope.queries[each.alias.lower()] = renamed(outputs, alias_columns(each))

    def add_sources(self, tree: Expression, scope: Scope) -> None:
        """`FROM a, b JOIN c ON ... USING (d)`"""
        clause = tree.args.get("from_") or tree.args.get("from")
        if clause is not None:
            self.add_relation(clause.this, scope)
        for each in tree.args.get("joins") or ():
            before = list(scope.relations.values())
            self.add_relation(each.this, scope)
            self.read_join(each, before, scope)

    def read_join(self, tree: Expression, before: list[Relation], scope: Scope) -> None:
        """`JOIN c ON a.x = c.x`, `JOIN c USING (x)`"""
        self.note_conditions(tree.args.get("on"), scope)
        joined = list(scope.relations.values())[len(before) :]
        for each in tree.args.get("using") or ():
            name = each.name.lower()
            self.compare(self.in_relations(name, before), self.in_relations(name, joined))

    def add_relation(self, tree: Expression, scope: Scope) -> None:
        """A table, perhaps under another name; a subquery."""
        alias = tree.alias_or_name.lower()
        if isinstance(tree, exp.Subquery):
            outputs = renamed(self.query(tree.this, scope), alias_columns(tree))
            scope.relations[alias or f"({len(scope.relations)})"] = outputs
        elif isinstance(tree, exp.Table):
            name = tree.name.lower()
            known = scope.query(name)
            scope.relations[alias] = known if known is not None else name
            for each in tree.args.get("joins") or ():
                before = list(scope.relations.values())
                self.add_relation(each.this, scope)
                self.read_join(each, before, scope)

    def read_conditions(self, tree: Expression, scope: Scope) -> None:
        """`WHERE`, `HAVING`, `QUALIFY`"""
        for clause in ("where", "having", "qualify"):
            self.note_conditions(tree.args.get(clause), scope)
        where = tree.args.get("where")
        if where is not None and (scope.outer is None or scope.outer.outer is None):
            self.note_required(where.this, scope)

    def note_required(self, tree: Expression, scope: Scope) -> None:
        """`a AND b = 1 AND c IS TRUE`: each column that must be true."""
        match tree:
            case exp.And() | exp.Paren():
                for each in tree.iter_expressions():
                    self.note_required(each, scope)
            case exp.EQ() | exp.Is() if is_true(tree.expression) and isinstance(tree.this, exp.Column):
                self.statement.required.extend(self.column(tree.this, scope).columns)
            case exp.Column():
                self.statement.required.extend(self.column(tree, scope).columns)
            case _:
                pass

    # --- columns -----------------------------------------------------------------------------

    def outputs(self, trees: Iterable[Expression], scope: Scope) -> Iterator[Output]:
        """The columns of a select list."""
        for tree in trees:
            if isinstance(tree, exp.Star):
                for relation in scope.relations.values():
                    yield from self.all_columns(relation)
            elif isinstance(tree, exp.Column) and isinstance(tree.this, exp.Star):
                named = scope.named(tree.table.lower())
                if named is not None:
                    yield from self.all_columns(named)
            else:
                name = "" if isinstance(tree, exp.Func) else tree.alias_or_name.lower()
                yield Output(name, self.terms(tree, scope))

    def all_columns(self, relation: Relation) -> Iterator[Output]:
        """`*`"""
        if not isinstance(relation, str):
            yield from relation
            return
        for name in self.schema(relation) or (ANY_COLUMN,):
            yield Output(name, Terms((Column(relation, name),)))

    def terms(self, tree: Expression, scope: Scope) -> Terms:
        """What an expression is made of; what conditions in it compare is noted."""
        match tree:
            case exp.Column():
                return self.column(tree, scope)
            case exp.Placeholder() | exp.Parameter():
                return Terms((), (slot_named(str(tree.name)),))
            case exp.Query() | exp.Subquery():
                return sum((output.terms for output in self.query(tree, scope)), NO_TERMS)
            case exp.Any() | exp.All():
                return self.terms(tree.this, scope)
            case exp.Predicate() | exp.Connector() | exp.Not():
                self.note_conditions(tree, scope)
                return NO_TERMS
            case exp.Count() | exp.CountIf() | exp.ApproxDistinct():
                return NO_TERMS
            case exp.If() | exp.Case():
                return self.choice(tree, scope)
            case _:
                return sum((self.terms(each, scope) for each in tree.iter_expressions()), NO_TERMS)

    def choice(self, tree: Expression, scope: Scope) -> Terms:
        """`CASE WHEN a = b THEN c ELSE d END`: what is chosen, not what decides."""
        if isinstance(tree, exp.If):
            self.terms(tree.this, scope)
            parts = [tree.args.get("true"), tree.args.get("false")]
        else:
            parts = [*(tree.args.get("ifs") or ()), tree.args.get("default")]
        return sum((self.terms(each, scope) for each in parts if each is not None), NO_TERMS)

    def column(self, tree: Expression, scope: Scope) -> Terms:
        """`u.phone`, `phone`"""
        name, table = tree.name.lower(), tree.table.lower()  # type: ignore[attr-defined]
        if table:
            relation = scope.named(table)
            return self.in_relations(name, [relation if relation is not None else table])
        found = self.in_relations(name, list(scope.relations.values()))
        return found if found != NO_TERMS or scope.outer is None else self.column(tree, scope.outer)

    def in_relations(self, name: str, relations: list[Relation]) -> Terms:
        """A column by its name alone: of the relations that surely have it, else of those that may."""
        sure: list[Terms] = []
        possible: list[Terms] = []
        for relation in relations:
            if isinstance(relation, str):
                columns = self.schema(relation)
                terms = Terms((Column(relation, name),))
                if columns is None:
                    possible.append(terms)
                elif name in columns:
                    sure.append(terms)
            else:
                sure.extend(output.terms for output in relation if output.name == name)
                possible.extend(starred(output.terms, name) for output in relation if output.name == ANY_COLUMN)
        return sum(sure or possible, NO_TERMS)

    # --- conditions ----------------------------------------------------------------------------

    def note_conditions(self, tree: Expression | None, scope: Scope) -> None:
        """Every comparison in a condition."""
        pending = [tree] if tree is not None else []
        while pending:
            each = pending.pop(0)
            match each:
                case exp.In():
                    self.note_in(each, scope)
                case exp.EQ() | exp.NullSafeEQ() | exp.NEQ() | exp.Like() | exp.ILike() | exp.RegexpLike():
                    self.compare(self.terms(each.this, scope), self.terms(each.expression, scope))
                case exp.Exists() if isinstance(each.this, exp.Query):
                    self.query(each.this, scope)
                case exp.Query():
                    self.query(each, scope)
                case _:
                    pending.extend(each.iter_expressions())

    def note_in(self, tree: Expression, scope: Scope) -> None:
        """`a IN (SELECT b ...)`, `a IN (?, ?)`, `a IN :names`"""
        left = self.terms(tree.this, scope)
        inner = [tree.args.get("query"), tree.args.get("unnest"), tree.args.get("field"), *tree.expressions]
        self.compare(left, sum((self.terms(each, scope) for each in inner if each is not None), NO_TERMS))

    def compare(self, left: Terms, right: Terms) -> None:
        if NO_TERMS not in (left, right):
            self.statement.comparisons.append(Comparison(left, right))


def is_true(tree: Expression) -> bool:
    """`TRUE`, `1`, `'t'`"""
    if isinstance(tree, exp.Boolean):
        return bool(tree.this)
    return isinstance(tree, exp.Literal) and str(tree.this).lower() in {"1", "t", "true", "y", "yes"}


def alias_columns(tree: Expression) -> list[str]:
    """`AS name (a, b)`"""
    alias = tree.args.get("alias")
    if alias is None or isinstance(alias, str):
        return []
    return [each.name.lower() for each in alias.args.get("columns") or ()]


def renamed(outputs: tuple[Output, ...], names: list[str]) -> tuple[Output, ...]:
    """Columns under the names that an alias gives them."""
    given = [*names, *(output.name for output in outputs[len(names) :])]
    return tuple(Output(name, output.terms) for name, output in zip(given, outputs, strict=False))


def starred(terms: Terms, name: str) -> Terms:
    """A column of what `*` stands for."""
    columns = (Column(each.table, name) if each.name == ANY_COLUMN else each for each in terms.columns)
    return Terms(tuple(columns), terms.slots)
