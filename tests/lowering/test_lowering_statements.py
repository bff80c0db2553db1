from __future__ import annotations

import pytest
from lowered import body, facts, shown

from flowcheck.facts.tree import If


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("'doc'\n1\n...\npass\ntype X = int\nb'x'", ""),
        ("f'{x}'", "Evaluate(Format([Interpolation(x, )]))"),
        ("f(x)", "Evaluate(Call(f, [x]))"),
        ("a = b.c = d", "Assign([a, b.c], d)"),
        ("(a, *b), c[0] = d", "Assign([Display(tuple, [Display(tuple, [a, Starred(b)]), Subscript(c, 0)])], d)"),
        ("a: T = 1", "Assign([a], 1, T)"),
        ("a: 'List[T]'", "Declare(a, Subscript(List, T))"),
        ("a: 'no type' = 1", "Assign([a], 1)"),
        ("a **= 2", "AugmentedAssign(a, **, 2)"),
        ("del a, b.c, d[0]", "Delete([a, b.c, Subscript(d, 0)])"),
        ("raise", "Raise()"),
        ("raise A(x) from e", "Raise(Call(A, [x]), e)"),
        ("assert a, b", "Assert(a, b)"),
        ("a; b", "Evaluate(a); Evaluate(b)"),
        ("import a.b, c.d as e", "Import(a.b, a); Import(c.d, e, True)"),
        ("from . import a", "ImportFrom(, 1, a, a)"),
        ("from ..a.b import (c as d, e)", "ImportFrom(a.b, 2, c, d); ImportFrom(a.b, 2, e, e)"),
        ("from a import *", "ImportStar(a, 0)"),
        ("lazy import a", "Import(a, a)"),
    ],
)
def test_simple_statements(source, expected):
    assert shown(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "if a: b\nelif c: d\nelse: e",
            "If(a, [Evaluate(b)], [If(c, [Evaluate(d)], [Evaluate(e)])])",
        ),
        ("while a: break\nelse: b", "While(a, [Break()], [Evaluate(b)])"),
        ("for a, b in c: continue", "For(Display(tuple, [a, b]), c, [Continue()])"),
        (
            "with a as b, c, d as (e, f): g",
            "With(a, b, [With(c, None, [With(d, Display(tuple, [e, f]), [Evaluate(g)])])])",
        ),
        ("with (a as b, c,): d", "With(a, b, [With(c, None, [Evaluate(d)])])"),
        (
            "try: a\nexcept B as d: e\nexcept: f\nelse: g\nfinally: h",
            (
                "Try([Evaluate(a)], [Handler(B, d, [Evaluate(e)]), Handler(None, None, [Evaluate(f)])], "
                "[Evaluate(g)], [Evaluate(h)])"
            ),
        ),
        ("try: a\nexcept* B: c", "Try([Evaluate(a)], [Handler(B, None, [Evaluate(c)])], [], [], True)"),
        ("try: a\nexcept B, C: c", "Try([Evaluate(a)], [Handler(Display(tuple, [B, C]), None, [Evaluate(c)])])"),
    ],
)
def test_blocks(source, expected):
    assert shown(source) == expected


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("_", "MatchCapture()"),
        ("a", "MatchCapture(a)"),
        ("None", "MatchValue(None)"),
        ("-1", "MatchValue(-1)"),
        ("a.b", "MatchValue(a.b)"),
        ("(a)", "MatchCapture(a)"),
        ("[a, *b] as c", "MatchCapture(c, MatchSequence([MatchCapture(a), MatchStar(b)]))"),
        ("a, *_", "MatchSequence([MatchCapture(a), MatchStar()])"),
        ("{'k': a, **rest}", "MatchMapping(['k'], [MatchCapture(a)], rest)"),
        ("A(b, c=d)", "MatchClass(A, [MatchCapture(b), MatchCapture(d)], [c])"),
        ("1 | 2", "MatchOr([MatchValue(1), MatchValue(2)])"),
    ],
)
def test_patterns(pattern, expected):
    assert shown(f"match x:\n    case {pattern} if y: z") == f"Match(x, [Case({expected}, y, [Evaluate(z)])])"


def test_asynchronous_blocks():
    source = "async def f(a):\n    async with a as b: pass\n    async for c in a: pass\n"
    assert body(source, "f") == "With(a:local, b:local, [], True); For(c:local, a:local, [], [], True)"


def test_definitions():
    source = """
    @d(1)
    @e
    def f(a, /, b: T, *c, d: 'U' = 1, **g) -> 'V': return a
    @h
    class C(B, *d, metaclass=M, **k): x = 1
    """
    assert shown(source) == (
        "DefineFunction(f, 1, [Default(d, 1)], [Call(d, [1]), e]); DefineClass(C, 2, [B, *d, metaclass=M, **k], [h])"
    )
    _, function, cls = facts(source).codes
    assert [(each.name, each.kind, each.has_default) for each in function.parameters] == [
        ("a", "positional", False),
        ("b", "plain", False),
        ("c", "star", False),
        ("d", "keyword", True),
        ("g", "double_star", False),
    ]
    assert [each.annotation and each.annotation.id for each in function.parameters] == [None, "T", None, "U", None]
    assert function.returns.id == "V"
    assert (cls.kind, cls.locals) == ("class", ("x",))


def test_a_string_that_is_no_type_is_dropped():
    (function,) = facts("def f(a: 'one of two') -> '...!': pass").codes[1:]
    assert (function.parameters[0].annotation, function.returns) == (None, None)


def test_type_parameters_are_parsed():
    assert shown("def f[T: int = str, *Ts, **P](x: T): pass\nclass A[T](B): pass") == (
        "DefineFunction(f, 1); DefineClass(A, 2, [B])"
    )


def test_qualified_names_are_unique():
    source = """
    class User:
        def save(self): return lambda: lambda: 1
        def save(self): return lambda: 1, lambda: 2
    def outer():
        def inner(): pass
    class User: pass
    """
    assert [(each.qualname, each.parent) for each in facts(source).codes] == [
        ("<module>", -1),
        ("User", 0),
        ("User.save", 1),
        ("User.save.<lambda>", 2),
        ("User.save.<lambda>.<lambda>", 3),
        ("User.save#2", 1),
        ("User.save#2.<lambda>", 5),
        ("User.save#2.<lambda>#2", 5),
        ("outer", 0),
        ("outer.inner", 8),
        ("User#2", 0),
    ]


def test_a_long_elif_chain_is_grouped():
    source = "if a0: b0\n" + "".join(f"elif a{i}: b{i}\n" for i in range(1, 200)) + "else: c\n"
    (first,) = facts(source).codes[0].body
    tests, results, link = [], [], first
    while isinstance(link, If):
        inner = link.body[0]
        while True:
            tests.append(inner.test.id)
            results.append(inner.body[0].value.id)
            if not inner.orelse:
                break
            (inner,) = inner.orelse
        (link,) = link.orelse
    assert tests == [f"a{i}" for i in range(200)]
    assert results == [f"b{i}" for i in range(200)]
    assert link.value.id == "c"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a.b(c=d)", "a b c d"),
        ("import a.b as c", "a b c"),
        ("from .a import b", "a b"),
        ("x['phonedevice__number, 2nd']", "number phonedevice phonedevice__number x"),
        ("f'tel {x:>w}'", "tel w x"),
        ("'docstring words'", ""),
        ("[p for p in q]", "p q"),
        ("def f(a: 'B' = c): return d", "c f"),
    ],
)
def test_mentions(source, words):
    assert facts(source).codes[0].mentions == tuple(words.split())


def test_a_function_mentions_its_header_and_body():
    assert facts("def f(a: 'B' = c): return d").codes[1].mentions == ("B", "a", "d")
