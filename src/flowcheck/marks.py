"""Markers for the code that is analysed: no dependency, no effect at run time.

    from typing import Annotated
    from flowcheck.marks import CollectedFor, used_for

    class User:
        phone: Annotated[str, CollectedFor("security")]

    @used_for("advertising")
    def sync_audience(rows): ...

A marker says the same as a comment (`# flowcheck: security-collected`) or a text in `Annotated`.
Decorators give back the very object they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_T = TypeVar("_T")

__all__ = ["CollectedFor", "SuppliedFor", "UsedFor", "collected_for", "supplied_for", "used_for"]


class _Marker:
    """A purpose, to stand in `Annotated`; equal to another of its kind with the same purpose."""

    __slots__ = ("purpose",)

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Marker) and type(other) is type(self) and other.purpose == self.purpose

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.purpose))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.purpose!r})"


class CollectedFor(_Marker):
    """`Annotated[str, CollectedFor("security")]`: the value was collected for that purpose."""

    __slots__ = ()


class UsedFor(_Marker):
    """`Annotated[list, UsedFor("advertising")]`: what is given here is used for that purpose."""

    __slots__ = ()


class SuppliedFor(_Marker):
    """`Annotated[list, SuppliedFor("advertising")]`: the value came from a customer, for that purpose."""

    __slots__ = ()


def collected_for(purpose: str) -> Callable[[_T], _T]:
    """Mark what a function returns, or every field of a class, as collected for a purpose."""
    return _unchanged


def used_for(purpose: str) -> Callable[[_T], _T]:
    """Mark every parameter of a function, or of a class's public methods, as used for a purpose."""
    return _unchanged


def supplied_for(purpose: str) -> Callable[[_T], _T]:
    """Mark what a function returns, or every field of a class, as supplied for a purpose."""
    return _unchanged


def _unchanged(marked: _T) -> _T:
    return marked
