"""The statements of a code, whatever blocks they stand in.

if short:                       the `if`, then the assignment
    number = user.phone
"""

from __future__ import annotations

from collections.abc import Iterable

from flowcheck.facts import tree
from flowcheck.facts.files import Code


def all_statements(body: tuple[tree.Statement, ...]) -> list[tree.Statement]:
    """Every statement of a block, nested blocks included, nested codes not."""
    found: list[tree.Statement] = []
    pending = list(reversed(body))
    while pending:
        statement = pending.pop()
        found.append(statement)
        match statement:
            case tree.If() | tree.While() | tree.For():
                pending.extend(reversed((*statement.body, *statement.orelse)))
            case tree.With():
                pending.extend(reversed(statement.body))
            case tree.Try():
                inner = [*statement.body, *(each for handler in statement.handlers for each in handler.body)]
                pending.extend(reversed((*inner, *statement.orelse, *statement.final)))
            case tree.Match():
                pending.extend(reversed([each for case in statement.cases for each in case.body]))
            case _:
                pass
    return found


def assigned_targets(statement: tree.Statement) -> tuple[tree.Expression, ...]:
    """What a statement assigns, tuples taken apart."""
    match statement:
        case tree.Assign(targets=targets):
            found: list[tree.Expression] = []
            for target in targets:
                found.extend(target.items if isinstance(target, tree.Display) else (target,))
            return tuple(found)
        case tree.AugmentedAssign(target=target) | tree.Declare(target=target):
            return (target,)
        case _:
            return ()


def fields_assigned(codes: Iterable[Code]) -> list[str]:
    """The fields that the methods of a class, its codes given, assign on their first parameter, in order."""
    found: dict[str, None] = {}
    for code in codes:
        if code.kind != "function" or not code.parameters:
            continue
        receiver = code.parameters[0].name
        for statement in all_statements(code.body):
            for target in assigned_targets(statement):
                match target:
                    case tree.Attribute(value=tree.Name(id=name), attr=field) if name == receiver:
                        found[field] = None
                    case _:
                        pass
    return list(found)
