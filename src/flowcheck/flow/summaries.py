"""Summaries: what a function does, in terms of what came in, and the call as its callee sees it.

    def put(box, value):         summary: effect  box.item := Input(arg value)
        box.item = value                  result  Const None
    put(mine, user.phone)        here:    mine.item := the read of user.phone

A summary holds for every caller that gives the same answers to the questions the function asked. The
questions of all evaluations of a function form a tree (`Context`): each node holds the next question,
each branch an answer, each leaf a summary. This is a memo keyed by the part of the input that was
really looked at (Acar, Blelloch, Harper: Selective Memoization, POPL 2003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from flowcheck.facts.tree import Span
from flowcheck.flow.events import Event, Pending
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, Renaming, is_changed, is_local, is_object_key, joined_object, key_ref
from flowcheck.flow.inputs import (
    ConstantAnswer,
    KindAnswer,
    Mirror,
    Question,
    Same,
    answer_of,
    outward,
)
from flowcheck.flow.mirrors import (
    NO_CONSTANTS,
    NOTHING_APART,
    ONLY_CLEAR,
    coarsened,
    kind_of,
    mirror_of,
    summarised,
)
from flowcheck.flow.reachability import are_apart, reached
from flowcheck.flow.sites import moved_id, site_of
from flowcheck.flow.values import (
    NO_TAINTS,
    NOTHING,
    TRUE,
    UNKNOWN,
    Atom,
    Below,
    Chain,
    Const,
    Content,
    Input,
    ObjectId,
    Path,
    Ref,
    Scalar,
    Source,
    Taint,
    Taints,
    Value,
    is_global,
    joined_chain,
    length_of,
)

MOST_CONTEXTS = 16
"""Summaries of one function; past that, constants are no longer told apart."""

MOST_NESTED = 3
"""Evaluations of one function inside one another; from there on, constants and lengths are no longer told apart."""

MOST_AMBIGUOUS = 48
"""Summaries of one function; past that, what may be of several kinds is unknown to it."""

FEW_CONTEXTS = 4
"""Summaries of one function; past that, objects of libraries are told apart by their class alone."""

AFFORDED = (1_000, 4_000, 10_000, 20_000)
"""Work on one function (see `Machine.work`) after which it sees what it is given more and more coarsely."""

MOST_MADE = 100
"""Objects in what a function leaves that are told apart by the calls that made them, not only by their place."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One way a function ends: by returning or by raising.

    `made` are the objects it made that can still be reached, `effects` the final shape of those that came in.
    """

    value: Value
    made: Mapping[ObjectId, Obj]
    effects: Mapping[ObjectId, Obj]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a function does. No `returned` means that it never returns."""

    returned: Outcome | None
    raised: Outcome | None
    events: tuple[Event, ...]

    @property
    def size(self) -> int:
        """The records that a caller takes over."""
        outcomes = [outcome for outcome in (self.returned, self.raised) if outcome is not None]
        return len(self.events) + sum(len(outcome.made) + len(outcome.effects) for outcome in outcomes)


BOTTOM = Summary(None, None, ())


@dataclass(slots=True)
class Context:
    """A node of the tree of questions.

    In a recursion, a summary may rest on what is provisionally said of the frames it `waits` for; `before` is the
    summary of the round before. `cuts` counts the evaluations that left out calls, which were not followed.
    """

    question: Question | None = None
    answers: dict[KindAnswer, Context] = field(default_factory=dict)
    summary: Summary | None = None
    before: Summary | None = None
    waits: AbstractSet[Frame] = frozenset()
    cuts: int = 0


@dataclass(slots=True)
class ContextTree:
    """All summaries of one function."""

    root: Context = field(default_factory=Context)
    count: int = 0
    work: int = 0

    def coarseness(self, nested: int) -> int:
        """How coarsely the next caller is seen: by the contexts there are, those under way inside one another, and
        the work that they took.
        """
        by_count = sum(self.count >= most for most in (FEW_CONTEXTS, MOST_CONTEXTS, MOST_AMBIGUOUS))
        by_depth = min(nested // MOST_NESTED + 1, NOTHING_APART) if nested >= MOST_NESTED else 0
        return max(by_count, by_depth, sum(self.work >= most for most in AFFORDED))

    def summaries(self) -> Iterator[Summary]:
        """Those of all contexts."""
        pending = [self.root]
        while pending:
            node = pending.pop()
            pending.extend(node.answers.values())
            if node.summary is not None:
                yield node.summary

    def find(self, oracle: CallView) -> tuple[Context | None, Summary | None]:
        """The context whose questions this caller answers alike, and what the round before said on the way there."""
        node, before = self.root, self.root.before
        while node.question is not None:
            following = node.answers.get(oracle.answer(node.question))
            if following is None:
                return None, before
            node = following
            before = node.before or before
        return node, before

    def add(
        self, questions: Iterable[tuple[Question, KindAnswer]], summary: Summary, waits: AbstractSet[Frame]
    ) -> Context:
        """Keep a summary under the questions its evaluation asked."""
        node = self.root
        for question, answer in questions:
            if node.question is None:
                node.question = question
            node = node.answers.setdefault(answer, Context())
        self.count += node.summary is None and node.before is None
        node.summary, node.waits = summary, waits
        return node


class CallView:
    """A call seen from its callee: answers its questions, and translates what it did into the caller's terms."""

    def __init__(
        self, frame: Frame, bindings: dict[str, Value], scope: Value, at: Span, callee: str, sent: Value = NOTHING
    ) -> None:
        self.frame = frame
        self.bindings = bindings
        self.scope = scope
        self.sent = sent
        self.at = at
        self.callee = callee
        self.coarseness = 0
        self._values: dict[Path, Value] = {}
        self._answers: dict[Question, KindAnswer] = {}
        self._sources: dict[Path, tuple[tuple[Ref, ...], ...]] = {}
        self._met: dict[Ref, Same] = {}
        self._apart = frozenset(value.atoms[0] for value in bindings.values() if len(value.atoms) == 1)
        self._below: dict[Below, Taints] = {}

    # --- answering ----------------------------------------------------------------------

    def answer(self, question: Question) -> KindAnswer:
        """The answer to a question, the same each time."""
        found = self._answers.get(question)
        if found is None:
            found = answer_of(self, question)
            self._answers[question] = found
        return found

    def kind(self, path: Path) -> KindAnswer:
        """What the value at the path may be, as far as a callee may know."""
        if self.coarseness >= NOTHING_APART and path[0].kind == "arg":
            return (UNKNOWN,)
        grouped: dict[tuple[Atom | Mirror | Same, Ref | None], list[Ref]] = {}
        is_object_itself = len(path) == 1 and path[0].kind == "obj"
        for atom in self.frame.look(self.value_at(path)).atoms:
            if isinstance(atom, Ref) and (is_object_itself or not is_global(atom.id)):
                grouped.setdefault(self._shape(atom), []).append(atom)
            else:
                grouped.setdefault((kind_of(atom), None), [])
        if self.coarseness >= ONLY_CLEAR and len(grouped) > 1:
            grouped = {(UNKNOWN, None): []}
        self.frame.machine.work += 1 + len(grouped)
        self._sources[path] = tuple(tuple(refs) for refs in grouped.values())
        for position, (refs, (shape, _)) in enumerate(zip(self._sources[path], grouped, strict=True)):
            if isinstance(shape, Mirror) and not is_object_itself:
                self._met.update((ref, Same(path, position)) for ref in refs)
        return tuple(
            summarised(shape) if isinstance(shape, Mirror) and len(refs) > 1 else shape
            for (shape, _), refs in grouped.items()
        )

    def _shape(self, ref: Ref) -> tuple[Mirror | Same, Ref | None]:
        """How an object looks, and itself where it is not taken together with others that look like it."""
        met = self._met.get(ref)
        if met is not None:
            return met, None
        self.frame.machine.forced_for_call(self.frame, ref, is_whole=self.coarseness >= NO_CONSTANTS)
        mirror = mirror_of(self.frame.object(ref))
        return coarsened(mirror, self.coarseness), ref if ref in self._apart else None

    def constants(self, path: Path) -> ConstantAnswer:
        """Which constants the scalar at the path may be."""
        found: dict[Atom, None] = {}
        for atom in self.frame.constants(self.value_at(path)):
            if isinstance(atom, Const):
                found[
                    Scalar(atom.type)
                    if self.coarseness >= NO_CONSTANTS and atom.type not in {"bool", "NoneType"}
                    else atom
                ] = None
            elif isinstance(atom, Scalar):
                found[atom] = None
        return tuple(found)

    def identities(self, path: Path) -> ConstantAnswer:
        """The caller's object that each mirror at the path stands for, where it is one."""
        self.answer(Question("kind", path))
        return tuple(self._identity(refs) for refs in self._sources[path])

    def _identity(self, refs: tuple[Ref, ...]) -> Atom:
        if len(refs) != 1 or self.coarseness >= NO_CONSTANTS or self.frame.object(refs[0]).is_summary:
            return UNKNOWN
        found = self.frame.identity(refs[0])
        return UNKNOWN if found is None else Ref(found if is_global(found) else ("outer", found))

    def fields(self, path: Path) -> ConstantAnswer:
        """The names of the attributes of the only instance at the path."""
        self.answer(Question("kind", path))
        refs = [ref for group in self._sources[path] for ref in group]
        if len(refs) != 1 or len(self._sources[path]) != 1 or self.coarseness >= NO_CONSTANTS:
            return (UNKNOWN,)
        names = self.frame.field_names(refs[0])
        return (UNKNOWN,) if names is None else tuple(Const("str", name) for name in names)

    def apart(self, question: Question) -> tuple[Atom, ...]:
        """Whether two objects that came in are surely not one."""
        one, other = (self.targets(id) for id in question.targets)
        is_apart = all(are_apart(self.frame, each, another) for each in one for another in other)
        return (TRUE,) if is_apart else ()

    def holds(self, question: Question) -> tuple[Ref, ...]:
        """Which of the objects asked for can be reached from a path; a callee with many contexts is told of none."""
        if self.coarseness:
            return ()
        sources = {id: self.targets(id) for id in question.targets}
        wanted = [ref.id for refs in sources.values() for ref in refs]
        found = reached(self.frame, self.value_below(question.path, question.without), question.without, wanted)
        return tuple(Ref(id) for id, refs in sources.items() if any(ref.id in found for ref in refs))

    def value_below(self, path: Path, without: frozenset[Content]) -> Value:
        """The caller's value at a path, looked at where some of its contents are left out."""
        return self.frame.look(self.value_at(path)) if without else self.value_at(path)

    def value_at(self, path: Path) -> Value:
        """The caller's value at a path of the callee's."""
        found = self._values.get(path)
        if found is None:
            found = (
                self._root(path[0])
                if len(path) == 1
                else self.frame.content(self.value_at(path[:-1]), outward(path[-1]))
            )
            self._values[path] = found
        return found

    def rename(self, renaming: Renaming) -> None:
        """Follow an object of the caller's to its new name."""
        self.bindings = {name: renaming.value(value) for name, value in self.bindings.items()}
        self.scope = renaming.value(self.scope)
        self._values = {path: renaming.value(value) for path, value in self._values.items()}
        self._sources = {
            path: tuple(tuple(renaming.ref(ref) for ref in refs) for refs in groups)
            for path, groups in self._sources.items()
        }
        self._met = {renaming.ref(ref): same for ref, same in self._met.items()}

    def _root(self, root: Content) -> Value:
        if root.kind == "arg":
            return self.bindings.get(str(root.name), NOTHING)
        if root.kind == "free":
            return self.scope
        if root.kind == "sent":
            return self.sent
        assert isinstance(root.name, tuple)
        return Value((Ref(root.name),))

    # --- translating --------------------------------------------------------------------

    def targets(self, id: ObjectId) -> tuple[Ref, ...]:  # noqa: A002
        """The caller's objects for one that came in or was made by an import."""
        return (Ref(id),) if is_global(id) else self.sources_of(id)

    def sources_of(self, id: ObjectId) -> tuple[Ref, ...]:  # noqa: A002
        """The caller's objects that a mirror stands for.

        None for a mirror that this caller does not have: what is provisionally said of a function under way may rest
        on questions that it has not asked again in this round, and that another caller within it answers otherwise.
        """
        _, path, position = id
        assert isinstance(path, tuple)
        assert isinstance(position, int)
        if path not in self._sources:
            self.answer(Question("kind", path))
        groups = self._sources[path]
        return groups[position] if position < len(groups) else ()

    def taints(self, taints: Taints) -> Taints:
        """The caller's taints for the callee's."""
        if not taints:
            return NO_TAINTS
        found: dict[Taint, Chain | None] = {}
        for taint, chain in taints.items():
            for outer, before in self._outer(taint):
                joined = joined_chain(before, chain)
                if outer not in found or length_of(joined) < length_of(found[outer]):
                    found[outer] = joined
        return found

    def _outer(self, taint: Taint) -> Iterable[tuple[Taint, Chain | None]]:
        origin = taint.origin
        if isinstance(origin, Source):
            owner = self._owner(origin.owner)
            moved = Taint(Source(origin.index, owner, origin.is_guess), taint.cleared, taint.carried)
            yield (taint if owner == origin.owner else moved), None
            return
        plain = not taint.cleared and not taint.carried
        for outer, chain in self._taints_below(origin).items():
            yield (outer if plain else taint.moved(outer)), chain

    def _owner(self, owner: ObjectId | None) -> ObjectId | None:
        if owner is None or is_global(owner):
            return owner
        if owner[0] == "in":
            refs = self.sources_of(owner)
            return refs[0].id if len(refs) == 1 else None
        return moved_id(self.frame, owner, self.at)

    def _taints_below(self, below: Below) -> Taints:
        found = self._below.get(below)
        if found is None:
            found = self.frame.deep_taints(self.value_below(below.path, below.without), below.without)
            root = below.path[0]
            if found and root.kind == "arg":
                hop = self.frame.hop("call", self.at, f"passed as `{root.name}` to `{self.callee}`")
                found = {taint: Chain(chain, hop) for taint, chain in found.items()}
            self._below[below] = found
        return found

    def pending(self, pending: Pending) -> Pending:
        """The callee's decisions that rest on the caller's own inputs."""
        found: set[tuple[object, bool]] = set()
        for question, outcome in pending:
            assert isinstance(question, tuple)
            for atom in self.value_at(question).atoms:
                if isinstance(atom, Input):
                    found.add((atom.path, outcome))
                elif isinstance(atom, Ref) and atom.id[0] == "in":
                    assert isinstance(atom.id[1], tuple)
                    found.add((atom.id[1], outcome))
        return frozenset(found) | self.frame.state.pending


# --- making a summary ------------------------------------------------------------------------


def outcome_of(frame: Frame, ends: list[tuple[Value, object]], state_value: Value) -> Outcome:
    """What is left of a joined end of a function: see `Outcome`."""
    heap = frame.state.heap
    effects = {id: obj for id, obj in heap.items() if is_changed(id, obj)}
    reachable: dict[ObjectId, Obj] = {}
    pending = [state_value, *(value for obj in effects.values() for value in held_by(obj))]
    while pending:
        value = pending.pop()
        for atom in value.atoms:
            if isinstance(atom, Ref) and atom.id not in reachable and is_local(atom.id) and atom.id in heap:
                obj = heap[atom.id]
                reachable[atom.id] = obj
                pending.extend(held_by(obj))
    outcome = Outcome(state_value, reachable, effects)
    return thinned(outcome) if len(reachable) > MOST_MADE else outcome


def thinned(outcome: Outcome) -> Outcome:
    """What is left, the objects that one place made taken together, by whatever calls they came about."""
    by_site: dict[ObjectId, list[ObjectId]] = {}
    for id in outcome.made:
        by_site.setdefault(site_of(id), []).append(id)
    renaming = Renaming({Ref(id): Ref(("old", site)) for site, ids in by_site.items() if len(ids) > 1 for id in ids})
    made: dict[ObjectId, Obj] = {}
    for id, obj in outcome.made.items():
        name, moved = renaming.ref(Ref(id)).id, renaming.object(obj)
        made[name] = joined_object(made[name], moved).replaced(is_summary=True) if name in made else moved
    effects = {id: renaming.object(obj) for id, obj in outcome.effects.items()}
    return Outcome(renaming.value(outcome.value), made, effects)


def held_by(obj: Obj) -> Iterable[Value]:
    """All values that an object refers to."""
    yield from obj.fields.values()
    yield from (Value((key_ref(content),)) for content in obj.fields if is_object_key(content))
    if obj.rest is not None:
        yield obj.rest
    if isinstance(obj.type, Ref):
        yield Value((obj.type,))
