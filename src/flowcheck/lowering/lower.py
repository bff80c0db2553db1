"""The lowering of a file, from its bytes to its facts.

lower(b"phone = user.phone  # flowcheck: security-collected")
    codes: one, the module, with Assign((Name("phone"),), Attribute(Name("user"), "phone"))
    marks: Mark("security-collected", "comment", "variable", "phone")
"""

from __future__ import annotations

import libcst as cst

from flowcheck.facts.files import SQL_SUFFIX, FileFacts, Problem
from flowcheck.facts.tree import Span
from flowcheck.lowering.blocks import BLOCKS
from flowcheck.lowering.comments import Comments
from flowcheck.lowering.comprehensions import COMPREHENSIONS
from flowcheck.lowering.context import MAX_DEPTH, Context, Tables, TooDeepError
from flowcheck.lowering.declarations import Declarations
from flowcheck.lowering.definitions import lower_class, lower_function, lower_lambda
from flowcheck.lowering.expressions import EXPRESSIONS
from flowcheck.lowering.imports import IMPORTS
from flowcheck.lowering.marks import find_marks, may_hold_marks
from flowcheck.lowering.parsing import collector_paused, parse
from flowcheck.lowering.patterns import PATTERNS
from flowcheck.lowering.positions import Positions
from flowcheck.lowering.reading import line_of_long_chain, read_text
from flowcheck.lowering.repairs import repaired
from flowcheck.lowering.sql_scripts import lower_sql
from flowcheck.lowering.statements import STATEMENTS
from flowcheck.lowering.strings import STRINGS
from flowcheck.lowering.suppressions import find_suppressions
from flowcheck.lowering.targets import TARGETS
from flowcheck.stack import with_deep_stack

TABLES = Tables(
    expressions={**EXPRESSIONS, **STRINGS, **COMPREHENSIONS, cst.Lambda: lower_lambda},
    targets=TARGETS,
    statements={
        **STATEMENTS,
        **IMPORTS,
        **BLOCKS,
        cst.FunctionDef: lower_function,
        cst.ClassDef: lower_class,
    },
    patterns=PATTERNS,
)

SHORT_CHAIN = 500
"""Operations of an expression that every Python bears."""


def lower(content: bytes) -> FileFacts:
    """The facts of a file; one that cannot be read or parsed gives a problem and no codes."""
    return Lowering(content).facts()


class Lowering:
    """The lowering of one file, which is what its name says, and which can say what it is at."""

    def __init__(self, content: bytes, path: str = "") -> None:
        self._content = content
        self._path = path
        self._context: Context | None = None

    def facts(self) -> FileFacts:
        """See `lower`."""
        if self._path.endswith(SQL_SUFFIX):
            return lower_sql(self._path, self._content)
        text = read_text(self._content)
        if isinstance(text, Problem):
            return failed(text)
        return with_deep_stack(lambda: self._of_text(text))

    def at(self) -> tuple[str, int]:
        """The function or class that is being lowered, and its line."""
        code = self._context.code if self._context is not None else None
        return (code.qualname, code.at.line) if code is not None else ("<module>", 1)

    def _of_text(self, text: str) -> FileFacts:
        with collector_paused():
            module = parse(text)
            if isinstance(module, Problem):
                other = repaired(text)
                again = parse(other) if other != text else module
                if isinstance(again, Problem):
                    return failed(module)
                module, text = again, other
            try:
                return self._of_module(module, text)
            except TooDeepError as error:
                return failed(Problem(error.line, f"more than {MAX_DEPTH} nested expressions"))
            except RecursionError:  # Python 3.12 has a limit of its own, which nothing can raise
                line = line_of_long_chain(text, SHORT_CHAIN) or 1
                return failed(Problem(line, "nested too deep for the Python that runs flowcheck"))

    def _of_module(self, module: cst.Module, text: str) -> FileFacts:
        has_marks = may_hold_marks(text)
        positions = Positions(module, text, has_marks)
        declarations = Declarations() if has_marks else None
        context = self._context = Context(TABLES, positions, declarations)
        context.code.body = context.statements(module.body)
        context.code.body_at = Span(1, 1, *positions.end)
        codes = context.finish()
        if declarations is None:
            return FileFacts(codes, (), (), None)
        comments = Comments(text, positions.comments)
        return FileFacts(codes, find_marks(declarations, comments), find_suppressions(comments), None)


def failed(problem: Problem) -> FileFacts:
    """The facts of a file that could not be lowered."""
    return FileFacts((), (), (), problem)
