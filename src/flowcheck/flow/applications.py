"""Applications: what a summary says, brought into the state of one caller.

put(box, value):         summary: effect  box.item := Input(arg value)
put(mine, user.phone)    here:    mine.item := the read of user.phone, one hop longer
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flowcheck.flow.events import Compared, Reached, add_event
from flowcheck.flow.folding import computed_with
from flowcheck.flow.heap import Obj, joined_object
from flowcheck.flow.inputs import object_key, object_of_key, outward
from flowcheck.flow.results import Hop
from flowcheck.flow.sites import moved_id
from flowcheck.flow.summaries import CallView, Outcome, Summary
from flowcheck.flow.values import (
    NO_TAINTS,
    NONE,
    NOTHING,
    Atom,
    Below,
    Chain,
    Computed,
    Const,
    Content,
    Input,
    ObjectId,
    Ref,
    Scalar,
    Source,
    Taints,
    Value,
    extended,
    index,
    join,
    joined_chain,
    joined_taints,
)


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
            if frame.state.guards and isinstance(translated, Reached | Compared):
                translated = replace(translated, taints=frame.machine.guarded(frame, translated.taints))
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
