"""Abstract values: what an expression may be (atoms) and which marked data is in it (taints).

    number = user.phone if short else "+1555"

leaves in `number` the value with the atoms `Scalar("str")` and `Const("str", "+1555")` and one taint,
the read of `User.phone`, with the chain of hops that brought it here.

Atoms are told apart exactly as long as that is cheap: constants, callables, classes and objects on the
abstract heap (flow/heap.py). `Input` stands for a value that came from outside the code under
evaluation and that nobody has looked at yet: a parameter, a captured variable, a global object, or
something below one. Looking at it asks the caller, and what was asked becomes the context of the
summary (flow/summaries.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from flowcheck.flow.results import Hop

ObjectId: TypeAlias = tuple[Hashable, ...]
"""Names an object of the abstract heap by where it was made (see heap.py)."""


class Content(NamedTuple):
    """A place inside an object: `Content("attr", "phone")`, `Content("key", "to")`, `Content("index", 0)`."""

    kind: str
    name: Hashable


def attr(name: str) -> Content:
    """`.name`"""
    return Content("attr", name)


def key(constant: Hashable) -> Content:
    """`[constant]` of a mapping."""
    return Content("key", constant)


def index(position: int) -> Content:
    """`[position]` of a sequence, counted from its start."""
    return Content("index", position)


class TextKey(str):
    """A key that is a member of an enumeration of texts: it equals the text, and is that member."""

    __slots__ = ("member",)

    member: ObjectId


class NumberKey(int):
    """Likewise for one of numbers."""

    member: ObjectId


ELEMENT = Content("element", None)
"""Any element of a sequence or set, any value of a mapping."""

KEYS = Content("keys", None)
"""The keys of a mapping."""

ROWS = Content("rows", None)
"""What a cursor would fetch: no part of what it is as data."""

Path: TypeAlias = tuple[Content, ...]
"""Where an input is found: a root (kind arg, free or obj) and the contents below it."""


# --- atoms -----------------------------------------------------------------------------------


class Const(Struct, frozen=True, gc=False):
    """A constant; the type's name keeps 1, 1.0 and True apart."""

    type: str
    value: bool | int | float | str | bytes | None


class Scalar(Struct, frozen=True, gc=False):
    """Some value of a type that has no parts worth following; no name means that nothing is known of it."""

    type: str = ""


class Computed(Scalar, frozen=True, gc=False):
    """A scalar made from inputs by a pure operation, which is carried out where somebody asks for the constant:
    `n % 2` is Computed("int", "operator %", (Input n, Const 2)). To all others it is some value of its type.
    """

    operation: str = ""
    operands: tuple[Atom, ...] = ()


class Ref(Struct, frozen=True, gc=False):
    """An object of the abstract heap."""

    id: ObjectId


class External(Struct, frozen=True, gc=False):
    """Something outside the code base, by its dotted name: `builtins.len`, `hashlib.sha256`, `flask.request`."""

    name: str


UNKNOWN_MEMBER = "?"
"""Where the names of members of unknown things begin: `?.send`."""

MOST_CALLS = 6
MOST_MEMBERS = 16
"""Calls, members in the name of something outside: what a longer chain gives has the name of what came before it."""


def result_name(name: str) -> str:
    """The name of what a call of something outside returns: `requests.Session().get()`."""
    return f"{name}()" if name.count("()") < MOST_CALLS else name


def member_name(name: str, member: str) -> str:
    """The name of a member of something outside."""
    return f"{name}.{member}" if name.count(".") < MOST_MEMBERS else name


class ModuleRef(Struct, frozen=True, gc=False):
    """A module of the code base."""

    name: str


class Input(Struct, frozen=True, gc=False):
    """What came in at `path`. `type` is set once its kind was asked for and it proved to be a scalar."""

    path: Path
    type: str | None = None


class Absent(Struct, frozen=True, gc=False):
    """Nothing is bound here on some way to this point."""


Atom: TypeAlias = Const | Scalar | Ref | External | ModuleRef | Input | Absent

UNKNOWN = Scalar()
ABSENT = Absent()
NONE = Const("NoneType", None)
TRUE = Const("bool", True)


def const(value: bool | float | str | bytes | None) -> Const:
    """The atom of a Python constant."""
    return Const(type(value).__name__, value)


def key_atom(name: object) -> Atom:
    """What a key of a mapping is; unknown for one that is no constant and no object."""
    if isinstance(name, TextKey | NumberKey):
        return Ref(name.member)
    if name is None or isinstance(name, bool | int | float | str | bytes):
        return Const(type(name).__name__, name)
    return External(str(name[1])) if isinstance(name, tuple) and name[0] == "external" else UNKNOWN


# --- taints ----------------------------------------------------------------------------------


class Source(Struct, frozen=True, gc=False):
    """Marked data from a source place (`index` into the solver's table); `owner` is the object it was read from.

    `is_guess`: a field matched by its name alone, because the object's class is not known here (a caller may know it).
    """

    index: int
    owner: ObjectId | None = None
    is_guess: bool = False


class Below(Struct, frozen=True, gc=False):
    """Whatever marked data the caller finds at `path` and below it, but not in the contents `without`."""

    path: Path
    without: frozenset[Content] = frozenset()


class Taint(Struct, frozen=True, gc=False):
    """Marked data; the sanitizers and guards that it passed, and the carriers of a platform's SDK that hold it
    (both indices into the solver's tables).
    """

    origin: Source | Below
    cleared: tuple[int, ...] = ()
    carried: tuple[int, ...] = ()

    def moved(self, outer: Taint) -> Taint:
        """The caller's taint for this one: its origin, what both passed."""
        return Taint(outer.origin, union(outer.cleared, self.cleared), union(outer.carried, self.carried))


def union(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    """Both, each once, sorted."""
    if not other or one == other:
        return one
    return tuple(sorted({*one, *other}))


class Chain:
    """The hops that brought a taint to where it is: a persistent list, shared between values.

    `link` is a hop, or the chain of a callee that was put behind the caller's.
    """

    __slots__ = ("before", "length", "link")

    def __init__(self, before: Chain | None, link: Hop | Chain) -> None:
        self.before = before
        self.link = link
        self.length: int = (before.length if before else 0) + (link.length if isinstance(link, Chain) else 1)

    def hops(self) -> list[Hop]:
        """The hops in order."""
        found: list[Hop] = []
        pending: list[Chain | Hop | None] = [self]
        while pending:
            item = pending.pop()
            if isinstance(item, Chain):
                pending.append(item.before)
                pending.append(item.link)
            elif item is not None:
                found.append(item)
        found.reverse()
        return found

    @property
    def last(self) -> Hop:
        """The last hop."""
        link = self.link
        while isinstance(link, Chain):
            link = link.link
        return link


def joined_chain(before: Chain | None, after: Chain | None) -> Chain | None:
    """`before` followed by `after`; None is the empty chain."""
    if after is None:
        return before
    if before is None:
        return after
    return Chain(before, after)


def length_of(chain: Chain | None) -> int:
    """The number of hops."""
    return chain.length if chain else 0


Taints: TypeAlias = Mapping[Taint, "Chain | None"]

NO_TAINTS: Taints = {}


def joined_taints(left: Taints, right: Taints) -> Taints:
    """Both; of two chains of one taint the shorter, of equally short ones the left."""
    if not right or left is right:
        return left
    if not left:
        return right
    if isinstance(left, CoarseTaints):
        right = coarser(right)
    joined: dict[Taint, Chain | None] | None = None
    for taint, chain in right.items():
        if taint not in left or length_of(chain) < length_of(left[taint]):
            if joined is None:
                joined = CoarseTaints(left) if isinstance(left, CoarseTaints) else dict(left)
            joined[taint] = chain
    if joined is None:
        return left
    return joined if len(joined) <= MOST_TAINTS or isinstance(joined, CoarseTaints) else coarser(joined)


MOST_TAINTS = 64
"""Taints that a value keeps apart; past that, inputs are only told apart by their roots."""


class CoarseTaints(dict[Taint, "Chain | None"]):
    """Taints that are coarse, so that nobody who adds to thousands of them need look at each again."""

    __slots__ = ()


def coarser(taints: Taints) -> CoarseTaints:
    """Inputs below one root taken together: whoever passes any of them passes all."""
    found = CoarseTaints()
    for taint, chain in taints.items():
        if isinstance(taint.origin, Below):
            taint = Taint(Below(taint.origin.path[:1]), taint.cleared, taint.carried)  # noqa: PLW2901
        if taint not in found or length_of(chain) < length_of(found[taint]):
            found[taint] = chain
    return found


def with_hop(taints: Taints, hop: Hop) -> Taints:
    """The same taints one hop further; a second hop of the same kind at the same place adds nothing."""
    return {taint: extended(chain, hop) for taint, chain in taints.items()}


def extended(chain: Chain | None, hop: Hop) -> Chain:
    """The chain with one hop more, unless its last hop is at the very same place."""
    if chain is not None and isinstance(chain.link, Hop) and chain.link.place == hop.place and not hop.assumed:
        return chain
    return Chain(chain, hop)


# --- values ----------------------------------------------------------------------------------


class Value:
    """Atoms (in the order found, each once) and taints. Immutable; compared with `covers`."""

    __slots__ = ("_is_free", "atoms", "taints")

    def __init__(self, atoms: tuple[Atom, ...], taints: Taints = NO_TAINTS) -> None:
        self.atoms = atoms
        self.taints = taints
        self._is_free: bool | None = None

    @property
    def is_free(self) -> bool:
        """Whether it means the same in every function: no inputs, no objects but those of imports, no taints."""
        if self._is_free is None:
            self._is_free = not self.taints and all(is_free(atom) for atom in self.atoms)
        return self._is_free

    def __repr__(self) -> str:
        return f"Value({', '.join(map(repr, self.atoms))}{' !' + str(len(self.taints)) if self.taints else ''})"

    def tainted(self, taints: Taints) -> Value:
        """This value with more taints."""
        return Value(self.atoms, joined_taints(self.taints, taints)) if taints else self

    def after(self, hop: Hop) -> Value:
        """This value with one hop more on each taint."""
        return Value(self.atoms, with_hop(self.taints, hop)) if self.taints else self

    def only(self, atoms: Iterable[Atom]) -> Value:
        """The same taints on other atoms."""
        return Value(tuple(atoms), self.taints)

    def present(self) -> Value:
        """Without the ways on which nothing is bound."""
        if ABSENT not in self.atoms:
            return self
        return Value(tuple(atom for atom in self.atoms if atom is not ABSENT and atom != ABSENT), self.taints)

    def covers(self, other: Value) -> bool:
        """Whether joining `other` would add nothing (chains aside)."""
        if self is other:
            return True
        return all(atom in self.atoms for atom in other.atoms) and all(t in self.taints for t in other.taints)


def is_free(atom: Atom) -> bool:
    """Whether an atom means the same in every function."""
    if isinstance(atom, Ref):
        return is_global(atom.id)
    return not isinstance(atom, Input | Computed)


def is_global(id: ObjectId) -> bool:  # noqa: A002
    """Whether an object was made while a module was imported, so that every function means the same by it."""
    while id[0] == "old":
        inner = id[1]
        assert isinstance(inner, tuple)
        id = inner
    return id[0] == "G"


MOST_ATOMS = 40
"""An abstract value keeps so many atoms apart; what comes after is only `UNKNOWN` (taints are all kept)."""

NOTHING = Value(())
NOT_IMPLEMENTED = External("builtins.NotImplemented")
"""What a method returns that leaves an operation to the other operand."""

UNKNOWN_VALUE = Value((UNKNOWN,))
NONE_VALUE = Value((NONE,))
ABSENT_VALUE = Value((ABSENT,))


FEW_ATOMS = 8
"""Of so many, one is sooner compared with each than looked up by its hash."""


def join(left: Value, right: Value) -> Value:
    """What may be either."""
    if left is right or (not right.atoms and not right.taints):
        return left
    if not left.atoms and not left.taints:
        return right
    known = left.atoms
    held = known if len(known) < FEW_ATOMS else frozenset(known)
    new = tuple(atom for atom in right.atoms if atom not in held)
    taints = joined_taints(left.taints, right.taints)
    if not new and taints is left.taints:
        return left
    atoms = known + new
    if len(atoms) > MOST_ATOMS:
        atoms = tuple(widened(atoms))
    return Value(atoms, taints)


def widened(atoms: tuple[Atom, ...]) -> Iterator[Atom]:
    """Constants give way first: the type is kept, the value is not."""
    seen: set[Atom] = set()
    for atom in atoms:
        kept = Scalar(atom.type) if isinstance(atom, Const | Computed) and atom is not NONE else atom
        if kept not in seen and len(seen) < MOST_ATOMS:
            seen.add(kept)
            yield kept
    if UNKNOWN not in seen:
        yield UNKNOWN


def join_all(values: Iterable[Value]) -> Value:
    """What may be any of them."""
    joined = NOTHING
    for value in values:
        joined = join(joined, value)
    return joined


def derived(taints: Taints, type_name: str = "") -> Value:
    """A scalar that was made from data with these taints."""
    return Value((Scalar(type_name),), taints)
