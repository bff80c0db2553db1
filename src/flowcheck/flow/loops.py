"""Loops: turns told apart while elements or the test are known, the others taken together until nothing changes.

for row in [a, b]: push(row)    push(a), then push(b)
for row in rows: last = row     zero or more turns: last as before, or any of rows
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts import tree
from flowcheck.flow.branches import go_on
from flowcheck.flow.conditions import assume, truth
from flowcheck.flow.frames import Diverges, Frame, Loop
from flowcheck.flow.heap import State, covers_state, joined_state, joined_states
from flowcheck.flow.iteration import iterate
from flowcheck.flow.targets import assign_target
from flowcheck.flow.values import Value

MOST_UNROLLED = 24
"""Turns of a `while` whose condition keeps folding."""

MOST_TURNS = 12
"""Turns after which a loop that still changes is cut (its state then only grows by labels)."""


def execute_while(frame: Frame, node: tree.While) -> bool:
    """`while test: ... else: ...`: turns are told apart while the test folds, then taken together."""
    frame.loops.append(Loop())
    is_running = unroll_while(frame, node)
    if is_running:
        is_running = repeat(frame, lambda: while_turn(frame, node))
        if is_running:
            frame.undecided.clear()
            outcome = truth(frame, frame.evaluate(node.test))
            is_running = outcome is not True and assume(frame, node.test, outcome=False)
    return end_loop(frame, node.orelse, is_running=is_running)


def unroll_while(frame: Frame, node: tree.While) -> bool:
    """Run the turns whose test is surely true; whether the loop then goes on with an open test."""
    for _ in range(MOST_UNROLLED):
        before = frame.state.fork()
        frame.undecided.clear()
        outcome = truth(frame, frame.evaluate(node.test))
        if outcome is False:
            frame.loops[-1].normal_end = True
            return False
        if outcome is None or is_constant(node.test):
            frame.state = before
            return True
        if not run_turn(frame, node.body):
            frame.loops[-1].normal_end = False
            return False
    return True


def is_constant(test: tree.Expression) -> bool:
    """`while True`: its turns are not worth telling apart."""
    return isinstance(test, tree.Constant)


def run_turn(frame: Frame, body: tuple[tree.Statement, ...]) -> bool:
    """One turn of a loop, `continue` included; whether another may follow."""
    loop = frame.loops[-1]
    ends = [frame.state] if frame.machine.execute(frame, body) else []
    ends.extend(loop.continues)
    loop.continues.clear()
    joined = joined_states(ends)
    if joined is None:
        return False
    frame.state = joined
    return True


def while_turn(frame: Frame, node: tree.While) -> bool:
    """One turn of a `while` whose test holds; whether there may be one."""
    frame.undecided.clear()
    outcome = truth(frame, frame.evaluate(node.test))
    if outcome is False or not assume(frame, node.test, outcome=True):
        return False
    return run_turn(frame, node.body)


def repeat(frame: Frame, turn: Callable[[], bool]) -> bool:
    """Run a turn until the state no longer grows: zero or more turns."""
    for _ in range(MOST_TURNS):
        before = frame.state
        frame.state = before.fork()
        try:
            ran = turn()
        except Diverges:
            ran = False
        if not ran:
            frame.state = before
            return True
        if covers_state(before, frame.state):
            frame.state = joined_state(before, frame.state)
            return True
        frame.state = joined_state(before, frame.state)
    frame.machine.hit_limit(frame, "a loop changed its variables in every turn that was looked at")
    return True


def end_loop(frame: Frame, orelse: tuple[tree.Statement, ...], *, is_running: bool) -> bool:
    """Leave a loop by its normal end (through `else`) or by `break`."""
    loop = frame.loops.pop()
    ends: list[State] = []
    before = frame.state
    if (is_running or loop.normal_end) and frame.machine.execute(frame, orelse):
        ends.append(frame.state)
    return go_on(frame, before, [*ends, *loop.breaks])


def execute_for(frame: Frame, node: tree.For) -> bool:
    """`for target in iterable: ... else: ...`: known elements one by one, then any further ones together."""
    items = iterate(frame, frame.evaluate(node.iterable), node.at)
    frame.loops.append(Loop())
    is_running = True
    known = items.known
    rest = items.rest
    if len(known) > MOST_UNROLLED:
        known, rest = [], items.any()
    for item in known:
        assign_target(frame, node.target, item, node.at)
        if not run_turn(frame, node.body):
            is_running = False
            break
    if is_running and rest is not None:
        is_running = repeat(frame, lambda: for_turn(frame, node, rest))
    return end_loop(frame, node.orelse, is_running=is_running)


def for_turn(frame: Frame, node: tree.For, item: Value) -> bool:
    """One turn of a `for` with this element."""
    assign_target(frame, node.target, item, node.at)
    return run_turn(frame, node.body)
