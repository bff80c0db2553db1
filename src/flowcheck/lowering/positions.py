"""Where each syntax node stands, from one pass of the parser's own code generation.

Generating the code of a parsed file gives back its text, token by token. A node starts where the first
token of its own is generated and ends where the last one is; that is all that is noted while the pass
runs, as a count of tokens. Lines and columns are worked out when somebody asks.

    x = (a.b)      a.b    tokens 4 to 7    offsets 5 to 8    Span(1, 6, 1, 9)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import accumulate
from typing import Protocol

import libcst as cst
from libcst._nodes.expression import _BaseParenthesizedNode
from libcst._nodes.internal import CodegenState

from flowcheck.facts.tree import Span
from flowcheck.lowering.reading import NEWLINE

PLACELESS: frozenset[type] = frozenset(
    {
        cst.Comma,
        cst.Dot,
        cst.Colon,
        cst.Semicolon,
        cst.AssignEqual,
        cst.Arg,
        cst.Element,
        cst.DictElement,
        cst.StarredDictElement,
        cst.SubscriptElement,
        cst.From,
        cst.Asynchronous,
        cst.Module,
        cst.SimpleStatementLine,
        cst.SimpleStatementSuite,
        cst.IndentedBlock,
        cst.If,
        cst.Else,
        cst.While,
        cst.Try,
        cst.TryStar,
        cst.ExceptHandler,
        cst.ExceptStarHandler,
        cst.Finally,
        cst.MatchCase,
    }
    | set(cst.BaseBinaryOp.__subclasses__())
    | set(cst.BaseBooleanOp.__subclasses__())
    | set(cst.BaseCompOp.__subclasses__())
    | set(cst.BaseAugOp.__subclasses__())
    | set(cst.BaseUnaryOp.__subclasses__())
)
"""Nodes that no record has the place of."""


_BLANK = re.compile(r"(?:\s|\\\r?\n)*")


class Places(Protocol):
    """Tells where nodes stand."""

    def span(self, node: cst.CSTNode) -> Span:
        """The place of a node, without whitespace and parentheses around it."""

    def between(self, first: cst.CSTNode, last: cst.CSTNode) -> Span:
        """From the start of one node to the end of another."""

    def header_end(self, suite: cst.BaseSuite) -> tuple[int, int]:
        """Line and column behind the colon that opens a block, when comments were asked for."""


class Positions:
    """The places of the nodes of one file."""

    def __init__(self, module: cst.Module, text: str, with_comments: bool) -> None:
        state = _CommentState(module) if with_comments else _PositionState(module)
        if not with_comments:
            state.before_codegen = id  # type: ignore[method-assign, assignment]  # something that does nothing
        with _quick_parentheses():
            module._codegen(state)  # noqa: SLF001  # what the parser's own position provider runs
        self._module = module  # what is known by its id must live
        self._extents = state.extents
        self._offsets = _offsets(state.tokens, text)
        self._end = len(text)
        self._line_starts = [0, *(newline.end() for newline in NEWLINE.finditer(text))]
        self._header_ends = state.header_ends
        self.comments = tuple((self._point(index), state.tokens[index]) for index in state.comments)
        """Start and text of each comment, when asked for."""

    def span(self, node: cst.CSTNode) -> Span:
        """The place of a node, without whitespace and parentheses around it."""
        start, end = self._extents[id(node)]
        return self._span(start, end)

    def between(self, first: cst.CSTNode, last: cst.CSTNode) -> Span:
        """From the start of one node to the end of another."""
        return self._span(self._extents[id(first)][0], self._extents[id(last)][1])

    @property
    def end(self) -> tuple[int, int]:
        """Line and column behind the last character."""
        return self._place(self._end)

    def header_end(self, suite: cst.BaseSuite) -> tuple[int, int]:
        """Line and column behind the colon that opens a block, when comments were asked for."""
        return self._point(self._header_ends[id(suite)])

    def _span(self, start_token: int, end_token: int) -> Span:
        start, end = self._offsets[start_token], self._offsets[end_token]
        starts = self._line_starts
        line = bisect_right(starts, start)
        line_start = starts[line - 1]
        if line == len(starts) or end < starts[line]:
            return Span(line, start - line_start + 1, line, end - line_start + 1)
        end_line = bisect_right(starts, end)
        return Span(line, start - line_start + 1, end_line, end - starts[end_line - 1] + 1)

    def _point(self, token: int) -> tuple[int, int]:
        return self._place(self._offsets[token])

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1


def _offsets(tokens: list[str], text: str) -> list[int]:
    """Where in the text each token starts."""
    if "".join(tokens).startswith(text):
        return list(accumulate(map(len, tokens), initial=0))
    return _aligned(tokens, text)


def _aligned(tokens: list[str], text: str) -> list[int]:
    """The same, where the parser lost whitespace of no meaning, as it does in `except OSError :`."""
    offsets, offset = [], 0
    for token in tokens:
        if token and not text.startswith(token, offset):
            skipped = _BLANK.match(text, offset)
            offset = skipped.end() if skipped and text.startswith(token, skipped.end()) else offset
        offsets.append(offset)
        offset += len(token) if text.startswith(token, offset) else 0
    return [*offsets, offset]


class OnePlace:
    """Places of nodes that stand in a string: all of them are the string's."""

    def __init__(self, at: Span) -> None:
        self._at = at

    def span(self, node: cst.CSTNode) -> Span:
        """The place of the string."""
        return self._at

    def between(self, first: cst.CSTNode, last: cst.CSTNode) -> Span:
        """The place of the string."""
        return self._at

    def header_end(self, suite: cst.BaseSuite) -> tuple[int, int]:
        """The end of the string."""
        return self._at.end_line, self._at.end_column


class _Ignored:
    """A recording of nothing."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        pass


_IGNORED = _Ignored()


class _PositionState(CodegenState):
    """Notes between which tokens each node was generated.

    It is the context manager of every recording itself: recordings nest, so a stack tells which one ends.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.extents: dict[int, tuple[int, int]] = {}  # by id: the nodes' own hash is a call of Python each time
        self.header_ends: dict[int, int] = {}
        self.comments: list[int] = []
        self._open: list[tuple[int, int, bool]] = []
        self.last_end = 0
        self.add_token = self.tokens.append  # type: ignore[method-assign, assignment]  # no frame each
        self.after_codegen = id  # type: ignore[method-assign, assignment]  # likewise: something that does nothing

    def record_syntactic_position(  # type: ignore[override]  # a plain context manager is much cheaper
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> _Ignored | _PositionState:
        if type(node) in PLACELESS:
            return _IGNORED
        ends_with_block = end_node is not None and isinstance(node, cst.BaseCompoundStatement)
        self._open.append((id(node), len(self.tokens), ends_with_block))
        return self

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        node, start, ends_with_block = self._open.pop()
        if not ends_with_block:  # a block ends with its last statement, not with the newline behind
            self.last_end = len(self.tokens)
        self.extents[node] = start, self.last_end

    def pop_trailing_newline(self) -> None:
        """Keep the last token: a count of tokens stands for a place."""


class _Parenthesized:
    """The generation of an expression with its parentheses, noting where it stands within them."""

    __slots__ = ("_node", "_start", "_state")

    def __init__(self, node: _BaseParenthesizedNode, state: _PositionState) -> None:
        self._node = node
        self._state = state

    def __enter__(self) -> None:
        state = self._state
        for parenthesis in self._node.lpar:
            parenthesis._codegen(state)  # noqa: SLF001
        self._start = len(state.tokens)

    def __exit__(self, *error: object) -> None:
        node, state = self._node, self._state
        end = state.last_end = len(state.tokens)
        state.extents[id(node)] = self._start, end
        for parenthesis in node.rpar:
            parenthesis._codegen(state)  # noqa: SLF001


_OWN_WAY = _BaseParenthesizedNode._parenthesize  # noqa: SLF001


def _parenthesize(node: _BaseParenthesizedNode, state: CodegenState) -> AbstractContextManager[None]:
    """In passes of ours our way, in all others the parser's own."""
    return _Parenthesized(node, state) if isinstance(state, _PositionState) else _OWN_WAY(node, state)


@contextmanager
def _quick_parentheses() -> Iterator[None]:
    """Have the parser's nodes ask `_parenthesize` for a while: their own way, a generator for each expression, takes a
    third of the whole pass. Where threads overlap it may end early, or stay, and that only costs time.
    """
    _BaseParenthesizedNode._parenthesize = _parenthesize  # type: ignore[method-assign, assignment]  # noqa: SLF001
    try:
        yield
    finally:
        _BaseParenthesizedNode._parenthesize = _OWN_WAY  # type: ignore[method-assign]  # noqa: SLF001


class _CommentState(_PositionState):
    """Notes comments and the ends of headers too."""

    def before_codegen(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Comment):
            self.comments.append(len(self.tokens))
        elif isinstance(node, (cst.IndentedBlock, cst.SimpleStatementSuite)):
            self.header_ends[id(node)] = len(self.tokens)
