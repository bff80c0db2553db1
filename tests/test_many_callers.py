"""A function that is called from many places, in as many ways: what is told apart less must still be found.

Each program has a helper and sixty functions that use it, every other one with marked data.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flowcheck.api import Request, check

CALLERS = 60

HEAD = """\
import functools

def push(x):  # flowcheck: advertising
    pass

class User:
    phone = ""  # flowcheck: security-collected
    city = ""

class Box:
    def __init__(self, value):
        self.value = value

def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper

def called(function, *args):
    return function(*args)

def passed_on(rows):
    for row in map(str, rows):
        yield row

def value_of(box):
    return box.value

def first(*args, **kwargs):
    return args[0] if args else kwargs["a"]

def made(cls, value):
    return cls(value)
"""

USES = {
    "decorated": "@logged\ndef inner(a, b):\n    return a\npush(inner({given}, {other}))",
    "decorated_around_a_sink": "@logged\ndef inner(a, b):\n    push(a)\n    return a\npush(inner({given}, {other}))",
    "handed_over": "def inner(a, b):\n    return a\npush(called(inner, {given}, {other}))",
    "lambdas": "push(called(lambda a: a, {given}))",
    "generators": "def rows():\n    yield {given}\nfor row in passed_on(rows()):\n    push(row)",
    "generator_expressions": "push(list(passed_on(each for each in [{given}]))[0])",
    "objects": "push(value_of(Box({given})))",
    "classes": "class Own(Box):\n    pass\npush(made(Own, {given}).value)",
    "positions": "push(first({given}, {other}))",
    "names": "push(first(a={given}, b={other}))",
}


def program(use: str) -> tuple[str, set[str]]:
    """The text, and the functions with a leak."""
    parts, leaking = [HEAD], set[str]()
    for number in range(CALLERS):
        fields = ("user.phone", "user.city")
        given, other = fields if number % 2 else fields[::-1]
        body = use.format(given=given, other=other).replace("\n", "\n    ")
        parts.append(f"def use_{number}(user: User):\n    {body}\n")
        if number % 2:
            leaking.add(f"use_{number}")
    return "\n".join(parts), leaking


def functions_on(lines: list[str], numbers: set[int]) -> set[str]:
    """The functions of the program that lines lie in, those called `use_...`."""
    found, inside = set[str](), ""
    for number, line in enumerate(lines, 1):
        if line.startswith(("def ", "class ", "import ")):
            inside = line.split("(")[0].removeprefix("def ") if line.startswith("def use_") else ""
        if inside and number in numbers:
            found.add(inside)
    return found


@pytest.mark.parametrize("name", USES)
def test_every_leak_is_found_and_no_other(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text, leaking = program(USES[name])
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    report = check(Request(paths=(tmp_path,), has_cache=False))
    steps = {step.place.span.line for finding in report.findings for step in finding.path}
    assert functions_on(text.splitlines(), steps) == leaking
