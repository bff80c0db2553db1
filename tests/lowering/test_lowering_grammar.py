"""The grammar of Python 3.8 to 3.14, whatever Python runs the tests."""

from __future__ import annotations

import pytest

from flowcheck.lowering.lower import lower

NEW = {
    "3.8": [
        "def f(a, /, b, *, c): pass\nlambda a, /: a\n",
        "if (n := len(a)) > 1: pass\n",
        "f'{x = !r:>3}'\n",
        "def f():\n    return 1, *x\n",
        "for a in *b, c: pass\n",
        "x = 1\nprint(f'{x!r:^{w}.{p}}')\n",
    ],
    "3.9": [
        "@a[0].b()\ndef h(): pass\n@(lambda f: f)\ndef g(): pass\n",
        "with (open(a) as f, open(b) as g,):\n    pass\n",
        "d |= {**a} | b\n",
    ],
    "3.10": [
        "match x:\n    case {'a': y, **r} if y: pass\n    case [1, *_] | A(b=-1 + 2j): pass\n    case a.b: pass\n",
        "match = case = type = _ = 1\nmatch(case)\nmatch[a:b]\nprint(match, type)\n",
        "x[y := 1]\n{a := 1, 2}\n",
        "async def f():\n    return [[y async for y in x] for x in z]\n",
    ],
    "3.11": [
        "try: pass\nexcept* (A, B) as e: pass\n",
        "x[*a]\nx[a:b, *c]\ndef f(*args: *Ts): pass\n",
    ],
    "3.12": [
        'x = f"{d["a"]} {\'b\'}"\n',
        'x = f"{f"{f"{1}"}"}"\n',
        "x = f\"{'\\n'.join(a)}\"\n",
        'x = f"{\n    a  # said }\n}"\n',
        "def f[T: int, *Ts, **P](x: T) -> T:\n    return x\n",
        "class A[T](B[T]): pass\n",
        "type X[T] = list[T]\n",
    ],
    "3.13": [
        "class A[T = int, *Ts = *tuple[int], **P = [int]]: pass\n",
        "type X[T = int] = list[T]\n",
    ],
    "3.14": [
        "try: pass\nexcept A, B: pass\n",
        "try: pass\nexcept* A, B: pass\n",
        "x = t'{a} {b!r:>{w}} {c = }'\n",
        'x = t"{t"{a["b"]}"}"\n',
        'x = rt\'{a}\'\ny = tr\'{a}\'\nz = TR"""{a}"""\n',
        "x = t'{a}' t'{b}'\n",
        "def f():\n    try: pass\n    finally:\n        return 1\n",
    ],
}


@pytest.mark.parametrize("text", [text for texts in NEW.values() for text in texts])
def test_what_a_version_brought_is_understood(text: str) -> None:
    facts = lower(text.encode())
    assert facts.problem is None
    assert facts.codes


def test_what_no_version_has_costs_its_file_only_and_is_told_with_its_line() -> None:
    problem = lower(b"x = 1\nprint 'x'\n").problem
    assert problem is not None
    assert (problem.line, problem.message) == (2, "invalid syntax")
