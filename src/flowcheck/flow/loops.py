"""Loops: turns told apart while elements or the test are known, the others taken together until nothing changes.

for row in [a, b]: push(row)    push(a), then push(b)
for row in rows: last = row     zero or more turns: last as before, or any of rows
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts import tree
from flowcheck.flow.bindings import all_statements
from flowcheck.flow.branches import go_on
from flowcheck.flow.conditions import assume, outcome_of
from flowcheck.flow.frames import Diverges, Frame, Loop, LoopMemo, LoopMemos
from flowcheck.flow.heap import Obj, State, covers_state, joined_state, joined_states, widened_state
from flowcheck.flow.iteration import iterate
from flowcheck.flow.targets import assign_target
from flowcheck.flow.values import NOTHING, Ref, Value, join_all

MOST_UNROLLED = 24
"""Turns of a `while` whose condition keeps folding."""

MOST_NESTED = 256
"""Turns told apart of loops inside one another, all in all."""

WIDENED_FROM, ALL_WIDENED_FROM = 3, 7
"""Turns after which a number that a loop still changes is taken for any number, and a text for any text."""

MOST_TURNS = 12
"""Turns after which a loop that still changes is cut (its state then only grows by labels)."""


def execute_while(frame: Frame, node: tree.While, first: Callable[[], bool] | None = None) -> bool:
    """`while test: ... else: ...`: turns are told apart while the test folds, then taken together; the first may be the
    rest of one that was left at a `yield`.
    """
    frame.loops.append(Loop())
    is_running = (first is None or begin_turn(frame, first)) and unroll_while(frame, node)
    if is_running:
        is_running = repeat(frame, node, lambda: while_turn(frame, node))
        if is_running:
            frame.undecided.clear()
            outcome = outcome_of(frame, node.test)
            is_running = outcome is not True and assume(frame, node.test, outcome=False)
    return end_loop(frame, node.orelse, is_running=is_running)


def unroll_while(frame: Frame, node: tree.While) -> bool:
    """Run the turns whose test is surely true; whether the loop then goes on with an open test."""
    turns, memos, outer = frame.turns, frame.loop_memos, frame.turn
    goes_on = True
    for turn in range(min(MOST_UNROLLED, MOST_NESTED // turns)):
        before = frame.state.fork()
        frame.undecided.clear()
        outcome = outcome_of(frame, node.test)
        if outcome is False:
            frame.loops[-1].normal_end = True
            goes_on = False
            break
        if outcome is None or (is_constant(node.test) and not may_leave(node)):
            frame.state = before
            break
        ways_out = ways_out_of(frame)
        frame.start_turn(outer, turn, turns)
        start_turn(frame, node, turn, turns * (turn + 1), memos)
        if not run_turn(frame, node.body):
            frame.loops[-1].normal_end = False
            goes_on = False
            break
        if is_constant(node.test) and ways_out_of(frame) > ways_out:
            break
    frame.turns, frame.loop_memos, frame.turn = turns, memos, outer
    return goes_on


def start_turn(frame: Frame, node: tree.Statement, turn: int, turns: int, memos: LoopMemos | None) -> None:
    """A turn told apart from the others: how often the block inside runs, and what it came to in the same turn of the
    time before.
    """
    frame.turns = turns
    if memos is not None:
        inner = memos.setdefault((id(node), turn), {})
        assert isinstance(inner, dict)
        frame.loop_memos = inner


def is_constant(test: tree.Expression) -> bool:
    """`while True`: its turns are told apart as long as it is known of each whether it is the last."""
    return isinstance(test, tree.Constant)


def may_leave(node: tree.While) -> bool:
    """Whether something in a loop's body ends it."""
    return any(isinstance(each, tree.Break | tree.Return) for each in all_statements(node.body))


def ways_out_of(frame: Frame) -> int:
    """How many ways out of the loop under evaluation were found so far."""
    return len(frame.loops[-1].breaks) + len(frame.returns) + len(frame.raising[-1])


def run_turn(frame: Frame, body: tuple[tree.Statement, ...]) -> bool:
    """One turn of a loop, `continue` included; whether another may follow."""
    return begin_turn(frame, lambda: frame.machine.execute(frame, body))


def begin_turn(frame: Frame, turn: Callable[[], bool]) -> bool:
    """Likewise, of a turn that is run in a way of its own."""
    loop = frame.loops[-1]
    ends = [frame.state] if turn() else []
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
    outcome = outcome_of(frame, node.test)
    if outcome is False or not assume(frame, node.test, outcome=True):
        return False
    return run_turn(frame, node.body)


def repeat(frame: Frame, node: tree.Statement, turn: Callable[[], bool], *, at_least_once: bool = False) -> bool:
    """Run a turn until the state no longer grows: zero or more turns, or one or more; whether the end can be reached.

    Inside another repeated loop this starts from where it ended in the turn before, in which less was possible.
    """
    memos = frame.loop_memos
    known = memos.get(id(node)) if memos is not None else None
    breaks: list[State] = []
    if isinstance(known, LoopMemo):
        is_known = covers_state(known.settled, frame.state)
        frame.state = joined_state(known.settled, frame.state)
        breaks = known.breaks
        if is_known:
            frame.loops[-1].breaks.extend(state.fork() for state in breaks)
            return True
    frame.loop_memos = known.inner if isinstance(known, LoopMemo) else {}
    goes_on = not at_least_once or isinstance(known, LoopMemo) or turn()
    if goes_on:
        repeat_turns(frame, turn)
    if goes_on and memos is not None:
        breaks = [*breaks, *(state.fork() for state in frame.loops[-1].breaks)]
        memos[id(node)] = LoopMemo(frame.state.fork(), breaks, frame.loop_memos)
    frame.loop_memos = memos
    return goes_on


def repeat_turns(frame: Frame, turn: Callable[[], bool]) -> None:
    """Run a turn until the state no longer grows, or too often."""
    for count in range(MOST_TURNS):
        before = frame.state
        frame.state = before.fork()
        try:
            ran = turn()
        except Diverges:
            ran = False
        if not ran:
            frame.state = before
            return
        is_settled = covers_state(before, frame.state)
        frame.state = joined_state(before, frame.state)
        if is_settled:
            return
        if count >= WIDENED_FROM:
            frame.state = widened_state(before, frame.state, only_numbers=count < ALL_WIDENED_FROM)
    frame.machine.hit_limit(frame, "a loop changed its variables in every turn that was looked at")


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
    value = frame.evaluate(node.iterable)
    if frame.machine.is_stepwise(frame, node, value):
        return frame.machine.for_stepwise(frame, node, value)
    walked = Walked(frame, value, node)
    frame.loops.append(Loop())
    if walked.is_long(MOST_NESTED // frame.turns):
        is_running = repeat(frame, node, lambda: for_turn(frame, node, walked.others() or NOTHING), at_least_once=True)
    else:
        is_running = unroll_for(frame, node, walked)
        if is_running and walked.others() is not None:
            is_running = repeat(frame, node, lambda: for_turn(frame, node, walked.others() or NOTHING))
    return end_loop(frame, node.orelse, is_running=is_running)


def unroll_for(frame: Frame, node: tree.For, walked: Walked) -> bool:
    """Run a turn for each of the elements; whether the end of the last can be reached."""
    turns, memos, outer = frame.turns, frame.loop_memos, frame.turn
    is_running, turn = True, 0
    while is_running and (item := walked.next_known()) is not None:
        frame.start_turn(outer, turn, turns)
        start_turn(frame, node, turn, turns * len(walked.items.known), memos)
        is_running = for_turn(frame, node, item)
        turn += 1
    frame.turns, frame.loop_memos, frame.turn = turns, memos, outer
    return is_running


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

    def is_long(self, most: int) -> bool:
        """Whether there are elements, and too many to take them one by one."""
        return bool(self.items.known) and len(self.items.known) > min(most, MOST_UNROLLED)

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
