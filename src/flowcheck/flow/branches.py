"""Branches: `if` and `match`, whose alternatives run on copies of the state that then join.

if short: number = user.phone
else: number = "+1555"          number: {the phone, "+1555"}; one of them where `short` is known
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.flow.conditions import assume, outcome_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import State, joined_states
from flowcheck.flow.matching import match_pattern
from flowcheck.flow.targets import assign_target


def execute_if(frame: Frame, node: tree.If, rest: tuple[tree.Statement, ...] = ()) -> bool:
    """`if test: ... elif ...: ... else: ...`, and the `rest` of its block, each way on its own."""
    frame.undecided.clear()
    outcome = outcome_of(frame, node.test)
    if outcome is not None:
        return execute_decided(frame, node, outcome) and go_through(frame, rest)
    undecided = set(frame.undecided)
    before = frame.state
    ends: list[State] = []
    for branch, holds in ((node.body, True), (node.orelse, False)):
        frame.state = before.fork()
        frame.undecided = set(undecided)
        if assume(frame, node.test, outcome=holds) and frame.machine.execute(frame, branch) and go_through(frame, rest):
            ends.append(frame.state)
    return go_on(frame, before, ends)


def execute_decided(frame: Frame, node: tree.If, outcome: bool) -> bool:
    """The branch that is taken. What its test says of consent holds behind it only if the other would have left."""
    before = frame.state.guards
    narrow_quietly(frame, node.test, outcome)
    noted = [guard for guard in frame.state.guards if guard not in before]
    taken, other = (node.body, node.orelse) if outcome else (node.orelse, node.body)
    if not frame.machine.execute(frame, taken):
        return False
    if noted and not (other and isinstance(other[-1], LEAVING)):
        frame.state.guards = tuple(guard for guard in frame.state.guards if guard not in noted)
    return True


LEAVING = (tree.Return, tree.Raise, tree.Break, tree.Continue)


def go_through(frame: Frame, rest: tuple[tree.Statement, ...]) -> bool:
    """Run the rest of a block on one of the ways to it."""
    return not rest or frame.machine.execute(frame, rest)


def narrow_quietly(frame: Frame, test: tree.Expression, outcome: bool) -> None:
    """What a decided test still says, guards for instance."""
    frame.undecided.clear()
    assume(frame, test, outcome=outcome)


def go_on(frame: Frame, before: State, ends: list[State]) -> bool:
    """Continue from the joined ends of alternatives, if there are any."""
    joined = joined_states(ends)
    if joined is None:
        frame.state = before
        return False
    frame.state = joined
    return True


def execute_match(frame: Frame, node: tree.Match) -> bool:
    """`match subject: case ...`"""
    subject = frame.evaluate(node.subject)
    ends: list[State] = []
    for case in node.cases:
        before = frame.state.fork()
        outcome, bound = match_pattern(frame, case.pattern, subject, node.at)
        if outcome is False:
            frame.state = before
            continue
        for target, value in bound:
            assign_target(frame, target, value, node.at)
        if isinstance(case.pattern, tree.MatchValue) and isinstance(case.pattern.value, tree.Constant):
            frame.machine.note_guard(frame, node.subject, case.pattern.value.value is True)
        if case.guard is not None:
            decided = outcome_of(frame, case.guard)
            if decided is False or not assume(frame, case.guard, outcome=True):
                frame.state = before
                continue
            outcome = True if outcome is True and decided is True else None
        if frame.machine.execute(frame, case.body):
            ends.append(frame.state)
        if outcome is True:
            return go_on(frame, before, ends)
        frame.state = before
    return go_on(frame, frame.state, [*ends, frame.state])
