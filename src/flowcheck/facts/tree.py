"""Core Python: the small language that every analysed file is lowered to.

A file is lowered once, alone. What is left of it is a tree of the records below: surface syntax is
gone (decorated definitions, `with`, comprehensions and f-strings have one form each), names carry the
scope they live in, string annotations are parsed, and only what can become a step of a path has a place.

    def contact(user):                 Code("contact", params=(Parameter("user"),), body=(
        return user.phone.strip()          Return(Call(Attribute(Attribute(Name("user", LOCAL), "phone"),
                                                                 "strip"), ())),))

Nothing here knows another file: a name that an import binds is a variable like any other, and what it
means is asked of the program later.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Record(Struct, frozen=True, array_like=True, tag=True, gc=False):
    """Base of all tree records: immutable, compared by value, stored as a tagged array."""


class Span(Struct, frozen=True, array_like=True, gc=False, order=True):
    """A stretch of source text: lines and columns are 1-based, columns count code points, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


# --- expressions -------------------------------------------------------------------------------

ScopeKind: TypeAlias = str
"""Where a name lives, seen from the code that uses it: one of the four constants below."""

LOCAL = "local"  # bound in this code, and in no code nested in it that captures it
CELL = "cell"  # bound in this code and captured by a nested one
FREE = "free"  # bound in an enclosing function
GLOBAL = "global"  # bound at module level, or a builtin; also what a class body falls back to


class Constant(Record, frozen=True):
    """A literal: None, True, 12, 1.5, "text"."""

    value: bool | int | float | str | None


class Bytes(Record, frozen=True):
    """A literal `b"bytes"`."""

    value: bytes


class Opaque(Record, frozen=True):
    """A value that is not followed: `...`, a complex or huge number, a text beyond the limit."""

    type_name: str


class Name(Record, frozen=True):
    """`x`, read."""

    id: str
    scope: ScopeKind
    at: Span


class Attribute(Record, frozen=True):
    """`value.attr`, read."""

    value: Expression
    attr: str
    at: Span


class Subscript(Record, frozen=True):
    """`value[index]`, read."""

    value: Expression
    index: Expression
    at: Span


class Slice(Record, frozen=True):
    """`lower:upper:step` inside a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None


class Argument(Record, frozen=True):
    """One argument of a call: `x`, `name=x`, `*x` or `**x`."""

    value: Expression
    name: str | None = None
    stars: int = 0


class Call(Record, frozen=True):
    """`func(arguments)`."""

    func: Expression
    arguments: tuple[Argument, ...]
    at: Span


class Unary(Record, frozen=True):
    """`-x`, `+x`, `~x`, `not x`; `operator` is as written."""

    operator: str
    operand: Expression


class Binary(Record, frozen=True):
    """`left + right`; `operator` is as written, `and`/`or` are Boolean."""

    operator: str
    left: Expression
    right: Expression
    at: Span


class Comparison(Record, frozen=True):
    """`left < right`, one link of a chain; `a < b < c` is a Boolean `and` of two.

    `operator` is one of == != < <= > >= in "not in" is "is not".
    """

    operator: str
    left: Expression
    right: Expression
    at: Span


class Boolean(Record, frozen=True):
    """`a and b and c` or `a or b or c`."""

    operator: str
    values: tuple[Expression, ...]


class Conditional(Record, frozen=True):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression


class Starred(Record, frozen=True):
    """`*x` in a display or a target."""

    value: Expression


class Display(Record, frozen=True):
    """`[a, *b]`, `(a, b)`, `{a, b}`; `kind` is list, tuple or set."""

    kind: str
    items: tuple[Expression, ...]
    at: Span


class DictItem(Record, frozen=True):
    """`key: value`; `**value` when there is no key."""

    key: Expression | None
    value: Expression


class DictDisplay(Record, frozen=True):
    """`{k: v, **more}`."""

    items: tuple[DictItem, ...]
    at: Span


class Interpolation(Record, frozen=True):
    """`{value!r:spec}` in an f-string or t-string; `conversion` is "", s, r or a."""

    value: Expression
    conversion: str = ""
    spec: Expression | None = None


class Format(Record, frozen=True):
    """An f-string, or a t-string when `is_template`: constants and interpolations in order."""

    parts: tuple[Constant | Interpolation, ...]
    is_template: bool
    at: Span


class Lambda(Record, frozen=True):
    """`lambda x=d: body`, or any reference to a nested code as an expression."""

    code: int
    defaults: tuple[Default, ...]
    at: Span


class Clause(Record, frozen=True):
    """`for target in iterable if condition ...` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool = False


class Comprehension(Record, frozen=True):
    """`[element for ...]`; `kind` is list, set, dict or generator; a dict has a `key`, others None.

    It runs inline in the code that holds it: its variables are locals of that code under names that no
    program can write (`x.1`).
    """

    kind: str
    element: Expression
    key: Expression | None
    clauses: tuple[Clause, ...]
    at: Span


class Await(Record, frozen=True):
    """`await x`."""

    value: Expression
    at: Span


class Yield(Record, frozen=True):
    """`yield x`."""

    value: Expression | None
    at: Span


class YieldFrom(Record, frozen=True):
    """`yield from x`."""

    value: Expression
    at: Span


class Walrus(Record, frozen=True):
    """`target := value`."""

    target: Expression
    value: Expression
    at: Span


Expression: TypeAlias = (
    Constant
    | Bytes
    | Opaque
    | Name
    | Attribute
    | Subscript
    | Slice
    | Call
    | Unary
    | Binary
    | Comparison
    | Boolean
    | Conditional
    | Starred
    | Display
    | DictDisplay
    | Format
    | Lambda
    | Comprehension
    | Await
    | Yield
    | YieldFrom
    | Walrus
)
"""Any expression. As a target (of an assignment, `for`, `with`, `del`) only Name, Attribute, Subscript,
Starred and Display of kind tuple or list occur."""


# --- patterns of `match` -----------------------------------------------------------------------


class MatchValue(Record, frozen=True):
    """`case 1:`, `case Color.RED:`, `case None:`; compared by == (None, True, False by `is`)."""

    value: Expression


class MatchCapture(Record, frozen=True):
    """`case x:`, `case _:` (no name), `case pattern as x:`."""

    target: Name | None
    pattern: Pattern | None


class MatchStar(Record, frozen=True):
    """`*rest` in a sequence pattern; `*_` has no name."""

    target: Name | None


class MatchSequence(Record, frozen=True):
    """`case [a, *rest]:`."""

    items: tuple[Pattern, ...]


class MatchMapping(Record, frozen=True):
    """`case {"k": p, **rest}:`."""

    keys: tuple[Expression, ...]
    patterns: tuple[Pattern, ...]
    rest: Name | None


class MatchClass(Record, frozen=True):
    """`case Point(x, y=0):`; positional patterns come first, `names` belong to the last ones."""

    cls: Expression
    patterns: tuple[Pattern, ...]
    names: tuple[str, ...]


class MatchOr(Record, frozen=True):
    """`case a | b:`."""

    patterns: tuple[Pattern, ...]


Pattern: TypeAlias = MatchValue | MatchCapture | MatchStar | MatchSequence | MatchMapping | MatchClass | MatchOr


# --- statements --------------------------------------------------------------------------------


class Evaluate(Record, frozen=True):
    """An expression as a statement."""

    value: Expression
    at: Span


class Assign(Record, frozen=True):
    """`a = b = value`; targets are assigned from left to right. `annotation` is that of `a: T = value`."""

    targets: tuple[Expression, ...]
    value: Expression
    annotation: Expression | None
    at: Span


class Declare(Record, frozen=True):
    """`a: T` without a value."""

    target: Expression
    annotation: Expression
    at: Span


class AugmentedAssign(Record, frozen=True):
    """`target op= value`; `operator` without the `=`."""

    target: Expression
    operator: str
    value: Expression
    at: Span


class Delete(Record, frozen=True):
    """`del a, b.c, d[k]`."""

    targets: tuple[Expression, ...]
    at: Span


class If(Record, frozen=True):
    """`if test: body else: orelse`; `elif` is a nested If."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class While(Record, frozen=True):
    """`while test: body else: orelse`."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class For(Record, frozen=True):
    """`for target in iterable: body else: orelse`."""

    target: Expression
    iterable: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]
    is_async: bool
    at: Span


class Handler(Record, frozen=True):
    """`except caught as target: body`; without `caught` it catches all."""

    caught: Expression | None
    target: Name | None
    body: tuple[Statement, ...]


class Try(Record, frozen=True):
    """`try: body except ...: ... else: orelse finally: final`; `is_group` for `except*`."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Statement, ...]
    final: tuple[Statement, ...]
    is_group: bool


class With(Record, frozen=True):
    """`with context as target: body`; several items are nested Withs."""

    context: Expression
    target: Expression | None
    body: tuple[Statement, ...]
    is_async: bool
    at: Span


class Case(Record, frozen=True):
    """`case pattern if guard: body`."""

    pattern: Pattern
    guard: Expression | None
    body: tuple[Statement, ...]


class Match(Record, frozen=True):
    """`match subject: case ...`."""

    subject: Expression
    cases: tuple[Case, ...]
    at: Span


class Return(Record, frozen=True):
    """`return value`; no value returns None."""

    value: Expression | None
    at: Span


class Raise(Record, frozen=True):
    """`raise exception from cause`."""

    exception: Expression | None
    cause: Expression | None
    at: Span


class Assert(Record, frozen=True):
    """`assert test, message`."""

    test: Expression
    message: Expression | None
    at: Span


class Break(Record, frozen=True):
    """`break`."""


class Continue(Record, frozen=True):
    """`continue`."""


class Import(Record, frozen=True):
    """`import a.b as c` binds `c` to a.b (`is_alias`); `import a.b` binds `a` to a and loads a.b."""

    module: str
    target: Name
    is_alias: bool
    at: Span


class ImportFrom(Record, frozen=True):
    """`from ..module import name as target`; `level` counts the dots. One record a name."""

    module: str
    level: int
    name: str
    target: Name
    at: Span


class ImportStar(Record, frozen=True):
    """`from ..module import *`."""

    module: str
    level: int
    at: Span


class Default(Record, frozen=True):
    """The default of a parameter, evaluated where the function is defined."""

    parameter: str
    value: Expression


class DefineFunction(Record, frozen=True):
    """`@decorators def target(...)`: binds a function made of `codes[code]`. Decorators are in source order."""

    target: Name
    code: int
    defaults: tuple[Default, ...]
    decorators: tuple[Expression, ...]
    at: Span


class DefineClass(Record, frozen=True):
    """`@decorators class target(*bases, **keywords)`: runs `codes[code]` (kind class) as its body."""

    target: Name
    code: int
    arguments: tuple[Argument, ...]
    decorators: tuple[Expression, ...]
    at: Span


class RunSql(Record, frozen=True):
    """A statement of a SQL file."""

    text: Constant
    at: Span


Statement: TypeAlias = (
    Evaluate
    | Assign
    | Declare
    | AugmentedAssign
    | Delete
    | If
    | While
    | For
    | Try
    | With
    | Match
    | Return
    | Raise
    | Assert
    | Break
    | Continue
    | Import
    | ImportFrom
    | ImportStar
    | DefineFunction
    | DefineClass
    | RunSql
)
