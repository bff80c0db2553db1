"""Labels: which fields, parameters, variables and calls are sources, sinks, sanitizers or guards.

Marks in the code and rules are brought to one form, filed under the last word of what they speak of, so
that the interpreter asks with a word in hand: `phone` is read; does anybody care?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.files import Code, Mark
from flowcheck.facts.tree import Span
from flowcheck.program.program import Program
from flowcheck.rules.access import ArgumentPath
from flowcheck.rules.index import PatternIndex
from flowcheck.rules.labels import Label, read_mark
from flowcheck.rules.model import (
    CallTarget,
    ColumnTarget,
    ConsentRule,
    FieldTarget,
    KeyTarget,
    PackageTarget,
    ParameterTarget,
    ReturnedTarget,
    RuleSet,
    SanitizerRule,
    SinkRule,
    SourceRule,
    UrlTarget,
    VariableTarget,
)
from flowcheck.rules.patterns import Pattern
from flowcheck.rules.texts import TextPattern

Named: TypeAlias = CallTarget | FieldTarget | VariableTarget | ParameterTarget | ReturnedTarget
"""What a rule may speak of by a pattern of dotted names."""


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """Data collected or supplied for a purpose, from a mark or a rule (`rule` is its index, -1 for a mark)."""

    name: str  # of a mark: the marked thing; of a rule: empty, the matched name counts
    relation: str
    purpose: str
    category: str | None
    rule: int
    by_name_only: bool  # may match where the object's class is unknown


@dataclass(frozen=True, slots=True)
class SinkLabel:
    """A use for a purpose. `arguments` None means all of them."""

    name: str
    used_for: str
    recipient: str | None
    severity: str | None
    arguments: tuple[ArgumentPath, ...] | None
    rule: int
    trigger: Pattern | None = None


@dataclass(slots=True)
class CodeLabels:
    """What marks say of one function."""

    parameters: dict[str, list[Label]] = field(default_factory=dict)
    returns: list[Label] = field(default_factory=list)
    sinks: list[Label] = field(default_factory=list)
    at: Span | None = None


@dataclass
class Labels:
    """All labels in force, filed for look-up."""

    rules: RuleSet
    fields: dict[str, list[tuple[str, SourceLabel]]] = field(default_factory=dict)
    classes: dict[str, list[SourceLabel]] = field(default_factory=dict)
    field_sinks: dict[str, list[tuple[str, SinkLabel]]] = field(default_factory=dict)
    codes: dict[tuple[str, str], CodeLabels] = field(default_factory=dict)
    marked_methods: dict[str, CodeLabels] = field(default_factory=dict)  # of `codes`, by dotted name
    method_names: set[str] = field(default_factory=set)
    sink_classes: dict[str, list[Label]] = field(default_factory=dict)
    variables: dict[tuple[str, str], list[SourceLabel]] = field(default_factory=dict)
    variable_sinks: dict[str, list[SinkLabel]] = field(default_factory=dict)
    class_fields: set[str] = field(default_factory=set)  # the fields of classes marked as a whole
    marked: list[tuple[str, str, Label, Mark]] = field(default_factory=list)  # (path, name, label, mark)
    doubts: list[tuple[str, int, str]] = field(default_factory=list)
    marked_columns: list[ColumnTarget] = field(default_factory=list)  # by comments in SQL files

    def __post_init__(self) -> None:
        sources, sinks = self.rules.sources, self.rules.sinks
        self.source_calls = filed(sources, CallTarget)
        self.source_fields = filed(sources, FieldTarget)
        self.source_variables = filed(sources, VariableTarget)
        self.source_parameters = filed(sources, ParameterTarget)
        self.source_keys = [
            (rule.target, place) for place, rule in enumerate(sources) if isinstance(rule.target, KeyTarget)
        ]
        self.sink_calls = filed(sinks, CallTarget)
        self.sink_fields = filed(sinks, FieldTarget)
        self.sink_variables = filed(sinks, VariableTarget)
        self.sink_parameters = filed(sinks, ParameterTarget)
        self.sink_packages = [
            (rule.target.pattern, place) for place, rule in enumerate(sinks) if isinstance(rule.target, PackageTarget)
        ]
        self.sink_returns = filed(sinks, ReturnedTarget)
        self.column_sources = [
            (rule.target, self.label_of_rule(place, ""))
            for place, rule in enumerate(sources)
            if isinstance(rule.target, ColumnTarget)
        ]
        self.column_sinks = [
            (rule.target, replace(self.sink_of_rule(place, ""), arguments=None, trigger=None))
            for place, rule in enumerate(sinks)
            if isinstance(rule.target, ColumnTarget)
        ]
        self.sink_urls = [
            (rule.target.url, place) for place, rule in enumerate(sinks) if isinstance(rule.target, UrlTarget)
        ]
        self.triggers = index_of((rule.trigger, place) for place, rule in enumerate(sinks) if rule.trigger is not None)
        self.sanitizers = index_of((rule.call, place) for place, rule in enumerate(self.rules.sanitizers))
        self.consents = index_of((rule.condition, place) for place, rule in enumerate(self.rules.consents))
        self.has_own_variables = any(
            isinstance(rule.target, VariableTarget) and not rule.origin.is_builtin for rule in sinks
        )
        self.has_supplied = any(rule.relation == "supplied_for" for rule in sources)

    # --- marks --------------------------------------------------------------------------

    def add_marks(self, program: Program, module: str) -> None:
        """File the marks of a module."""
        own = self.rules.purposes()
        self._program = program
        for mark in program.facts(module).marks:
            reading = read_mark(mark, own)
            if reading.doubt is not None:
                self.doubts.append((program.path_of(module), mark.at.line, reading.doubt))
            if reading.label is not None:
                self._add_mark(program, module, mark, reading.label)

    def _add_mark(self, program: Program, module: str, mark: Mark, label: Label) -> None:
        name = mark.target if mark.target_kind == "column" else f"{module}.{mark.target.replace(':', '.')}"
        self.marked.append((program.path_of(module), name, label, mark))
        self.has_supplied |= label.relation == "supplied_for"
        adders = {
            "field": self._mark_field,
            "variable": self._mark_variable,
            "parameter": self._mark_parameter,
            "function": self._mark_function,
            "return": self._mark_function,
            "class": self._mark_class,
            "column": self._mark_column,
        }
        adder = adders.get(mark.target_kind)
        if adder is not None:
            adder(module, mark, label)

    def _source(self, name: str, label: Label) -> SourceLabel:
        return SourceLabel(name, label.relation, label.purpose, None, -1, by_name_only=True)

    def _mark_field(self, module: str, mark: Mark, label: Label) -> None:
        owner, _, attribute = mark.target.rpartition(".")
        cls = f"{module}.{owner}"
        if label.relation == "used_for":
            sink = SinkLabel(f"{cls}.{attribute}", label.purpose, None, None, None, -1)
            self.field_sinks.setdefault(attribute, []).append((cls, sink))
        else:
            self.fields.setdefault(attribute, []).append((cls, self._source(f"{cls}.{attribute}", label)))

    def _mark_variable(self, module: str, mark: Mark, label: Label) -> None:
        if label.relation != "used_for":
            source = self._source(f"{module}.{mark.target}", label)
            known = self.variables.setdefault((module, mark.target), [])
            if source not in known:
                known.append(source)
        else:
            name = f"{module}.{mark.target}"
            self.variable_sinks.setdefault(name, []).append(SinkLabel(name, label.purpose, None, None, None, -1))
            self.has_own_variables = True

    def _mark_parameter(self, module: str, mark: Mark, label: Label) -> None:
        function, _, name = mark.target.partition(":")
        self._of(module, function).parameters.setdefault(name, []).append(label)

    def _mark_function(self, module: str, mark: Mark, label: Label) -> None:
        labels = self._of(module, mark.target)
        labels.at = mark.target_at
        (labels.sinks if label.relation == "used_for" else labels.returns).append(label)

    def _mark_class(self, module: str, mark: Mark, label: Label) -> None:
        cls = f"{module}.{mark.target}"
        if label.relation != "used_for":
            self.class_fields.update(fields_of_class(self._program.facts(module).codes, mark.target))
        if label.relation == "used_for":
            self.sink_classes.setdefault(cls, []).append(label)
        else:
            self.classes.setdefault(cls, []).append(self._source(cls, label))

    def _mark_column(self, module: str, mark: Mark, label: Label) -> None:
        table, _, column = mark.target.partition(".")
        target = ColumnTarget(
            TextPattern.parse(table, ignores_case=True),
            None if column == "*" else TextPattern.parse(column, ignores_case=True),
        )
        if label.relation == "used_for":
            self.column_sinks.append((target, SinkLabel("", label.purpose, None, None, None, -1)))
        else:
            self.column_sources.append((target, self._source("", label)))
            self.marked_columns.append(target)

    def sources_of_column(self, table: str, column: str) -> Iterator[SourceLabel]:
        """What rules and marks in SQL files say of a column, or of one whose name is not known."""
        for target, label in self.column_sources:
            if is_target(target, table, column):
                yield replace(label, name=f"{table}.{column}")

    def sinks_of_column(self, table: str, column: str) -> Iterator[SinkLabel]:
        """Likewise for what a column is used for."""
        for target, label in self.column_sinks:
            if is_target(target, table, column):
                yield replace(label, name=f"{table}.{column}")

    def _of(self, module: str, qualname: str) -> CodeLabels:
        found = self.codes.setdefault((module, qualname), CodeLabels())
        if "." in qualname:
            self.marked_methods[f"{module}.{qualname}"] = found
            self.method_names.add(qualname.rpartition(".")[2])
        return found

    # --- words --------------------------------------------------------------------------

    def source_words(self, program: Program) -> list[str]:
        """The words whose mention makes a code worth a look, sorted: of rules only those that can match at all."""
        words = {*self.fields, *self.class_fields}
        for rule in self.rules.sources:
            if isinstance(rule.target, CallTarget | FieldTarget | VariableTarget) and can_match(
                program, rule.target.pattern
            ):
                words |= rule.target.pattern.last_words() or frozenset()
        words |= {name.rpartition(".")[2] for _, name in self.variables}
        words |= {qualname.rpartition(".")[2] for (_, qualname), labels in self.codes.items() if labels.returns}
        for pattern in self.source_columns(program):
            words.update(alternative for alternative in pattern.alternatives if alternative.isidentifier())
        for target, _ in self.source_keys:
            words.update(alternative for alternative in target.key.alternatives if alternative.isidentifier())
        return sorted(words)

    def sink_words(self, program: Program) -> list[str]:
        """The words by which sinks are called or written: of rules only those that can match at all."""
        words = {*self.field_sinks}
        for rule in self.rules.sinks:
            if isinstance(rule.target, CallTarget | FieldTarget | VariableTarget) and can_match(
                program, rule.target.pattern
            ):
                words |= rule.target.pattern.last_words() or frozenset()
            if isinstance(rule.target, ColumnTarget) and rule.target.table is not None:
                words.update(rule.target.table.alternatives)
        words |= {qualname.rpartition(".")[2] for (_, qualname), labels in self.codes.items() if labels.sinks}
        words |= {name.rpartition(".")[2] for name in (*self.sink_classes, *self.variable_sinks)}
        return sorted(word for word in words if word.isidentifier())

    def source_columns(self, program: Program) -> Iterator[TextPattern]:
        """The marked columns of tables that there may be; the tables themselves where all their columns are marked."""
        for rule in self.rules.sources:
            if isinstance(rule.target, ColumnTarget) and may_have_table(program, rule.target.table):
                pattern = rule.target.column or rule.target.table
                if pattern is not None:
                    yield pattern
        yield from (pattern for each in self.marked_columns if (pattern := each.column or each.table) is not None)

    def tables_marked(self) -> set[str]:
        """The tables of which the user's own rules, or marks in SQL files, name columns."""
        own = [rule.target for rule in self.rules.sources if not rule.origin.is_builtin]
        targets = [*(each for each in own if isinstance(each, ColumnTarget)), *self.marked_columns]
        return {name for each in targets if each.table is not None for name in each.table.alternatives}

    def source_of(self, rule: int) -> SourceRule:
        return self.rules.sources[rule]

    def sink_of(self, rule: int) -> SinkRule:
        return self.rules.sinks[rule]

    def sanitizer_of(self, rule: int) -> SanitizerRule:
        return self.rules.sanitizers[rule]

    def consent_of(self, rule: int) -> ConsentRule:
        return self.rules.consents[rule]

    def field_sources(self, name: str) -> list[tuple[str, SourceLabel]]:
        """The marked fields of that name, each with its class; classes marked as a whole are asked apart."""
        return self.fields.get(name, [])

    def label_of_rule(self, place: int, name: str) -> SourceLabel:
        """A source rule that matched a name."""
        rule = self.rules.sources[place]
        return SourceLabel(name, rule.relation, rule.purpose, rule.category, place, not rule.origin.is_builtin)

    def sink_of_rule(self, place: int, name: str) -> SinkLabel:
        """A sink rule that matched a name."""
        rule = self.rules.sinks[place]
        return SinkLabel(
            name, rule.used_for, rule.recipient, rule.severity, rule.arguments or None, place, rule.trigger
        )


def is_target(target: ColumnTarget, table: str, column: str) -> bool:
    """Whether a rule speaks of a column; of one whose name is not known (`*`), if it may."""
    if target.table is not None and not target.table.matches(table):
        return False
    if target.column is None or target.column.matches(column):
        return True
    return column == "*" and target.table is not None


def fields_of_class(codes: tuple[Code, ...], qualname: str) -> set[str]:
    """The names that a class body binds, and those that its methods assign on their receiver."""
    cls = next((code for code in codes if code.qualname == qualname), None)
    if cls is None:
        return set()
    found = {*cls.locals, *cls.cells}
    for statement in cls.body:
        if isinstance(statement, tree.Declare) and isinstance(statement.target, tree.Name):
            found.add(statement.target.id)
    for code in codes:
        if code.parent == cls.index and code.parameters:
            found.update(assigned_on(code, code.parameters[0].name))
    return found


def assigned_on(code: Code, receiver: str) -> Iterator[str]:
    """The attributes that a method's own statements assign on its receiver."""
    for statement in code.body:
        for target in statement.targets if isinstance(statement, tree.Assign) else ():
            if (
                isinstance(target, tree.Attribute)
                and isinstance(target.value, tree.Name)
                and target.value.id == receiver
            ):
                yield target.attr


def can_match(program: Program, pattern: Pattern) -> bool:
    """Whether every identifier of a name pattern is somewhere in the program: in a file, or in a module's name."""
    return all(program.knows(word) for word in sorted(pattern.words()))


def may_have_table(program: Program, table: TextPattern | None) -> bool:
    """Whether a program may speak of a table: by its name, or by a class in a module that it is named after."""
    return table is None or any(may_name_table(program, name) for name in table.alternatives)


def may_name_table(program: Program, name: str) -> bool:
    """Likewise for one name; `accounts_user` is what `User` of `accounts.models` is kept in."""
    if "_" not in name or not name.isidentifier() or program.knows(name):
        return True
    return any(program.is_module_part(name[:end]) for end, letter in enumerate(name) if letter == "_")


def filed(rules: Sequence[SourceRule | SinkRule], kind: type[Named]) -> PatternIndex[int]:
    """The rules whose target is of a kind, filed under its pattern."""
    return index_of((rule.target.pattern, place) for place, rule in enumerate(rules) if isinstance(rule.target, kind))


def index_of(filed: Iterable[tuple[Pattern, int]]) -> PatternIndex[int]:
    """An index of what is filed under patterns."""
    return PatternIndex(filed)
