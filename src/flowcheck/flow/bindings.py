"""The statements of a code, whatever blocks they stand in.

if short:                       the `if`, then the assignment
    number = user.phone
"""

from __future__ import annotations

from flowcheck.facts import tree


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
