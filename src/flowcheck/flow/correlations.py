"""Tests that are asked twice: what an open test on unchanged local variables said decides the same test further on.

if flag: number = user.phone       the ways on which `flag` is true and false go on apart to the end of the block,
log("checked")                     since the block asks again
if not flag: push(number)          decided on either way

A test is known by its form: names of local variables, constants, and what compares them. Binding one of the names
anew ends what is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.traversal import records_in
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Form
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.values import Ref

Polarity: TypeAlias = "tuple[Form, bool]"
"""A test's form, and whether the test holds where the form does."""

MOST_SPLITS = 6
"""Times that one evaluation of a function goes on in two ways after a branch."""

MOST_KNOWN = 16
"""Tests whose outcome is remembered on one way."""

OPPOSITES = {"is not": "is", "!=": "==", "not in": "in", ">": "<=", ">=": "<"}


def plain_form(test: tree.Expression) -> Form | None:
    """The form of a test, whichever way round it is asked."""
    found = polar_form(test)
    return found[0] if found is not None else None


def form_of(frame: Frame, test: tree.Expression) -> Polarity | None:
    """The form of a test on local variables; None for any other."""
    return polar_form(test) if frame.namespace is None else None


def polar_form(test: tree.Expression) -> Polarity | None:
    """Likewise, in a code that is no class body."""
    match test:
        case tree.Unary(operator="not", operand=operand):
            inner = polar_form(operand)
            return (inner[0], not inner[1]) if inner is not None else None
        case tree.Name(scope=tree.LOCAL):
            return operand_form(test), True
        case tree.Comparison(operator=operator, left=left, right=right):
            sides = (operand_form(left), operand_form(right))
            if () in sides or not any(side[0] == "name" for side in sides):
                return None
            symbol = OPPOSITES.get(operator, operator)
            return ("compare", symbol, *sides), symbol == operator
        case tree.Call(func=tree.Name(id="isinstance", scope=tree.GLOBAL), arguments=(subject, cls)):
            sides = (operand_form(subject.value), class_form(cls.value))
            return (("isinstance", *sides), True) if () not in sides else None
        case _:
            return None


def operand_form(operand: tree.Expression) -> Form:
    """The form of what a test compares; empty for what may change unseen."""
    match operand:
        case tree.Name(id=name, scope=tree.LOCAL):
            return ("name", name)
        case tree.Constant(value=value):
            return ("constant", type(value).__name__, value)
        case _:
            return ()


def class_form(cls: tree.Expression) -> Form:
    """The form of a class named in a test."""
    return ("class", cls.id) if isinstance(cls, tree.Name) and cls.scope == tree.GLOBAL else operand_form(cls)


def known_outcome(frame: Frame, test: tree.Expression) -> bool | None:
    """What the ways here have in common about a test."""
    if not frame.state.known:
        return None
    found = form_of(frame, test)
    held = frame.state.known.get(found[0]) if found is not None else None
    return None if held is None or found is None else held is found[1]


def note_outcome(frame: Frame, test: tree.Expression, outcome: bool) -> None:
    """Remember what a test said on this way, if the code asks again and nothing can change that unseen."""
    found = form_of(frame, test)
    if found is None or len(frame.state.known) >= MOST_KNOWN:
        return
    asked = frame.machine.repeated_tests(frame.ref)
    if found[0] in asked.forms and is_lasting(frame, found[0], asked.shared):
        frame.state.known = {**frame.state.known, found[0]: outcome is found[1]}


def is_lasting(frame: Frame, form: Form, shared: frozenset[str]) -> bool:
    """Whether a test says the same as long as its variables are not bound anew: an object may change in itself."""
    if form[0] == "isinstance" or "is" in form:
        return True
    operands = [form] if form[0] == "name" else form[2:]
    return all(is_unchanging(frame, str(each[1]), shared) for each in operands if each[0] == "name")  # type: ignore[index]


def is_unchanging(frame: Frame, name: str, shared: frozenset[str]) -> bool:
    """Whether a variable holds scalars; of something unknown, whether no other code gets hold of it."""
    held = frame.state.variables.get(frame.variable(name))
    return held is not None and all(
        bool(scalar_type(atom)) or (name not in shared and not isinstance(atom, Ref)) for atom in held.atoms
    )


class RepeatedTests(NamedTuple):
    """The tests that a code asks more than once, and the variables whose value it hands to others or looks into."""

    forms: frozenset[Form]
    shared: frozenset[str]


def repeated_tests(body: tuple[tree.Statement, ...]) -> RepeatedTests:
    """What a code asks more than once."""
    counts = Counter(form for test in tests_in(body) if (form := plain_form(test)))
    return RepeatedTests(frozenset(form for form, count in counts.items() if count > 1), frozenset(shared_in(body)))


def shared_in(body: tuple[tree.Statement, ...]) -> Iterator[str]:
    """The local variables that are passed on, or whose attributes or items are used."""
    for each in records_in(body):
        if isinstance(each, tree.Attribute | tree.Subscript | tree.Argument) and isinstance(each.value, tree.Name):
            yield each.value.id


# --- whether a block asks again ---------------------------------------------------------------------


def is_asked_again(frame: Frame, body: tuple[tree.Statement, ...], position: int) -> bool:
    """Whether what follows an `if` in its block tests the same."""
    statement = body[position]
    if not isinstance(statement, tree.If) or position == len(body) - 1 or frame.splits >= MOST_SPLITS:
        return False
    asked = frame.machine.repeated_tests(frame.ref).forms
    own = [form for each in parts_of(statement.test) if (form := plain_form(each)) is not None and form in asked]
    if not own or frame.namespace is not None:
        return False
    last = frame.last_tests.get(id(body))
    if last is None:
        last = frame.last_tests[id(body)] = last_tests(body)
    return any(last.get(form, 0) > position for form in own)


def last_tests(body: tuple[tree.Statement, ...]) -> dict[Form, int]:
    """The last statement of a block in which each test stands."""
    found: dict[Form, int] = {}
    for position, statement in enumerate(body):
        for test in tests_in(statement):
            form = plain_form(test)
            if form is not None:
                found[form] = position
    return found


def parts_of(test: tree.Expression) -> Iterator[tree.Expression]:
    """The tests that a test is put together from."""
    if isinstance(test, tree.Boolean):
        for value in test.values:
            yield from parts_of(value)
    elif isinstance(test, tree.Unary):
        yield from parts_of(test.operand)
    else:
        yield test


def tests_in(node: object) -> Iterator[tree.Expression]:
    """Every test in statements or an expression, nested codes left out."""
    for each in records_in(node):
        if isinstance(each, tree.If | tree.While | tree.Conditional | tree.Assert):
            yield from parts_of(each.test)
        elif isinstance(each, tree.Boolean):
            yield from parts_of(each)
        elif isinstance(each, tree.Unary) and each.operator == "not":
            yield each.operand
