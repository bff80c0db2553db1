"""Statements: how each form changes the state, and where it lets execution go on.

    number = user.phone             evaluates the value, then assigns the target
    return number                   nothing behind it in the block runs

`execute` returns whether execution can go on behind a block. What leaves it otherwise (return, break,
continue, raise) is kept in the frame with the state in which it left. Parts that hold blocks run them
through the machine.
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts import tree
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.attribute_writes import delete_attribute
from flowcheck.flow.branches import execute_if, execute_match
from flowcheck.flow.conditions import assume, outcome_of
from flowcheck.flow.correlations import is_asked_again
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.loops import execute_for, execute_while
from flowcheck.flow.names import bind_global, bind_name, imported_module, module_id, module_member
from flowcheck.flow.quiet_statements import may_raise
from flowcheck.flow.subscripts import delete_item, get_item
from flowcheck.flow.targets import assign_target, replace_slice, store_attribute, store_item
from flowcheck.flow.try_statements import IMPLICIT, execute_try
from flowcheck.flow.values import ABSENT_VALUE, NONE_VALUE, NOTHING, Value, attr


def execute(frame: Frame, body: tuple[tree.Statement, ...]) -> bool:
    """Run a block; whether its end can be reached."""
    frame.machine.work += len(body) + len(frame.state.heap) // 16
    turn = frame.turn
    for position, statement in enumerate(body):
        if len(frame.raising) > 1 and may_raise(frame, statement):
            frame.raising[-1].append((IMPLICIT, frame.state.fork()))
        try:
            if isinstance(statement, tree.If) and is_asked_again(frame, body, position):
                frame.splits += 1
                return execute_if(frame, statement, body[position + 1 :])
            goes_on = EXECUTORS[type(statement)](frame, statement)
        except Diverges:
            frame.turn = turn
            return False
        if goes_on is False:
            return False
    return True


def execute_evaluate(frame: Frame, node: tree.Evaluate) -> None:
    """`f(x)`: a coroutine that is made like this is never run."""
    frame.dropped = node.value.at if isinstance(node.value, tree.Call) else None
    frame.evaluate(node.value)
    frame.machine.note_checked(frame, node.value)


def define_rest(frame: Frame) -> None:
    """Import and define what stands behind a statement of a module that seems never to end.

    Whoever calls a function of the module has imported it, so that the statement did end: what it rests on (settings, a
    registry that other code fills) is not all to be seen.
    """
    known = frame.state.heap[module_id(frame.ref.module)].fields
    for statement in frame.code.body:
        match statement:
            case tree.DefineFunction(target=target) | tree.DefineClass(target=target) | tree.ImportFrom(target=target):
                if attr(target.id) not in known:
                    execute(frame, (statement,))
            case _:
                pass


def execute_assign(frame: Frame, node: tree.Assign) -> None:
    """`a = b = value`"""
    value = frame.machine.lazily(frame, node) or frame.evaluate(node.value)
    if node.annotation is not None:
        value = frame.machine.annotated(frame, value, node.annotation)
    for target in node.targets:
        assign_target(frame, target, value, node.at)
        frame.machine.keep_test(frame, target, node.value)
    frame.machine.note_checked(frame, node.value)


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
            delete_attribute(frame, owner, target.attr, node.at)
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
    if frame.handled and node.exception is not None:
        frame.write(error, attr("__context__"), frame.handled[-1])
    frame.raising[-1].append((error, frame.state))
    return False


def execute_assert(frame: Frame, node: tree.Assert) -> bool:
    """`assert test, message`"""
    frame.undecided.clear()
    outcome = outcome_of(frame, node.test)
    if outcome is not True and (outcome is False or node.message is not None):
        before, undecided = frame.state.fork(), set(frame.undecided)
        fail_assertion(frame, node)
        frame.state, frame.undecided = before, undecided
    if outcome is False:
        return False
    return outcome is True or assume(frame, node.test, outcome=True)


def fail_assertion(frame: Frame, node: tree.Assert) -> None:
    """The way on which the test of an `assert` does not hold."""
    if not assume(frame, node.test, outcome=False):
        return
    given = [frame.evaluate(node.message)] if node.message is not None else []
    error = frame.machine.call_external(frame, "builtins.AssertionError", None, Arguments(given), node.at)
    frame.raising[-1].append((error, frame.state))


def execute_break(frame: Frame, node: tree.Break) -> bool:
    """`break`"""
    frame.loops[-1].breaks.append(frame.state)
    return False


def execute_continue(frame: Frame, node: tree.Continue) -> bool:
    """`continue`"""
    frame.loops[-1].continues.append(frame.state)
    return False


def execute_with(frame: Frame, node: tree.With) -> bool:
    """`with context as target: ...`"""
    return frame.machine.run_with(frame, node)


def execute_import(frame: Frame, node: tree.Import) -> None:
    """`import a.b as c`, `import a.b`"""
    name = node.module if node.is_alias else node.module.partition(".")[0]
    bind_name(frame, node.target, imported_module(frame.machine.program, name))


def execute_import_from(frame: Frame, node: tree.ImportFrom) -> None:
    """`from ..module import name as target`"""
    module = frame.machine.program.absolute(frame.module, node.level, node.module)
    bind_name(frame, node.target, module_member(frame, module, node.name))


def execute_import_star(frame: Frame, node: tree.ImportStar) -> None:
    """`from module import *`: its names are found when they are read; those that are bound already are bound anew."""
    program = frame.machine.program
    frame.starred.add(node.at)
    module = program.absolute(frame.module, node.level, node.module)
    own = frame.state.heap.get(module_id(frame.module))
    if own is None or not program.has_module(module) or program.is_same(module, frame.module):
        return
    canonical = program.canonical(module)
    for content in own.fields:
        name = str(content.name)
        if content.kind == "attr" and frame.machine.exports(canonical, name):
            bind_global(frame, name, module_member(frame, canonical, name))


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


def execute_sql(frame: Frame, node: tree.RunSql) -> None:
    """A statement of a SQL file, run by whoever runs the file."""
    frame.machine.run_sql(frame, str(node.text.value), node.at)


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
    tree.RunSql: execute_sql,
}
