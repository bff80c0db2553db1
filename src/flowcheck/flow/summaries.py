"""Summaries: what a function does, in terms of what came in, and how a call site takes it over.

    def put(box, value):         summary: effect  box.item := Input(arg value)
        box.item = value                  result  Const None
    put(mine, user.phone)        here:    mine.item := the read of user.phone

A summary holds for every caller that gives the same answers to the questions the function asked. The
questions of all evaluations of a function form a tree (`Context`): each node holds the next question,
each branch an answer, each leaf a summary. This is a memo keyed by the part of the input that was
really looked at (Acar, Blelloch, Harper: Selective Memoization, POPL 2003).
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from flowcheck.facts.tree import Span
from flowcheck.flow.events import Event, Pending, add_event
from flowcheck.flow.folding import computed_with
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, Renaming, is_changed, is_local, joined_object
from flowcheck.flow.inputs import (
    ConstantAnswer,
    KindAnswer,
    Mirror,
    Question,
    Same,
    answer_of,
    inward,
    is_free_of_context,
    object_key,
    object_of_key,
    outward,
)
from flowcheck.flow.reachability import are_apart, reached
from flowcheck.flow.results import Hop
from flowcheck.flow.values import (
    KEYS,
    NO_TAINTS,
    NONE,
    NOTHING,
    TRUE,
    UNKNOWN,
    Atom,
    Below,
    Chain,
    Computed,
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
    extended,
    index,
    is_global,
    join,
    joined_chain,
    joined_taints,
    length_of,
)

STANDARD_MODULES = sys.stdlib_module_names

MOST_MIRRORED = 16
"""Positions or keys of a container that a callee sees apart; longer ones it sees as open."""

MOST_CONTEXTS = 48
"""Summaries of one function; past that, constants are no longer told apart."""

MOST_NESTED = 3
"""Evaluations of one function inside one another; from there on, constants and lengths are no longer told apart."""

MOST_AMBIGUOUS = 160
"""Summaries of one function; past that, what may be of several kinds is unknown to it."""

FEW_CONTEXTS = 8
"""Summaries of one function; past that, objects of libraries are told apart by their class alone."""

NO_LIBRARIES = 1
NO_CONSTANTS = 2
ONLY_CLEAR = 3
NOTHING_APART = 4
"""How coarsely a callee sees what it is given: objects of libraries by their class, then all by kinds alone, then only
what is of one kind, then as a stranger.
"""

AFFORDED = (3_000, 12_000, 30_000, 60_000)
"""Work on one function (see `Machine.work`) after which it sees what it is given more and more coarsely."""

MOST_MADE = 100
"""Objects in what a function leaves that are told apart by the calls that made them, not only by their place."""

DEEPEST_SITE = 4
"""Calls that the name of an object remembers."""


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
    assumes_context: bool = False

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
    summary of the round before.
    """

    question: Question | None = None
    answers: dict[KindAnswer, Context] = field(default_factory=dict)
    summary: Summary | None = None
    before: Summary | None = None
    waits: AbstractSet[Frame] = frozenset()


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
        self.frame.machine.forced_for_call(self.frame, ref)
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


AT = Content("at", None)
"""Where a generator that was run in part stands (flow/stepping.py)."""

OF_DICTIONARIES = frozenset({"factory", "keys", "attr", "counts"})
"""Kinds of contents that a dictionary has beside its items."""


def mirror_of(obj: Obj) -> Mirror:
    """How a callee sees an object."""
    own_class = isinstance(obj.type, Ref | Input) and not is_free_of_context(obj.type)
    length = obj.length
    known: tuple[Content, ...] = ()
    is_open = obj.rest is not None
    if obj.kind in {"list", "tuple", "generator"} and length > MOST_MIRRORED:
        length, is_open = 0, True
    if obj.kind == "dict":
        known = tuple(inward(content) for content in obj.fields if content.kind == "key")
        if len(known) > MOST_MIRRORED:
            known, is_open = (), True
        known = (*known, *(content for content in obj.fields if content.kind in OF_DICTIONARIES))
    elif obj.kind in {"function", "method", "class", "scope", "wrapper", "external"}:
        known = tuple(obj.fields)
    elif (obj.kind == "generator" and AT in obj.fields) or (obj.kind == "tuple" and obj.detail is not None):
        known = tuple(content for content in obj.fields if content.kind != "index")
    elif obj.kind == "list":
        known = tuple(content for content in obj.fields if content.kind == "limit")
    return Mirror(
        obj.kind,
        None if own_class else obj.type,
        hashable(obj.detail),
        length,
        is_open,
        known,
        obj.is_summary,
        own_class,
    )


def hashable(detail: object) -> Hashable:
    assert isinstance(detail, Hashable)
    return detail


def coarsened(mirror: Mirror, coarseness: int) -> Mirror:
    """The mirror as a callee sees it that has many contexts already."""
    if coarseness >= NO_CONSTANTS:
        mirror = loose(mirror)
    return opaque(mirror) if coarseness >= NO_LIBRARIES and mirror.kind == "external" else mirror


def opaque(mirror: Mirror) -> Mirror:
    """The mirror of what a library made, without what the program has put there: who reads that asks for it."""
    name = str(mirror.detail)
    if name.partition(".")[0] in STANDARD_MODULES:
        return mirror
    if name.startswith("?"):
        return Mirror("unknown", None, None, 0, False, (), mirror.is_summary)
    known = tuple(content for content in mirror.known if content.kind not in {"attr", "element"})
    return Mirror(mirror.kind, mirror.type, mirror.detail, 0, mirror.is_open, known, mirror.is_summary)


def loose(mirror: Mirror) -> Mirror:
    """The mirror of a container whose length and keys are not told apart."""
    if mirror.kind not in {"list", "tuple", "dict", "set", "generator"} or mirror.detail is not None:
        return mirror
    known: tuple[Content, ...] = ()
    if mirror.kind == "dict":
        known = (KEYS, *(content for content in mirror.known if content.kind not in {"key", "keys"}))
    return Mirror(mirror.kind, mirror.type, None, 0, True, known, True, mirror.has_own_class)


def summarised(mirror: Mirror) -> Mirror:
    """The mirror of several objects at once."""
    return Mirror(
        mirror.kind, mirror.type, mirror.detail, mirror.length, mirror.is_open, mirror.known, True, mirror.has_own_class
    )


def kind_of(atom: Atom) -> Atom:
    """What a callee learns of an atom that is no object: constants but None only by their type."""
    if isinstance(atom, Computed) or (isinstance(atom, Const) and atom != NONE):
        return Scalar(atom.type)
    if isinstance(atom, Input):
        return Scalar(atom.type or "")
    return atom


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


def site_of(id: ObjectId) -> ObjectId:  # noqa: A002
    """The place that made an object, without the calls on the way from there."""
    while id[0] in {"from", "old"}:
        inner = id[-1]
        assert isinstance(inner, tuple)
        id = inner
    return id


def held_by(obj: Obj) -> Iterable[Value]:
    """All values that an object refers to."""
    yield from obj.fields.values()
    if obj.rest is not None:
        yield obj.rest
    if isinstance(obj.type, Ref):
        yield Value((obj.type,))


# --- applying a summary ----------------------------------------------------------------------


def moved_id(frame: Frame, id: ObjectId, at: Span) -> ObjectId:  # noqa: A002
    """The name in the caller of an object that a callee made."""
    site = ("from", frame.module, at.line, at.column, at.end_column)
    depth, inner = 0, id
    while inner[0] in {"from", "old"}:
        if inner[:-1] == site:
            return inner  # made in a deeper turn of a recursion
        depth += 1
        last = inner[-1]
        assert isinstance(last, tuple)
        inner = last
    if depth >= DEEPEST_SITE:
        id = inner
    if frame.is_import:
        return ("G", frame.module, "from", at.line, at.column, at.end_column, id)
    return (*site, id)


class Application:
    """Takes one outcome of a callee over into the caller's state."""

    def __init__(self, view: CallView, outcome: Outcome) -> None:
        self.view = view
        self.frame = view.frame
        self.outcome = outcome
        self.names = {id: moved_id(view.frame, id, view.at) for id in outcome.made}

    def apply(self) -> Value:
        """Make the callee's objects, write its effects, and return its value in the caller's terms."""
        made: dict[ObjectId, Obj] = {}
        for id, obj in self.outcome.made.items():
            name, moved = self.names[id], self.object(obj)
            before = made.get(name)
            made[name] = moved if before is None else joined_object(before, moved).replaced(is_summary=True)
        effects = [(self.view.targets(id), self.object(obj), obj) for id, obj in self.outcome.effects.items()]
        value = self.value(self.outcome.value)
        self.frame.state.heap.update(made)
        for refs, translated, original in effects:
            for ref in refs:
                self.write(ref, translated, original, is_strong=len(refs) == 1)
        return value

    def value(self, value: Value) -> Value:
        """A value of the callee's in the caller's terms."""
        if value.is_free:
            return value
        atoms: dict[Atom, None] = {}
        extra: Taints = NO_TAINTS
        for atom in value.atoms:
            if isinstance(atom, Ref):
                atoms.update(dict.fromkeys(self.refs(atom)))
            elif isinstance(atom, Input):
                outer = self.view.value_at(atom.path)
                atoms.update(dict.fromkeys(self.input_atoms(atom, outer)))
                extra = joined_taints(extra, self.own_taints(outer, value, atom))
            elif isinstance(atom, Computed):
                atoms.update(dict.fromkeys(self.computed(atom)))
            else:
                atoms[atom] = None
        taints = self.view.taints(self.without_inputs(value))
        return Value(tuple(atoms), joined_taints(extra, taints))

    def input_atoms(self, atom: Input, outer: Value) -> Iterable[Atom]:
        """The caller's atoms for an input; of a scalar whose type is known only those of that type."""
        if atom.type is None:
            return outer.atoms
        return [
            each
            for each in self.frame.look(outer).atoms
            if isinstance(each, Const | Scalar | Input)
            and each != NONE
            and (each.type in ("", atom.type) or not atom.type)
        ]

    def computed(self, atom: Computed) -> tuple[Atom, ...]:
        """What the callee computed from its inputs, in the caller's terms."""
        return computed_with(atom, [tuple(self.operand(each)) for each in atom.operands])

    def operand(self, atom: Atom) -> Iterable[Atom]:
        if isinstance(atom, Input):
            return self.input_atoms(atom, self.view.value_at(atom.path))
        return self.computed(atom) if isinstance(atom, Computed) else (atom,)

    def own_taints(self, outer: Value, value: Value, atom: Input) -> Taints:
        """The taints of the caller's value itself, behind the hops they took in the callee."""
        for taint, chain in value.taints.items():
            if taint.origin == Below(atom.path):
                hop = self.hop_into(atom.path[0])
                return {
                    taint.moved(outer_taint): joined_chain(Chain(before, hop) if hop else before, chain)
                    for outer_taint, before in outer.taints.items()
                }
        return NO_TAINTS

    def hop_into(self, root: Content) -> Hop | None:
        if root.kind != "arg":
            return None
        return self.frame.hop("call", self.view.at, f"passed as `{root.name}` to `{self.view.callee}`")

    def without_inputs(self, value: Value) -> Taints:
        """The taints that are not those of an input standing as an atom beside them: these keep their structure."""
        paths = {atom.path for atom in value.atoms if isinstance(atom, Input)}
        if not paths:
            return value.taints
        return {
            taint: chain
            for taint, chain in value.taints.items()
            if not (isinstance(taint.origin, Below) and not taint.origin.without and taint.origin.path in paths)
        }

    def refs(self, ref: Ref) -> Iterable[Ref]:
        if ref.id in self.names:
            return (Ref(self.names[ref.id]),)
        if ref.id[0] == "in":
            return self.view.sources_of(ref.id)
        return (ref,)

    def object(self, obj: Obj) -> Obj:
        """An object of the callee's in the caller's terms."""
        if obj.is_free:
            return obj
        return Obj(
            obj.kind,
            {self.content(content): self.held(value) for content, value in obj.fields.items()},
            type=self.type(obj.type),
            detail=obj.detail,
            rest=self.held(obj.rest) if obj.rest is not None else None,
            length=obj.length,
            is_summary=obj.is_summary,
        )

    def content(self, content: Content) -> Content:
        """A content of the callee's in the caller's terms."""
        id = object_of_key(content)
        return object_key(self.names[id]) if id in self.names else outward(content)

    def held(self, value: Value) -> Value:
        """A value inside an object that comes from the callee: marked data put there has come by here."""
        translated = self.value(value)
        if not any(isinstance(taint.origin, Source) for taint in value.taints):
            return translated
        hop = self.frame.hop("call", self.view.at, f"held by what `{self.view.callee}` made or changed")
        taints = {
            taint: extended(chain, hop) if isinstance(taint.origin, Source) else chain
            for taint, chain in translated.taints.items()
        }
        return Value(translated.atoms, taints)

    def type(self, atom: Atom | None) -> Atom | None:
        if isinstance(atom, Ref):
            return next(iter(self.refs(atom)), None)
        if isinstance(atom, Input):
            found = self.view.value_at(atom.path).atoms
            return found[0] if len(found) == 1 else None
        return atom

    def write(self, ref: Ref, translated: Obj, original: Obj, *, is_strong: bool) -> None:
        """Bring a caller's object to the shape that the callee left it in."""
        obj = self.frame.own(ref)
        is_strong = is_strong and not obj.is_summary and not original.is_summary
        initial = original.initial
        changed = {
            self.content(content): translated.fields[self.content(content)]
            for content, value in original.fields.items()
            if initial is None or initial.fields.get(content) is not value
        }
        if is_strong and original.kind in {"list", "tuple", "dict", "set", "generator"}:
            kept = {c: v for c, v in obj.fields.items() if c.kind not in {"index", "key", "keys", "element"}}
            fresh = Obj(
                obj.kind,
                {**kept, **translated.fields},
                type=obj.type,
                detail=obj.detail,
                rest=translated.rest,
                length=translated.length,
                origin=obj.origin,
            )
            fresh.initial = obj.initial
            self.frame.state.heap[ref.id] = fresh
            return
        fields = dict(obj.fields)
        for content, value in changed.items():
            fields[content] = value if is_strong else join(obj.get(content), value)
        rest = translated.rest if initial is None or original.rest is not initial.rest else None
        if original.kind in {"list", "tuple"} and not is_strong:
            self.frame.state.heap[ref.id] = loosened(obj, translated)
            return
        rest = join(obj.rest or NOTHING, rest) if rest is not None else obj.rest
        self.frame.state.heap[ref.id] = obj.replaced(fields, rest)


def loosened(obj: Obj, other: Obj) -> Obj:
    """A sequence that may be as it was or as the other is: only the common positions stay known."""
    length = min(obj.length, other.length)
    rest = join(obj.rest or NOTHING, other.rest or NOTHING)
    for side in (obj, other):
        for position in range(length, side.length):
            rest = join(rest, side.fields[index(position)])
    fields = {index(position): join(obj.get(index(position)), other.get(index(position))) for position in range(length)}
    kept = {c: v for c, v in obj.fields.items() if c.kind != "index"}
    return obj.replaced({**kept, **fields}, rest if rest.atoms or rest.taints else None, length)


def take_over(view: CallView, summary: Summary) -> Value | None:
    """Bring what a callee did into the caller's state; its value, or None when it never returns."""
    frame = view.frame
    frame.machine.work += summary.size
    make_room(view, summary)
    for event in summary.events:
        translated = event.translated(view)
        if translated is not None:
            add_event(frame.events, translated)
    if summary.raised is not None:
        state = frame.state
        frame.state = state.fork()
        error = Application(view, summary.raised).apply()
        frame.raising[-1].append((error, frame.state))
        frame.state = state
    if summary.returned is None:
        return None
    return Application(view, summary.returned).apply()


def make_room(view: CallView, summary: Summary) -> None:
    """Objects of an earlier turn, made by the same call, become old ones before the new ones come."""
    heap = view.frame.state.heap
    outcomes = [outcome for outcome in (summary.returned, summary.raised) if outcome is not None]
    names = dict.fromkeys(moved_id(view.frame, id, view.at) for outcome in outcomes for id in outcome.made)
    taken = [name for name in names if name in heap]
    if taken:
        view.rename(view.frame.state.age(taken))


__all__ = ["BOTTOM", "CallView", "Context", "ContextTree", "Outcome", "Summary", "outcome_of", "take_over"]
