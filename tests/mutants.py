#!/usr/bin/env python3
"""Break the analyser in one place at a time; a test must notice.

    python3 tests/mutants.py --number 40              # drawn by lot, the same each time
    python3 tests/mutants.py --number 40 --document   # and the figures into docs/reliability.md

A mutant is the code with one condition turned round, one comparison reversed, `and` for `or`, a flag flipped, or one
call left out, in `flow` or `lowering`. It counts as killed when the tests of the lowering or of the fixtures fail or do
not end. What survives is printed: either a test is missing there, or the place does not matter for any result.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("flow", "lowering")
TESTS = (
    "tests/test_fixtures_findings.py",
    "tests/lowering",
    "tests/stores",
    "tests/test_generated_programs.py",
    "tests/test_applications.py",
    "tests/packs",
)
SECONDS = 600
DOCUMENT = ROOT / "docs" / "reliability.md"
START = "<!-- mutants: python3 tests/mutants.py --number 40 --document -->\n"
END = "<!-- end of mutants -->\n"

REVERSED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A piece of a file, and what stands in its place."""

    path: Path
    line: int
    start: int
    end: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.old} -> {self.new}"


def main(arguments: Sequence[str]) -> int:
    """Try mutants; return 0, whatever survives."""
    parser = argparse.ArgumentParser(description="Break the analyser in one place at a time.")
    parser.add_argument("--number", type=int, default=10, help="how many mutants")
    parser.add_argument("--seed", type=int, default=0, help="another draw")
    parser.add_argument("--document", action="store_true", help="put the figures into docs/reliability.md")
    options = parser.parse_args(arguments)
    everywhere = [mutant for layer in LAYERS for mutant in mutants_in(ROOT / "src" / "flowcheck" / layer)]
    drawn = random.Random(options.seed).sample(everywhere, options.number)
    survivors = [mutant for mutant in drawn if not is_killed(mutant)]
    told = f"{len(drawn) - len(survivors)} of {len(drawn)} mutants killed, drawn from {len(everywhere):,}."
    print(told)
    if options.document:
        DOCUMENT.write_text(documented(DOCUMENT.read_text(encoding="utf-8"), told, survivors), encoding="utf-8")
    return 0


def mutants_in(folder: Path) -> Iterator[Mutant]:
    """Every mutant of a layer, by file and place."""
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        starts = line_starts(text)
        for node in ast.walk(ast.parse(text)):
            for piece, new in changes_of(node):
                start = starts[piece.lineno - 1] + piece.col_offset
                end = starts[(piece.end_lineno or piece.lineno) - 1] + (piece.end_col_offset or 0)
                old = text.encode()[start:end].decode()
                yield Mutant(path.relative_to(ROOT), piece.lineno, start, end, " ".join(old.split()), new)


def line_starts(text: str) -> list[int]:
    """The byte at which each line starts."""
    starts = [0]
    for line in text.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def changes_of(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """What may be changed at a node."""
    match node:
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield test, f"(not ({ast.unparse(test)}))"
        case ast.BoolOp(op=op, values=values):
            other = ast.And() if isinstance(op, ast.Or) else ast.Or()
            yield node, f"({ast.unparse(ast.BoolOp(other, values))})"
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in REVERSED:
            yield node, f"({ast.unparse(ast.Compare(left, [REVERSED[type(op)]()], [right]))})"
        case ast.Expr(value=ast.Call()):
            yield node, "pass"
        case ast.Constant(value=bool(value)):
            yield node, str(not value)
        case _:
            return


def is_killed(mutant: Mutant) -> bool:
    """Whether the tests notice."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "node_modules", "out", "__pycache__"))
        content = (copy / mutant.path).read_bytes()
        (copy / mutant.path).write_bytes(content[: mutant.start] + mutant.new.encode() + content[mutant.end :])
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *TESTS]
        environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            return True
    print(f"{'killed  ' if done.returncode else 'SURVIVED'} {mutant}", flush=True)
    return done.returncode != 0


def documented(text: str, told: str, survivors: Sequence[Mutant]) -> str:
    """Return a document with today's figures between its markers."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    rows = "".join(f"- `{mutant}`\n" for mutant in survivors)
    return f"{before}{START}\n{told}\n\n{'Survivors:' if rows else ''}\n\n{rows}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
