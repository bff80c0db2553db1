"""What may change a container of another module while a module is imported, told by how it is written."""

from __future__ import annotations

import pytest
from lowered import facts

from flowcheck.facts import tree
from flowcheck.flow.registries import Word, may_change

READINGS = [
    "x = {**ROWS, 'a': 1}",
    "x = [*ROWS, 1]",
    "x = ROWS + other",
    "x = ROWS['a']",
    "x = ROWS.get('a')",
    "x = m.ROWS.items()",
    "x = len(ROWS)",
    "x = schema.Schema(ROWS)",
    "call(*ROWS, **m.ROWS)",
    "if ROWS: pass",
    "if 'a' in ROWS: pass",
    "for each in ROWS: print(each)",
    "x = [each for each in ROWS]",
    "ROWS = [1]",
    "from m import ROWS",
    "def f(x: ROWS = None): pass",
    "x: ROWS = 1",
]

CHANGES = [
    "ROWS.append(1)",
    "ROWS['a'] = 1",
    "ROWS['a'].append(1)",
    "m.ROWS['a']['b'] = 1",
    "ROWS += [1]",
    "del ROWS['a']",
    "x = ROWS",
    "from m import ROWS as x",
    "add(ROWS)",
    "schema.Schema(inner(ROWS))",
    "x = ROWS or {}",
    "ROWS.extend(ROWS)",
    "len(ROWS.pop())",
    "(x, ROWS['b']) = 1, 2",
]


def changes(source: str, word: Word) -> bool:
    """Whether the top of a module may change what is named; `schema` is no part of the program."""
    return may_change(facts(source).codes[0].body, word, lambda called: "schema" in repr(called))


@pytest.mark.parametrize("source", READINGS)
def test_readings_change_nothing(source: str) -> None:
    assert not changes(source, Word("ROWS", is_container=True))


@pytest.mark.parametrize("source", CHANGES)
def test_what_is_not_known_to_read_may_change(source: str) -> None:
    assert changes(source, Word("ROWS", is_container=True))


@pytest.mark.parametrize(
    ("source", "outcome"),
    [
        ("@add\ndef f(): pass", True),
        ("add('a')", True),
        ("m.add('a')", True),
        ("class A(add): pass", True),
        ("list(map(add, names))", True),
        ("len(add)", True),
        ("schema.All(add)", False),
        ("x = [add]", False),
        ("from m import add", False),
    ],
)
def test_what_changes_a_container_does_so_when_it_is_called_or_extended(source: str, outcome: bool) -> None:
    assert changes(source, Word("add", is_container=False)) is outcome


def test_at_home_the_name_of_another_scope_is_another_name() -> None:
    word = Word("ROWS", is_container=True, is_at_home=True)
    local, outer = facts(
        "def f():\n    ROWS = []\n    ROWS.append(1)\ndef g():\n    global ROWS\n    ROWS = []\n"
    ).codes[1:]
    assert not may_change(local.body, word, lambda called: False)
    assert may_change(outer.body, word, lambda called: False)
    assert isinstance(outer.body[0], tree.Assign)
