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
from flowcheck.flow.heap import Obj, State, covers_state, joined_state, joined_states
from flowcheck.flow.iteration import iterate
from flowcheck.flow.targets import assign_target
from flowcheck.flow.values import NOTHING, Ref, Value, join_all

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
    walked = Walked(frame, frame.evaluate(node.iterable), node)
    frame.loops.append(Loop())
    is_running = True
    while is_running and (item := walked.next_known()) is not None:
        is_running = for_turn(frame, node, item)
    if is_running and walked.others() is not None:
        is_running = repeat(frame, lambda: for_turn(frame, node, walked.others() or NOTHING))
    return end_loop(frame, node.orelse, is_running=is_running)


def for_turn(frame: Frame, node: tree.For, item: Value) -> bool:
    """One turn of a `for` with this element."""
    assign_target(frame, node.target, item, node.at)
    return run_turn(frame, node.body)


class Walked:
    """What a `for` iterates over: a list that the body changes is seen as it is at each turn."""

    def __init__(self, frame: Frame, value: Value, node: tree.For) -> None:
        self.frame = frame
        self.value = value
        self.at = node.at
        self.items = iterate(frame, value, node.at)
        self.list = sole_list(frame, value)
        self.seen = self._current()
        self.position = 0

    def next_known(self) -> Value | None:
        """The element of the next turn, as long as they are known one by one."""
        self._look_again()
        known = self.items.known
        if self.position >= len(known) or max(self.position, len(known) - self.position) > MOST_UNROLLED:
            return None
        self.position += 1
        return known[self.position - 1]

    def others(self) -> Value | None:
        """What any further element may be; None when there is none."""
        self._look_again()
        others = [*self.items.known[self.position :], *([self.items.rest] if self.items.rest is not None else [])]
        return join_all(others) if others else None

    def _look_again(self) -> None:
        current = self._current()
        if current is not None and current is not self.seen:
            self.seen, self.items = current, iterate(self.frame, self.value, self.at)

    def _current(self) -> Obj | None:
        return self.frame.state.heap.get(self.list.id) if self.list is not None else None


def sole_list(frame: Frame, value: Value) -> Ref | None:
    """The list that a value is, where it can be nothing else."""
    atoms = frame.look(value).atoms
    ref = atoms[0] if len(atoms) == 1 else None
    return ref if isinstance(ref, Ref) and frame.object(ref).kind == "list" else None
