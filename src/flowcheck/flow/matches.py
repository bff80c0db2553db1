"""Matches: collected data on one side of a comparison, supplied data on the other; and the places where data ends.

user.phone == row["phone"]      a match by ==
len(user.phone)                 a number that carries nothing: the phone stops here
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.clearing import guarded
from flowcheck.flow.events import Compared, SinkPoint, Stopped, add_event
from flowcheck.flow.frames import Frame
from flowcheck.flow.values import NO_TAINTS, Taints, Value, joined_taints

MATCHING = frozenset({"==", "in", "!=", "not in"})


def note_comparison(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> None:
    """`a == b`, `a in b`: collected data on one side, supplied data on the other?"""
    if not frame.machine.labels.has_supplied or operator not in MATCHING:
        return
    note_match(frame, operator, frame.deep_taints(left), frame.deep_taints(right), at)


def note_match(frame: Frame, how: str, left: Taints, right: Taints, at: Span) -> None:
    """Two sides met."""
    if not left or not right:
        return
    frame.machine.sink_places.setdefault((frame.machine.function_name(frame), f"match by {how}"), set()).add(
        frame.place(at)
    )
    point = SinkPoint(f"match by {how}", None, "", None, None, frame.place(at), frame.machine.function_name(frame), -1)
    add_event(frame.events, Compared(point, guarded(frame, left), guarded(frame, right), frame.state.pending))


def note_stop(frame: Frame, reason: str, values: list[Value], at: Span) -> None:
    """Marked data ends here, for a reason."""
    taints: Taints = NO_TAINTS
    for value in values:
        taints = joined_taints(taints, frame.deep_taints(value))
    if taints:
        add_event(frame.events, Stopped(reason, frame.place(at), taints))
