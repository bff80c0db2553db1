from __future__ import annotations

import pytest
from lowered import cut, facts

from flowcheck.facts.tree import Span


def spans(source):
    (statement,) = facts(source).codes[0].body
    return cut(source, statement.at), cut(source, statement.value.at)


@pytest.mark.parametrize(
    ("source", "statement", "value"),
    [
        ("x = user.phone  # c\n", "x = user.phone", "user.phone"),
        ("x = ( user.phone )\n", "x = ( user.phone )", "user.phone"),
        ("x = f(\n  a,  # c\n)\n", "x = f(\n  a,  # c\n)", "f(\n  a,  # c\n)"),
        ("x = 'é😀', a ; y\n".replace(" ; y", ""), "x = 'é😀', a", "'é😀', a"),
        ("x = a < b\n", "x = a < b", "a < b"),
        ("x = [a for a in b]", "x = [a for a in b]", "[a for a in b]"),
        ("x = \\\n  a.b\\\n  .c\n", "x = \\\n  a.b\\\n  .c", "a.b\\\n  .c"),
        ("\fx = a.b\n", "x = a.b", "a.b"),
    ],
)
def test_places_are_those_of_the_text(source, statement, value):
    assert spans(source) == (statement, value)


def test_columns_count_code_points():
    (_, statement) = facts("a\n'😀é'; x\n").codes[0].body
    assert statement.at == Span(2, 7, 2, 8)


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_lines_end_in_every_way(newline):
    _, statement = facts(f"a{newline}{newline}b{newline}").codes[0].body
    assert statement.at == Span(3, 1, 3, 2)


def test_links_of_a_comparison_have_their_own_places():
    source = "x = (a) < b < c\n"
    (statement,) = facts(source).codes[0].body
    assert [cut(source, link.at) for link in statement.value.values] == ["a) < b", "b < c"]


def test_a_definition_ends_with_its_last_statement():
    source = "@d\ndef f(\n  a: T = 1,\n):\n  if a:\n    pass ;\n  # end\n\nx\n"
    function = facts(source).codes[1]
    assert function.body_at == Span(2, 1, 6, 9)
    assert (cut(source, function.at), cut(source, function.parameters[0].at)) == ("f", "a")


def test_blocks_are_placed_by_their_headers():
    source = "for a in b.c:\n  pass\nwith d as e, f: pass\nmatch g:\n  case _: pass\n"
    loop, manager, match = facts(source).codes[0].body
    assert [cut(source, each.at) for each in (loop, manager, manager.body[0], match)] == [
        "for a in b.c",
        "d as e",
        "f",
        "match g",
    ]


def test_names_in_a_string_annotation_are_placed_at_the_string():
    source = "def f(a: 'User | None'): pass\n"
    annotation = facts(source).codes[1].parameters[0].annotation
    assert cut(source, annotation.left.at) == "'User | None'"


def test_places_survive_whitespace_that_the_parser_loses():
    source = "try: pass\nexcept E :\n    pass\nx = a.b\n"
    assert cut(source, facts(source).codes[0].body[1].value.at) == "a.b"


def test_an_import_ends_with_its_parenthesis():
    source = "from a import (\n  b,\n)\n"
    assert cut(source, facts(source).codes[0].body[0].at) == source.strip()
