"""Questions about inputs, and their answers: how a function under evaluation sees its caller.

    def notify(self, value):            asks  kind(arg self)           -> Mirror(instance of Notifier)
        self.channel.send(value)              kind(arg self .channel)  -> Mirror(instance of MetaAudience)

The questions asked, with their answers, are the context of the function's summary: a call whose caller
gives the same answers takes the summary as it is. Values that are only passed on are never asked about.

    notifier.notify(notifier)           asks  kind(arg value)          -> Same(arg self, 0)

An object that was already met at another path is said to be that one, so that the function sees through both
names what it writes through either.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from flowcheck.flow.values import (
    Atom,
    Const,
    Content,
    External,
    Input,
    ModuleRef,
    ObjectId,
    Path,
    Ref,
    Scalar,
    attr,
    is_global,
    key,
)

CLASS = attr("__class__")
"""The class of an instance, as a content."""


BUILTIN = Content("builtin", None)
"""What an instance of a class that extends a builtin is beside its fields: see extended.py."""


class Mirror(Struct, frozen=True, gc=False):
    """An object of the caller's, as far as it was looked at: see `Obj` for the fields.

    `type` is None where the class is itself an object of the caller's (found below `__class__`) or unknown.
    `known` are the constant keys of a mapping or the attributes an object of unknown class has.
    """

    kind: str
    type: Atom | None
    detail: Hashable
    length: int
    is_open: bool
    known: tuple[Content, ...]
    is_summary: bool
    has_own_class: bool = False


class Same(Struct, frozen=True, gc=False):
    """An object of the caller's that the callee knows already: the answer at `position` for the kind of `path`."""

    path: Path
    position: int


KindAnswer: TypeAlias = "tuple[Atom | Mirror | Same, ...]"
"""What a value may be: what means the same to caller and callee, scalars by their type, objects of the caller's."""

ConstantAnswer: TypeAlias = "tuple[Atom, ...]"
"""The constants a scalar may be, or its type where it may be any."""


class Question(NamedTuple):
    """What is asked of the value at a path: its `kind`, which `constant` it may be, the `identity` of its mirrors, the
    names of the `fields` of the one instance that it is, or which of the `targets` (objects that came in) it `holds`,
    but for the contents left out.
    """

    mode: str
    path: Path
    without: frozenset[Content] = frozenset()
    targets: tuple[ObjectId, ...] = ()


class Oracle(Protocol):
    """Answers a function's questions about what came in."""

    def kind(self, path: Path) -> KindAnswer:
        """What the value at the path may be."""

    def constants(self, path: Path) -> ConstantAnswer:
        """Which constants it may be."""

    def identities(self, path: Path) -> ConstantAnswer:
        """Which object each of the mirrors at the path stands for, seen from the callee; UNKNOWN where that is several
        or may be any.
        """

    def fields(self, path: Path) -> ConstantAnswer:
        """The names of the attributes that the instance at the path has; UNKNOWN where it may have any."""

    def apart(self, question: Question) -> tuple[Atom, ...]:
        """TRUE where what the first two objects asked for stand for is surely not one object; else nothing."""

    def holds(self, question: Question) -> tuple[Ref, ...]:
        """Which of the objects asked for are found there or below."""


def answer_of(oracle: Oracle, question: Question) -> KindAnswer:
    """What an oracle says to a question."""
    match question.mode:
        case "kind":
            return oracle.kind(question.path)
        case "constant":
            return oracle.constants(question.path)
        case "identity":
            return oracle.identities(question.path)
        case "fields":
            return oracle.fields(question.path)
        case "apart":
            return oracle.apart(question)
        case _:
            return oracle.holds(question)


def inward(content: Content) -> Content:
    """A mapping's content as a callee names it: the caller's objects that serve as keys are outer ones there."""
    id = object_of_key(content)
    return content if id is None or is_global(id) else object_key(("outer", id))


def outward(content: Content) -> Content:
    """A content of a callee's mapping as the caller names it."""
    id = object_of_key(content)
    if id is None or id[0] != "outer":
        return content
    inner = id[1]
    assert isinstance(inner, tuple)
    return object_key(inner)


def object_of_key(content: Content) -> ObjectId | None:
    """The object that serves as a mapping's key."""
    name = content.name
    return name[1] if content.kind == "key" and isinstance(name, tuple) and name[0] == "object" else None


def object_key(id: ObjectId) -> Content:  # noqa: A002
    """The content under which a mapping holds what an object is the key of."""
    return key(("object", id))


def is_free_of_context(atom: Atom) -> bool:
    """Whether an atom means the same in every function."""
    if isinstance(atom, Ref):
        return is_global(atom.id)
    return isinstance(atom, External | ModuleRef)


def scalar_type(atom: Atom) -> str | None:
    """The type's name of a constant or scalar; None for anything else."""
    if isinstance(atom, Const | Scalar):
        return atom.type
    if isinstance(atom, Input):
        return atom.type
    return None
