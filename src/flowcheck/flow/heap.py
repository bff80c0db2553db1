"""The abstract heap: objects, the state of a function under evaluation, joining two states.

    row = {}            # object made at this line: Obj(kind="dict", fields={})
    row["to"] = phone   # strong update: Obj(kind="dict", fields={key("to"): phone})
    rows.append(row)    # the list holds a Ref to it, so that a later row["to"] = "" is seen through rows

An object is named by the place that made it. A loop that comes by that place again first renames the
object of the turn before to its `old` one, which stands for all earlier turns and only takes weak
updates (recency abstraction; Balakrishnan and Reps, SAS 2006). An object that came in from the
caller is a mirror: its `origin` says where it is found there, and a content that nobody has read or
written yet is an `Input` below that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeAlias

from flowcheck.flow.values import (
    ABSENT_VALUE,
    ELEMENT,
    NO_TAINTS,
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Below,
    Computed,
    Const,
    Content,
    Input,
    ObjectId,
    Path,
    Ref,
    Scalar,
    Taint,
    Taints,
    Value,
    index,
    is_free,
    is_global,
    join,
    joined_taints,
)

LONGEST_PATH = 11
"""Contents of a path, its root included; what lies deeper is one with its parent."""

MOST_REPEATED = 3
"""Times one content may stand in a path: `node.next.next.next` is as far as a chain is followed link by link."""

Fields: TypeAlias = Mapping[Content, Value]

Form: TypeAlias = "tuple[Hashable, ...]"
"""A test on local variables, by its form (flow/correlations.py)."""

SEQUENCES = frozenset({"list", "tuple"})
FIXED = frozenset({"function", "class", "method", "wrapper"})
"""Kinds whose contents are all known when they are first seen."""

CODE = frozenset({"function", "class", "scope", "method"})
"""Kinds that hold nothing as data."""

LEADS = frozenset({"rows", "file", "inside", "handler", "live"})
"""Kinds of contents that an object only leads to: a path does not hold the file."""


class Obj:
    """One object. Immutable: a write makes a new record under the same id.

    `kind` is what it is to Python: instance, class, function, method, list, tuple, dict, set, generator,
    scope (the captured variables of a function), external (made by a library), or unknown.
    `type` is the atom of its class where that is known. `detail` depends on the kind: the code of a function or class,
    the name of an external object or of a builtin's method.
    `fields` are the contents known apart; `rest` is what any other element may be (None: there is no other).
    `length` counts the leading elements of a sequence that are known by position.
    `initial` is a mirror as it came in, before anything was written to it.
    `is_summary` says that it stands for several objects, so that writes may only add.
    """

    __slots__ = (
        "_data",
        "_has_new_data",
        "_is_free",
        "_references",
        "_unread",
        "detail",
        "fields",
        "initial",
        "is_summary",
        "kind",
        "length",
        "origin",
        "rest",
        "type",
    )

    def __init__(  # noqa: PLR0913 - a record's fields
        self,
        kind: str,
        fields: Fields | None = None,
        *,
        type: Atom | None = None,  # noqa: A002 - the field's word for it
        detail: object = None,
        rest: Value | None = None,
        length: int = 0,
        origin: Path | None = None,
        is_summary: bool = False,
    ) -> None:
        self.kind = kind
        self.fields: Fields = fields if fields is not None else {}
        self.type = type
        self.detail = detail
        self.rest = rest
        self.length = length
        self.origin = origin
        self.is_summary = is_summary
        self._references: frozenset[Ref] | None = None
        self._is_free: bool | None = None
        self._data: tuple[tuple[Ref, ...], Taints] | None = None
        self._has_new_data: bool | None = None
        self._unread: tuple[Content, ...] | None = None
        self.initial: Obj | None = self if origin is not None else None

    def __repr__(self) -> str:
        return f"Obj({self.kind}, {self.detail or self.type or ''}, {dict(self.fields)}, rest={self.rest})"

    def replaced(
        self,
        fields: Fields | None = None,
        rest: Value | None = None,
        length: int | None = None,
        is_summary: bool | None = None,
    ) -> Obj:
        """A copy with these parts changed; `rest` only ever grows by this."""
        copy = Obj(
            self.kind,
            self.fields if fields is None else fields,
            type=self.type,
            detail=self.detail,
            rest=self.rest if rest is None else rest,
            length=self.length if length is None else length,
            origin=self.origin,
            is_summary=self.is_summary if is_summary is None else is_summary,
        )
        copy.initial = self.initial
        return copy

    def of_class(self, cls: Atom) -> Obj:
        """The same object, now of another class."""
        copy = self.replaced()
        copy.type = cls
        return copy

    def missing(self, content: Content) -> Value:
        """What a content holds that was neither read nor written here."""
        if self.kind == "dict" and self.origin is not None and self.rest is not None and content.kind == "key":
            return (
                join(self.rest, input_value((*self.origin, content)))
                if self.is_written_openly()
                else input_value((*self.origin, content))
            )
        if self.kind in SEQUENCES or self.kind == "dict":
            return self.rest if self.rest is not None else ABSENT_VALUE
        if self.origin is not None and self.kind not in FIXED:
            return input_value((*self.origin, content))
        return self.rest if self.rest is not None else ABSENT_VALUE

    def get(self, content: Content) -> Value:
        """What a content holds."""
        found = self.fields.get(content)
        return self.missing(content) if found is None else found

    def held(self, content: Content) -> Value:
        """Likewise, and whether there is anything: a key that is not known of an open mapping need not be in it."""
        is_open = self.kind == "dict" and content.kind == "key" and self.origin is None and content not in self.fields
        return join(self.missing(content), ABSENT_VALUE) if is_open else self.get(content)

    def elements(self) -> list[Value]:
        """The values of a sequence, set or mapping, in order, then the rest."""
        known = [value for content, value in self.fields.items() if content.kind in {"index", "key"}]
        return [*known, self.rest] if self.rest is not None else known

    def is_written_openly(self) -> bool:
        """Whether something was stored here under a key that is not known."""
        return self.initial is None or self.initial.rest is not self.rest

    @property
    def references(self) -> frozenset[Ref]:
        """The objects it refers to directly, its class among them."""
        if self._references is None:
            held = [*self.fields.values(), self.rest] if self.rest is not None else list(self.fields.values())
            refs = [atom for value in held for atom in value.atoms if isinstance(atom, Ref)]
            if isinstance(self.type, Ref):
                refs.append(self.type)
            self._references = frozenset([*refs, *map(key_ref, filter(is_object_key, self.fields))])
        return self._references

    @property
    def is_free(self) -> bool:
        """Whether all that it holds means the same in every function."""
        if self._is_free is None:
            self._is_free = (
                self.origin is None
                and (self.type is None or is_free(self.type))
                and (self.rest is None or self.rest.is_free)
                and all(value.is_free for value in self.fields.values())
                and not (self.kind == "dict" and any(map(is_local_key, self.fields)))
            )
        return self._is_free

    @property
    def data(self) -> tuple[tuple[Ref, ...], Taints]:
        """The objects and the taints that it holds as data: what a function captured is not part of it."""
        if self._data is None:
            self._data = self.data_without(frozenset())
        return self._data

    def data_without(self, skipped: frozenset[Content]) -> tuple[tuple[Ref, ...], Taints]:
        """Likewise, some contents left out."""
        if self.kind in CODE:
            return (), NO_TAINTS
        held = [value for content, value in self.fields.items() if content not in skipped and content.kind not in LEADS]
        if self.rest is not None:
            held.append(self.rest)
        taints = NO_TAINTS
        for value in held:
            taints = joined_taints(taints, value.taints)
        if self.origin is not None and self.kind in {"instance", "unknown", "external"}:
            taints = joined_taints(taints, {Taint(Below(self.origin, frozenset(self.fields) | skipped)): None})
        refs = dict.fromkeys(atom for value in held for atom in value.atoms if isinstance(atom, Ref))
        if self.kind == "dict":
            refs.update((key_ref(content), None) for content in self.fields if is_local_key(content))
        return tuple(refs), taints

    @property
    def unread(self) -> tuple[Content, ...]:
        """The contents known apart that are inputs, of which nothing is known but their path."""
        if self._unread is None:
            self._unread = tuple(
                content
                for content, value in self.fields.items()
                if any(isinstance(atom, Input) and atom.type is None for atom in value.atoms)
            )
        return self._unread

    @property
    def is_written(self) -> bool:
        """Whether a mirror is no longer as it came in."""
        before = self.initial
        return before is not self and (
            before is None
            or self.length != before.length
            or self.rest is not before.rest
            or any(before.fields.get(content) is not value for content, value in self.fields.items())
            or len(self.fields) != len(before.fields)
        )

    @property
    def has_new_data(self) -> bool:
        """Whether a mirror holds data, or objects, that it did not hold when it came in."""
        if self._has_new_data is None:
            self._has_new_data = self.is_written and any(
                may_hold_data(value, (*self.origin, content) if self.origin is not None else None)
                for content, value in self._new_contents()
            )
        return self._has_new_data

    def _new_contents(self) -> Iterator[tuple[Content, Value]]:
        before = self.initial
        if self.rest is not None and (before is None or self.rest is not before.rest):
            yield ELEMENT, self.rest
        for content, value in self.fields.items():
            if before is None or before.fields.get(content) is not value:
                yield content, value

    @property
    def is_exact(self) -> bool:
        """Whether all elements are known apart."""
        return self.rest is None and not self.is_summary


def is_object_key(content: Content) -> bool:
    """Whether a mapping's key is an object."""
    return content.kind == "key" and isinstance(content.name, tuple) and content.name[0] == "object"


def key_ref(content: Content) -> Ref:
    """The object that is a mapping's key."""
    assert isinstance(content.name, tuple)
    return Ref(content.name[1])


def is_local_key(content: Content) -> bool:
    """Whether a mapping's content is under an object that a function made."""
    name = content.name
    return content.kind == "key" and isinstance(name, tuple) and name[0] == "object" and not is_global(name[1])


def may_hold_data(value: Value, own: Path | None) -> bool:
    """Whether a value has taints or is an object, other than what was found at its own path."""
    return any(not isinstance(taint.origin, Below) or taint.origin.path != own for taint in value.taints) or any(
        isinstance(atom, Ref) and (atom.id[0] != "in" or atom.id[1] != own) for atom in value.atoms
    )


def input_value(path: Path) -> Value:
    """The unread value at a path."""
    if is_too_long(path):
        return Value(UNKNOWN_VALUE.atoms, {Taint(Below(path[:-1])): None})
    return Value((Input(path),), {Taint(Below(path)): None})


def is_too_long(path: Path) -> bool:
    """Whether a path is not followed any further."""
    return len(path) > LONGEST_PATH or path.count(path[-1]) > MOST_REPEATED


class State:
    """What holds at a point of a function: its variables, the heap, and what this way to the point assumed.

    `pending` are the decisions on unknown inputs that lie on every way here, as (path, outcome).
    `guards` are the consent conditions that hold here; `known` is what tests on local variables said on every way here.
    """

    __slots__ = ("guards", "heap", "known", "pending", "variables")

    def __init__(
        self,
        variables: dict[str, Value] | None = None,
        heap: dict[ObjectId, Obj] | None = None,
        pending: frozenset[tuple[object, bool]] = frozenset(),
        guards: tuple[object, ...] = (),
        known: Mapping[Form, bool] | None = None,
    ) -> None:
        self.variables = variables if variables is not None else {}
        self.heap = heap if heap is not None else {}
        self.pending = pending
        self.guards = guards
        self.known: Mapping[Form, bool] = known if known is not None else {}

    def fork(self) -> State:
        """A copy that can go its own way; objects are shared until written."""
        return State(dict(self.variables), dict(self.heap), self.pending, self.guards, self.known)

    def become(self, other: State) -> None:
        """Take over another state's contents."""
        self.variables, self.heap = other.variables, other.heap
        self.pending, self.guards, self.known = other.pending, other.guards, other.known

    def bind(self, name: str, value: Value) -> None:
        """Bind a local variable anew; what tests said about the one before is no longer known."""
        self.variables[name] = value
        if self.known:
            operand = ("name", name)
            self.known = {form: held for form, held in self.known.items() if form != operand and operand not in form}

    def make(self, made: ObjectId, obj: Obj) -> Ref:
        """Put a new object on the heap; the one made at the same place before becomes `old`."""
        if made in self.heap:
            obj = self.age((made,)).object(obj)
        self.heap[made] = obj
        return Ref(made)

    def age(self, made: Iterable[ObjectId]) -> Renaming:
        """Rename objects to their old ones, which they join; the renaming, for who else holds references."""
        renaming = Renaming({Ref(id): Ref(("old", id)) for id in made})
        aged = [(id, self.heap.pop(id)) for id in made]
        self.variables = {name: renaming.value(value) for name, value in self.variables.items()}
        for id, obj in self.heap.items():
            if not obj.references.isdisjoint(renaming.names):
                self.heap[id] = renaming.object(obj)
        for id, obj in aged:
            old: ObjectId = ("old", id)
            renamed = renaming.object(obj).replaced(is_summary=True)
            before = self.heap.get(old)
            self.heap[old] = renamed if before is None else joined_object(before, renamed)
        return renaming

    def write(self, ref: ObjectId, content: Content, value: Value, *, is_strong: bool) -> None:
        """Store a value in a content; a weak write adds to what is there."""
        obj = self.heap[ref]
        if not is_strong or obj.is_summary:
            value = join(obj.get(content), value)
        self.heap[ref] = obj.replaced({**obj.fields, content: value})

    def write_any(self, ref: ObjectId, value: Value) -> None:
        """Store a value in some element nobody knows: each known one may be it."""
        obj = self.heap[ref]
        fields = {c: join(v, value) if c.kind in {"index", "key"} else v for c, v in obj.fields.items()}
        self.heap[ref] = obj.replaced(fields, rest=join(obj.rest or NOTHING, value))


class Renaming:
    """References become others wherever they stand."""

    __slots__ = ("names",)

    def __init__(self, names: Mapping[Ref, Ref]) -> None:
        self.names = names

    def ref(self, ref: Ref) -> Ref:
        return self.names.get(ref, ref)

    def value(self, value: Value) -> Value:
        if not any(isinstance(atom, Ref) and atom in self.names for atom in value.atoms):
            return value
        atoms = (self.names.get(atom, atom) if isinstance(atom, Ref) else atom for atom in value.atoms)
        return Value(tuple(dict.fromkeys(atoms)), value.taints)

    def content(self, content: Content) -> Content:
        """A content under the new name of the object that is its key."""
        if content.kind != "key" or not isinstance(content.name, tuple) or content.name[0] != "object":
            return content
        return Content("key", ("object", self.ref(Ref(content.name[1])).id))

    def object(self, obj: Obj) -> Obj:
        fields: dict[Content, Value] = {}
        for content, value in obj.fields.items():
            name = self.content(content)
            fields[name] = join(fields[name], self.value(value)) if name in fields else self.value(value)
        rest = self.value(obj.rest) if obj.rest is not None else None
        renamed = obj.replaced(fields, rest)
        return renamed.of_class(self.ref(obj.type)) if isinstance(obj.type, Ref) else renamed


def joined_states(states: Iterable[State]) -> State | None:
    """What may hold after any of them; None when there is none."""
    joined: State | None = None
    for state in states:
        joined = state if joined is None else joined_state(joined, state)
    return joined


def joined_state(left: State, right: State) -> State:
    """What may hold after either."""
    if left is right:
        return left
    variables = {
        name: join(left.variables.get(name, ABSENT_VALUE), right.variables.get(name, ABSENT_VALUE))
        for name in {**left.variables, **right.variables}
    }
    guards = tuple(guard for guard in left.guards if guard in right.guards)
    known = {form: held for form, held in left.known.items() if right.known.get(form) is held} if left.known else {}
    return State(variables, joined_heap(left.heap, right.heap), left.pending & right.pending, guards, known)


def joined_heap(left: dict[ObjectId, Obj], right: dict[ObjectId, Obj]) -> dict[ObjectId, Obj]:
    """Likewise, the objects: nearly all are the same on both sides."""
    heap = dict(left)
    for id, obj in right.items():
        other = heap.get(id)
        if other is not obj:
            heap[id] = with_initial(obj) if other is None else joined_object(other, obj)
    if len(heap) != len(right):
        for id in left.keys() - right.keys():
            heap[id] = with_initial(left[id])
    return heap


def with_initial(obj: Obj) -> Obj:
    """A mirror that one way never looked at is on that way as it came in."""
    return obj if obj.initial is None or obj.initial is obj else joined_object(obj, obj.initial)


def joined_object(left: Obj, right: Obj) -> Obj:
    """An object that may be in either shape."""
    if left is right:
        return left
    if left.kind in SEQUENCES:
        return joined_sequence(left, right)
    fields = {content: join(left.held(content), right.held(content)) for content in {**left.fields, **right.fields}}
    return left.replaced(fields, joined_rest(left, right), None, left.is_summary or right.is_summary)


def joined_sequence(left: Obj, right: Obj) -> Obj:
    """Positions known on both sides stay apart; the longer side's others become the rest."""
    length = min(left.length, right.length)
    rest = joined_rest(left, right)
    for side in (left, right):
        for position in range(length, side.length):
            rest = join(rest or NOTHING, side.fields[index(position)])
    kept = {
        content: join(left.get(content), right.get(content))
        for content in {**left.fields, **right.fields}
        if content.kind != "index" or int(str(content.name)) < length
    }
    return left.replaced(kept, rest, length, left.is_summary or right.is_summary)


def joined_rest(left: Obj, right: Obj) -> Value | None:
    """The rest of both; none only if neither has one."""
    if left.rest is None or right.rest is None:
        return left.rest if right.rest is None else right.rest
    return join(left.rest, right.rest)


def is_local(id: ObjectId) -> bool:  # noqa: A002
    """Whether the function under evaluation made the object itself."""
    return id[0] != "in" and not is_global(id)


def is_changed(id: ObjectId, obj: Obj) -> bool:  # noqa: A002
    """Whether an object that came in was written to."""
    return not is_local(id) and obj.is_written


def covers_state(known: State, new: State) -> bool:
    """Whether joining `new` into `known` would change nothing but chains: a loop's fixpoint test."""
    return all(known.variables.get(name, ABSENT_VALUE).covers(value) for name, value in new.variables.items()) and all(
        id in known.heap and covers_object(known.heap[id], obj) for id, obj in new.heap.items()
    )


def covers_object(known: Obj, new: Obj) -> bool:
    """Likewise for one object."""
    if known is new:
        return True
    if known.length != new.length or (new.rest is not None and known.rest is None):
        return False
    if new.rest is not None and known.rest is not None and not known.rest.covers(new.rest):
        return False
    if any(content not in new.fields and not value.covers(new.get(content)) for content, value in known.fields.items()):
        return False
    return all(known.get(content).covers(value) for content, value in new.fields.items())


def widened_state(before: State, after: State, *, only_numbers: bool) -> State:
    """`after`, where each constant that `before` does not have is any of its type: what a loop counts has no end."""
    for name, value in after.variables.items():
        after.variables[name] = widened_value(before.variables.get(name, ABSENT_VALUE), value, only_numbers)
    for id, obj in after.heap.items():
        known = before.heap.get(id)
        if known is not None and known is not obj:
            fields = {c: widened_value(known.get(c), value, only_numbers) for c, value in obj.fields.items()}
            rest = widened_value(known.rest, obj.rest, only_numbers) if obj.rest and known.rest else None
            after.heap[id] = obj.replaced(fields, rest)
    return after


def widened_value(before: Value, after: Value, only_numbers: bool) -> Value:
    """Likewise of one value."""
    if before is after:
        return after
    kept = {atom if atom in before.atoms else uncounted(atom, only_numbers): None for atom in after.atoms}
    return Value(tuple(kept), after.taints)


def uncounted(atom: Atom, only_numbers: bool) -> Atom:
    """Any constant of the type, where that has no end of them."""
    types = NUMBERS if only_numbers else SCALARS
    return Scalar(atom.type) if isinstance(atom, Const | Computed) and atom.type in types else atom


NUMBERS = frozenset({"int", "float"})
SCALARS = NUMBERS | {"str", "bytes"}


def element_of(obj: Obj) -> Value:
    """What any one element of a container may be."""
    value = obj.fields.get(ELEMENT, NOTHING)
    for each in obj.elements():
        value = join(value, each)
    return value
