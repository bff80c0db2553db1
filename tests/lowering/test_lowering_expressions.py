from __future__ import annotations

import pytest
from lowered import body, code, facts, shown, value

from flowcheck.facts.tree import Constant, Format, Opaque


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("None", "None"),
        ("0xff", "255"),
        ("1_000", "1000"),
        ("1.5", "1.5"),
        ("-1", "-1"),
        ("-1.5", "-1.5"),
        ("- -1", "1"),
        ("-True", "Unary(-, True)"),
        ("18446744073709551615", "18446744073709551615"),
        ("18446744073709551616", "Opaque(int)"),
        ("-18446744073709551615", "Opaque(int)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9" * 5000, "Opaque(int)"),
        ("2j", "Opaque(complex)"),
        ("...", "Opaque(ellipsis)"),
    ],
)
def test_numbers_and_singletons(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("not a", "Unary(not, a)"),
        ("a + b - c", "Binary(-, Binary(+, a, b), c)"),
        ("'%s' % a", "Binary(%, '%s', a)"),
        ("a and b and (c and d) or e", "Boolean(or, [Boolean(and, [a, b, c, d]), e])"),
        ("a not in b", "Comparison(not in, a, b)"),
        ("a < b() is not c", "Boolean(and, [Comparison(<, a, Call(b)), Comparison(is not, Call(b), c)])"),
        ("a if b else c", "Conditional(b, a, c)"),
        ("a.b(c, *d, e=f, **g)[h].i", "Subscript(Call(a.b, [c, *d, e=f, **g]), h).i"),
        ("a[1:b, ::2]", "Subscript(a, Display(tuple, [Slice(1, b), Slice(None, None, 2)]))"),
        ("a[b,]", "Subscript(a, Display(tuple, [b]))"),
        ("a[*b]", "Subscript(a, Display(tuple, [Starred(b)]))"),
        ("a[:]", "Subscript(a, Slice())"),
        ("[a, *b]", "Display(list, [a, Starred(b)])"),
        ("a, *b", "Display(tuple, [a, Starred(b)])"),
        ("()", "Display(tuple)"),
        ("{a, b}", "Display(set, [a, b])"),
        ("{'k': a, **b}", "DictDisplay([DictItem('k', a), DictItem(None, b)])"),
        ("(a := b)", "Walrus(a, b)"),
        ("lambda x, *y, z=a: x", "Lambda(1, [Default(z, a)])"),
    ],
)
def test_forms(source, expected):
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[x for x in y]", "Comprehension(list, x.1, None, [Clause(x.1, y)])"),
        ("{x for x in y if x if z}", "Comprehension(set, x.1, None, [Clause(x.1, y, [x.1, z])])"),
        (
            "{k: v for k, v in y}",
            "Comprehension(dict, v.1, k.1, [Clause(Display(tuple, [k.1, v.1]), y)])",
        ),
        ("f(x for x in x)", "Call(f, [Comprehension(generator, x.1, None, [Clause(x.1, x)])])"),
        ("[y for x in a for y in x]", "Comprehension(list, y.1, None, [Clause(x.1, a), Clause(y.1, x.1)])"),
        (
            "[[x for x in x] for x in x]",
            "Comprehension(list, Comprehension(list, x.2, None, [Clause(x.2, x.1)]), None, [Clause(x.1, x)])",
        ),
    ],
)
def test_comprehensions_have_variables_of_their_own(source, expected):
    assert value(source) == expected


def test_asynchronous_forms():
    source = """
    async def f(x):
        return [await y async for y in x]
    """
    assert code(source, "f").is_async
    assert "Clause(y.1:local, x:local, [], True)" in body(source, "f")


def test_yield_makes_a_generator():
    source = "def f(x):\n    a = yield x\n    yield from a\n    g = lambda: (yield)\n"
    assert body(source, "f") == (
        "Assign([a:local], Yield(x:local)); Evaluate(YieldFrom(a:local)); Assign([g:local], Lambda(2))"
    )
    assert [each.is_generator for each in facts(source).codes] == [False, True, True]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("\"a\" 'b'", "'ab'"),
        (r'"\t\x41\u00e9\N{EM DASH}\101\q"', repr("\tA\u00e9\u2014A\\q")),
        (r'r"\t"', r"'\\t'"),
        ('"""a\r\nb"""', r"'a\nb'"),
        ('"a\\\nb"', "'ab'"),
        (r'b"\x00a" b"b"', r"Bytes(b'\x00ab')"),
        ('f"a{b!r:>{c}}d"', "Format(['a', Interpolation(b, r, Format(['>', Interpolation(c, )])), 'd'])"),
        ('f"{b:%Y}"', "Format([Interpolation(b, , '%Y')])"),
        ('f"{{{b}}}\\n"', "Format(['{', Interpolation(b, ), '}\\n'])"),
        (r'rf"\d{b}"', r"Format(['\\d', Interpolation(b, )])"),
        ('f"{b = }"', "Format(['b = ', Interpolation(b, r)])"),
        ('f"{b=!s}"', "Format(['b=', Interpolation(b, s)])"),
        ('"a" f"b{c}" "d" r"\\e"', "Format(['ab', Interpolation(c, ), 'd\\\\e'])"),
        ('f"{f"{a}"}"', "Format([Interpolation(Format([Interpolation(a, )]), )])"),
        ('t"a{b}"', "Format(['a', Interpolation(b, )], True)"),
    ],
)
def test_strings(source, expected):
    assert value(source) == expected


def test_a_text_that_cannot_be_stored_is_opaque():
    long, lone = facts(f"a = '{'x' * 20_001}'\nb = '\\ud800'\n").codes[0].body
    assert long.value == lone.value == Opaque("str")


def test_a_format_keeps_what_can_be_stored():
    (statement,) = facts("a = f'\\ud800{b}'\n").codes[0].body
    assert isinstance(statement.value, Format)
    assert statement.value.parts[0] == Constant("?")


def test_a_long_chain_is_cut_in_pieces():
    source = "a" + ".b" * 130
    assert shown(f"_ = {source}").startswith("Assign([_], Subscript(Display(tuple, [Walrus(chain.1, a.b.b")
    assert shown(f"_ = {source}").endswith("chain.2.b.b.b.b.b.b.b.b.b.b]), 2))")
    assert value("a" + ".b" * 50) == "a" + ".b" * 50
