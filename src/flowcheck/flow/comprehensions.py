"""Comprehensions: the clauses run as nested loops, and what is gathered is known apart if the elements are.

[h(x) for x in rows]            a list of as many elements as rows
{k: v for k, v in pairs if v}   items under known keys, perhaps absent
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.conditions import assume, outcome_of
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj, covers_state, joined_state
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.loops import MOST_NESTED
from flowcheck.flow.names import bind_global, module_id
from flowcheck.flow.subscripts import set_item
from flowcheck.flow.targets import assign_target
from flowcheck.flow.values import NOTHING, Content, Ref, Value, join


def evaluate_comprehension(frame: Frame, node: tree.Comprehension) -> Value:
    """`[element for target in iterable if condition]`"""
    gathered = Gathered(frame, node)
    run_clauses(frame, node, 0, gathered)
    return gathered.result()


LAZY = "lazy"
FIRST = Content("first", None)


def lazily(frame: Frame, node: tree.Assign) -> Value | None:
    """`each = (f(x) for x in rows)`: only `rows` is evaluated now; the rest when `each` is read. None for any other."""
    match node:
        case tree.Assign(targets=(tree.Name() as name,), value=tree.Comprehension(kind="generator") as made):
            if frame.namespace is not None or not is_read_here_alone(frame, name):
                return None
            frame.waiting[made.at] = made
            first = frame.evaluate(made.clauses[0].iterable)
            return frame.make(made.at, Obj(LAZY, {FIRST: first}, detail=made.at), LAZY)
        case _:
            return None


def is_read_here_alone(frame: Frame, name: tree.Name) -> bool:
    """Whether nobody but this code sees a variable: one of its own, or a module's that no function mentions."""
    if name.scope == tree.LOCAL:
        return True
    if name.scope != tree.GLOBAL or not frame.is_import or frame.code.kind != "module":
        return False
    codes = frame.machine.program.facts(frame.module).codes
    return not any(name.id in code.mentions for code in codes if code is not frame.code)


def run_waiting(frame: Frame) -> None:
    """Run the generator expressions that a module's variables still hold: who imports it reads them afterwards."""
    module = module_id(frame.module)
    for content, held in list(frame.state.heap[module].fields.items()) if frame.waiting else ():
        if is_waiting(frame, held):
            bind_global(frame, str(content.name), run_lazily(frame, held))


def is_waiting(frame: Frame, value: Value) -> bool:
    """Whether a value may be a generator expression that has not run."""
    return any(isinstance(atom, Ref) and frame.object(atom).kind == LAZY for atom in value.atoms)


def run_lazily(frame: Frame, value: Value) -> Value:
    """A value, a generator expression in it run with what there is by now."""
    waiting = [(atom, frame.object(atom)) for atom in value.atoms if isinstance(atom, Ref)]
    found = NOTHING
    for ref, obj in waiting:
        if obj.kind != LAZY:
            found = join(found, Value((ref,)))
            continue
        node = frame.waiting[cast("Span", obj.detail)]
        gathered = Gathered(frame, node)
        run_clauses(frame, node, 0, gathered, obj.fields[FIRST])
        found = join(found, gathered.result())
    others = Value(tuple(atom for atom in value.atoms if not isinstance(atom, Ref)), value.taints)
    return join(others, found)


class Gathered:
    """The elements a comprehension has made so far, kept as a container on the heap so that joins treat it as one."""

    def __init__(self, frame: Frame, node: tree.Comprehension) -> None:
        self.frame = frame
        self.node = node
        kind = {"generator": "list"}.get(node.kind, node.kind)
        self.made = frame.make(node.at, Obj(kind), f"comprehension:{kind}")
        (ref,) = self.made.atoms
        assert isinstance(ref, Ref)
        self.ref = ref

    def add(self) -> None:
        """Evaluate the element and put it in."""
        value = self.frame.evaluate(self.node.element)
        if self.node.key is not None:
            set_item(self.frame, self.made, self.frame.evaluate(self.node.key), value, self.node.at)
        else:
            if self.frame.state.guards:
                value = self.frame.machine.agreed_here(self.frame, value, self.node.at)
            self.frame.machine.append(self.frame, self.ref, value, self.node.at)

    def result(self) -> Value:
        return self.made


def run_clauses(
    frame: Frame, node: tree.Comprehension, depth: int, gathered: Gathered, first: Value | None = None
) -> None:
    """Run the clauses from `depth` on; at the end add an element. `first` is what the first one goes over."""
    if depth == len(node.clauses):
        gathered.add()
        return
    clause = node.clauses[depth]
    items = iterate(frame, first if first is not None else frame.evaluate(clause.iterable), node.at)
    turns, outer = frame.turns, frame.turn
    if len(items.known) * turns > MOST_NESTED:
        items = Items([], items.any())
    frame.turns = turns * max(len(items.known), 1)
    for place, item in enumerate(items.known):
        frame.start_turn(outer, place, turns)
        maybe(frame, partial(run_turn, frame, node, depth, gathered, item))
    frame.turns, frame.turn = turns, outer
    if items.rest is not None:
        rest = items.rest
        for _ in range(4):
            before = frame.state.fork()
            maybe(frame, lambda: run_turn(frame, node, depth, gathered, rest) and False)
            if covers_state(before, frame.state):
                break


def run_turn(frame: Frame, node: tree.Comprehension, depth: int, gathered: Gathered, item: Value) -> bool:
    """One turn of a clause; whether its conditions are sure to let it through."""
    clause = node.clauses[depth]
    assign_target(frame, clause.target, item, node.at)
    is_certain = True
    for condition in clause.conditions:
        outcome = outcome_of(frame, condition)
        if outcome is False or (outcome is None and not assume(frame, condition, outcome=True)):
            raise Diverges
        is_certain = is_certain and outcome is True
    run_clauses(frame, node, depth + 1, gathered)
    return is_certain


def maybe(frame: Frame, action: Callable[[], bool]) -> None:
    """Do something that may not happen (unless it says that it surely does): go on from both."""
    skipped = frame.state.fork()
    try:
        is_certain = action()
    except Diverges:
        frame.state = skipped
        return
    if not is_certain:
        frame.state = joined_state(frame.state, skipped)
