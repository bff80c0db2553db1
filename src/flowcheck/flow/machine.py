"""The machine: where the parts of the interpreter meet.

It holds the program, the labels, the summaries found so far and the state of every imported module; a
frame reaches through it what lies in another part of the interpreter, so that those parts need not import
one another.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow import (
    bindings,
    builtin_attributes,
    byte_buffers,
    calls,
    classes,
    clearing,
    columns,
    comprehensions,
    conditions,
    container_methods,
    containers,
    correlations,
    databases,
    enums,
    evaluated,
    exceptions,
    expressions,
    extended,
    extended_library,
    files,
    formats,
    frame_expressions,
    functools_library,
    generators,
    hierarchy,
    iteration,
    labelled_calls,
    library,
    lookups,
    matches,
    names,
    objects,
    operators,
    outside,
    query_conditions,
    query_rows,
    query_values,
    record_comparisons,
    records,
    refused_calls,
    registries,
    schemas,
    sequence_methods,
    sinks,
    sources,
    standard_library,
    statements,
    stepping,
    stored,
    stores,
    subscripts,
    supplied,
    task_queues,
    texts,
    threads,
    try_statements,
    web_forms,
    web_views,
)
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.class_syntax import annotation_of, annotation_on_receiver, class_attribute_writes
from flowcheck.flow.deadlines import Deadline, never
from flowcheck.flow.documents import DOCUMENT
from flowcheck.flow.events import Event, Stored, add_event, of_script
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.guesses import OnlyMethod, find_only_method
from flowcheck.flow.heap import FIXED, Obj, State, element_of, input_value, is_changed, joined_states
from flowcheck.flow.inputs import ConstantAnswer, KindAnswer, Mirror
from flowcheck.flow.iteration import Items
from flowcheck.flow.labels import Labels
from flowcheck.flow.mapped import Relation
from flowcheck.flow.mirrors import NOTHING_APART, kind_of, mirror_of, opened
from flowcheck.flow.numbering import Numbering
from flowcheck.flow.oracle import EntryOracle, Shape, last_name, shapes_of_annotation, shapes_of_value
from flowcheck.flow.oracles import ImportedOracle, InstanceOracle, ViewOracle
from flowcheck.flow.results import Clearance, InventoryEntry, Place, SourceUse
from flowcheck.flow.summaries import (
    BOTTOM,
    CallView,
    Context,
    ContextTree,
    Outcome,
    Summary,
    outcome_of,
)
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Atom,
    Computed,
    Const,
    Content,
    External,
    Input,
    ObjectId,
    Path,
    Ref,
    Scalar,
    Source,
    Value,
    attr,
    const,
    index,
    is_global,
    join,
    join_all,
)
from flowcheck.program.program import CodeRef, Program
from flowcheck.rules.index import PatternIndex
from flowcheck.rules.model import ModelRule

MOST_ROUNDS = 6
"""Evaluations of a recursive function until its summary no longer grows."""

MOST_CUTS = 2
"""Evaluations of a function in a context that ran out of effort, until what they found is used as it is."""

MOST_EFFORT = 50_000
"""Work (see `Machine.work`) on one entry or import; past that, only calls with marked data in sight are followed."""

DEEPEST_CALLS = 90
"""Calls inside one another that are followed; what lies deeper is taken for an unknown call."""


BINDING = tree.DefineFunction | tree.DefineClass | tree.Import | tree.ImportFrom | tree.Assign
"""The statements that may bind a name once and for all."""

BROKEN = "its evaluation ended in an internal error: what it does with its arguments is unknown"


class Machine:
    """Everything that frames share."""

    def __init__(
        self,
        program: Program,
        labels: Labels,
        broken: frozenset[CodeRef] = frozenset(),
        deadline: Deadline | None = None,
    ) -> None:
        self.program, self.labels = program, labels
        self.deadline = deadline or never()
        self.broken = broken  # codes whose evaluation a bug of ours ended before: they are not looked into
        self.at: CodeRef | None = None  # the code under evaluation, also after an error has passed
        self.schemas = schemas.Schemas(program, labels)
        self.relations: list[Relation] | None = None
        self.ruled_models: dict[str, str] | None = None
        self.user_class: tuple[Ref, ...] | None = None
        self.contexts: dict[CodeRef, ContextTree] = {}
        self.active: list[Frame] = []
        self.unsettled: list[set[Frame]] = []  # per active frame: the frames whose provisional summaries it used
        self.tentative: list[Context] = []  # contexts whose summaries rest on provisional ones
        self.growths = 0  # provisional summaries that proved too small
        self.modules: dict[str, ModuleState] = {}
        self.importing: dict[str, Frame] = {}
        self.sources: Numbering[SourceUse] = Numbering()
        self.clearances: Numbering[Clearance] = Numbering()
        self.inventory: dict[InventoryEntry, None] = {}
        self.used_rules: set[tuple[str, int]] = set()
        self.limits: dict[Place, str] = {}
        self.callers: dict[CodeRef, set[CodeRef]] = {}
        self.sink_places: dict[tuple[str, str], set[Place]] = {}
        self.evaluations = 0
        self.work = 0  # of the body under evaluation: statements, forked objects, records taken over from callees
        self.effort = 0  # work on the entry or import under evaluation and all that it called
        self.cuts = 0  # calls that were not followed for want of marked data, and summaries used that leave out such
        self._annotated: dict[CodeRef, Ref | None] = {}
        self._only_methods: dict[str, OnlyMethod | None] = {}
        self.hierarchy = hierarchy.Hierarchy(self)
        self.changes = registries.Changes(program)
        self._completed: set[tuple[ObjectId, str]] = set()
        self._early: set[str] = set()
        self._class_writes: dict[str, frozenset[str]] = {}
        self._module_binders: dict[tuple[str, str], list[str]] = {}
        self._receiver_writes: dict[CodeRef, frozenset[str]] = {}
        self._code_binders: dict[tuple[CodeRef, str], list[str]] = {}
        self._busy_paths: set[Path] = set()
        self._scratch: dict[str, Frame] = {}
        self._orders: dict[ObjectId, tuple[Atom, ...]] = {}
        self._fixed: dict[tuple[str, str], Value | None] = {}
        self._bindings: dict[str, dict[str, list[tuple[tree.Statement, bool]]]] = {}
        self._statement_counts: dict[CodeRef, int] = {}
        self._repeated_tests: dict[CodeRef, correlations.RepeatedTests] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._stars: dict[str, list[tree.ImportStar]] = {}
        self._models = PatternIndex((rule.call, rule) for rule in labels.rules.models)
        self._telling: dict[str, frozenset[str]] = {}
        self._field_shapes: dict[tuple[Atom | None, str], tuple[Shape, ...]] = {}
        self._source_words: frozenset[str] | None = None
        self._prototypes: dict[Ref, tuple[Frame, Value, EntryOracle] | None] = {}

    # --- parts of the interpreter, by the names frames know them ---------------------------

    evaluators = expressions.EVALUATORS
    lazily = staticmethod(comprehensions.lazily)
    is_waiting = staticmethod(comprehensions.is_waiting)
    run_lazily = staticmethod(comprehensions.run_lazily)
    execute = staticmethod(statements.execute)

    call = staticmethod(calls.call_value)
    construct = staticmethod(calls.construct)
    spread_double_star = staticmethod(calls.spread_double_star)
    note_refused = staticmethod(refused_calls.note_refused)
    call_external = staticmethod(library.call_external)
    call_unknown = staticmethod(library.call_unknown)
    call_store = staticmethod(stores.call_store)
    run_sql = staticmethod(databases.run_sql)
    manager_of = staticmethod(query_values.manager_of)
    user_of_request = staticmethod(web_views.user_of_request)
    injected = staticmethod(supplied.injected)
    column_value = staticmethod(query_rows.column_value)
    row_as_mapping = staticmethod(query_rows.element_as_mapping)
    piped = staticmethod(task_queues.piped)
    combined_expression = staticmethod(frame_expressions.combined)
    task_member = staticmethod(task_queues.task_member)
    related_field = staticmethod(query_values.related_field)
    combined_conditions = staticmethod(query_conditions.combined_conditions)
    item_of_frame = staticmethod(columns.item_of_frame)
    columns_written = staticmethod(columns.columns_written)
    form_item = staticmethod(web_forms.form_item)
    attribute_of_frame = staticmethod(columns.attribute_of_frame)
    member_of_unknown = staticmethod(library.member_of_unknown)
    external_object = staticmethod(library.external_object)
    external_operator = staticmethod(files.external_operator)
    item_of_external_object = staticmethod(library.item_of_external_object)
    element_of_external = staticmethod(library.element_of_external)
    call_wrapper = staticmethod(functools_library.call_wrapper)
    part_of_partial = staticmethod(functools_library.part_of_partial)
    module_member = staticmethod(names.module_member)
    make_class = staticmethod(classes.make_class)
    super_of = staticmethod(classes.super_of)
    lookup_above = staticmethod(classes.lookup_above)
    members_of_enum = staticmethod(enums.members_of_enum)
    hides_value = staticmethod(enums.hides_value)
    is_enum = staticmethod(enums.is_enum)
    is_enum_member = staticmethod(enums.is_enum_member)
    class_item = staticmethod(enums.class_item)
    construct_special = staticmethod(enums.construct_special)
    start_builtin = staticmethod(extended_library.start_builtin)
    construct_by_library = staticmethod(records.construct_by_library)
    record_fields = staticmethod(records.record_fields)
    shown_fields = staticmethod(records.shown_fields)
    is_record = staticmethod(records.is_record)
    is_frozen = staticmethod(records.is_frozen)
    record_values = staticmethod(records.record_values)
    key_of_object = staticmethod(enums.key_of_object)
    flag_contains = staticmethod(enums.flag_contains)
    combined_flags = staticmethod(enums.combined_flags)
    members_mapping = staticmethod(enums.members_mapping)
    as_exception = staticmethod(exceptions.as_exception)
    is_caught = staticmethod(exceptions.is_caught)
    is_caught_by_name = staticmethod(exceptions.is_caught_by_name)
    class_lookup = staticmethod(objects.class_lookup)
    make_generator = staticmethod(generators.make_generator)
    run_generator = staticmethod(generators.run_generator)
    inline_frame = staticmethod(generators.inline_frame)
    bind_inline = staticmethod(generators.bind_inline)
    contents_of = staticmethod(generators.contents_of)
    run_block = staticmethod(generators.run_block)
    is_stepwise = staticmethod(stepping.is_stepwise)
    for_stepwise = staticmethod(stepping.for_stepwise)
    yield_step = staticmethod(stepping.yield_step)
    yield_from_step = staticmethod(stepping.yield_from_step)
    yielded = staticmethod(generators.yielded)
    yielded_from = staticmethod(generators.yielded_from)
    awaited = staticmethod(generators.awaited)
    let_others_run = staticmethod(threads.let_others_run)
    run_with = staticmethod(generators.run_with)
    iterate = staticmethod(iteration.iterate)
    text_of = staticmethod(texts.text_of)
    joined_text = staticmethod(texts.joined_text)
    formatted_percent = staticmethod(formats.formatted_percent)
    make_function = staticmethod(expressions.make_function)
    call_special = staticmethod(operators.call_special)
    note_undecided = staticmethod(conditions.note_undecided)
    compare = staticmethod(conditions.compare)
    compare_atoms = staticmethod(conditions.compare_atoms)
    compared_instances = staticmethod(record_comparisons.compared_instances)
    read_variable = staticmethod(sources.read_variable)
    read_field = staticmethod(sources.read_field)
    read_item = staticmethod(lookups.read_item)
    assigned_variable = staticmethod(sources.assigned_variable)
    written_variable = staticmethod(sinks.written_variable)
    filled_field = staticmethod(sinks.filled_field)
    written_field = staticmethod(sinks.written_field)
    written_item = staticmethod(sinks.written_item)
    returning = staticmethod(sinks.returning)
    before_call = staticmethod(labelled_calls.before_call)
    after_call = staticmethod(labelled_calls.after_call)
    before_external = staticmethod(labelled_calls.before_external)
    after_external = staticmethod(labelled_calls.after_external)
    carried = staticmethod(sinks.carried)
    note_store = staticmethod(stored.note_store)
    note_guard = staticmethod(clearing.note_guard)
    keep_test = staticmethod(clearing.keep_test)
    guarded = staticmethod(clearing.guarded)
    note_checked = staticmethod(clearing.note_checked)
    agreed_here = staticmethod(clearing.agreed_here)
    agreed_by = staticmethod(clearing.agreed_by)
    is_column_that_is_true = staticmethod(query_conditions.is_column_that_is_true)
    note_comparison = staticmethod(lookups.note_comparison)
    note_stop = staticmethod(matches.note_stop)

    # --- small joints -------------------------------------------------------------------

    container_of = staticmethod(containers.container_of)
    mapping_of_fields = staticmethod(builtin_attributes.mapping_of_fields)

    @staticmethod
    def append(frame: Frame, ref: Ref, value: Value, at: Span) -> None:
        sequence_methods.append(frame, ref, frame.object(ref), Arguments([value]), at)

    @staticmethod
    def view_of(frame: Frame, name: str, ref: Ref, mapping: Obj, at: Span) -> Ref | None:
        """`row.values()` of a dictionary as it is now."""
        made = container_methods.METHODS[name](frame, ref, mapping, Arguments(), at).atoms
        return made[0] if len(made) == 1 and isinstance(made[0], Ref) else None

    @staticmethod
    def enter(frame: Frame, context: Value, at: Span) -> Value:
        return generators.enter(frame, context, at, is_async=False)

    @staticmethod
    def get_item(frame: Frame, value: Value, subscript: Value) -> Value:
        return subscripts.get_item(frame, value, subscript, calls.NOWHERE)

    @staticmethod
    def get_item_by_key(frame: Frame, value: Value, name: str | int) -> Value:
        return subscripts.get_item(frame, value, Value((const(name),)), calls.NOWHERE)

    @staticmethod
    def iterate_values(frame: Frame, value: Value, at: Span) -> Value:
        """Any item of a sequence or set, any value of a mapping."""
        found = NOTHING
        for atom in frame.look(value).present().atoms:
            if isinstance(atom, Ref) and frame.object(atom).kind == "dict":
                found = join(found, join_all(frame.object(atom).elements()))
            else:
                found = join(found, iteration.iterate(frame, Value((atom,), value.taints), at).any())
        return found

    @staticmethod
    def attribute(frame: Frame, value: Value, name: str, at: Span) -> Value:
        """`value.name` with the labels of the field."""
        found = objects.get_attribute(frame, value, name, at)
        return sources.read_field(frame, value, name, found, at)

    def is_known_call(self, name: str) -> bool:
        """Whether it is known what a call of a library under this name does."""
        method = name.rpartition(".")[2]
        is_framework = method in web_views.METHODS | web_forms.CALLS.keys() or task_queues.is_of_task(name, method)
        return is_framework or name in standard_library.HANDLERS or bool(self.models_of(name))

    def is_known_name(self, name: str) -> bool:
        """Whether a library's function or class of this name is known, or one of its methods."""
        return bool(self.models_of(name)) or name in standard_library.HANDLERS or name in standard_library.OWNERS

    @staticmethod
    def told_by_class(frame: Frame, ref: Ref, obj: Obj, name: str, at: Span) -> Value | None:
        """An attribute that a framework makes of what a class says: of a form, of a view."""
        found = web_forms.form_attribute(frame, ref, obj, name, at)
        return found if found is not None else web_views.view_attribute(frame, obj, name, at)

    @staticmethod
    def item_of_external(frame: Frame, name: str, subscript: Value) -> Value:
        return library.item_of_external(frame, name, subscript)

    @staticmethod
    def truth_of_external(name: str) -> bool | None:
        """Whether something outside is surely true: flags of the type checker and of the platform."""
        return {"typing.TYPE_CHECKING": False, "typing_extensions.TYPE_CHECKING": False}.get(name)

    def is_inherited(self, frame: Frame, obj: Obj, name: str) -> bool:
        """Whether a class outside the code base gives an instance a method of this name."""
        if obj.origin is None:
            return False
        bases = [each.name for each in objects.mro(frame, obj.type) if isinstance(each, External)]
        return any(base not in objects.PLAIN_BASES and self.has_member(base, name) for base in bases)

    def has_member(self, base: str, name: str) -> bool:
        """Whether a class outside the code base is known to have a method."""
        member = f"{extended.real_name(base)}.{name}"
        return member in standard_library.HANDLERS or bool(self.models_of(member)) or extended.has_method(base, name)

    @staticmethod
    def member_name(base: str, name: str) -> str:
        """The dotted name of a method of a class outside the code base."""
        return f"{extended.real_name(base)}.{name}"

    @staticmethod
    def forced(frame: Frame, value: Value) -> Value:
        """The value, with generators that it may be run: whoever takes it will iterate."""
        for ref, obj in frame.objects(value):
            if obj.kind == "generator":
                generators.run_generator(frame, ref, frame.code.body_at)
        return value

    @staticmethod
    def forced_for_call(frame: Frame, ref: Ref, *, is_whole: bool) -> None:
        """Run a generator that a callee is to see, unless that can ask it for one element after the other; it cannot
        when it only sees the elements as a whole.
        """
        if not is_whole and stepping.is_steppable(frame, ref):
            stepping.hand_over(frame, ref)
        else:
            Machine.forced(frame, Value((ref,)))

    @staticmethod
    def hides_text(frame: Frame, obj: Obj) -> bool:
        """Whether an object's text does not show what it holds."""
        del frame
        return obj.kind == "external" and "SecretStr" in str(obj.detail)

    @staticmethod
    def note_set_operation(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> None:
        """`a & b`, `a - b` on sets compare elements with one another."""
        if frame.machine.labels.has_supplied and operator in {"&", "-"}:
            matches.note_match(frame, operator, frame.deep_taints(left), frame.deep_taints(right), at)

    def marked_fields_of(self, frame: Frame, target: Value) -> list[str]:
        """The marked fields of the classes a value may have: serialising the object reads them."""
        found: dict[str, None] = {}
        for _, obj in frame.objects(target):
            owners = objects.class_names(frame, obj.type)
            for name, marked in sorted(self.labels.fields.items()):
                if any(cls in owners for cls, _ in marked):
                    found[name] = None
        return list(found)

    def in_place(self, frame: Frame, operator: str, before: Value, value: Value, at: Span) -> Value:
        """`before op= value`"""
        name = operators.OPERATORS.get(operator)
        special = operators.call_special(frame, before, f"__i{name}__", [value], at) if name else None
        if special is None and name:
            special = operators.call_inherited(frame, before, f"__i{name}__", [value], at)
        if special is not None:
            return special
        held = extended.as_builtin(frame, before)
        kinds = {obj.kind for _, obj in frame.objects(held)}
        if operator in {"+", "|"} and kinds and kinds <= {"list", "set", "dict"}:
            method = "update" if operator == "|" else "extend"
            container_methods.call_method(frame, method, held, Arguments([value]), at)
            return before
        if operator == "+" and any(obj.detail == byte_buffers.BYTES for _, obj in frame.objects(before)):
            return calls.call_found(frame, objects.lookup(frame, before, "__iadd__", at), Arguments([value]), at)
        return operators.binary(frame, operator, before, value, at)

    def replace_items(self, frame: Frame, ref: Ref, added: Items, bounds: tree.Slice, *, is_whole: bool) -> None:
        """`rows[a:b] = added`"""
        obj = frame.own(ref)
        if is_whole:
            containers.set_items(frame, ref, added)
            return
        limits = [
            subscripts.bound(frame, frame.evaluate(each) if each is not None else None)
            for each in (bounds.lower, bounds.upper)
        ]
        if obj.is_exact and added.is_exact and not any(limit is True for limit in limits) and bounds.step is None:
            held = containers.sequence_items(obj)
            held[slice(*limits)] = added.known
            containers.set_items(frame, ref, Items(held, None))
        else:
            held = containers.sequence_items(obj)
            containers.set_items(frame, ref, Items([], join_all([*held, obj.rest or NOTHING, added.any()])))

    def hit_limit(self, frame: Frame, reason: str) -> None:
        """Remember that an evaluation was cut."""
        self.note_limit(frame.place(frame.code.at), reason)

    def note_limit(self, place: Place, reason: str) -> None:
        """Remember that the code at a place was not looked at as it should."""
        self.limits.setdefault(place, reason)

    # --- tables ---------------------------------------------------------------------------

    def note_rule(self, kind: str, rule: int) -> None:
        if rule >= 0:
            self.used_rules.add((kind, rule))

    def note_inventory(self, kind: str, name: str, purpose: str, place: Place, rule: int, detail: str = "") -> None:
        is_data = kind in {"source", "supplied"} and rule >= 0
        category = self.labels.source_of(rule).category or "" if is_data else ""
        self.inventory[InventoryEntry(kind, name, purpose, place, detail, category)] = None

    def models_of(self, name: str) -> tuple[ModelRule, ...]:
        return tuple(rule for rule in self._models.matching(name) if not rule.narrowing.excludes(name))

    def telling_methods(self, kind: str) -> frozenset[str]:
        """Methods whose name tells that the receiver is a text (or a container), where nothing else does."""
        found = self._telling.get(kind)
        if found is None:
            real = {"str": str, "dict": dict, "list": list}[kind]
            others = {"str": (list, dict, set), "dict": (str, list, set), "list": (str, dict, set)}[kind]
            names = {name for name in dir(real) if not name.startswith("_")}
            found = frozenset(name for name in names if not any(hasattr(other, name) for other in others))
            if kind == "dict":
                found |= {"get", "pop", "setdefault", "update", "items", "keys", "values"}
            if kind == "list":
                found |= {"append", "extend"}
            self._telling[kind] = found
        return found

    def statements_of(self, ref: CodeRef) -> int:
        """How many statements a code has."""
        found = self._statement_counts.get(ref)
        if found is None:
            found = self._statement_counts[ref] = sum(1 for _ in bindings.all_statements(self.program.code(ref).body))
        return found

    def repeated_tests(self, ref: CodeRef) -> correlations.RepeatedTests:
        """The tests that a code asks more than once."""
        found = self._repeated_tests.get(ref)
        if found is None:
            found = self._repeated_tests[ref] = correlations.repeated_tests(self.program.code(ref).body)
        return found

    # --- names of code --------------------------------------------------------------------

    def code_of(self, obj: Obj) -> Code:
        """The code of a function or class object."""
        if isinstance(obj.detail, CodeRef):
            return self.program.code(obj.detail)
        return NO_CODE

    def code_name(self, obj: Obj) -> str:
        """The dotted name of a function or class object."""
        if not isinstance(obj.detail, CodeRef):
            return ""
        return f"{obj.detail.module}.{self.program.code(obj.detail).qualname}"

    def function_name(self, frame: Frame) -> str:
        """The dotted name of the code under evaluation."""
        return f"{frame.module}.{frame.code.qualname}"

    def is_method(self, ref: CodeRef) -> bool:
        """Whether a function's first parameter is the receiver."""
        code = self.program.code(ref)
        if code.parent <= 0 or self.program.facts(ref.module).codes[code.parent].kind != "class" or not code.parameters:
            return False
        return self.method_kind(ref) != "staticmethod"

    def method_kind(self, ref: CodeRef) -> str:
        """staticmethod, classmethod, or "" by the decorators as written."""
        for decorator in self.decorators(ref):
            name = decorator.id if isinstance(decorator, tree.Name) else ""
            if name in {"staticmethod", "classmethod"}:
                return name
        name = self.program.code(ref).name
        return "classmethod" if name in {"__new__", "__init_subclass__", "__class_getitem__"} else ""

    def decorators(self, ref: CodeRef) -> tuple[tree.Expression, ...]:
        """The decorators of a function as written."""
        code = self.program.code(ref)
        if code.parent < 0:
            return ()
        statement = self._definitions(ref.module).get(code.index)
        return statement.decorators if statement is not None else ()

    def definition_of(self, ref: CodeRef) -> tree.DefineFunction | tree.DefineClass | None:
        """The statement that defines a function or a class."""
        return self._definitions(ref.module).get(ref.index)

    def statement_of_class(self, cls: Ref) -> tree.DefineClass | None:
        """The statement that defines a class of the code base."""
        detail = self.scratch_frame(str(cls.id[1])).object(cls).detail
        statement = self.definition_of(detail) if isinstance(detail, CodeRef) else None
        return statement if isinstance(statement, tree.DefineClass) else None

    def _definitions(self, module: str) -> dict[int, tree.DefineFunction | tree.DefineClass]:
        found = self._definitions_memo.get(module)
        if found is None:
            found = self._definitions_memo[module] = {
                statement.code: statement
                for code in self.program.facts(module).codes
                for statement in bindings.all_statements(code.body)
                if isinstance(statement, tree.DefineFunction | tree.DefineClass)
            }
        return found

    @property
    def _definitions_memo(self) -> dict[str, dict[int, tree.DefineFunction | tree.DefineClass]]:
        memo: dict[str, dict[int, tree.DefineFunction | tree.DefineClass]] = self.__dict__.setdefault("_memo", {})
        return memo

    def decorator_names(self, ref: CodeRef) -> list[str]:
        """The dotted names of a function's decorators: of `@app.route("/")`, both `app.route` and what app is."""
        frame = self.scratch_frame(ref.module)
        found: dict[str, None] = {}
        for decorator in self.decorators(ref):
            expression = decorator.func if isinstance(decorator, tree.Call) else decorator
            value = frame.evaluate(expression)
            for atom in frame.look(value).atoms:
                found.update(dict.fromkeys(self.names_of_atom(frame, atom)))
        return list(found)

    def names_of_atom(self, frame: Frame, atom: Atom) -> list[str]:
        """The dotted names of a callable."""
        if isinstance(atom, External):
            return [atom.name]
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if isinstance(obj.detail, CodeRef):
                return [self.code_name(obj)]
            if isinstance(obj.detail, str):
                return [obj.detail]
            if obj.kind == "method":
                return [
                    name
                    for each in frame.look(obj.get(objects.FUNCTION)).atoms
                    for name in self.names_of_atom(frame, each)
                ]
        return []

    def class_around(self, ref: CodeRef) -> Ref | None:
        """The class whose body directly holds a function, if it stands at module level."""
        code = self.program.code(ref)
        if code.parent <= 0:
            return None
        owner = self.program.facts(ref.module).codes[code.parent]
        if owner.kind != "class":
            return None
        cls = CodeRef(ref.module, owner.index)
        heap = self.module_state(ref.module).heap
        done = self.modules.get(ref.module)
        if done is None:  # its import is under way
            return classes_in(heap).get(cls)
        return done.classes.get(cls)

    # --- modules ----------------------------------------------------------------------------

    def module_names(self, module: str) -> frozenset[str]:
        """The names that a module binds at its level."""
        found = self._names.get(module)
        if found is None:
            codes = self.program.facts(module).codes
            bound = set(codes[0].locals) if codes else set()
            for code in codes[1:]:
                bound.update(code.globals)
            if codes:
                bound |= evaluated.names_executed(codes[0])
            found = self._names[module] = frozenset(bound)
        return found

    def bindings(self, module: str) -> dict[str, list[tuple[tree.Statement, bool]]]:
        """The statements that bind each name of a module."""
        found = self._bindings.get(module)
        if found is None:
            found = self._bindings[module] = {}
            codes = self.program.facts(module).codes
            for name, statement, is_certain in names.bindings_of(codes[0].body) if codes else ():
                found.setdefault(name, []).append((statement, is_certain))
        return found

    def fixed_binding(self, module: str, name: str) -> Value | None:
        """What a module binds to a name once and for all; None when that takes an evaluation to know."""
        question = (module, name)
        if question not in self._fixed:
            self._fixed[question] = None
            self._fixed[question] = self._find_fixed(module, name)
        return self._fixed[question]

    def _find_fixed(self, module: str, name: str) -> Value | None:
        statements_found = self.bindings(module).get(name, [])
        if len(statements_found) != 1 or not statements_found[0][1]:
            return None
        if name in self.program.declared_global(module):
            return None
        statement = statements_found[0][0]
        if not isinstance(statement, BINDING) or self.is_rebound_by_star(module, name, statement.at.line):
            return None
        if self.is_set_from_outside(module, name):
            return None
        match statement:
            case tree.DefineFunction(decorators=()):
                return Value((Ref(names.function_id(module, statement)),))
            case tree.DefineClass(decorators=()):
                return Value((Ref(names.class_id(module, statement)),))
            case tree.Import():
                target = statement.module if statement.is_alias else statement.module.partition(".")[0]
                return names.imported_module(self.program, target)
            case tree.ImportFrom():
                origin = self.program.absolute(module, statement.level, statement.module)
                if self.program.is_same(origin, module):
                    return names.imported_module(self.program, f"{module}.{statement.name}")
                return self._fixed_member(origin, statement.name)
            case tree.Assign(targets=(tree.Name(),), value=tree.Constant(value=constant)):
                if (module, name) in self.labels.variables or self.labels.source_variables.matching(f"{module}.{name}"):
                    return None
                return Value((const(constant),))
        return None

    def _fixed_member(self, module: str, name: str) -> Value | None:
        if self.program.has_module(module):
            canonical = self.program.canonical(module)
            if name in self.module_names(canonical):
                return self.fixed_binding(canonical, name)
            if self.star_imports(canonical):
                return None
        dotted = f"{module}.{name}"
        if self.program.has_module(dotted) or self.program.has_package(dotted):
            return names.imported_module(self.program, dotted)
        return Value((External(dotted),))

    def only_method(self, name: str) -> OnlyMethod | None:
        """The method whose name no other class of the code base gives to one."""
        if name not in self._only_methods:
            self._only_methods[name] = find_only_method(self, name)
        return self._only_methods[name]

    def import_for_types(self, module: str, name: str) -> Value:
        """What a name stands for that is imported for annotations only, under `if TYPE_CHECKING:`."""
        for statement, _ in self.bindings(module).get(name, ()):
            if isinstance(statement, tree.ImportFrom):
                origin = self.program.absolute(module, statement.level, statement.module)
                return names.module_member(self.scratch_frame(module), origin, statement.name)
        return NOTHING

    def star_imports(self, module: str) -> list[tree.ImportStar]:
        """The `from other import *` of a module, under the absolute names of what they import."""
        if module not in self._stars:
            codes = self.program.facts(module).codes
            self._stars[module] = [
                tree.ImportStar(self.program.absolute(module, statement.level, statement.module), 0, statement.at)
                for statement in (bindings.all_statements(codes[0].body) if codes else ())
                if isinstance(statement, tree.ImportStar)
            ]
        return self._stars[module]

    def is_rebound_by_star(self, module: str, name: str, line: int) -> bool:
        """Whether a `from other import *` below a line brings a name of this module."""
        return any(
            star.at.line > line
            and self.program.has_module(star.module)
            and not self.program.is_same(star.module, module)
            and self.exports(self.program.canonical(star.module), name)
            for star in self.star_imports(module)
        )

    def exports(self, module: str, name: str) -> bool:
        """Whether `from module import *` brings a name."""
        listed = self._listed_names(module)
        if listed is not None:
            return name in listed
        if name.startswith("_"):
            return False
        if name in self.module_names(module):
            return True
        return any(
            self.program.has_module(star.module)
            and self.program.canonical(star.module) != module
            and self.exports(self.program.canonical(star.module), name)
            for star in self.star_imports(module)
        )

    def _listed_names(self, module: str) -> list[object] | None:
        """The names in `__all__`, where it is one display of constants."""
        for statement, _ in self.bindings(module).get("__all__", []):
            if isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Display):
                return [item.value for item in statement.value.items if isinstance(item, tree.Constant)]
        return None

    def module_state(self, module: str) -> State:
        """The heap after a module was imported; while it is being imported, as far as that has come."""
        done = self.modules.get(module)
        if done is not None:
            return done.state
        running = self.importing.get(module)
        if running is not None:
            return running.state
        return self.import_module(module).state

    def import_module(self, module: str) -> ModuleState:
        """Run a module's body."""
        if not self.program.facts(module).codes:
            found = self.modules[module] = ModuleState(State({}, {names.module_id(module): Obj("module")}), ())
            return found
        self.deadline.check()
        frame = self._module_frame(module)
        self.importing[module] = frame
        try:
            self._run_module(frame)
        finally:
            del self.importing[module]
        events = tuple(settled(frame, event) for event in frame.events.values())
        found = self.modules[module] = ModuleState(frame.state, events, frame)
        self._merge_foreign(frame)
        return found

    def _module_frame(self, module: str) -> Frame:
        """A frame for a module's body."""
        ref = CodeRef(module, 0)
        frame = Frame(self, ref, EntryOracle(self, ref), State())
        frame.state.heap[names.module_id(module)] = Obj("module")
        return frame

    def _run_module(self, frame: Frame) -> None:
        """Run a module's body, apart from whatever is under evaluation."""
        outer_active, self.active = self.active, [frame]
        outer_unsettled, self.unsettled = self.unsettled, [set()]
        outer_work, self.work = self.work, 0
        outer_effort, self.effort = self.effort, 0
        try:
            with self.looking_at(frame.ref):
                if not self.run_body(frame):
                    statements.define_rest(frame)
                comprehensions.run_waiting(frame)
                self.run_escaped(frame)
        finally:
            self.active, self.unsettled = outer_active, outer_unsettled
            self.work, self.effort = outer_work, outer_effort

    def run_script(self, module: str) -> tuple[Event, ...]:
        """What a module does when it is started as a script: its `if __name__ == "__main__":` blocks run too.

        What it stores in its own names is seen by no one who imports it.
        """
        frame = self._module_frame(module)
        frame.is_script = True
        self._run_module(frame)
        return tuple(of_script(settled(frame, event), module) for event in frame.events.values())

    def fixed_object(self, id: ObjectId) -> Obj | None:  # noqa: A002
        """A function, class or the like made at import, which is taken not to change."""
        module = str(id[1])
        if id[0] != "G" or len(id) < 3 or module == "external":
            return None
        known = self.modules.get(module)
        running = self.importing.get(module)
        if known is None and running is None:
            simple = self._unevaluated_function(id, module)
            if simple is not None:
                return simple
            known = self.import_module(module)
        state = known.state if known is not None else running.state if running is not None else State()
        obj = state.heap.get(id)
        if obj is not None and (
            obj.kind in {"function", "class", "method", "wrapper"} or attr("_value_") in obj.fields
        ):
            return obj
        if obj is None and running is not None:
            return self._unevaluated_function(id, module)
        return None

    def _unevaluated_function(self, id: ObjectId, module: str) -> Obj | None:  # noqa: A002
        tag = id[-1]
        if not isinstance(tag, str) or not tag.startswith("function:"):
            return None
        index_of_code = int(tag.removeprefix("function:"))
        code = self.program.facts(module).codes[index_of_code]
        if any(parameter.has_default for parameter in code.parameters):
            return None
        return Obj("function", {}, detail=CodeRef(module, index_of_code))

    def global_value(self, path: Path) -> Value:
        """What lies at a path below an object made at import, as the imports left it."""
        root = path[0].name
        assert isinstance(root, tuple)
        frame = self.globals_frame(root)
        value = Value((Ref(root),))
        for content in path[1:]:
            value = frame.content(value, content)
        return frame.look(value)

    def is_marked_global(self, ref: Ref) -> bool:
        """Whether an object that a module's import made held marked data when that was done."""
        frame = self.globals_frame(ref.id)
        if frame.object(ref).kind in FIXED:
            return False
        return any(isinstance(taint.origin, Source) for taint in frame.deep_taints(Value((ref,))))

    def globals_frame(self, root: ObjectId) -> Frame:
        """A frame in which the objects of a module's import can be looked at."""
        module = str(root[1])
        while root[0] == "old" and isinstance(root[1], tuple):
            root = root[1]
            module = str(root[1])
        if not self.program.has_module(module):
            module = self.program.all_modules()[0]
        return self.scratch_frame(module)

    def global_kind(self, path: Path) -> KindAnswer:
        """What lies at a path below a global object, as imports left it; in a circle of imports, something unknown."""
        root = path[0].name
        assert isinstance(root, tuple)
        self.complete(root)
        if len(path) > 1 and path[1].kind == "attr":
            self.complete_attribute(root, str(path[1].name))
        if path in self._busy_paths:
            return (UNKNOWN,)
        self._busy_paths.add(path)
        try:
            return self._global_kind(path)
        finally:
            self._busy_paths.discard(path)

    def _global_kind(self, path: Path) -> KindAnswer:
        root = path[0].name
        assert isinstance(root, tuple)
        if len(path) == 1:
            obj = self._imported_object(root)
            return (mirror_of(obj),) if obj is not None else ()
        if path[1].kind == DOCUMENT:
            return (Mirror("unknown", None, None, 0, False, (), False),)
        if schemas.is_storage(root):
            return (UNKNOWN,)
        found = tuple(dict.fromkeys(kind_of(atom) for atom in self.global_value(path).atoms))
        return (UNKNOWN,) if is_outside(root) and set(found) <= {ABSENT} else found

    def complete(self, id: ObjectId) -> None:  # noqa: A002
        """Import the modules that may change a container while they are imported."""
        if (id, "") in self._completed or id[0] != "G" or not self.program.has_module(str(id[1])):
            return
        self._completed.add((id, ""))
        module = str(id[1])
        obj = self.module_state(module).heap.get(id)
        if obj is None or obj.kind not in {"list", "dict", "set"}:
            return
        for word in self._changing_words(id, module):
            for other in self.changes.changing_modules(module, word):
                if other not in self.modules and other not in self.importing:
                    self._import_early(other)

    def complete_attribute(self, root: ObjectId, name: str) -> None:
        """Import the modules that may set an attribute of a module or class while they are imported."""
        if (root, name) in self._completed or root[0] != "G" or not self.program.has_module(str(root[1])):
            return
        self._completed.add((root, name))
        module = str(root[1])
        obj = self.module_state(module).heap.get(root)
        binders: list[str] = []
        if root == names.module_id(module):
            binders = self.binders_of_module(module, name)
        elif obj is not None and obj.kind in {"class", "function"} and isinstance(obj.detail, CodeRef):
            binders = self.binders_of_code(obj.detail, name)
        for other in binders:
            if other not in self.modules and other not in self.importing:
                self._import_early(other)

    def _import_early(self, module: str) -> None:
        """Import a module for what it may do to others; while others are being imported it does not see all of them."""
        if self.importing:
            self._early.add(module)
        self.import_module(module)

    def settled_module(self, module: str) -> ModuleState:
        """What the import of a module left, run again if it came too early the first time."""
        if module in self._early:
            self._early.discard(module)
            self.modules.pop(module, None)
            self._scratch.pop(module, None)
        return self.modules.get(module) or self.import_module(module)

    def _changing_words(self, id: ObjectId, module: str) -> list[registries.Word]:  # noqa: A002
        """The names by which other modules may change a container."""
        words = self.global_words(id)
        owners: list[str] = []
        for owner, obj in self.module_state(module).heap.items():
            names_of_it = [str(c.name) for c, v in obj.fields.items() if c.kind == "attr" and Ref(id) in v.atoms]
            if obj.kind == "class":
                words += names_of_it
            elif obj.kind == "instance" and names_of_it:
                owners += self.global_words(owner)
        return self.changes.changing_words(module, words, owners)

    def _merge_foreign(self, frame: Frame) -> None:
        """What a module's import did to containers, classes, functions and names of other modules."""
        for id, obj in frame.state.heap.items():
            if (
                id[0] != "G"
                or str(id[1]) == frame.module
                or obj.kind not in {"list", "dict", "set", "module", "class", "function"}
                or not is_changed(id, obj)
            ):
                continue
            home = self.modules.get(str(id[1]))
            before = home.state.heap.get(id) if home is not None else None
            if home is not None and before is not None:
                home.state.heap[id] = with_additions(before, obj, is_first=id not in home.merged)
                home.merged.add(id)
                self._scratch.pop(str(id[1]), None)

    def _imported_object(self, id: ObjectId) -> Obj | None:  # noqa: A002
        inner = id
        while inner[0] == "old" and isinstance(inner[1], tuple):
            inner = inner[1]
        module = str(inner[1])
        if module == "external":
            return Obj("external", detail=str(inner[2]))
        return self.module_state(module).heap.get(id) if self.program.has_module(module) else None

    def global_constants(self, path: Path) -> ConstantAnswer:
        if schemas.is_storage(path[0].name):
            return (UNKNOWN,)
        found = self.global_value(path).atoms
        plain = (kind_of(atom) if isinstance(atom, Computed) else atom for atom in found)
        return tuple(dict.fromkeys(atom if isinstance(atom, Const | Scalar) else UNKNOWN for atom in plain))

    def scratch_frame(self, module: str) -> Frame:
        """A frame that sees a module as its import left it; what happens in it is forgotten."""
        known = self._scratch.get(module)
        if known is not None:
            return known
        state = self.module_state(module).fork()
        ref = CodeRef(module, 0)
        frame = Frame(self, ref, ImportedOracle(self), state)
        frame.is_scratch = True
        if module in self.modules:
            self._scratch[module] = frame
        return frame

    # --- classes ----------------------------------------------------------------------------

    def linearized(self, frame: Frame, cls: Ref) -> tuple[Atom, ...]:
        if not is_global(cls.id):
            return classes.linearized(frame, cls)
        found = self._orders.get(cls.id)
        if found is None:
            found = classes.linearized(frame, cls)
            if str(cls.id[1]) not in self.importing or self._is_order_final(frame, found):
                self._orders[cls.id] = found
        return found

    def fields_assigned(self, frame: Frame, cls: Ref) -> list[str]:
        """The fields that the methods of a class and of its bases assign."""
        found: dict[str, None] = {}
        for each in objects.mro(frame, cls):
            detail = frame.object(each).detail if isinstance(each, Ref) else None
            if isinstance(detail, CodeRef):
                found.update(dict.fromkeys(bindings.fields_assigned(self.program.children(detail))))
        return list(found)

    def _is_order_final(self, frame: Frame, order: tuple[Atom, ...]) -> bool:
        """Whether the bases of classes are known once and for all, while their module is still being imported."""
        held = [frame.object(each).fields for each in order if isinstance(each, Ref)]
        return not any(
            isinstance(atom, Input)
            for fields in held
            for content, value in fields.items()
            if content.kind == "base"
            for atom in value.atoms
        )

    def forget_order(self, cls: Ref) -> None:
        """A class statement runs again: what was known of the classes below it may not hold for the new one."""
        if cls.id in self._orders:
            self._orders.clear()

    def order_of(self, frame: Frame, cls: Atom | None) -> tuple[Atom, ...]:
        return objects.mro(frame, cls)

    def annotated_class(self, ref: CodeRef) -> Ref | None:
        """The one class of the code base that a function's return annotation names."""
        if ref not in self._annotated:
            self._annotated[ref] = None
            shapes = shapes_of_annotation(self.scratch_frame(ref.module), self.program.code(ref).returns)
            classes_named = [shape.cls for shape in shapes if shape.kind == "instance" and isinstance(shape.cls, Ref)]
            self._annotated[ref] = classes_named[0] if len(classes_named) == 1 else None
        return self._annotated[ref]

    def field_shapes(self, shape: Shape, name: str) -> tuple[Shape, ...]:
        """What a field of an instance nobody saw made may be: by annotation, else as its constructor leaves it."""
        question = (shape.cls, name)
        found = self._field_shapes.get(question)
        if found is None:
            self._field_shapes[question] = (Shape("unknown"),)
            found = self._field_shapes[question] = self._find_field_shapes(shape, name)
        return found

    def _find_field_shapes(self, shape: Shape, name: str) -> tuple[Shape, ...]:
        cls = shape.cls
        if not isinstance(cls, Ref):
            return (Shape("unknown"),)
        module = str(cls.id[1])
        if not self.program.has_module(module):
            return (Shape("unknown"),)
        frame = self.scratch_frame(module)
        for each in objects.mro(frame, cls):
            if isinstance(each, Ref):
                annotation = self._field_annotation(frame.object(each), name)
                if annotation is not None:
                    return shapes_of_annotation(self.scratch_frame(str(each.id[1])), annotation)
        made = self._prototype(cls)
        if made is not None:
            inner, value, oracle = made
            held = inner.content(value, attr(name))
            if held.present().atoms and not is_untouched(held, name):
                return shapes_of_value(inner, held, oracle)
        if name == "data" and extended.extended_class(frame, cls) in extended.KEPT_IN_DATA:
            return self.builtin_shapes(frame, shape)
        if objects.class_lookup(frame, cls, name) is not None or objects.external_base(frame, cls) is None:
            return (Shape("absent"), Shape("unknown"))
        return (Shape("unknown"),)

    @staticmethod
    def builtin_shapes(frame: Frame, shape: Shape) -> tuple[Shape, ...]:
        """What an instance of a class that extends a builtin is beside its fields."""
        name = extended.extended_class(frame, shape.cls)
        kind = extended.EXTENDED.get(name or "", "")
        if kind in extended.SCALARS:
            return (Shape("scalar", name=kind),)
        kind = {"tuple": "list", "frozenset": "set"}.get(kind, kind)
        return (Shape(kind, parts=((Shape("unknown"),),)),) if kind in {"list", "set", "dict"} else (Shape("unknown"),)

    def _field_annotation(self, cls: Obj, name: str) -> tree.Expression | None:
        """The annotation of a field, in the class body or where a method assigns it."""
        own = annotation_of(self.code_of(cls), name)
        if own is not None or not isinstance(cls.detail, CodeRef):
            return own
        for code in self.program.children(cls.detail):
            if code.kind == "function" and code.parameters:
                found = annotation_on_receiver(code, name)
                if found is not None:
                    return found
        return None

    def _prototype(self, cls: Ref) -> tuple[Frame, Value, EntryOracle] | None:
        """An instance as its constructor leaves it when nothing is known of its arguments."""
        if cls in self._prototypes:
            return self._prototypes[cls]
        self._prototypes[cls] = None
        frame = self.scratch_frame(str(cls.id[1]))
        initializer = objects.class_lookup(frame, cls, "__init__")
        for atom in frame.look(initializer).atoms if initializer is not None else ():
            obj = frame.object(atom) if isinstance(atom, Ref) else None
            if obj is not None and isinstance(obj.detail, CodeRef) and len(self.active) < DEEPEST_CALLS // 2:
                oracle = InstanceOracle(self, obj.detail, cls)
                entry = self.evaluate_entry(obj.detail, oracle)
                parameter = self.program.code(obj.detail).parameters
                if parameter and entry.frame is not None:
                    value = Value((Ref(("in", (Content("arg", parameter[0].name),), 0)),))
                    if value.atoms[0].id in entry.frame.state.heap:  # type: ignore[union-attr]
                        self._prototypes[cls] = (entry.frame, value, oracle)
        return self._prototypes[cls]

    def declare_field(self, frame: Frame, name: str, annotation: tree.Expression) -> None:
        """`name: T` in a class body: nothing to do, the code remembers it."""

    def annotated(self, frame: Frame, value: Value, annotation: tree.Expression) -> Value:
        """A value of which nothing is known but the annotation of the variable it is assigned to."""
        del self
        if any(atom != UNKNOWN for atom in value.atoms) or not value.atoms:
            return value
        del frame, annotation
        return value

    def first_annotation(self, frame: Frame, function: Value) -> Value:
        """The class that annotates the first parameter of a function (after self)."""
        for _, obj in frame.objects(function):
            for parameter in self.code_of(obj).parameters:
                if parameter.annotation is not None:
                    return frame.evaluate(parameter.annotation)
        return NOTHING

    def is_bound_dispatch(self, frame: Frame, obj: Obj) -> bool:
        """Whether a dispatching function is a method."""
        return any(
            isinstance(each.detail, CodeRef) and self.is_method(each.detail)
            for _, each in frame.objects(obj.get(objects.WRAPPED))
        )

    def decorated(self, frame: Frame, decorator: Value, value: Value, at: Span) -> Value:
        """`@decorator` on a function or class."""
        result = NOTHING
        for atom in frame.look(decorator).atoms:
            if (
                (isinstance(atom, External) and atom.name not in standard_library.HANDLERS)
                or (isinstance(atom, Ref) and frame.object(atom).kind in {"external", "unknown"})
                or (isinstance(atom, Ref) and frame.object(atom).kind == "method" and is_unmodelled(frame.object(atom)))
            ):
                result = join(result, value)
            elif isinstance(atom, External | Ref):
                result = join(result, calls.call_value(frame, Value((atom,)), Arguments([value]), at))
            else:
                result = join(result, value)
        return result if result.atoms else value

    # --- what changes after import ------------------------------------------------------------

    def class_writes(self, module: str) -> frozenset[str]:
        """The attributes that a module's code assigns on classes: `cls.count = 1`, `Registry.last = x`."""
        found = self._class_writes.get(module)
        if found is None:
            found = (
                frozenset()
                if not self.program.has_module(module)
                else class_attribute_writes(self.program.facts(module).codes)
            )
            self._class_writes[module] = found
        return found

    def is_set_from_outside(self, module: str, name: str) -> bool:
        """Whether somebody seems to assign `module.name`."""
        return bool(self.binders_of_module(module, name))

    def binders_of_module(self, module: str, name: str) -> list[str]:
        """The modules that seem to assign `module.name`."""
        found = self._module_binders.get((module, name))
        if found is None:
            found = outside.binders_of_module(self.program, module, name)
            self._module_binders[module, name] = found
        return found

    def binders_of_code(self, owner: CodeRef, name: str) -> list[str]:
        """The modules that seem to assign an attribute of this name on a class or function."""
        found = self._code_binders.get((owner, name))
        if found is None:
            found = self._code_binders[owner, name] = outside.binders_of_code(self.program, owner, name)
        return found

    def is_attribute_set(self, owner: Obj, name: str) -> bool:
        """Whether code assigns an attribute of a class or function after the statement that makes it."""
        if not isinstance(owner.detail, CodeRef):
            return False
        if owner.kind == "class" and name in self.class_writes(owner.detail.module):
            return True
        return bool(self.binders_of_code(owner.detail, name))

    def is_mentioned(self, word: str) -> bool:
        """Whether the code base mentions a word at all."""
        return bool(self.program.modules_with(word))

    def replaces_dict(self, frame: Frame, obj: Obj) -> bool:
        """Whether methods of an object's class put something else in the place of its `__dict__`."""
        if not self.is_mentioned("__dict__"):
            return False
        return any(
            isinstance(cls, Ref)
            and isinstance(detail := frame.object(cls).detail, CodeRef)
            and "__dict__" in self.assigned_on_receiver(detail)
            for cls in objects.mro(frame, obj.type)
        )

    def assigned_on_receiver(self, cls: CodeRef) -> frozenset[str]:
        """The attributes that the methods of a class assign on their first parameter."""
        found = self._receiver_writes.get(cls)
        if found is None:
            methods = [code for code in self.program.children(cls) if code.parameters]
            found = self._receiver_writes[cls] = frozenset(
                target.attr
                for code in methods
                for statement in bindings.all_statements(code.body)
                for target in outside.targets_of(statement)
                if isinstance(target, tree.Attribute) and last_name(target.value) == code.parameters[0].name
            )
        return found

    def is_shadowed(self, name: str) -> bool:
        """Whether code assigns an attribute of this name on anything but `self`."""
        return bool(self.program.modules_assigning(name))

    def rebound_names(self, module: str) -> frozenset[str]:
        """The module-level names that functions bind by `global`."""
        found: set[str] = set()
        for code in self.program.facts(module).codes[1:]:
            found.update(code.globals)
        return frozenset(found)

    def open_kind(self, path: Path) -> KindAnswer:
        """What lies below a global object when an entry point runs: other entry points may have changed it."""
        found = self.global_kind(path)
        if len(path) == 1:
            return tuple(opened(answer) if isinstance(answer, Mirror) else answer for answer in found)
        root, content = path[0].name, path[-1]
        assert isinstance(root, tuple)
        if (
            len(path) == 2
            and content.kind == "attr"
            and UNKNOWN not in found
            and not any(isinstance(answer, Ref) for answer in found)
            and self.may_be_rebound(root, str(content.name))
        ):
            return (*found, UNKNOWN)
        return found

    def may_be_rebound(self, root: ObjectId, name: str) -> bool:
        """Whether some function assigns a global or a class attribute."""
        module = str(root[1])
        if not self.program.has_module(module):
            return False
        if root == names.module_id(module):
            return name in self.rebound_names(module) or self.is_set_from_outside(module, name)
        obj = self._imported_object(root)
        return obj is not None and obj.kind in {"class", "function"} and self.is_attribute_set(obj, name)

    def run_escaped(self, frame: Frame) -> None:
        """Nested functions that nobody called: whoever got hold of them may, with arguments nobody knows."""
        for _ in range(3):
            waiting = [ref for ref in self._escaped(frame) if ref not in frame.called]
            if not waiting:
                return
            for id in waiting:
                frame.called.add(id)
                before = frame.state.fork()
                try:
                    value = calls.call_value(
                        frame, Value((Ref(id),)), Arguments(more=Value((UNKNOWN,))), frame.code.body_at
                    )
                    self.forced(frame, value)
                except Diverges:
                    frame.state = before
                    continue
                frame.state = joined_states([before, frame.state]) or before

    def _escaped(self, frame: Frame) -> list[ObjectId]:
        """The functions made in a frame, its own nested ones, whose code was never run."""
        return [
            id
            for id, obj in frame.state.heap.items()
            if obj.kind == "function"
            and isinstance(obj.detail, CodeRef)
            and obj.detail.module == frame.module
            and obj.detail not in self.contexts
            and self.is_nested_in(obj.detail, frame.ref)
        ]

    def is_nested_in(self, ref: CodeRef, entry: CodeRef) -> bool:
        """Whether a code is evaluated only as part of an entry: nested in its function, or a lambda of the module."""
        codes = self.program.facts(ref.module).codes
        code = codes[ref.index]
        outermost = code
        while code.parent >= 0:
            if code.kind == "function":
                outermost = code
            code = codes[code.parent]
        top = outermost.index if outermost.kind == "function" else 0
        return top == entry.index and ref.index != entry.index

    # --- what the solver asks ---------------------------------------------------------------

    def module_entry(self, ref: CodeRef, state: ModuleState) -> Entry:
        """A module's import as an entry, and its run as a script where it tells the two apart."""
        events: dict[object, Event] = {event.key: event for event in state.events}
        if {"__name__", "__main__"} <= set(self.program.code(ref).mentions):
            for event in self.run_script(ref.module):
                add_event(events, event)
        return Entry(ref, Summary(None, None, tuple(events.values())), state.frame)

    def global_words(self, owner: Hashable) -> list[str]:
        """The names by which code can reach a global object: those its module binds."""
        if not isinstance(owner, tuple) or owner[0] != "G" or len(owner) < 3:
            return []
        module = str(owner[1])
        if not self.program.has_module(module):
            return external_words(owner) if module == "external" else []
        state = self.module_state(module)
        found = []
        held = state.heap.get(names.module_id(module))
        for content, value in held.fields.items() if held is not None else ():
            if any(isinstance(atom, Ref) and atom.id == owner for atom in value.atoms):
                found.append(str(content.name))
        return found

    # --- evaluation -------------------------------------------------------------------------

    def run_body(self, frame: Frame) -> bool:
        """Run a code's body in its frame."""
        if frame.ref in self.broken:
            self.hit_limit(frame, BROKEN)
            return True
        with self.looking_at(frame.ref):
            return statements.execute(frame, frame.code.body)

    @contextmanager
    def looking_at(self, ref: CodeRef) -> Iterator[None]:
        """Remember that a code is under evaluation, for whoever catches an error that ends it."""
        outer, self.at = self.at, ref
        try:
            yield
        except Diverges:
            self.at = outer
            raise
        self.at = outer

    def summary(self, ref: CodeRef, view: CallView) -> Summary:
        """The summary of a function for one caller."""
        caller = view.frame.ref
        self.callers.setdefault(ref, set()).add(caller)
        if ref in self.broken:
            self._note_broken(ref)
            return self.cut_summary(ref)
        tree_of_contexts = self.contexts.setdefault(ref, ContextTree())
        view.coarseness = tree_of_contexts.coarseness(sum(frame.ref == ref for frame in self.active))
        if view.coarseness >= NOTHING_APART:
            place = Place(self.program.path_of(ref.module), self.program.code(ref).at)
            self.note_limit(place, "it is called in too many ways to tell them all apart")
        found, before = tree_of_contexts.find(view)
        if found is not None and found.summary is not None and self._stands(found):
            self._rest_on(found.waits)
            self.cuts += bool(found.cuts)
            return found.summary
        running = self._running(ref, view)
        if running is not None:
            running.is_recursive = True
            self._rest_on({running})
            return before or running.provisional or BOTTOM
        if len(self.active) >= DEEPEST_CALLS:
            self.hit_limit(view.frame, "calls nest deeper than is followed")
            return self.cut_summary(ref)
        if self.effort > MOST_EFFORT and not self.is_concerned(ref, view):
            self.hit_limit(self.active[0], "it calls more than is followed where no marked data is in sight")
            self.cuts += 1
            return self.cut_summary(ref)
        return self._evaluated(ref, view, tree_of_contexts)

    def _note_broken(self, ref: CodeRef) -> None:
        self.note_limit(Place(self.program.path_of(ref.module), self.program.code(ref).at), BROKEN)

    def _stands(self, context: Context) -> bool:
        """Whether a summary can be used now: what it rests on is under way, and no less is followed than here."""
        is_whole = context.cuts in {0, MOST_CUTS} or self.effort > MOST_EFFORT
        return is_whole and all(frame in self.active for frame in context.waits)

    def is_concerned(self, ref: CodeRef, view: CallView) -> bool:
        """Whether a call has marked data in sight: it is passed in, or the function itself mentions a source."""
        if self._source_words is None:
            self._source_words = frozenset(self.labels.source_words(self.program))
        if not self._source_words.isdisjoint(self.program.code(ref).mentions):
            return True
        passed = (view.frame.deep_taints(value) for value in view.bindings.values())
        return any(isinstance(taint.origin, Source) for taints in passed for taint in taints)

    def cut_summary(self, ref: CodeRef) -> Summary:
        """What is said of a function that is not looked into: its result carries its arguments."""
        code = self.program.code(ref)
        held = join_all(input_value((Content("arg", parameter.name),)) for parameter in code.parameters)
        return Summary(Outcome(Value((UNKNOWN,), held.taints), {}, {}), None, ())

    def _running(self, ref: CodeRef, view: CallView) -> Frame | None:
        """An evaluation under way in the same context, as far as it has asked."""
        for frame in reversed(self.active):
            if frame.ref == ref and all(view.answer(question) == answer for question, answer in frame.questions):
                return frame
        return None

    def _rest_on(self, frames: Iterable[Frame]) -> None:
        """What is under evaluation has used provisional summaries of these."""
        if self.unsettled:
            self.unsettled[-1].update(frames)

    def _evaluated(self, ref: CodeRef, view: CallView, contexts: ContextTree) -> Summary:
        """Evaluate a function in a new context, the outermost of a recursion again while anything in it still grows."""
        provisional: Summary | None = None
        summary = BOTTOM
        first, growths_before = len(self.tentative), self.growths
        for turn in range(MOST_ROUNDS):
            frame = Frame(self, ref, ViewOracle(view), State())
            frame.provisional = provisional
            growths, cuts = self.growths, self.cuts
            self.active.append(frame)
            self.unsettled.append(set())
            try:
                summary = self.evaluate_body(frame)
            finally:
                self.active.pop()
                waits = self.unsettled.pop() - {frame}
            context = contexts.add(frame.questions, summary, waits)
            context.cuts = min(context.cuts + 1, MOST_CUTS) if self.cuts != cuts else 0
            if frame.is_recursive and not (context.before is not None and summary_covers(context.before, summary)):
                self.growths += 1
            if waits:
                self._wait(context, frame, waits, first)
                return summary
            if self.growths == growths or turn == MOST_ROUNDS - 1:
                self._settle(first)
                break
            self.tentative.append(context)
            self._forget(first)
            provisional = summary
        self.growths = growths_before
        return summary

    def _wait(self, context: Context, frame: Frame, waits: set[Frame], first: int) -> None:
        """A frame is done that rests on outer ones: so do those that rested on it."""
        self._pass_on(frame, waits, first)
        self.tentative.append(context)

    def _pass_on(self, frame: Frame, waits: set[Frame], first: int) -> None:
        for inner in self.tentative[first:]:
            if frame in inner.waits:
                inner.waits = (inner.waits - {frame}) | waits
        self._rest_on(waits)

    def _settle(self, first: int) -> None:
        """A round of a recursion found nothing new: what it found stands."""
        for context in self.tentative[first:]:
            context.waits = frozenset()
        del self.tentative[first:]

    def _forget(self, first: int) -> None:
        """A round of a recursion found more: what it found is where the next starts."""
        for context in self.tentative[first:]:
            context.before, context.summary, context.waits = context.summary or context.before, None, frozenset()
        del self.tentative[first:]

    def evaluate_body(self, frame: Frame, *, is_entry: bool = False) -> Summary:
        """Run a frame from its parameters to its ends."""
        self.deadline.check()
        self.evaluations += 1
        outer_work, self.work = self.work, 0
        try:
            with self.looking_at(frame.ref):
                return self._evaluate_body(frame, is_entry=is_entry)
        finally:
            self.contexts.setdefault(frame.ref, ContextTree()).work += self.work
            self.effort += self.work
            self.work = outer_work

    def _evaluate_body(self, frame: Frame, *, is_entry: bool) -> Summary:
        start_frame(frame)
        clearing.note_decorators(frame)
        if is_entry:
            supplied.supply(frame)
        goes_on = self.run_body_of(frame)
        if goes_on:
            frame.returns.append((NONE_VALUE, frame.state))
        threads.leave_endless(frame)
        for _, state in frame.returns if frame.background else ():
            frame.state = state
            threads.run_background(frame)
            state.become(frame.state)
        if frame.code.is_generator:
            generators.close_generator(frame)
        summary = finished(frame)
        if is_entry and any(True for _ in self._escaped(frame)):
            self.run_escaped(frame)
            summary = Summary(summary.returned, summary.raised, tuple(frame.events.values()))
        return summary

    def run_body_of(self, frame: Frame) -> bool:
        if frame.code.kind == "lambda":
            return statements.execute(frame, frame.code.body)
        return self.run_body(frame)

    def evaluate_entry(self, ref: CodeRef, oracle: EntryOracle | None = None) -> Entry:
        """Evaluate a function as if somebody unknown called it."""
        if ref in self.broken:
            self._note_broken(ref)
            return Entry(ref, self.cut_summary(ref), None)
        frame = Frame(self, ref, oracle if oracle is not None else EntryOracle(self, ref), State())
        outer_active, self.active = self.active, [*self.active, frame]
        outer_unsettled, self.unsettled = self.unsettled, [*self.unsettled, set()]
        outer_effort, self.effort = self.effort, 0
        try:
            first, growths_before = len(self.tentative), self.growths
            for turn in range(MOST_ROUNDS):
                growths = self.growths
                summary = self.evaluate_body(frame, is_entry=True)
                if frame.is_recursive and not (
                    frame.provisional is not None and summary_covers(frame.provisional, summary)
                ):
                    self.growths += 1
                if self.growths == growths or turn == MOST_ROUNDS - 1:
                    break
                self._forget(first)
                again = Frame(self, ref, frame.oracle, State())
                again.provisional = summary
                self.active[-1] = frame = again
            waits = self.unsettled[-1].intersection(outer_active)
        finally:
            self.active, self.unsettled = outer_active, outer_unsettled
            self.effort += outer_effort
        if waits:
            self._pass_on(frame, waits, first)
        else:
            self._settle(first)
            self.growths = growths_before
        return Entry(ref, summary, frame)


class ModuleState:
    """What the import of a module left."""

    def __init__(self, state: State, events: tuple[Event, ...], frame: Frame | None = None) -> None:
        self.state = state
        self.events = events
        self.frame = frame
        self.merged: set[ObjectId] = set()  # the objects that the imports of other modules changed

    @cached_property
    def classes(self) -> dict[CodeRef, Ref]:
        """The classes that its import made, by their codes."""
        return classes_in(self.state.heap)


def classes_in(heap: Mapping[ObjectId, Obj]) -> dict[CodeRef, Ref]:
    """The classes of a heap, by their codes; where one code made several, the first."""
    found: dict[CodeRef, Ref] = {}
    for id, obj in heap.items():
        if obj.kind == "class" and isinstance(obj.detail, CodeRef):
            found.setdefault(obj.detail, Ref(id))
    return found


class Entry:
    """A function evaluated on its own."""

    def __init__(self, ref: CodeRef, summary: Summary, frame: Frame | None) -> None:
        self.ref = ref
        self.summary = summary
        self.frame = frame


def settled(frame: Frame, event: Event) -> Event:
    """What a module stored in its own names: at the end of its import only what they still hold."""
    if not isinstance(event, Stored) or event.cell.owner != names.module_id(frame.module):
        return event
    held = frame.state.heap[names.module_id(frame.module)].fields.get(event.cell.contents[0])
    if held is None:
        return event
    kept = frame.deep_taints(held)
    return replace(event, taints={taint: chain for taint, chain in event.taints.items() if taint in kept})


def start_frame(frame: Frame) -> None:
    """Bind the parameters, make the scope object."""
    code = frame.code
    frame.enclosing = input_value((Content("free", None),)) if code.free or has_outer(frame) else NOTHING
    if code.cells and code.kind in {"function", "lambda"}:
        made = frame.make(code.body_at, names.scope_object(frame.enclosing), "scope")
        (ref,) = made.atoms
        assert isinstance(ref, Ref)
        frame.scope = ref
    for parameter in code.parameters:
        value = input_value((Content("arg", parameter.name),))
        value = value.tainted(sources.parameter_taints(frame, code, parameter.name, parameter.at))
        if parameter.name in code.cells and frame.scope is not None:
            frame.state.write(frame.scope.id, attr(parameter.name), value, is_strong=True)
        else:
            frame.state.variables[parameter.name] = value
    if code.is_generator:
        generators.start_yields(frame)


def has_outer(frame: Frame) -> bool:
    """Whether a code stands inside a function."""
    facts = frame.machine.program.facts(frame.module)
    parent = frame.code.parent
    while parent > 0:
        if facts.codes[parent].kind in {"function", "lambda"}:
            return True
        parent = facts.codes[parent].parent
    return False


def finished(frame: Frame) -> Summary:
    """The summary of a frame that has run."""
    returned = raised = None
    errors = [(error, state) for error, state in frame.raising[0] if error is not try_statements.IMPLICIT]
    if errors:
        raised = joined_outcome(frame, errors)
    if frame.returns:
        returned = joined_outcome(frame, frame.returns)
    return Summary(returned, raised, tuple(frame.events.values()))


def joined_outcome(frame: Frame, ends: list[tuple[Value, State]]) -> Outcome:
    joined = joined_states(state for _, state in ends)
    assert joined is not None
    frame.state = joined
    return outcome_of(frame, [], join_all(value for value, _ in ends))


def summary_covers(known: Summary, new: Summary) -> bool:
    """Whether a summary adds nothing to the one before."""
    keys: set[Hashable] = {event.key for event in known.events}
    if any(event.key not in keys for event in new.events):
        return False
    for one, other in ((known.returned, new.returned), (known.raised, new.raised)):
        if other is not None and (
            one is None or not one.value.covers(other.value) or set(other.effects) - set(one.effects)
        ):
            return False
    return True


def external_words(owner: ObjectId) -> list[str]:
    """The words by which code can name an object of a library: a member of a module, or the name of a file."""
    if len(owner) > 3:
        return WORD.findall(str(owner[3]))
    return [str(owner[2]).rpartition(".")[2]]


WORD = re.compile(r"[^\W\d]\w*")


def is_outside(root: ObjectId) -> bool:
    """Whether a global object is one of a library, whose contents the code base does not know."""
    return len(root) > 2 and root[1] == "external"


def with_additions(before: Obj, after: Obj, *, is_first: bool) -> Obj:
    """A container with what another module's import put in; the order in which several add to a list is not known."""
    initial = after.initial
    if before.kind == "list" and is_first and is_longer(before, initial, after):
        added = {each: after.fields[each] for each in map(index, range(before.length, after.length))}
        return before.replaced({**before.fields, **added}, length=after.length)
    if before.kind == "list" and not is_first and before.length:
        before = before.replaced(
            {content: value for content, value in before.fields.items() if content.kind != "index"},
            join(before.rest or NOTHING, element_of(before)),
            length=0,
        )
    fields = dict(before.fields)
    rest = before.rest
    for content, value in after.fields.items():
        if initial is not None and initial.fields.get(content) is value:
            continue
        if content.kind == "index" and content not in before.fields:
            rest = join(rest or NOTHING, value)
        else:
            fields[content] = join(before.get(content).present(), value)
    if after.rest is not None and (initial is None or initial.rest is not after.rest):
        rest = join(rest or NOTHING, after.rest)
    return before.replaced(fields, rest)


def is_longer(before: Obj, initial: Obj | None, after: Obj) -> bool:
    """Whether a list only got further elements behind those that it had."""
    if initial is None or before.rest is not None or after.rest is not None:
        return False
    had = [index(place) for place in range(before.length)]
    return initial.length == before.length < after.length and all(
        after.fields.get(each) is initial.fields.get(each) for each in had
    )


def is_untouched(held: Value, name: str) -> bool:
    """Whether a constructor leaves a field as it found it, so that the class's attribute serves."""
    return all(
        isinstance(atom, Input) and len(atom.path) == 2 and atom.path[1] == attr(name) for atom in held.present().atoms
    )


def is_unmodelled(obj: Obj) -> bool:
    """A method object of a library, of which nothing is known."""
    return isinstance(obj.detail, str) and obj.detail not in standard_library.HANDLERS


NO_CODE = Code(
    -1, -1, "class", "", "", (), None, (), (), (), (), (), False, False, (), Span(1, 1, 1, 1), Span(1, 1, 1, 1)
)

__all__ = ["ELEMENT", "Diverges", "Entry", "Machine", "index"]
