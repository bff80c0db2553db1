"""A time limit: when it is over, what is under evaluation is left, and what was not looked at is told.

Without one, nothing that is found depends on time. With one, what is found is found without it too: an entry point
that was left speaks of nothing, and one whose callers were not all seen says only what does not rest on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flowcheck.flow.results import BlindSpot, Place
from flowcheck.program.program import CodeRef, Program

REMEDY = "give it more time (--time-limit), or leave out what matters least (`exclude`); without a limit all is seen"


class OutOfTime(Exception):  # noqa: N818 - control flow of the solver, no error
    """The time limit was over while something was under evaluation."""


class Deadline:
    """When the time that a run may take is over: never, if no limit was asked for.

    `now` tells the seconds of any clock that does not go back. `has_passed` says whether a run was cut.
    """

    def __init__(self, now: Callable[[], float], limit: float | None = None) -> None:
        self._now = now
        self._end = None if limit is None else now() + limit
        self.has_passed = False

    def check(self) -> None:
        """Raise OutOfTime when the time is over, once: what is said of what was found costs what it costs."""
        if self._end is not None and not self.has_passed and self._now() >= self._end:
            self.has_passed = True
            raise OutOfTime


def never() -> Deadline:
    """A deadline that does not come."""
    return Deadline(lambda: 0.0)


def cut_spot(program: Program, unseen: Iterable[CodeRef], seen: Iterable[CodeRef], sources: int) -> BlindSpot:
    """What the time limit hid: the entry points that were still to be looked at, at the first of them.

    It might have hidden what becomes of any of the `sources`.
    """
    left = sorted(unseen, key=lambda ref: (program.path_of(ref.module), ref.index))
    first = left[0] if left else max(seen, key=lambda ref: (program.path_of(ref.module), ref.index))
    place = Place(program.path_of(first.module), program.code(first).at)
    files = len({program.path_of(ref.module) for ref in left})
    what = (
        f"{len(left)} functions or modules in {files} files, this one first," if left else "readers of what is stored"
    )
    message = f"the time limit was over before {what} and all that they lead to had been looked at"
    return BlindSpot("limit", "time", place, (), message, REMEDY, sources)
