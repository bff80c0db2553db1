"""What Python takes and the parser does not."""

from __future__ import annotations

import pytest

from flowcheck.lowering.lower import lower
from flowcheck.lowering.repairs import repaired


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("(number): int = 1\n", "number  : int = 1\n"),
        ("if x:\n    (user.phone): str; ( to ): str\n", "if x:\n    user.phone  : str; to    : str\n"),
        ("class A(metaclass=M, *bases): pass\n", "class A( *bases,metaclass=M): pass\n"),
        (
            "class A(\n    x=f(1, 2),\n    *bases,\n    y=2,\n): pass\n",
            "class A(\n    *bases,\n    x=f(1, 2),\n    y=2,\n): pass\n",
        ),
        ('a = t"a{x}" t"b"\n', 'a = t"a{x}"+t"b"\n'),
        ("a = tr'{b}'  # tr'c'\n", "a = rt'{b}'  # tr'c'\n"),
        ('a = (\n    t"a"  # note\n    rt"b"\n)\n', 'a = (\n    t"a"+  # note\n    rt"b"\n)\n'),
    ],
)
def test_rewritten(text: str, other: str) -> None:
    assert repaired(text) == other
    assert lower(text.encode()).problem is None


@pytest.mark.parametrize(
    "text",
    [
        't"a"\nt"b"\n',
        'x = "class A(x=1, *y):"  # (y): int\n',
        '"""\n(x): int\n"""\n',
        "class A(B, *bases, metaclass=M, **more): pass\n",
        "class A(x=1\n",
    ],
)
def test_left_alone(text: str) -> None:
    assert repaired(text) == text


def test_a_file_that_is_no_python_stays_a_problem() -> None:
    problem = lower(b"(x): int = 1\ndef f(:\n").problem
    assert problem is not None
