"""Inputs that nobody would write, made from a seed: what `test_fuzzing.py` tries a few of and `fuzz.py` very many.

`python_input(seed)` are bytes for the lowering, `rule_input(seed)` the text of a rule file, `program_input(seed)` a
program that parses as a rule, with a marked field and a sink in it.
"""

from __future__ import annotations

import random
import re
import sysconfig
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])
LARGEST = 20_000
TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
ENCODINGS = ("utf-16", "utf-32", "latin-1", "utf-7", "cp037", "utf-8-sig", "shift_jis")
SALT = (
    *(
        "lambda",
        ":",
        "*",
        "**",
        "@",
        ":=",
        "==",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "->",
        ";",
        ",",
        ".",
        "~",
        "...",
        "_",
        "!",
    ),
    *(
        "async",
        "await",
        "yield",
        "from",
        "match",
        "case",
        "type",
        "class",
        "def",
        "global",
        "nonlocal",
        "del",
        "not",
        "in",
    ),
    *("'", '"', "'''", "f'", "rb'", "\\", "#", "# flowcheck:", "ignore[FC001", "0x", "1e999", "1_0", "é", "\u202e"),
    *("\t", "\x0c", "\r", "\x00", "\ufeff", "\n", "    "),
)
NESTS = (
    ("(", ")"),
    ("[", "]"),
    ("{1:", "}"),
    ("f(", ")"),
    ("a[", "]"),
    ("-", ""),
    ("not ", ""),
    ("lambda: ", ""),
    ("await ", ""),
    ("a if b else ", ""),
    ("a + ", ""),
    ("a ** ", ""),
    ("a and ", ""),
    ("a < ", ""),
    ("a.", "b"),
    ("f'{", "}'"),
    ("[x for x in ", "]"),
    ("*", ""),
    ("a := ", ""),
    ("x = ", ""),
    ("@a\n", ""),
    ("if a: pass\nel", ""),
    ("a()", ""),
    ("a[0]", ""),
    ("'' ", ""),
    ("a, ", ""),
    ("case a | ", ""),
    ("with a as b, ", ""),
    ("\\\n", ""),
    ("\n", ""),
    ("# flowcheck: security-collected\n", ""),
)
"""What can stand within itself, or after itself, without an end."""


@cache
def real_files() -> tuple[bytes, ...]:
    """Files of the standard library and fixtures, none very large."""
    paths = [*STANDARD_LIBRARY.glob("*.py"), *(ROOT / "tests" / "fixtures").rglob("*.py")]
    contents = [path.read_bytes() for path in sorted(paths)]
    return tuple(content for content in contents if len(content) < LARGEST)


@cache
def rule_files() -> tuple[str, ...]:
    """The built-in packs."""
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "rules").rglob("*.toml")))


@cache
def programs() -> tuple[str, ...]:
    """The fixtures that are one file."""
    paths = sorted((ROOT / "tests" / "fixtures").rglob("*.py"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return tuple(text for text in texts if "flowcheck:" in text and len(text) < LARGEST)


def python_input(seed: int) -> bytes:
    """Bytes for the lowering."""
    lots = random.Random(seed)
    return lots.choice(PYTHON_KINDS)(lots)


def rule_input(seed: int) -> str:
    """The text of a rule file."""
    lots = random.Random(seed)
    tables = re.split(r"(?=\n\[\[)", lots.choice(rule_files()))
    if lots.random() < 0.3:
        tables += re.split(r"(?=\n\[\[)", lots.choice(rule_files()))
    text = "".join(lots.choices(tables, k=lots.randrange(1, 6)))
    if lots.random() < 0.1:
        text = spliced_text(lots, text, lots.choice(rule_files()))
    return salted(lots, text)


def program_input(seed: int) -> str:
    """A program whose lines were shuffled a little: most of these parse."""
    lots = random.Random(seed)
    lines = lots.choice(programs()).splitlines(keepends=True)
    for _ in range(lots.randrange(1, 6)):
        lots.choice(LINE_CHANGES)(lots, lines)
    return "".join(lines)


# --- kinds of bytes ----------------------------------------------------------------------------


def noise(lots: random.Random) -> bytes:
    """Random bytes, now and then behind a declared encoding."""
    head = lots.choice([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"# coding: utf-7\n", b"# coding: latin-1\n"])
    return head + lots.randbytes(lots.randrange(400))


def cut(lots: random.Random) -> bytes:
    """A real file that ends too early, or begins too late."""
    content = lots.choice(real_files())
    place = lots.randrange(len(content) + 1)
    return content[:place] if lots.random() < 0.5 else content[place:]


def spliced(lots: random.Random) -> bytes:
    """The head of one file and the tail of another."""
    one, other = lots.choice(real_files()), lots.choice(real_files())
    return one[: lots.randrange(len(one) + 1)] + other[lots.randrange(len(other) + 1) :]


def flipped(lots: random.Random) -> bytes:
    """A real file with a few bytes changed."""
    content = bytearray(lots.choice(real_files()) or b"x")
    for _ in range(lots.randrange(1, 20)):
        content[lots.randrange(len(content))] = lots.randrange(256)
    return bytes(content)


def recoded(lots: random.Random) -> bytes:
    """A real file in an encoding that it does not declare, or one that it declares wrongly."""
    text = lots.choice(real_files()).decode("utf-8", "replace")
    head = f"# coding: {lots.choice(ENCODINGS)}\n" if lots.random() < 0.5 else ""
    return (head + text).encode(lots.choice(ENCODINGS), "replace")


def mixed(lots: random.Random) -> bytes:
    """A part of a real file with tokens left out, doubled, swapped and put in."""
    text = lots.choice(real_files()).decode("utf-8", "replace")
    start = lots.randrange(len(text) + 1)
    return salted(lots, text[start : start + lots.randrange(1, 3000)]).encode("utf-8", "replace")


def nested(lots: random.Random) -> bytes:
    """Something inside itself, many times."""
    opening, closing = lots.choice(NESTS)
    times = lots.choice([3, 50, 99, 101, 199, 201, 1000, 5000, 20_000])
    head = lots.choice(["", "x = ", "return ", "def f(a=", "class A(", "for x in ", "with ", "async def f():\n    "])
    return f"{head}{opening * times}{lots.choice(['a', '', '1', 'a: pass'])}{closing * times}".encode()


def indented(lots: random.Random) -> bytes:
    """Blocks inside blocks."""
    heads = [
        "if a:",
        "for a in b:",
        "while a:",
        "def f():",
        "class A:",
        "with a:",
        "try:",
        "match a:",
        "async def f():",
    ]
    depth = lots.choice([5, 50, 99, 100, 101, 300])
    return "".join(f"{' ' * place}{lots.choice(heads)}\n" for place in range(depth)).encode() + b" " * depth + b"pass\n"


PYTHON_KINDS: Sequence[Callable[[random.Random], bytes]] = (
    noise,
    cut,
    spliced,
    flipped,
    recoded,
    mixed,
    nested,
    indented,
)


# --- changes of text ---------------------------------------------------------------------------


def spliced_text(lots: random.Random, one: str, other: str) -> str:
    """The head of one text and the tail of another."""
    return one[: lots.randrange(len(one) + 1)] + other[lots.randrange(len(other) + 1) :]


def salted(lots: random.Random, text: str) -> str:
    """A text whose tokens were disturbed in a few places."""
    tokens = TOKEN.findall(text) or [""]
    for _ in range(lots.randrange(1, 12)):
        place, other = lots.randrange(len(tokens)), lots.randrange(len(tokens))
        change = lots.randrange(4)
        if change == 0:
            tokens[place] = lots.choice(SALT)
        elif change == 1:
            tokens[place] = ""
        elif change == 2:
            tokens[place] = tokens[other]
        else:
            tokens[place], tokens[other] = tokens[other], tokens[place]
    return "".join(tokens)


def drop_line(lots: random.Random, lines: list[str]) -> None:
    """Leave a line out."""
    if len(lines) > 1:
        del lines[lots.randrange(len(lines))]


def double_line(lots: random.Random, lines: list[str]) -> None:
    """Say a line again, somewhere else."""
    lines.insert(lots.randrange(len(lines) + 1), lots.choice(lines))


def swap_lines(lots: random.Random, lines: list[str]) -> None:
    """Exchange two lines."""
    one, other = lots.randrange(len(lines)), lots.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def swap_words(lots: random.Random, lines: list[str]) -> None:
    """Put a word of one line in the place of a word of another."""
    place, words = lots.randrange(len(lines)), re.findall(r"\w+", lots.choice(lines))
    found = re.findall(r"\w+", lines[place])
    if found and words:
        lines[place] = lines[place].replace(lots.choice(found), lots.choice(words), 1)


def wrap_line(lots: random.Random, lines: list[str]) -> None:
    """Put a line into a block of its own."""
    place = lots.randrange(len(lines))
    body = lines[place].lstrip()
    margin = lines[place][: len(lines[place]) - len(body)]
    head = lots.choice(["while True:", "for _ in range(3):", "if margin:", "with body:", "def f(*a, **k):", "class A:"])
    if body.strip():
        lines[place] = f"{margin}{head}\n{margin}    {body}"


LINE_CHANGES: Sequence[Callable[[random.Random, list[str]], None]] = (
    drop_line,
    double_line,
    swap_lines,
    swap_words,
    swap_words,
    wrap_line,
)
