"""The solver: which functions to evaluate, and what their events come to.

    seeds      functions that mention a source              evaluated as entry points, inputs unknown
    callers    of a function that hands marked data up,     so that data and decisions meet
               or whose behaviour rests on its inputs
    readers    of a field or global that was given          so that storages connect
               marked data

A function that somebody calls speaks only through its callers, as far as what it does rests on what
they pass; what does not rest on it is settled at once. Everything is taken in the order of paths and
lines, and nothing depends on which files were loaded before.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from flowcheck.facts.files import Code
from flowcheck.flow.configured import configured_fields
from flowcheck.flow.deadlines import Deadline, OutOfTime, cut_spot, never
from flowcheck.flow.holders import Holders
from flowcheck.flow.labels import Labels
from flowcheck.flow.linking import Links, Owners
from flowcheck.flow.machine import Entry, Machine
from flowcheck.flow.mentions import Mentions
from flowcheck.flow.readers import Families, may_read
from flowcheck.flow.registries import candidates
from flowcheck.flow.reporting import solution_of
from flowcheck.flow.results import Place, Solution
from flowcheck.flow.seeds import codes_using_sinks, seeds
from flowcheck.flow.supplied import INJECTING, depends_on
from flowcheck.flow.upwards import (
    globals_handed_up,
    holds_marked,
    is_concrete,
    needs_callers,
    taints_of_storages,
    uses_input,
)
from flowcheck.program.program import CodeRef, Program
from flowcheck.rules.labels import label_words
from flowcheck.rules.model import (
    RuleSet,
)

MARK_WORDS = ("flowcheck", "collected_for", "used_for", "supplied_for")
"""Where a mark stands, one of these words does, unless it is a text in an `Annotated`."""

MOST_READERS = 100
"""Functions that may read a storage, found by its name alone; of more, only those near its owners are looked at."""

MOST_CALLERS = 100
"""Functions that may call a method, found by its name alone; of more, only those near its class are looked at."""

RARELY = (100_000, 50, 100)
"""When the garbage collector runs while the solver does."""


class Solving:
    """One run of the solver, which can say what it is at. Wants a deep stack (flowcheck.stack).

    `wants_all_sinks` has also the codes evaluated that only call sinks, so that the inventory holds these; codes that
    are `broken` are not looked into. What the `deadline` cuts is one blind spot.
    """

    def __init__(
        self,
        program: Program,
        rules: RuleSet,
        *,
        wants_all_sinks: bool = False,
        broken: frozenset[CodeRef] = frozenset(),
        deadline: Deadline | None = None,
    ) -> None:
        self._program = program
        self._rules = rules
        self._wants_all_sinks = wants_all_sinks
        self._broken = broken
        self._deadline = deadline or never()
        self._solver: Solver | None = None

    def solution(self) -> Solution:
        """Where marked data goes."""
        with rare_collections():
            labels = Labels(self._rules)
            for module in marked_modules(self._program, self._rules):
                labels.add_marks(self._program, module)
            if any(rule.origin.is_builtin for rule in self._rules.sources):
                for field, cls, label in configured_fields(self._program):
                    labels.fields.setdefault(field, []).append((cls, label))
            solver = self._solver = Solver(self._program, labels, self._broken, self._deadline)
            solver.run(codes_using_sinks(solver.mentions, labels) if self._wants_all_sinks else ())
            if self._deadline.has_passed:
                return solver.cut_solution()
            return solution_of(solver.machine, solver.links, solver.entries, solver.roots())

    def at(self) -> CodeRef | None:
        """The code under evaluation, None between evaluations; after an error, the one that it struck."""
        return self._solver.machine.at if self._solver is not None else None


def marked_modules(program: Program, rules: RuleSet) -> list[str]:
    """The modules in which marks may stand, by path."""
    found = {module for word in MARK_WORDS for module in program.modules_with(word)}
    annotated = set(program.modules_with("Annotated")) - found
    if annotated:
        words = label_words(rules.purposes())
        found |= {module for word in words for module in program.modules_with(word) if module in annotated}
    return sorted(found, key=program.path_of)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Nearly all that the solver makes lives on: looking for garbage as often as usual finds next to none."""
    usual = gc.get_threshold()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Solver:
    """The worklist of entry points."""

    def __init__(
        self,
        program: Program,
        labels: Labels,
        broken: frozenset[CodeRef] = frozenset(),
        deadline: Deadline | None = None,
    ) -> None:
        self.program = program
        self.labels = labels
        self.deadline = deadline or never()
        self.machine = Machine(program, labels, broken, self.deadline)
        self.links = Links(self.machine)
        self.entries: dict[CodeRef, Entry] = {}
        self.mentions = Mentions(program)
        self._pending: deque[CodeRef] = deque()
        self._queued: set[CodeRef] = set()
        self._sought: set[CodeRef] = set()
        self._nested: dict[str, dict[int, list[CodeRef]]] = {}
        self._source_codes: frozenset[CodeRef] | None = None
        self._read: dict[str, Owners] = {}
        self._left_out: dict[str, list[CodeRef]] = {}
        self._uncalled: dict[CodeRef, list[CodeRef]] = {}
        self.families = Families(self.machine)

    def run(self, others: Iterable[CodeRef] = ()) -> None:
        """Evaluate entry points, `others` too, until none is asked for any more or the time is over."""
        self._queue(seeds(self.mentions, self.labels, self.machine.schemas.tables_of_marks()))
        self._queue(sorted(set(others) - self._queued, key=self.mentions.order))
        try:
            while self._pending:
                self._evaluate_pending()
                self._follow_storages()
        except OutOfTime:
            if self._pending:
                self.entries.pop(self._pending[0], None)
        self.note_left_out()

    def _evaluate_pending(self) -> None:
        while self._pending:
            self.deadline.check()
            self._evaluate(self._pending[0])
            self._pending.popleft()

    def _queue(self, refs: Iterable[CodeRef]) -> None:
        for ref in refs:
            if ref not in self._queued:
                self._queued.add(ref)
                self._pending.append(ref)

    # --- one entry ----------------------------------------------------------------------------

    def _evaluate(self, ref: CodeRef) -> None:
        entry = self._entry(ref)
        self.entries[ref] = entry
        self.links.add(entry)
        self._seek_through_nested(ref)
        self._seek_through_held(entry)
        if needs_callers(entry) or (self.labels.rules.consents and uses_input(entry)):
            self._seek_callers(ref)

    def _seek_through_nested(self, ref: CodeRef) -> None:
        """Functions made in an entry that return marked data may be called by whoever gets hold of them."""
        found = [each for each in self._nested_in(ref) if self._returns_marked(each)]
        self._sought.update(found)
        if found and ref.index != 0:
            self._seek_callers(ref)

    def _nested_in(self, ref: CodeRef) -> list[CodeRef]:
        """The functions and lambdas that are evaluated as part of an entry."""
        known = self._nested.get(ref.module)
        if known is None:
            known = self._nested[ref.module] = {}
            for code in self.program.facts(ref.module).codes:
                entry = self.mentions.entry_of(ref.module, code)
                if code.index != entry.index and code.kind in {"function", "lambda"}:
                    known.setdefault(entry.index, []).append(CodeRef(ref.module, code.index))
        return known.get(ref.index, [])

    def _returns_marked(self, ref: CodeRef) -> bool:
        """Whether a function returns marked data itself, in some context."""
        contexts = self.machine.contexts.get(ref)
        return contexts is not None and any(
            each.returned is not None and is_concrete(each.returned.value.taints) for each in contexts.summaries()
        )

    def _seek_through_held(self, entry: Entry) -> None:
        """Functions that hold marked data since they were made, as a default or captured, have it in every call."""
        if entry.ref.index != 0 or entry.frame is None:
            return
        for obj in list(entry.frame.state.heap.values()):
            if obj.kind == "function" and isinstance(obj.detail, CodeRef) and holds_marked(entry.frame, obj):
                if self.mentions.entry_of(obj.detail.module, self.program.code(obj.detail)) == obj.detail:
                    self._seek_callers(obj.detail)
                self._sought.add(obj.detail)

    def _entry(self, ref: CodeRef) -> Entry:
        if ref.index == 0:
            return self.machine.module_entry(ref, self.machine.settled_module(ref.module))
        return self.machine.evaluate_entry(ref)

    def _seek_callers(self, ref: CodeRef) -> None:
        """Queue the codes that may call a function."""
        if ref in self._sought:
            return
        self._sought.add(ref)
        for word in self.words_of(ref):
            self._queue(caller for caller in self._codes_calling(ref, word) if caller != ref)
            self._queue(self._codes_depending_on(word))
        for code in self.program.facts(ref.module).codes:
            if "globals" in code.mentions:
                self._queue([self.mentions.entry_of(ref.module, code)])

    def _codes_calling(self, ref: CodeRef, word: str) -> list[CodeRef]:
        """The codes that may call a function by a word; of very many, those that can have it or its class."""
        modules = self.program.modules_with(word)
        code = self.program.code(ref)
        if code.parent == 0 and code.name == word:
            modules = candidates(self.program, ref.module, word)
        found = [(module, each) for module in modules for each in self.mentions.codes_in(module, word)]
        owner = self._class_around(ref)
        if owner and code.name == word:
            found = [each for each in found if may_read(self.families, *each, word, {owner})]
            if len(found) > MOST_CALLERS:
                named = self.families.of(owner)
                near = {ref.module, *(module for name in named for module in self.program.modules_with(name))}
                self._uncalled[ref] = [self.mentions.entry_of(*each) for each in found if each[0] not in near]
                found = [each for each in found if each[0] in near]
        return [self.mentions.entry_of(*each) for each in found]

    def _class_around(self, ref: CodeRef) -> str:
        """The name of a method's class; nothing for other functions."""
        code = self.program.code(ref)
        around = self.program.facts(ref.module).codes[code.parent] if code.parent > 0 else None
        return around.name if around is not None and around.kind == "class" else ""

    def _codes_depending_on(self, word: str) -> Iterator[CodeRef]:
        """The functions that a framework fills a parameter of by calling a function of that name."""
        injecting = {each for name in INJECTING for each in self.program.modules_with(name)}
        for module in self.program.modules_with(word):
            for code in self.program.facts(module).codes if module in injecting else ():
                ref = CodeRef(module, code.index)
                if code.kind == "function" and depends_on(self.machine.definition_of(ref), code, word):
                    yield self.mentions.entry_of(module, code)

    def words_of(self, ref: CodeRef) -> list[str]:
        """The words by which a function can be called."""
        code = self.program.code(ref)
        owner = self._class_around(ref)
        words = [code.name]
        if code.name.startswith("__") and code.name.endswith("__"):
            words = [ref.module.rpartition(".")[2]] if code.parent == 0 else []
        if owner and (not words or code.name == "__init__"):
            words.extend(self.machine.hierarchy.names_below(owner))
        return [word for word in words if word]

    # --- storages -----------------------------------------------------------------------------

    def _follow_storages(self) -> None:
        """Queue the readers of every storage that marked data has reached."""
        for word, owners in self.links.tainted_words().items():
            if self._read.get(word) != owners:
                self._read[word] = owners
                self._queue(self._codes_reading_of(word, owners))
        self._queue(self._callers_through_holders())
        for ref in sorted(set(self.entries) - self._sought, key=self.mentions.order):
            entry = self.entries[ref]
            if self.links.concrete(entry, taints_of_storages(entry)) or self._hands_up_global(entry):
                self._seek_callers(ref)

    def _hands_up_global(self, entry: Entry) -> bool:
        """Whether a function returns an object of a module that held marked data when that was imported."""
        return any(map(self.machine.is_marked_global, globals_handed_up(entry)))

    def _codes_reading_of(self, word: str, owners: Owners) -> Iterator[CodeRef]:
        """The codes that may read a storage of a name; of very many, those near to who has it or wrote it."""
        found = [
            (module, code)
            for module in self.program.modules_with(word)
            for code in self.program.facts(module).codes
            if word in code.mentions
            and not (owners.are_classes and not may_read(self.families, module, code, word, owners.classes))
        ]
        if len(found) > MOST_READERS:
            found = self._near(word, owners, found)
        for module, code in found:
            yield self.mentions.entry_of(module, code)
        yield from self.mentions.codes_running(word)

    def _near(self, word: str, owners: Owners, found: list[tuple[str, Code]]) -> list[tuple[str, Code]]:
        """Those codes whose module mentions a class that has the storage, or wrote to it."""
        near = {*owners.writers, *(each for name in owners.classes for each in self.program.modules_with(name))}
        self._left_out[word] = [self.mentions.entry_of(module, code) for module, code in found if module not in near]
        return [each for each in found if each[0] in near]

    def note_left_out(self) -> None:
        """Remember which storages and methods are named in places that nothing else led to either."""
        for word, refs in self._left_out.items():
            if others := self._never_queued(refs):
                place = Place(self.program.path_of(others[0].module), self.program.code(others[0]).at)
                self.machine.note_limit(
                    place, f"`{word}` got marked data and is read in {len(others)} more places than are followed"
                )
        for ref, callers in self._uncalled.items():
            if others := self._never_queued(callers):
                code = self.program.code(ref)
                self.machine.note_limit(
                    Place(self.program.path_of(ref.module), code.at),
                    f"`{code.name}` hands on marked data, and {len(others)} more places than are followed say its name",
                )

    def _never_queued(self, refs: Iterable[CodeRef]) -> list[CodeRef]:
        """Those that nothing led to, in order."""
        return sorted(set(refs) - self._queued, key=self.mentions.order)

    def _callers_through_holders(self) -> list[CodeRef]:
        """The codes that may call a function whose callers are sought by what holds it, not by its name."""
        holders = Holders(self.machine)
        found: dict[CodeRef, None] = {}
        words = dict.fromkeys(holders.words_of_sources())
        for ref in sorted({*self._sought, *self._sources()}, key=self.mentions.order):
            words.update(dict.fromkeys(holders.words(ref)))
        for word, module in words:
            for code in holders.codes_near(word, module):
                found[self.mentions.entry_of(code.module, self.program.code(code))] = None
        return sorted(found, key=self.mentions.order)

    def _sources(self) -> frozenset[CodeRef]:
        """The functions of the code base that a mark or a rule makes a source by their return value."""
        if self._source_codes is None:
            marked = {owner for owner, label in self.labels.codes.items() if label.returns}
            self._source_codes = frozenset(
                CodeRef(module, code.index)
                for word in self.labels.source_words(self.program)
                for module in self.program.modules_with(word)
                for code in self.program.facts(module).codes
                if code.name == word
                and code.kind == "function"
                and (
                    (module, code.qualname) in marked or self.labels.source_calls.matching(f"{module}.{code.qualname}")
                )
            )
        return self._source_codes

    # --- what the time allowed ------------------------------------------------------------------

    def cut_solution(self) -> Solution:
        """What was found before the time was over, without what only callers can tell that were not seen."""
        unseen = set(self._pending)
        doubtful = {ref for ref in self.entries if self._may_be_called_by(unseen, ref)}
        roots = self.roots() - doubtful
        entries = self.entries
        if self.labels.rules.consents:
            entries = {ref: entry for ref, entry in entries.items() if ref not in doubtful}
        found = solution_of(self.machine, self.links, entries, roots)
        spot = cut_spot(self.program, unseen, self.entries, len(self.machine.sources))
        return replace(found, blind_spots=(*found.blind_spots, spot), unmatched_rules=(), is_whole=False)

    def _may_be_called_by(self, unseen: set[CodeRef], ref: CodeRef) -> bool:
        """Whether callers of an entry that matter may not have been seen: by its name, by what holds it, or since
        what it does with storages was not known.
        """
        if ref not in self._sought:
            entry = self.entries[ref]
            return bool(self.links.concrete(entry, taints_of_storages(entry)))
        words = self.words_of(ref)
        return any(caller in unseen for word in words for caller in self.mentions.codes_with(word)) or any(
            Holders(self.machine).words(ref)
        )

    # --- who speaks for whom --------------------------------------------------------------------

    def roots(self) -> set[CodeRef]:
        """The entries that nobody calls, and one of each circle that only calls itself."""
        roots = {ref for ref in self.entries if not self._callers(ref)}
        covered = set(roots)
        pending = list(roots)
        called_by: dict[CodeRef, set[CodeRef]] = {}
        for ref in self.entries:
            for caller in self._callers(ref):
                called_by.setdefault(caller, set()).add(ref)
        while pending:
            for callee in called_by.get(pending.pop(), ()):
                if callee not in covered:
                    covered.add(callee)
                    pending.append(callee)
        return roots | (set(self.entries) - covered)

    def _callers(self, ref: CodeRef) -> set[CodeRef]:
        """The entries that reach a function by calls, itself left out."""
        found: set[CodeRef] = set()
        pending = [ref]
        seen = {ref}
        while pending:
            for caller in self.machine.callers.get(pending.pop(), ()):
                entry = self.mentions.entry_of(caller.module, self.program.code(caller))
                if entry != ref and entry in self.entries:
                    found.add(entry)
                if entry not in seen:
                    seen.add(entry)
                    pending.append(entry)
        return found
