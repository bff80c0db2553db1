"""Where the names of a module are bound: by its own statements, and by others from outside.

import settings
settings.phone = user.phone         binds `phone` of the module `settings`
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.program.program import Program

MOST_BINDERS = 12
"""Files that may mention both a module and a name of it for them to be looked through."""


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


def is_set_from_outside(program: Program, module: str, name: str) -> bool:
    """Whether another module seems to assign `module.name`, or does so by `setattr`."""
    leaf = module.rpartition(".")[2]
    around = set(program.modules_with(leaf))
    others = [other for other in program.modules_with(name) if other in around and other != module]
    return len(others) <= MOST_BINDERS and any(
        any(assigns_attribute(statement, name) for statement in all_statements(code.body)) or "setattr" in code.mentions
        for other in others
        for code in program.facts(other).codes
        if name in code.mentions
    )


def assigns_attribute(statement: tree.Statement, name: str) -> bool:
    """Whether a statement is `anything.name = value`."""
    return isinstance(statement, tree.Assign) and any(
        isinstance(target, tree.Attribute) and target.attr == name for target in statement.targets
    )
