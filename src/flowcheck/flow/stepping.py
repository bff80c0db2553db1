"""Generators element by element: a body is run up to its next `yield`, and later on from there.

it = numbers(users)      nothing runs
next(it)                 runs the body up to a `yield`; the generator keeps its variables and where it stands
it.send(user.phone)      goes on behind that `yield`, whose value the phone is
it.close()               GeneratorExit is raised there

The body runs inline, in the state of the code that asks for an element, so that what both do is in order. Where a
generator may stand at several places, it goes on from each. A `yield` ends the evaluation of its way, as `return` does;
to go on behind it, the statements that hold it are entered again (`RESUMERS`), a statement of its own is evaluated
again with what was sent in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flowcheck.facts import tree
from flowcheck.facts.traversal import records_in
from flowcheck.facts.tree import Span
from flowcheck.flow.calls import SCOPE
from flowcheck.flow.containers import set_items
from flowcheck.flow.frames import Diverges, Frame, Loop, Steps
from flowcheck.flow.heap import Obj, State, covers_state, joined_state, joined_states
from flowcheck.flow.iteration import ITERATOR, Items, iterate
from flowcheck.flow.loops import MOST_TURNS, MOST_UNROLLED, begin_turn, end_loop, execute_while, run_turn
from flowcheck.flow.mirrors import AT
from flowcheck.flow.names import bind_name
from flowcheck.flow.objects import FUNCTION
from flowcheck.flow.statements import EXECUTORS
from flowcheck.flow.targets import assign_target
from flowcheck.flow.try_statements import HANDLED, execute_handled, with_final
from flowcheck.flow.values import (
    ABSENT_VALUE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Content,
    Ref,
    Value,
    attr,
    const,
    index,
    join,
    join_all,
)
from flowcheck.program.program import CodeRef

RETURNED = attr("__returned__")
STARTED = Content("started", None)
SCOPE_NAME = "@scope"
START, END = "start", "end"


@dataclass(slots=True)
class Step:
    """How one step of an iterator may end: with an element, or with its end, which carries what was returned."""

    yields: list[tuple[Value, State]] = field(default_factory=list)
    stops: list[tuple[Value, State]] = field(default_factory=list)


# --- a generator object ------------------------------------------------------------------------------


def is_steppable(frame: Frame, ref: Ref) -> bool:
    """Whether a generator can be run element by element: it is one, of one function, and stands at known places."""
    obj = frame.object(ref)
    if obj.kind != "generator" or FUNCTION not in obj.fields or STARTED in obj.fields or obj.is_summary:
        return False
    functions = [function for _, function in frame.objects(obj.fields[FUNCTION])]
    if len(functions) != 1 or functions[0].detail in frame.stepped or not is_short(functions[0], frame):
        return False
    return all(isinstance(atom, Const) for atom in frame.constants(obj.fields.get(AT, NOTHING)))


def is_short(function: Obj, frame: Frame) -> bool:
    """Whether a generator's body is short enough to be run again and again where its elements are asked for."""
    assert isinstance(function.detail, CodeRef)
    return frame.machine.statements_of(function.detail) <= LONGEST_STEPPED


LONGEST_STEPPED = 40
"""Statements of a generator's body; a longer one is run whole."""


def is_suspended(frame: Frame, obj: Obj) -> bool:
    """Whether a generator was run in part."""
    if obj.kind != "generator" or AT not in obj.fields or STARTED in obj.fields:
        return False
    return frame.constants(obj.fields[AT]) != (const(START),)


def hand_over(frame: Frame, ref: Ref) -> None:
    """A generator that nobody has asked for anything is about to be seen by a callee, which may."""
    own = frame.own(ref)
    if AT not in own.fields:
        frame.state.heap[ref.id] = own.replaced({**own.fields, AT: Value((const(START),))})


def sole_steppable(frame: Frame, value: Value) -> Ref | None:
    """The generator that a value is, where it can be nothing else and be run element by element."""
    atoms = frame.look(value).present().atoms
    ref = atoms[0] if len(atoms) == 1 else None
    return ref if isinstance(ref, Ref) and is_steppable(frame, ref) else None


def advance(frame: Frame, ref: Ref, at: Span, sent: Value = NONE_VALUE, thrown: Value | None = None) -> Step:
    """Run a generator up to its next `yield`; what it raises is raised here, the state stays as it is."""
    obj = frame.own(ref)
    atoms = frame.constants(obj.fields.get(AT, Value((const(START),))))
    before, step = frame.state, Step()
    for position in [str(atom.value) for atom in atoms if isinstance(atom, Const)]:
        frame.state = before.fork()
        if position == END and thrown is None:
            step.stops.append((NONE_VALUE, frame.state))
        elif thrown is not None and position in {START, END}:
            frame.raising[-1].append((thrown, suspended(frame.state, ref, "", END)))
        else:
            run_step(frame, ref, position, Steps(place_named(position), sent, thrown), at, step)
    frame.state = before
    return step


def run_step(frame: Frame, ref: Ref, position: str, steps: Steps, at: Span, step: Step) -> None:
    """Run a generator's body from one of the places where it may stand."""
    inner = stepping_frame(frame, ref, steps, at, is_start=position == START)
    frame.raising.append([])
    body = inner.code.body
    goes_on = frame.machine.execute(inner, body) if steps.resume is None else resume_block(inner, body, steps.resume)
    raised = frame.raising.pop()
    if goes_on:
        inner.returns.append((NONE_VALUE, inner.state))
    scope = Value((inner.scope,)) if inner.scope is not None else None
    for value, place, state in steps.ends:
        step.yields.append((value, suspended(state, ref, inner.prefix, name_of(place), scope)))
    step.stops.extend((value, suspended(state, ref, inner.prefix, END)) for value, state in inner.returns)
    frame.raising[-1].extend((error, suspended(state, ref, inner.prefix, END)) for error, state in raised)


def stepping_frame(frame: Frame, ref: Ref, steps: Steps, at: Span, *, is_start: bool) -> Frame:
    """A frame for a generator's body, with the variables it had when it was last left."""
    generator = frame.object(ref)
    ((function_ref, function),) = frame.objects(generator.fields[FUNCTION])
    assert isinstance(function.detail, CodeRef)
    frame.called.add(function_ref.id)
    enclosing = function.fields.get(SCOPE, NOTHING)
    inner = frame.machine.inline_frame(frame, f"{frame.prefix}@step.", function.detail, enclosing)
    inner.steps, inner.instance = steps, ref.id
    inner.stepped = (*frame.stepped, function.detail)
    if is_start:
        frame.machine.bind_inline(inner, at, frame.machine.contents_of(generator, "bound"))
        return inner
    held = frame.machine.contents_of(generator, "local")
    scopes = frame.look(held.pop(SCOPE_NAME, NOTHING)).atoms
    inner.scope = next((atom for atom in scopes if isinstance(atom, Ref)), None)
    inner.state.variables.update((inner.variable(name), value) for name, value in held.items())
    return inner


def suspended(state: State, ref: Ref, prefix: str, position: str, scope: Value | None = None) -> State:
    """A state after a step: the variables of the generator's body are kept in the generator."""
    saved: dict[Content, Value] = {AT: Value((const(position),))}
    if prefix:
        own = [name for name in state.variables if name.startswith(prefix)]
        saved.update((Content("local", name.removeprefix(prefix)), state.variables.pop(name)) for name in own)
    if scope is not None:
        saved[Content("local", SCOPE_NAME)] = scope
    obj = state.heap.get(ref.id)
    if obj is not None:
        kept = {content: value for content, value in obj.fields.items() if content.kind != "local"}
        state.heap[ref.id] = obj.replaced({**kept, **saved})
    return state


def name_of(place: Span) -> str:
    """A place as a constant."""
    return f"{place.line}.{place.column}.{place.end_line}.{place.end_column}"


def place_named(name: str) -> Span | None:
    """The place of that name; None for the start."""
    return Span(*map(int, name.split("."))) if name not in {START, END} else None


# --- what asks for elements ----------------------------------------------------------------------------


def element(frame: Frame, ref: Ref, at: Span, sent: Value = NONE_VALUE, thrown: Value | None = None) -> Value:
    """`next(it)`, `it.send(x)`, `it.throw(error)`"""
    step = advance(frame, ref, at, sent, thrown)
    for value, state in step.stops:
        frame.state = state
        raise_stop(frame, value)
    return take(frame, step.yields)


def take(frame: Frame, ends: list[tuple[Value, State]]) -> Value:
    """Go on from some of the ends of a step."""
    joined = joined_states(state for _, state in ends)
    if joined is None:
        raise Diverges
    frame.state = joined
    return join_all(value for value, _ in ends)


def raise_stop(frame: Frame, value: Value) -> None:
    """Raise `StopIteration`, which carries what a generator returned."""
    at = frame.code.body_at
    args = frame.make(at, Obj("tuple", {index(0): value}, length=1), "stop:args")
    stop = Obj("external", {attr("value"): value, attr("args"): args}, detail="builtins.StopIteration()")
    frame.raising[-1].append((frame.make(at, stop, "stop"), frame.state.fork()))


def drain(frame: Frame, ref: Ref, at: Span) -> None:
    """Run a generator to its end: what it still yields becomes its elements."""
    known: list[Value] = []
    rest: Value | None = None
    returned, ended = NOTHING, list[State]()
    for turn in range(MOST_UNROLLED + MOST_TURNS):
        before = frame.state
        step = advance(frame, ref, at)
        returned = join(returned, join_all(value for value, _ in step.stops))
        ended.extend(state for _, state in step.stops)
        if not step.yields:
            break
        value = take(frame, step.yields)
        if rest is None and not ended and turn < MOST_UNROLLED:
            known.append(value)
            continue
        rest = join(rest or NOTHING, value)
        if covers_state(before, frame.state):
            break
        frame.state = joined_state(before, frame.state)
    frame.state = joined_states([*ended, frame.state] if rest is not None or not ended else ended) or frame.state
    obj = frame.own(ref)
    kept = {c: v for c, v in obj.fields.items() if c.kind != "index"}
    fields = {**kept, **{index(place): v for place, v in enumerate(known)}, STARTED: NONE_VALUE, RETURNED: returned}
    drained = Obj("generator", fields, rest=rest, length=len(known), origin=obj.origin)
    drained.initial = obj.initial
    frame.state.heap[ref.id] = drained


# --- iterators of `for` and `yield from` -------------------------------------------------------------------


def as_iterator(frame: Frame, value: Value, at: Span) -> Value:
    """What `iter(value)` gives: a generator or iterator itself, else the elements that are still to come."""
    if sole_steppable(frame, value) is not None:
        return value
    if sole_iterator(frame, value) is not None:
        return value
    items = iterate(frame, value, at)
    made = frame.make(at, Obj("list", detail=ITERATOR), "iterator")
    for ref, _ in frame.objects(made):
        set_items(frame, ref, items)
    return made


def sole_iterator(frame: Frame, value: Value) -> Ref | None:
    """What `iter` made, where a value can be nothing else."""
    found = frame.objects(value)
    if len(found) != 1 or len(frame.look(value).present().atoms) != 1:
        return None
    ref, obj = found[0]
    return ref if obj.detail == ITERATOR and not obj.is_summary else None


def next_step(frame: Frame, iterator: Value, at: Span, sent: Value = NONE_VALUE, thrown: Value | None = None) -> Step:
    """One step of an iterator."""
    ref = sole_steppable(frame, iterator)
    if ref is not None:
        return advance(frame, ref, at, sent, thrown)
    if thrown is not None:
        frame.raising[-1].append((thrown, frame.state.fork()))
        return Step()
    before, items = frame.state, iterate(frame, iterator, at)
    ref = sole_iterator(frame, iterator)
    if items.known and ref is not None:
        frame.state = before.fork()
        set_items(frame, ref, Items(items.known[1:], items.rest))
        step = Step([(items.known[0], frame.state)])
        frame.state = before
        return step
    step = Step(stops=[(NONE_VALUE, frame.state.fork())])
    if items.known or items.rest is not None:
        step.yields.append((items.any(), frame.state.fork()))
    return step


def for_stepwise(frame: Frame, node: tree.For, value: Value) -> bool:
    """A `for` whose iterator is asked for one element after the other, in order with what the body does."""
    frame.state.variables[iterator_name(frame, node.at)] = as_iterator(frame, value, node.at)
    return go_through_steps(frame, node)


def iterator_name(frame: Frame, at: Span) -> str:
    """The variable that holds the iterator of a loop or of a `yield from`."""
    return frame.variable(f"@iterator:{name_of(at)}")


def go_through_steps(frame: Frame, node: tree.For, first: Callable[[], bool] | None = None) -> bool:
    """The turns of such a loop, the first of them perhaps one that was left at a `yield`."""
    frame.loops.append(Loop())
    ended: list[State] = []
    is_running = first is None or begin_turn(frame, first)
    is_sure, turn = True, 0
    while is_running and is_sure and turn < MOST_UNROLLED:
        is_running, is_sure, turn = step_turn(frame, node, ended), not ended, turn + 1
    if is_running:
        repeat_steps(frame, node, ended)
    joined = joined_states(ended)
    frame.state = joined if joined is not None else frame.state
    frame.state.variables.pop(iterator_name(frame, node.at), None)
    return end_loop(frame, node.orelse, is_running=joined is not None)


def repeat_steps(frame: Frame, node: tree.For, ended: list[State]) -> None:
    """The turns that are not told apart, until nothing changes."""
    memos, frame.loop_memos = frame.loop_memos, {}
    for _ in range(MOST_TURNS):
        before = frame.state
        frame.state = before.fork()
        if not step_turn(frame, node, ended) or covers_state(before, frame.state):
            break
        frame.state = joined_state(before, frame.state)
    frame.loop_memos = memos


def step_turn(frame: Frame, node: tree.For, ended: list[State]) -> bool:
    """One turn; where the iterator may have ended instead is put to `ended`."""
    step = next_step(frame, frame.state.variables[iterator_name(frame, node.at)], node.at)
    ended.extend(state for _, state in step.stops)
    if not step.yields:
        return False
    assign_target(frame, node.target, take(frame, step.yields), node.at)
    return run_turn(frame, node.body)


def leaves_early(node: tree.For) -> bool:
    """Whether a loop's body may leave the loop before its end."""
    return any(isinstance(each, tree.Break | tree.Return | tree.Raise) for each in records_in(node.body))


def holds_yield(node: object) -> bool:
    """Whether there is a `yield` in some statements."""
    return any(isinstance(each, tree.Yield | tree.YieldFrom) for each in records_in(node))


def is_stepwise(frame: Frame, node: tree.For, value: Value) -> bool:
    """Whether a loop asks for its elements one by one: it may stop asking, or may be left at a `yield` itself."""
    if frame.steps is not None and holds_yield(node.body):
        return True
    if frame.loop_memos is not None:
        return False
    ref = sole_steppable(frame, value)
    if ref is None:
        return sole_iterator(frame, value) is not None
    return is_suspended(frame, frame.object(ref)) or leaves_early(node)


# --- `yield` in a body that runs element by element ----------------------------------------------------------


def yield_step(frame: Frame, node: tree.Yield, steps: Steps) -> Value:
    """`yield x`: the way ends here, or goes on with what was sent."""
    if steps.resume is not None:
        return resumed(frame, steps) if steps.resume == node.at else UNKNOWN_VALUE
    value = frame.evaluate(node.value) if node.value is not None else NONE_VALUE
    value = value.after(frame.hop("yield", node.at, "yielded")) if value.taints else value
    if frame.state.guards:
        value = frame.machine.agreed_here(frame, value, node.at)
    steps.ends.append((value, node.at, frame.state.fork()))
    raise Diverges


def resumed(frame: Frame, steps: Steps) -> Value:
    """What a `yield` is when the generator goes on."""
    steps.resume = None
    if steps.thrown is not None:
        frame.raising[-1].append((steps.thrown, frame.state.fork()))
        raise Diverges
    return steps.sent


def yield_from_step(frame: Frame, node: tree.YieldFrom, steps: Steps) -> Value:
    """`yield from xs`: each element of it ends the way here, its end goes on with what it returned."""
    name = iterator_name(frame, node.at)
    sent, thrown = NONE_VALUE, None
    if steps.resume is None:
        frame.state.variables[name] = as_iterator(frame, frame.evaluate(node.value), node.at)
    elif steps.resume != node.at:
        return UNKNOWN_VALUE
    else:
        steps.resume, sent, thrown = None, steps.sent, steps.thrown
    step = next_step(frame, frame.state.variables[name], node.at, sent, thrown)
    steps.ends.extend((value, node.at, state) for value, state in step.yields)
    returned = take(frame, step.stops)
    frame.state.variables.pop(name, None)
    return returned


# --- going on behind a `yield` -------------------------------------------------------------------------------


def holds(node: object, target: Span) -> bool:
    """Whether the `yield` at a place is in some statements or an expression."""
    return any(isinstance(each, tree.Yield | tree.YieldFrom) and each.at == target for each in records_in(node))


def resume_block(frame: Frame, body: tuple[tree.Statement, ...], target: Span) -> bool:
    """Go on behind the `yield` at a place of a block; whether the block's end can be reached."""
    position = next(position for position, each in enumerate(body) if holds(each, target))
    statement = body[position]
    try:
        goes_on = RESUMERS.get(type(statement), resume_statement)(frame, statement, target)
    except Diverges:
        return False
    return goes_on is not False and frame.machine.execute(frame, body[position + 1 :])


def resume_statement(frame: Frame, node: tree.Statement, target: Span) -> bool | None:
    """A statement whose own expression holds the `yield`: evaluated again, with what was sent in its place."""
    assert frame.steps is not None
    frame.steps.resume = target
    return EXECUTORS[type(node)](frame, node)


def resume_if(frame: Frame, node: tree.If, target: Span) -> bool | None:
    """Go on in one of the branches."""
    for branch in (node.body, node.orelse):
        if holds(branch, target):
            return resume_block(frame, branch, target)
    return resume_statement(frame, node, target)


def resume_match(frame: Frame, node: tree.Match, target: Span) -> bool | None:
    """Go on in one of the cases."""
    for case in node.cases:
        if holds(case.body, target):
            return resume_block(frame, case.body, target)
    return resume_statement(frame, node, target)


def resume_while(frame: Frame, node: tree.While, target: Span) -> bool | None:
    """Go on in a turn, then with the turns behind it."""
    if holds(node.body, target):
        return execute_while(frame, node, lambda: resume_block(frame, node.body, target))
    return resume_else(frame, node, target)


def resume_else(frame: Frame, node: tree.While | tree.For, target: Span) -> bool | None:
    """Go on behind a loop's end, or in what it tests or iterates over."""
    if holds(node.orelse, target):
        return resume_block(frame, node.orelse, target)
    return resume_statement(frame, node, target)


def resume_for(frame: Frame, node: tree.For, target: Span) -> bool | None:
    """Likewise, with the iterator that the generator kept."""
    if holds(node.body, target):
        return go_through_steps(frame, node, lambda: resume_block(frame, node.body, target))
    return resume_else(frame, node, target)


def resume_try(frame: Frame, node: tree.Try, target: Span) -> bool | None:
    """Go on in the block, a handler, `else` or `finally`."""
    if holds(node.final, target):
        return resume_block(frame, node.final, target)
    return with_final(frame, node, lambda: resume_handled(frame, node, target))


def resume_handled(frame: Frame, node: tree.Try, target: Span) -> bool:
    """Go on in a try statement without its `finally`."""
    for handler in node.handlers:
        if holds(handler.body, target):
            frame.handled.append(frame.state.variables.get(frame.variable(HANDLED), NOTHING))
            goes_on = resume_block(frame, handler.body, target)
            frame.handled.pop()
            if goes_on and handler.target is not None:
                bind_name(frame, handler.target, ABSENT_VALUE)
            return goes_on
    if holds(node.orelse, target):
        return resume_block(frame, node.orelse, target)
    return execute_handled(frame, node, lambda: resume_block(frame, node.body, target))


def resume_with(frame: Frame, node: tree.With, target: Span) -> bool | None:
    """Go on in the block of a `with`."""
    if not holds(node.body, target):
        return resume_statement(frame, node, target)
    context = frame.state.variables.get(context_name(frame, node.at), NOTHING)
    return frame.machine.run_block(frame, context, node, lambda: resume_block(frame, node.body, target))


def context_name(frame: Frame, at: Span) -> str:
    """The variable that holds the manager of a `with`."""
    return frame.variable(f"@context:{name_of(at)}")


RESUMERS: dict[type, Callable[..., bool | None]] = {
    tree.If: resume_if,
    tree.Match: resume_match,
    tree.While: resume_while,
    tree.For: resume_for,
    tree.Try: resume_try,
    tree.With: resume_with,
}
