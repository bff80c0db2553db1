"""Functions that ask for a person's consent on behalf of their caller: what must hold when they return.

    def may_push(user): return user.active and user.ads_consent        true: user.ads_consent
    def refuses(user): return not user.ads_consent                     false: user.ads_consent
    def check(user):                                                   returns at all: user.ads_consent
        if not user.ads_consent:
            raise PermissionError

Found in the function's body as written: the tests on the way to each `return`. What holds on every way that has the
outcome in question holds for the caller, with the arguments in the parameters' places.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from msgspec import structs

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.facts.traversal import records_in

Fact: TypeAlias = "tuple[tree.Expression, bool]"
"""A test and its outcome."""

Facts: TypeAlias = "tuple[Fact, ...]"

Names: TypeAlias = "dict[str, tree.Expression]"
"""What stands for a name."""


def facts_of_truth(code: Code, *, outcome: bool) -> list[Fact]:
    """What held in a function that returned something true, or something false."""
    body = Body(code)
    ways: list[list[Fact]] = []
    for facts, value in body.returns:
        if value is None:
            ways.extend([[*facts]] if not outcome else [])
        elif not isinstance(value, tree.Constant):
            ways.append([*facts, *parts_of(body.resolved(value), outcome)])
        elif bool(value.value) is outcome:
            ways.append([*facts])
    return on_all(ways)


def facts_of_return(code: Code) -> list[Fact]:
    """What held in a function that returned instead of raising."""
    return on_all([[*facts] for facts, _ in Body(code).returns])


def on_all(ways: list[list[Fact]]) -> list[Fact]:
    """What holds on every way."""
    return [fact for fact in ways[0] if all(fact in way for way in ways[1:])] if ways else []


def parts_of(test: tree.Expression, outcome: bool) -> Iterator[Fact]:
    """`a and b` is true: so are both. `not a` is false: `a` is true."""
    match test:
        case tree.Unary(operator="not", operand=operand):
            yield from parts_of(operand, not outcome)
        case tree.Boolean(operator=operator, values=values) if (operator == "and") is outcome:
            for each in values:
                yield from parts_of(each, outcome)
        case tree.Call(func=tree.Name(id="bool"), arguments=(only,)):
            yield from parts_of(only.value, outcome)
        case _:
            yield test, outcome


@dataclass
class Body:
    """The ways through a function: what was tested before each `return`, and what that returns."""

    code: Code
    returns: list[tuple[Facts, tree.Expression | None]] = field(default_factory=list)
    _made: Names = field(default_factory=dict)
    _rebound: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        end = self._walk(self.code.body, ())
        if end is not None:
            self.returns.append((end, None))

    def resolved(self, test: tree.Expression) -> tree.Expression:
        """A test with what variables were made of in their places."""
        return put_in(test, self._made)

    def _walk(self, body: tuple[tree.Statement, ...], facts: Facts) -> Facts | None:
        """What holds behind a block; None where nothing runs behind it."""
        for statement in body:
            behind = self._statement(statement, facts)
            if behind is None:
                return None
            facts = behind
        return facts

    def _statement(self, statement: tree.Statement, facts: Facts) -> Facts | None:
        match statement:
            case tree.Return(value=value):
                self.returns.append((facts, value))
                return None
            case tree.Raise():
                return None
            case tree.Assert(test=test):
                return (*facts, *parts_of(self.resolved(test), True))
            case tree.If(test=test, body=body, orelse=orelse):
                asked = self.resolved(test)
                true = self._walk(body, (*facts, *parts_of(asked, True)))
                false = self._walk(orelse, (*facts, *parts_of(asked, False)))
                if true is None or false is None:
                    return false if true is None else true
                return tuple(fact for fact in true if fact in false)
            case tree.With(body=body):
                return self._walk(body, facts)
            case tree.Assign(targets=(tree.Name(id=name),), value=value):
                return self._bound(name, value, facts)
            case tree.Evaluate() | tree.Import() | tree.ImportFrom() | tree.Assign() | tree.Declare():
                return facts
            case _:
                self.returns.append(((), tree.Opaque("object")))  # what happens in there is not looked at
                return facts

    def _bound(self, name: str, value: tree.Expression, facts: Facts) -> Facts:
        """A variable stands for what it was made of, a parameter no more for its argument."""
        if name in self._made or any(each.name == name for each in self.code.parameters):
            self._rebound.add(name)
            self._made.pop(name, None)
            return tuple(fact for fact in facts if name not in names_in(fact[0]))
        self._made[name] = self.resolved(value)
        return facts


def names_in(node: object) -> set[str]:
    """The names that an expression mentions."""
    return {record.id for record in records_in(node) if isinstance(record, tree.Name)}


def put_in(test: tree.Expression, names: Names) -> tree.Expression:
    """An expression with others in the places of names; only forms that can be tests are looked into."""
    match test:
        case tree.Name(id=name) if name in names:
            return names[name]
        case tree.Attribute(value=value):
            return structs.replace(test, value=put_in(value, names))
        case tree.Unary(operand=operand):
            return structs.replace(test, operand=put_in(operand, names))
        case tree.Boolean(values=values):
            return structs.replace(test, values=tuple(put_in(each, names) for each in values))
        case tree.Comparison(left=left, right=right):
            return structs.replace(test, left=put_in(left, names), right=put_in(right, names))
        case tree.Call(func=func, arguments=arguments):
            given = tuple(structs.replace(each, value=put_in(each.value, names)) for each in arguments)
            return structs.replace(test, func=put_in(func, names), arguments=given)
        case _:
            return test


def in_terms_of_caller(code: Code, call: tree.Call, facts: list[Fact], *, is_method: bool) -> Iterator[Fact]:
    """The facts that speak of parameters alone, with the call's arguments in their places."""
    names: Names = {}
    parameters = [*code.parameters]
    if is_method and isinstance(call.func, tree.Attribute) and parameters:
        names[parameters.pop(0).name] = call.func.value
    positional = [each for each in call.arguments if each.name is None and not each.stars]
    names |= {parameter.name: given.value for parameter, given in zip(parameters, positional, strict=False)}
    names |= {each.name: each.value for each in call.arguments if each.name is not None}
    plain = {name: given for name, given in names.items() if is_plain(given)}
    for test, outcome in facts:
        if names_in(test) and names_in(test) <= set(plain):
            yield put_in(test, plain), outcome


def is_plain(given: tree.Expression) -> bool:
    """Whether an argument may be evaluated again: a name, or a part of what one stands for."""
    while isinstance(given, tree.Attribute):
        given = given.value
    return isinstance(given, tree.Name)
