"""What a label may stand on: fields, variables, parameters, returns, functions and classes of a file.

They are listed while the file is lowered, only when something in its text can be a label.

    class User:                                       class      User
        phone: Annotated[str, "security-collected"]   field      User.phone, with its annotation
        def call(self, number): ...                   function   User.call; parameter User.call:number
"""

from __future__ import annotations

from msgspec import Struct

from flowcheck.facts.tree import Expression, Import, ImportFrom, ImportStar, Span


class Declared(Struct, frozen=True):
    """One thing that can carry a label.

    `lines` are those on which a comment marks it; `header_end` is the place behind the colon of the
    `def` or `class`, for a parameter too; `def_line` is the line of that `def`.
    """

    kind: str
    target: str
    at: Span
    lines: range
    annotation: Expression | None = None
    value: Expression | None = None
    decorators: tuple[Expression, ...] = ()
    def_line: int = 0
    header_end: tuple[int, int] = (0, 0)


class Declarations:
    """All that can carry a label in one file, and what its imports bind."""

    def __init__(self) -> None:
        self.declared: list[Declared] = []
        self._imports: dict[str, str] = {}
        self._starred: list[str] = []

    def add(self, declared: Declared) -> None:
        """Note something that can carry a label."""
        self.declared.append(declared)

    def add_import(self, statement: Import | ImportFrom | ImportStar) -> None:
        """Note what an import anywhere in the file binds."""
        if isinstance(statement, ImportStar):
            self._starred.append(statement.module)
        elif isinstance(statement, ImportFrom):
            self._imports[statement.target.id] = f"{'.' * statement.level}{statement.module}.{statement.name}"
        else:
            bound = statement.module if statement.is_alias else statement.module.partition(".")[0]
            self._imports[statement.target.id] = bound

    def imported(self, name: str, known: frozenset[str]) -> str:
        """The dotted name that a name stands for; `known` are names that a star import may bring."""
        for module in self._starred:
            if f"{module}.{name}" in known:
                return f"{module}.{name}"
        return self._imports.get(name, name)
