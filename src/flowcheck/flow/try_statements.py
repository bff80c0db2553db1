"""`try`: which handlers take what was raised in the block, and `finally` on every way out.

try: check(user)                raises Refused(user.phone)
except Refused as e: log(e)     runs in the state in which it was raised; e holds the phone
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flowcheck.facts import tree
from flowcheck.flow.branches import go_on
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj, State, joined_states
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.names import bind_name
from flowcheck.flow.targets import item_at
from flowcheck.flow.values import ABSENT_VALUE, NOTHING, External, Ref, Value, attr, join_all

IMPLICIT = Value((External("builtins.Exception()"),))
"""The exception of a statement that may raise without saying so."""


HANDLED = "@handled"
"""The variable in which a generator keeps the exception that it handles."""


@dataclass(slots=True)
class Exits:
    """How many returns, breaks and continues there were, to tell those of a block from those before it."""

    returns: int
    breaks: int
    continues: int


def exits_of(frame: Frame) -> Exits:
    """The exits so far."""
    loop = frame.loops[-1] if frame.loops else None
    return Exits(len(frame.returns), len(loop.breaks) if loop else 0, len(loop.continues) if loop else 0)


def execute_try(frame: Frame, node: tree.Try) -> bool:
    """`try: ... except ...: ... else: ... finally: ...`"""
    return with_final(frame, node, lambda: execute_handled(frame, node))


def with_final(frame: Frame, node: tree.Try, block: Callable[[], bool]) -> bool:
    """A block with the `finally` behind it."""
    if not node.final:
        return block()
    before = exits_of(frame)
    frame.raising.append([])
    goes_on = block()
    raised = frame.raising.pop()
    return run_final(frame, node.final, before, raised, goes_on=goes_on)


def run_final(
    frame: Frame,
    final: tuple[tree.Statement, ...],
    before: Exits,
    raised: list[tuple[Value, State]],
    *,
    goes_on: bool,
) -> bool:
    """Run `finally` on every way out of the block."""
    end = frame.state
    on_exits(frame, before, lambda: frame.machine.execute(frame, final))
    explicit = [(error, state) for error, state in raised if error is not IMPLICIT]
    if explicit or (raised and not goes_on):
        errors = join_all(error for error, _ in (explicit or raised))
        joined = joined_states(state for _, state in (explicit or raised))
        assert joined is not None
        frame.state = joined.fork()
        if frame.machine.execute(frame, final):
            frame.raising[-1].append((errors, frame.state))
    frame.state = end
    return goes_on and frame.machine.execute(frame, final)


def on_exits(frame: Frame, before: Exits, behind: Callable[[], bool]) -> None:
    """Run what stands behind a block, and says whether it ends, on each `return`, `break` and `continue` out of it."""
    after = frame.state
    returns = frame.returns[before.returns :]
    del frame.returns[before.returns :]
    loop = frame.loops[-1] if frame.loops else None
    breaks = loop.breaks[before.breaks :] if loop else []
    continues = loop.continues[before.continues :] if loop else []
    if loop:
        del loop.breaks[before.breaks :]
        del loop.continues[before.continues :]
    for value, state in returns:
        frame.state = state
        if behind():
            frame.returns.append((value, frame.state))
    for states, kept in ((breaks, loop.breaks if loop else []), (continues, loop.continues if loop else [])):
        for state in states:
            frame.state = state
            if behind():
                kept.append(frame.state)
    frame.state = after


def execute_handled(frame: Frame, node: tree.Try, block: Callable[[], bool] | None = None) -> bool:
    """The try statement without its `finally`; its block may be run in a way of its own."""
    if block is None:
        block = partial(frame.machine.execute, frame, node.body)
    if not node.handlers:
        return block() and frame.machine.execute(frame, node.orelse)
    frame.raising.append([])
    goes_on = block()
    raised = frame.raising.pop()
    if node.is_group:
        raised = [(member, state) for error, state in raised for member in group_members(frame, error, state, node)]
    ends: list[State] = []
    after = frame.state
    if goes_on and frame.machine.execute(frame, node.orelse):
        ends.append(frame.state)
    for handler in node.handlers:
        caught, raised = caught_by(frame, handler, raised)
        if caught and run_handler(frame, handler, caught, node.is_group):
            ends.append(frame.state)
    frame.raising[-1].extend((error, state) for error, state in raised if error is not IMPLICIT)
    return go_on(frame, after, ends)


def group_members(frame: Frame, error: Value, state: State, node: tree.Try) -> list[Value]:
    """The exceptions inside a group: `except*` takes each on its own."""
    before, frame.state = frame.state, state
    found: list[Value] = []
    for atom in error.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and str(obj.detail).endswith("ExceptionGroup()"):
            at = node.handlers[0].target.at if node.handlers[0].target is not None else frame.code.body_at
            args = iterate(frame, obj.get(attr("args")), at)
            held = iterate(frame, item_at(args, 1), at)
            found.extend([*held.known, *([held.rest] if held.rest is not None else [])])
        else:
            found.append(Value((atom,), error.taints))
    frame.state = before
    return found


def caught_by(
    frame: Frame, handler: tree.Handler, raised: list[tuple[Value, State]]
) -> tuple[list[tuple[Value, State]], list[tuple[Value, State]]]:
    """The exceptions that a handler takes, and those that go on to the next one."""
    if handler.caught is None:
        return raised, []
    caught, passed = [], []
    for error, state in raised:
        frame.state = state.fork()
        wanted = frame.evaluate(handler.caught)
        outcomes = {exception_matches(frame, atom, wanted) for atom in error.atoms} or {None}
        if outcomes != {False}:
            caught.append((error, frame.state))
        if outcomes != {True}:
            passed.append((error, state))
    return caught, passed


def exception_matches(frame: Frame, atom: object, wanted: Value) -> bool | None:
    """Whether an exception is surely, surely not, or maybe of the classes that a handler names."""
    if isinstance(atom, Ref):
        return frame.machine.is_caught(frame, atom, wanted)
    if isinstance(atom, External):
        return frame.machine.is_caught_by_name(frame, atom.name.removesuffix("()"), wanted)
    return None


def run_handler(frame: Frame, handler: tree.Handler, caught: list[tuple[Value, State]], is_group: bool) -> bool:
    """The body of a handler, on all exceptions it takes."""
    joined = joined_states(state for _, state in caught)
    assert joined is not None
    frame.state = joined.fork()
    error = join_all(error for error, _ in caught)
    if handler.target is not None:
        held = error
        if is_group:
            group = Obj("external", {attr("exceptions"): NOTHING}, detail="builtins.ExceptionGroup()", rest=error)
            held = frame.make(handler.target.at, group, "group")
            frame.write(
                held, attr("exceptions"), fresh_list(frame, Items([], error), handler.target.at, "tuple", "exceptions")
            )
        bind_name(frame, handler.target, held)
    frame.handled.append(error)
    if frame.steps is not None:
        frame.state.variables[frame.variable(HANDLED)] = error
    goes_on = frame.machine.execute(frame, handler.body)
    frame.handled.pop()
    if handler.target is not None and goes_on:
        bind_name(frame, handler.target, ABSENT_VALUE)
    return goes_on
