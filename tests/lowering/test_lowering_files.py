from __future__ import annotations

import gc
import sys
import sysconfig
import threading
from pathlib import Path

import libcst
import msgspec
import pytest

from flowcheck.facts.files import FileFacts
from flowcheck.lowering import lower
from flowcheck.lowering.lower import TABLES
from flowcheck.lowering.reading import MAX_BYTES

STANDARD_LIBRARY = Path(sysconfig.get_paths()["stdlib"])

IS_SHALLOW = sys.version_info[:2] == (3, 12)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"x = = 1", 1, "invalid syntax"),
        (b"a\nx = (1,\n", 3, "invalid syntax"),
        (b'a\n"abc\nb', 2, "unterminated"),
        (b"def f():\n  x\n y\n", 3, "dedent"),
        (b"a\nif x:\n\ty\n        z\n", 4, "tabs and spaces"),
        (b"a\n`b`", 2, "not a valid character"),
        (b"x\n\0", 2, "null byte"),
        (b"# coding: klingon\n", 1, "unknown encoding"),
        (b"# coding: rot13\n", 1, "not a text encoding"),
        (b"# coding: ascii\nx\n\xff\n", 3, "not valid ascii"),
        (b"x\ny\nz\n\xff", 4, "not valid utf-8"),
        (b"\xff\xfex\0", 1, ""),
        (b"(" * 1000 + b")" * 1000, 1, "nested brackets"),
        (b"x = " + b"[" * 5000, 1, "nested brackets"),
        (b"x = " + b"not " * 1500 + b"y", 1, "nested expressions"),
        (b"x = " + b"a if b else " * 400 + b"y", 1, "nested expressions"),
        (b"y\nx = " + b"a + " * 5000 + b"a", 2, "operations in one expression"),
        (b"y\nx = a" + b".b" * 5000, 2, "operations in one expression"),
        (b"x = a" + b"()" * 5000, 1, "operations in one expression"),
        (b"x = (\n" + b"a -\n" * 5000 + b"a)", 1, "operations in one expression"),
        (b"x = \\\n" + b"a ** \\\n" * 5000 + b"a", 1, "operations in one expression"),
        (b"lambda: " * 5000 + b"a", 1, "operations in one expression"),
        (b"x = 1\n" * (MAX_BYTES // 6 + 1), 1, "larger than"),
        (b"".join(b" " * i + b"if a:\n" for i in range(150)), 101, "indentation"),
    ],
)
def test_a_bad_file_is_a_problem(content, line, words):
    lowered = lower(content)
    assert lowered.problem is not None
    assert (lowered.codes, lowered.marks, lowered.suppressions) == ((), (), ())
    assert lowered.problem.line == line
    assert words in lowered.problem.message or (IS_SHALLOW and "nested too deep" in lowered.problem.message)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("x = 'é'".encode(), "é"),
        ("\ufeffx = 'é'".encode(), "é"),
        ("# coding: latin-1\nx = 'é'".encode("latin-1"), "é"),
        ("#!python\n# vim: set fileencoding=cp1251 :\nx = 'Ж'".encode("cp1251"), "Ж"),
    ],
)
def test_encodings(content, text):
    (statement,) = lower(content).codes[0].body
    assert statement.value.value == text


@pytest.mark.parametrize("content", [b"", b"\n", b"# only", b"\f", b"pass", b"x", b"x\\\n"])
def test_small_files(content):
    assert len(lower(content).codes) == 1 or content == b"x\\\n"


@pytest.mark.skipif(IS_SHALLOW, reason="Python 3.12 has a limit that cannot be raised")
@pytest.mark.parametrize(
    "source",
    [
        "x = " + " + ".join(["a"] * 1500),
        "x = " + " and ".join(["a"] * 3000),
        "x = a" + ".b(c)" * 600,
        "x = (" + "'a' " * 2000 + ")",
        "if a: b\n" + "elif a: b\n" * 3000,
        "x = " + "f(" * 190 + ")" * 190,
        "x = '" + "(" * 1000 + "'",
        "x = {" + "1: [2, (3)], " * 3000 + "}",
    ],
    ids=["sum", "and", "calls", "strings", "elif", "nested", "brackets in a string", "wide"],
)
def test_what_is_long_or_deep_but_legal_can_be_stored(source):
    lowered = lower(source.encode())
    assert lowered.problem is None
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(lowered), type=FileFacts) == lowered


def test_lowering_leaves_the_process_as_it_was():
    before = sys.getrecursionlimit(), threading.stack_size(), gc.isenabled(), threading.active_count()
    lower(b"x = 1")
    lower(b"x = = 1")
    assert (sys.getrecursionlimit(), threading.stack_size(), gc.isenabled(), threading.active_count()) == before


def test_several_threads_may_lower():
    results: list[FileFacts] = []
    threads = [threading.Thread(target=lambda: results.append(lower(b"x = y.z"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [lower(b"x = y.z")] * 4


@pytest.mark.parametrize("path", sorted(STANDARD_LIBRARY.glob("*.py"))[::12], ids=lambda path: path.name)
def test_real_files_survive_a_round_trip(path):
    lowered = lower(path.read_bytes())
    assert lowered.problem is None
    encoded = msgspec.msgpack.encode(lowered)
    assert msgspec.msgpack.decode(encoded, type=FileFacts) == lowered
    assert msgspec.msgpack.encode(lower(path.read_bytes())) == encoded


@pytest.mark.parametrize(
    ("base", "table"),
    [
        (libcst.BaseExpression, TABLES.expressions),
        (libcst.BaseSmallStatement, TABLES.statements),
        (libcst.BaseCompoundStatement, TABLES.statements),
        (libcst.MatchPattern, TABLES.patterns),
    ],
)
def test_every_form_of_the_grammar_is_lowered(base, table):
    forms = {
        form
        for form in vars(libcst).values()
        if isinstance(form, type) and issubclass(form, base) and not form.__abstractmethods__
    }
    named_base = {libcst.BaseAssignTargetExpression, libcst.BaseDelTargetExpression}
    assert {form.__name__ for form in forms - named_base if not form.__name__.startswith("Base")} <= {
        form.__name__ for form in table
    }
