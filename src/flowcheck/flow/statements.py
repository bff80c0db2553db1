"""Statements: how each form changes the state, and where it lets execution go on.

    if short: number = user.phone        the two branches run on copies of the state, which then join
    else: number = "+1555"               number: {the phone, "+1555"}

`execute` returns whether execution can go on behind a block. What leaves it otherwise (return, break,
continue, raise) is kept in the frame with the state in which it left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.conditions import assume, truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Diverges, Frame, Loop
from flowcheck.flow.heap import Obj, State, covers_state, joined_state, joined_states
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.matching import match_pattern
from flowcheck.flow.names import bind_name, imported_module, module_member
from flowcheck.flow.objects import class_lookup, set_attribute
from flowcheck.flow.subscripts import delete_item, get_item, set_item
from flowcheck.flow.values import (
    ABSENT_VALUE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Content,
    External,
    Ref,
    Value,
    attr,
    const,
    join,
    join_all,
)

MOST_UNROLLED = 24
"""Turns of a `while` whose condition keeps folding."""

MOST_TURNS = 12
"""Turns after which a loop that still changes is cut (its state then only grows by labels)."""


def execute(frame: Frame, body: tuple[tree.Statement, ...]) -> bool:
    """Run a block; whether its end can be reached."""
    for statement in body:
        if len(frame.raising) > 1 and may_raise(statement):
            frame.raising[-1].append((IMPLICIT, frame.state.fork()))
        try:
            goes_on = EXECUTORS[type(statement)](frame, statement)
        except Diverges:
            return False
        if goes_on is False:
            return False
    return True


def may_raise(statement: tree.Statement) -> bool:
    """Whether a statement may raise before it has done anything: compound ones ask their parts themselves."""
    match statement:
        case tree.Assign(targets=targets, value=value):
            return any(not isinstance(each, tree.Name) for each in targets) or not isinstance(value, QUIET)
        case tree.Return(value=value):
            return value is not None and not isinstance(value, QUIET)
        case tree.Break() | tree.Continue() | tree.Raise() | tree.Try() | tree.Declare() | tree.DefineFunction():
            return False
        case tree.If(test=test) | tree.While(test=test):
            return not isinstance(test, QUIET)
        case _:
            return True


QUIET = (tree.Constant, tree.Bytes, tree.Opaque, tree.Name, tree.Lambda, tree.Display)
"""Expressions whose evaluation raises nothing (of displays this is nearly true)."""


IMPLICIT = Value((External("builtins.Exception()"),))
"""The exception of a statement that may raise without saying so."""


# --- simple statements -------------------------------------------------------------------------


def execute_evaluate(frame: Frame, node: tree.Evaluate) -> None:
    """`f(x)`"""
    frame.evaluate(node.value)


def execute_assign(frame: Frame, node: tree.Assign) -> None:
    """`a = b = value`"""
    value = frame.evaluate(node.value)
    if node.annotation is not None:
        value = frame.machine.annotated(frame, value, node.annotation)
    for target in node.targets:
        assign_target(frame, target, value, node.at)


def execute_declare(frame: Frame, node: tree.Declare) -> None:
    """`a: T`: binds nothing, but a class body remembers the field."""
    if frame.namespace is not None and isinstance(node.target, tree.Name):
        frame.machine.declare_field(frame, node.target.id, node.annotation)


def execute_augmented(frame: Frame, node: tree.AugmentedAssign) -> None:
    """`target op= value`"""
    target = node.target
    if isinstance(target, tree.Name):
        before = frame.evaluate(target)
        after = augmented(frame, node, before, frame.evaluate(node.value))
        assign_target(frame, target, after, node.at)
    elif isinstance(target, tree.Attribute):
        owner = frame.evaluate(target.value)
        before = frame.machine.attribute(frame, owner, target.attr, target.at)
        after = augmented(frame, node, before, frame.evaluate(node.value))
        store_attribute(frame, owner, target.attr, after, node.at)
    elif isinstance(target, tree.Subscript):
        owner, subscript = frame.evaluate(target.value), frame.evaluate(target.index)
        before = get_item(frame, owner, subscript, target.at)
        after = augmented(frame, node, before, frame.evaluate(node.value))
        store_item(frame, owner, subscript, after, node.at)


def augmented(frame: Frame, node: tree.AugmentedAssign, before: Value, value: Value) -> Value:
    """`+=` on a list extends it in place, on anything else it makes a new value."""
    return frame.machine.in_place(frame, node.operator, before, value, node.at)


def execute_delete(frame: Frame, node: tree.Delete) -> None:
    """`del a, b.c, d[k]`"""
    for target in node.targets:
        if isinstance(target, tree.Name):
            bind_name(frame, target, ABSENT_VALUE)
        elif isinstance(target, tree.Attribute):
            owner = frame.evaluate(target.value)
            for ref, obj in frame.objects(owner):
                method = class_lookup(frame, obj.type, "__delattr__") if obj.kind == "instance" else None
                if method is not None:
                    frame.machine.call(frame, method, Arguments([Value((ref,)), Value((const(target.attr),))]), node.at)
            frame.write(owner, attr(target.attr), ABSENT_VALUE)
        elif isinstance(target, tree.Subscript):
            owner = frame.evaluate(target.value)
            if isinstance(target.index, tree.Slice):
                replace_slice(frame, owner, target.index, NOTHING, node.at)
            else:
                delete_item(frame, owner, frame.evaluate(target.index), node.at)
        elif isinstance(target, tree.Display):
            execute_delete(frame, tree.Delete(target.items, node.at))


def execute_return(frame: Frame, node: tree.Return) -> bool:
    """`return value`"""
    value = frame.evaluate(node.value) if node.value is not None else NONE_VALUE
    if value.taints:
        value = value.after(frame.hop("return", node.at, f"returned by `{frame.code.name}`"))
    frame.machine.returning(frame, value, node.at)
    frame.returns.append((value, frame.state))
    return False


def execute_raise(frame: Frame, node: tree.Raise) -> bool:
    """`raise exception from cause`"""
    if node.exception is None:
        error = frame.handled[-1] if frame.handled else IMPLICIT
    else:
        error = frame.machine.as_exception(frame, frame.evaluate(node.exception), node.at)
    if node.cause is not None:
        frame.write(error, attr("__cause__"), frame.evaluate(node.cause))
    elif frame.handled and node.exception is not None:
        frame.write(error, attr("__context__"), frame.handled[-1])
    frame.raising[-1].append((error, frame.state))
    return False


def execute_assert(frame: Frame, node: tree.Assert) -> bool:
    """`assert test, message`"""
    frame.undecided.clear()
    outcome = truth(frame, frame.evaluate(node.test))
    if outcome is not True and node.message is not None:
        before = frame.state.fork()
        frame.evaluate(node.message)
        frame.state = before
    if outcome is False:
        frame.raising[-1].append((Value((External("builtins.AssertionError()"),)), frame.state))
        return False
    return outcome is True or assume(frame, node.test, outcome=True)


def execute_break(frame: Frame, node: tree.Break) -> bool:
    """`break`"""
    del node
    frame.loops[-1].breaks.append(frame.state)
    return False


def execute_continue(frame: Frame, node: tree.Continue) -> bool:
    """`continue`"""
    del node
    frame.loops[-1].continues.append(frame.state)
    return False


# --- targets -----------------------------------------------------------------------------------


def assign_target(frame: Frame, target: tree.Expression, value: Value, at: Span) -> None:
    """Assign to any target: a name, an attribute, an item, or several unpacked."""
    if isinstance(target, tree.Name):
        if value.taints:
            value = value.after(frame.hop("assign", at, f"assigned to `{target.id}`"))
        bind_name(frame, target, frame.machine.assigned_variable(frame, target, value, at))
    elif isinstance(target, tree.Attribute):
        store_attribute(frame, frame.evaluate(target.value), target.attr, value, at)
    elif isinstance(target, tree.Subscript):
        owner = frame.evaluate(target.value)
        if isinstance(target.index, tree.Slice):
            replace_slice(frame, owner, target.index, value, at)
        else:
            store_item(frame, owner, frame.evaluate(target.index), value, at)
    elif isinstance(target, tree.Display):
        unpack(frame, target.items, value, at)
    elif isinstance(target, tree.Starred):
        assign_target(frame, target.value, value, at)


def store_attribute(frame: Frame, owner: Value, name: str, value: Value, at: Span) -> None:
    """`owner.name = value`"""
    if value.taints:
        value = value.after(frame.hop("write", at, f"stored in `.{name}`"))
    frame.machine.written_field(frame, owner, name, value, at)
    set_attribute(frame, owner, name, value, at)


def store_item(frame: Frame, owner: Value, subscript: Value, value: Value, at: Span) -> None:
    """`owner[subscript] = value`"""
    if value.taints:
        value = value.after(frame.hop("write", at, "stored as an item"))
    frame.machine.written_item(frame, owner, subscript, value, at)
    set_item(frame, owner, subscript, value, at)


def replace_slice(frame: Frame, owner: Value, bounds: tree.Slice, value: Value, at: Span) -> None:
    """`rows[a:b] = value`; `rows[:] = value` replaces all."""
    added = iterate(frame, value, at)
    is_whole = bounds.lower is None and bounds.upper is None and bounds.step is None
    targets = frame.objects(owner)
    for ref, _ in targets:
        frame.machine.replace_items(frame, ref, added, bounds, is_whole=is_whole and len(targets) == 1)


def unpack(frame: Frame, targets: tuple[tree.Expression, ...], value: Value, at: Span) -> None:
    """`a, *b, c = value`"""
    items = iterate(frame, value, at)
    star = next((place for place, target in enumerate(targets) if isinstance(target, tree.Starred)), None)
    if star is None:
        for position, target in enumerate(targets):
            assign_target(frame, target, item_at(items, position), at)
        return
    behind = len(targets) - star - 1
    for position in range(star):
        assign_target(frame, targets[position], item_at(items, position), at)
    middle, tail = split_at_star(items, star, behind)
    assign_target(frame, targets[star], fresh_list(frame, middle, at, "list", f"star:{star}"), at)
    for target, item in zip(targets[star + 1 :], tail, strict=True):
        assign_target(frame, target, item, at)


def item_at(items: Items, position: int) -> Value:
    """The element at a position."""
    if position < len(items.known):
        return items.known[position]
    return items.rest if items.rest is not None else NOTHING


def split_at_star(items: Items, before: int, behind: int) -> tuple[Items, list[Value]]:
    """What a starred target takes, and what the targets behind it take."""
    if items.is_exact:
        end = max(len(items.known) - behind, before)
        tail = items.known[end:] + [NOTHING] * (behind - len(items.known[end:]))
        return Items(items.known[before:end], None), tail
    anything = join_all([*items.known[before:], items.rest or NOTHING])
    return Items([], anything), [anything] * behind


# --- branches ------------------------------------------------------------------------------------


def execute_if(frame: Frame, node: tree.If) -> bool:
    """`if test: ... elif ...: ... else: ...`"""
    frame.undecided.clear()
    outcome = truth(frame, frame.evaluate(node.test))
    if outcome is not None:
        if not narrow_quietly(frame, node.test, outcome):
            return False
        return execute(frame, node.body if outcome else node.orelse)
    undecided = set(frame.undecided)
    before = frame.state
    ends: list[State] = []
    for branch, holds in ((node.body, True), (node.orelse, False)):
        frame.state = before.fork()
        frame.undecided = set(undecided)
        if assume(frame, node.test, outcome=holds) and execute(frame, branch):
            ends.append(frame.state)
    return go_on(frame, before, ends)


def narrow_quietly(frame: Frame, test: tree.Expression, outcome: bool) -> bool:
    """What a decided test still says, guards for instance."""
    frame.undecided.clear()
    assume(frame, test, outcome=outcome)
    return True


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
        if case.guard is not None:
            decided = truth(frame, frame.evaluate(case.guard))
            if decided is False or not assume(frame, case.guard, outcome=True):
                frame.state = before
                continue
            outcome = True if outcome is True and decided is True else None
        if execute(frame, case.body):
            ends.append(frame.state)
        if outcome is True:
            return go_on(frame, before, ends)
        frame.state = before
    return go_on(frame, frame.state, [*ends, frame.state])


# --- loops ---------------------------------------------------------------------------------------


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
    ends = [frame.state] if execute(frame, body) else []
    ends.extend(loop.continues)
    loop.continues.clear()
    joined = joined_states(ends)
    if joined is None:
        return False
    frame.state = joined
    return True


def while_turn(frame: Frame, node: tree.While) -> bool:
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
    if (is_running or loop.normal_end) and execute(frame, orelse):
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
    assign_target(frame, node.target, item, node.at)
    return run_turn(frame, node.body)


# --- exceptions ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Exits:
    """How many returns, breaks and continues there were, to tell those of a block from those before it."""

    returns: int
    breaks: int
    continues: int


def exits_of(frame: Frame) -> Exits:
    loop = frame.loops[-1] if frame.loops else None
    return Exits(len(frame.returns), len(loop.breaks) if loop else 0, len(loop.continues) if loop else 0)


def execute_try(frame: Frame, node: tree.Try) -> bool:
    """`try: ... except ...: ... else: ... finally: ...`"""
    if not node.final:
        return execute_handled(frame, node)
    before = exits_of(frame)
    frame.raising.append([])
    goes_on = execute_handled(frame, node)
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
        if execute(frame, final):
            frame.returns.append((value, frame.state))
    for states, kept in ((breaks, loop.breaks if loop else []), (continues, loop.continues if loop else [])):
        for state in states:
            frame.state = state
            if execute(frame, final):
                kept.append(frame.state)
    explicit = [(error, state) for error, state in raised if error is not IMPLICIT]
    if explicit or (raised and not goes_on):
        errors = join_all(error for error, _ in (explicit or raised))
        joined = joined_states(state for _, state in (explicit or raised))
        assert joined is not None
        frame.state = joined.fork()
        if execute(frame, final):
            frame.raising[-1].append((errors, frame.state))
    frame.state = end
    return goes_on and execute(frame, final)


def execute_handled(frame: Frame, node: tree.Try) -> bool:
    """The try statement without its `finally`."""
    if not node.handlers:
        return execute(frame, node.body) and execute(frame, node.orelse)
    start = frame.state.fork()
    frame.raising.append([])
    del start
    goes_on = execute(frame, node.body)
    raised = frame.raising.pop()
    if node.is_group:
        raised = [(member, state) for error, state in raised for member in group_members(frame, error, state, node)]
    ends: list[State] = []
    after = frame.state
    if goes_on and execute(frame, node.orelse):
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
            frame.write(held, attr("exceptions"), fresh_list(frame, Items([], error), handler.target.at, "tuple", "exceptions"))
        bind_name(frame, handler.target, held)
    frame.handled.append(error)
    goes_on = execute(frame, handler.body)
    frame.handled.pop()
    if handler.target is not None and goes_on:
        bind_name(frame, handler.target, ABSENT_VALUE)
    return goes_on


# --- with ----------------------------------------------------------------------------------------


def execute_with(frame: Frame, node: tree.With) -> bool:
    """`with context as target: ...`"""
    return frame.machine.run_with(frame, node)


# --- imports -------------------------------------------------------------------------------------


def execute_import(frame: Frame, node: tree.Import) -> None:
    """`import a.b as c`, `import a.b`"""
    name = node.module if node.is_alias else node.module.partition(".")[0]
    bind_name(frame, node.target, imported_module(frame.machine.program, name))


def execute_import_from(frame: Frame, node: tree.ImportFrom) -> None:
    """`from ..module import name as target`"""
    module = frame.machine.program.absolute(frame.module, node.level, node.module)
    bind_name(frame, node.target, module_member(frame, module, node.name))


def execute_import_star(frame: Frame, node: tree.ImportStar) -> None:
    """`from module import *`: its names are found when they are read."""
    del frame, node


# --- definitions ---------------------------------------------------------------------------------


def execute_function(frame: Frame, node: tree.DefineFunction) -> None:
    """`@decorators def target(...): ...`"""
    decorators = [frame.evaluate(decorator) for decorator in node.decorators]
    value = frame.machine.make_function(frame, node.code, node.defaults, node.at)
    for decorator in reversed(decorators):
        value = frame.machine.decorated(frame, decorator, value, node.at)
    bind_name(frame, node.target, value)


def execute_class(frame: Frame, node: tree.DefineClass) -> None:
    """`@decorators class target(*bases, **keywords): ...`"""
    value = frame.machine.make_class(frame, node)
    for decorator in reversed([frame.evaluate(each) for each in node.decorators]):
        value = frame.machine.decorated(frame, decorator, value, node.at)
    bind_name(frame, node.target, value)


EXECUTORS: dict[type, Callable[..., bool | None]] = {
    tree.Evaluate: execute_evaluate,
    tree.Assign: execute_assign,
    tree.Declare: execute_declare,
    tree.AugmentedAssign: execute_augmented,
    tree.Delete: execute_delete,
    tree.If: execute_if,
    tree.While: execute_while,
    tree.For: execute_for,
    tree.Try: execute_try,
    tree.With: execute_with,
    tree.Match: execute_match,
    tree.Return: execute_return,
    tree.Raise: execute_raise,
    tree.Assert: execute_assert,
    tree.Break: execute_break,
    tree.Continue: execute_continue,
    tree.Import: execute_import,
    tree.ImportFrom: execute_import_from,
    tree.ImportStar: execute_import_star,
    tree.DefineFunction: execute_function,
    tree.DefineClass: execute_class,
}

__all__ = ["EXECUTORS", "IMPLICIT", "UNKNOWN_VALUE", "Content", "assign_target", "execute", "join"]
