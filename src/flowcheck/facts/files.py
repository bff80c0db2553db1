"""What lowering leaves of one file: its codes, marks, suppressions, or why it could not be lowered."""

from __future__ import annotations

from msgspec import Struct

from flowcheck.facts.tree import Expression, Span, Statement

FACTS_VERSION = 7
"""Raised whenever these records or the lowering change; facts stored under another version are dropped."""


SQL_SUFFIX = ".sql"
"""How the names of files end that hold statements for a database."""


class Parameter(Struct, frozen=True, array_like=True, gc=False):
    """A parameter of a function.

    `kind` is one of positional (before `/`), plain, star (`*args`), keyword (after `*`), double_star.
    """

    name: str
    kind: str
    annotation: Expression | None
    has_default: bool
    at: Span


class Code(Struct, frozen=True, array_like=True, gc=False):
    """A block that runs in a scope of its own: a module, function, lambda or class body.

    `index` is its place in `FileFacts.codes`; the module's body is 0. `parent` is the enclosing code's
    index (-1 for the module). `qualname` is dotted and unique in the file: `User.save`,
    `outer.inner`, `outer.<lambda>`; a second definition of the same name gets `#2`. `at` is the span of
    the name that defines it (of the whole expression for a lambda). `body_at` spans the whole definition.
    """

    index: int
    parent: int
    kind: str  # module, function, lambda or class
    name: str
    qualname: str
    parameters: tuple[Parameter, ...]
    returns: Expression | None
    body: tuple[Statement, ...]
    locals: tuple[str, ...]  # names bound here that no nested code captures
    cells: tuple[str, ...]  # names bound here that nested codes capture
    free: tuple[str, ...]  # names used here (or passed through to nested codes) bound in an enclosing function
    globals: tuple[str, ...]  # names of module level that this code binds by `global`
    is_generator: bool
    is_async: bool
    mentions: tuple[str, ...]  # sorted words: names, attributes, keyword arguments, identifiers inside strings
    at: Span
    body_at: Span


class Mark(Struct, frozen=True, array_like=True, gc=False):
    """A label that the code gives to a definition.

    `label` is the text as written in a comment or an `Annotated` (`security-collected`,
    `used-for=analytics`); other forms are brought to `collected-for=PURPOSE`, `used-for=PURPOSE`.
    `origin` is comment, annotated, marker, decorator or metadata.
    `target` names what is marked within the file, by `target_kind`:
    field `User.phone`; variable `nightly.recovery_phone` or `TOKEN`; parameter `enroll:phone`;
    function `recovery_phone`; return `recovery_phone` (from a return annotation); class `TwoFactor`;
    column `users.phone`, or `users.*` for all of a table, in a SQL file or a `Table(...)`;
    none (`target` empty) when the comment marks nothing that can carry a label.
    """

    label: str
    origin: str
    target_kind: str
    target: str
    target_at: Span
    at: Span


class Suppression(Struct, frozen=True, array_like=True, gc=False):
    """`# flowcheck: ignore[FC001] reason until=2027-01-31`.

    `line` is the line whose findings it hides: its own, or the next code line when it stands alone.
    `until` is the text after `until=`, unchecked. No policies means any policy.
    """

    policies: tuple[str, ...]
    reason: str
    until: str | None
    line: int
    at: Span


class Problem(Struct, frozen=True, array_like=True, gc=False):
    """Why a file, or a part of it, could not be read or parsed."""

    line: int
    message: str


class FileFacts(Struct, frozen=True, array_like=True, gc=False):
    """One file, lowered. With a problem there are no codes."""

    codes: tuple[Code, ...]
    marks: tuple[Mark, ...]
    suppressions: tuple[Suppression, ...]
    problem: Problem | None
