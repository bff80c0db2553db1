"""What is carried along while a file is lowered: the current code and scope, and who lowers which node.

def save(self, phone):      code `User.save`, scope of the function
    [p for p in phone]      code `User.save`, scope of the comprehension
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import libcst as cst
from msgspec import Struct

from flowcheck.errors import FlowcheckError
from flowcheck.facts.files import Code, Parameter
from flowcheck.facts.tree import LOCAL, Expression, Name, Pattern, Span, Statement
from flowcheck.lowering.declarations import Declarations
from flowcheck.lowering.mentions import words_of
from flowcheck.lowering.positions import Places
from flowcheck.lowering.scopes import Scope, resolve

ExpressionTable: TypeAlias = Mapping[type, Callable[..., Expression]]
StatementTable: TypeAlias = Mapping[type, Callable[..., Sequence[Statement]]]
PatternTable: TypeAlias = Mapping[type, Callable[..., Pattern]]


MAX_DEPTH = 200  # of nested expressions: what holds a tree is encoded, compared and walked by recursion


class TooDeepError(FlowcheckError):
    """Expressions nest deeper than trees may."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


class Tables(Struct, frozen=True):
    """Who lowers which node."""

    expressions: ExpressionTable
    targets: ExpressionTable
    statements: StatementTable
    patterns: PatternTable


class Draft:
    """A code while it is lowered."""

    def __init__(self, index: int, parent: Draft | None, kind: str, name: str, qualname: str, scope: Scope) -> None:
        self.index = index
        self.parent = parent
        self.kind = kind
        self.name = name
        self.qualname = qualname
        self.scope = scope
        self.words: set[str] = set()
        self.parameters: tuple[Parameter, ...] = ()
        self.returns: Expression | None = None
        self.body: tuple[Statement, ...] = ()
        self.is_generator = False
        self.is_async = False
        self.at = self.body_at = Span(1, 1, 1, 1)

    def finish(self) -> Code:
        """The code, once all names of the file are resolved."""
        return Code(
            index=self.index,
            parent=-1 if self.parent is None else self.parent.index,
            kind=self.kind,
            name=self.name,
            qualname=self.qualname,
            parameters=self.parameters,
            returns=self.returns,
            body=self.body,
            locals=self.scope.locals,
            cells=self.scope.cells,
            free=tuple(sorted(self.scope.free)),
            globals=tuple(sorted(self.scope.bound_globals)),
            is_generator=self.is_generator,
            is_async=self.is_async,
            mentions=tuple(sorted(self.words)),
            at=self.at,
            body_at=self.body_at,
        )


class Context:
    """The state of lowering one file."""

    def __init__(self, tables: Tables, places: Places, declarations: Declarations | None) -> None:
        self._expressions = tables.expressions
        self._targets = tables.targets
        self._statements = tables.statements
        self._patterns = tables.patterns
        self._places = places
        self.declarations = declarations
        """What marks may stand on; None when nothing in the file can be a mark."""
        self._drafts: list[Draft] = []
        self._scopes: list[Scope] = []
        self._qualnames: dict[str, int] = {}
        self._class_name: str | None = None
        self._depth = 0
        self.scope = self._new_scope("module", None)
        self.code = self._new_draft("module", "<module>", "<module>", None)

    # Nodes to records.

    def expression(self, node: cst.CSTNode) -> Expression:
        """Lower an expression that is read."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise TooDeepError(self._places.span(node).line)
        lowered = self._expressions[type(node)](node, self)
        self._depth -= 1
        return lowered

    def optional(self, node: cst.CSTNode | None) -> Expression | None:
        """Lower an expression that may be missing."""
        return None if node is None else self.expression(node)

    def target(self, node: cst.CSTNode) -> Expression:
        """Lower a target, and bind its names."""
        return self._targets[type(node)](node, self)

    def pattern(self, node: cst.CSTNode) -> Pattern:
        """Lower a pattern of `match`, and bind its names."""
        return self._patterns[type(node)](node, self)

    def block(self, suite: cst.BaseSuite) -> tuple[Statement, ...]:
        """Lower an indented block, or what follows a colon on its line."""
        return self.statements(suite.body)

    def statements(self, nodes: Sequence[cst.CSTNode]) -> tuple[Statement, ...]:
        """Lower statements in a row; a line may hold several."""
        table = self._statements
        lowered: list[Statement] = []
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                for small in node.body:
                    lowered.extend(table[type(small)](small, self))
            else:
                lowered.extend(table[type(node)](node, self))
        return tuple(lowered)

    # Places.

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands."""
        return self._places.span(node)

    def between(self, first: cst.CSTNode, last: cst.CSTNode) -> Span:
        """From the start of one node to the end of another."""
        return self._places.between(first, last)

    def header_end(self, suite: cst.BaseSuite) -> tuple[int, int]:
        """Line and column behind the colon that opens a block."""
        return self._places.header_end(suite)

    @contextmanager
    def placed_at(self, places: Places) -> Iterator[None]:
        """Take places from elsewhere, for nodes that are not of the file's own tree."""
        before, self._places = self._places, places
        yield
        self._places = before

    # Names.

    def name(self, text: str, at: Span) -> Name:
        """A name that is read here."""
        name = Name(self.mangled(text), LOCAL, at)
        self.scope.use(name)
        self.code.words.add(text)
        return name

    def bind(self, node: cst.Name, scope: Scope | None = None) -> Name:
        """A name that is bound here, or in the given scope."""
        scope = scope or self.scope
        name = Name(self.mangled(node.value), LOCAL, self.span(node))
        scope.bind(name.id)
        scope.use(name)
        self.code.words.add(node.value)
        return name

    def temporary(self, at: Span) -> Name:
        """A further local of the current code that no program can write."""
        scope = self.code.scope
        name = Name(scope.rename("chain"), LOCAL, at)
        scope.use(name)
        return name

    def mangled(self, name: str) -> str:
        """A private name of a class, as Python stores it: `__x` in `class Tree` is `_Tree__x`."""
        if self._class_name is None or not name.startswith("__") or name.endswith("__"):
            return name
        return f"_{self._class_name}{name}"

    def mention(self, word: str) -> None:
        """Note a word of the current code."""
        self.code.words.add(word)

    def mention_text(self, text: str) -> None:
        """Note the words of a string."""
        self.code.words |= words_of(text)

    # Codes and scopes.

    def open_code(self, kind: str, name: str) -> Draft:
        """A further code inside the current one, not entered yet."""
        inside = self.code
        dotted = name if inside.kind == "module" else f"{inside.qualname}.{name}"
        return self._new_draft(kind, name, self._unique(dotted), inside)

    @contextmanager
    def within(self, draft: Draft) -> Iterator[None]:
        """Lower what runs in a code of its own."""
        before = self.code, self.scope, self._class_name
        self.code, self.scope = draft, draft.scope
        if draft.kind == "class":
            self._class_name = draft.name.lstrip("_") or None
        yield
        self.code, self.scope, self._class_name = before

    @contextmanager
    def mentioning_for(self, draft: Draft) -> Iterator[None]:
        """Lower, in the current scope, what belongs to the header of a nested code."""
        before, self.code = self.code, draft
        yield
        self.code = before

    @contextmanager
    def comprehension(self) -> Iterator[None]:
        """Lower what runs in the scope of a comprehension, but not in a code of its own."""
        before = self.scope
        self.scope = self._new_scope("comprehension", before)
        yield
        self.scope = before

    def finish(self) -> tuple[Code, ...]:
        """All codes of the file, with every name resolved."""
        resolve(self._scopes)
        return tuple(draft.finish() for draft in self._drafts)

    def _new_draft(self, kind: str, name: str, qualname: str, parent: Draft | None) -> Draft:
        scope = self.scope if parent is None else self._new_scope(kind, self.scope)
        draft = Draft(len(self._drafts), parent, kind, name, qualname, scope)
        self._drafts.append(draft)
        return draft

    def _new_scope(self, kind: str, parent: Scope | None) -> Scope:
        scope = Scope(kind, parent)
        self._scopes.append(scope)
        return scope

    def _unique(self, qualname: str) -> str:
        count = self._qualnames[qualname] = self._qualnames.get(qualname, 0) + 1
        return qualname if count == 1 else f"{qualname}#{count}"
