#!/usr/bin/env python3
"""Shapes of code that make an analysis slow, each at two sizes: what four times as much costs.

    python3 benchmarks/adversarial.py                     # all of them
    python3 benchmarks/adversarial.py --only dispatch --times 3

Prints, for the smaller and the larger of each, processor seconds (median), functions evaluated and lines, and by how
much these grew. The sinks that marked data reaches say so in the code (`# leak`; those that are known to be reported
though it does not, `# spurious`); what is found must be just these. Everything runs in this process, with no cache.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowcheck.api import Request, check
from flowcheck.report.model import Report

Files = dict[str, str]

MODELS = """\
class User:
    name: str
    phone: str  # flowcheck: security-collected


def upload(rows):  # flowcheck: advertising
    pass


"""
IMPORTS = "from models import User, upload\n\n\n"
GROWTH = 4
"""How much larger the larger size of a shape is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of code: what one of it is, how many the larger size has, and the files of a size."""

    unit: str
    large: int
    files: Callable[[int], Files]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one size of a shape took."""

    seconds: float
    evaluations: int
    lines: int
    is_right: bool


def main(arguments: Sequence[str]) -> int:
    """Measure the shapes asked for; 1 when something was found that is not there, or the reverse."""
    options = parse(arguments)
    check_text("warm = 1\n")
    print("| shape | sizes | lines | processor s | evaluations | time grows by | evaluations by | findings |")
    print("| --- | --- | --- | --- | --- | ---: | ---: | --- |")
    is_right = True
    for name in options.only or sorted(SHAPES):
        small, large = measured(SHAPES[name], options.times, options.scale)
        print(row(name, SHAPES[name], small, large, options.scale), flush=True)
        is_right = is_right and small.is_right and large.is_right
    return 0 if is_right else 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure what shapes of code cost as they grow.")
    parser.add_argument("--only", action="append", choices=sorted(SHAPES), help="this shape; may be repeated")
    parser.add_argument("--times", type=int, default=1, help="runs of each size")
    parser.add_argument("--scale", type=float, default=1.0, help="sizes in parts of the full ones")
    return parser.parse_args(arguments)


def measured(shape: Shape, times: int, scale: float) -> tuple[Cost, Cost]:
    """What the smaller and the larger size of a shape cost."""
    large = max(GROWTH, int(shape.large * scale))
    return cost(shape.files(large // GROWTH), times), cost(shape.files(large), times)


def row(name: str, shape: Shape, small: Cost, large: Cost, scale: float) -> str:
    """A row of the table."""
    size = max(GROWTH, int(shape.large * scale))
    found = "right" if small.is_right and large.is_right else "WRONG"
    cells = [
        name,
        f"{size // GROWTH:,} → {size:,} {shape.unit}",
        f"{small.lines:,} → {large.lines:,}",
        f"{small.seconds:.2f} → {large.seconds:.2f}",
        f"{small.evaluations:,} → {large.evaluations:,}",
        f"{large.seconds / small.seconds:.1f}",
        f"{large.evaluations / max(1, small.evaluations):.1f}",
        found,
    ]
    return f"| {' | '.join(cells)} |"


def cost(files: Mapping[str, str], times: int) -> Cost:
    """The median cost of checking some files, and whether what is found is what is there."""
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as folder:
        for path, text in files.items():
            Path(folder, path).write_text(text, encoding="utf-8")
        runs = [timed(Path(folder)) for _ in range(times)]
    seconds, report = statistics.median(seconds for seconds, _ in runs), runs[0][1]
    lines = sum(text.count("\n") for text in files.values())
    found = {(each.sink.place.path, each.sink.place.span.line) for each in report.findings}
    return Cost(seconds, report.statistics["evaluations"], lines, found == set(leaks(files)))


def timed(folder: Path) -> tuple[float, Report]:
    """The processor seconds of one run, and its report."""
    start = time.process_time()
    report = check(Request(current=folder, paths=(folder,), has_cache=False, jobs=1))
    return time.process_time() - start, report


def check_text(text: str) -> None:
    """Check a program of one file, so that all is loaded that a run needs."""
    cost({"program.py": text, "models.py": MODELS}, 1)


def leaks(files: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The lines that say that they are reported."""
    for path, text in files.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if line.endswith(("# leak", "# spurious")):
                yield path, number


# --- shapes ------------------------------------------------------------------------------------


def program(text: str) -> Files:
    """The files of a program whose model stands beside it."""
    return {"models.py": MODELS, "program.py": IMPORTS + text}


def calls(size: int) -> Files:
    """One small function called from everywhere, a hundred times in each of many others."""
    helper = "def helper(value, kind):\n    row = {'kind': kind, 'value': value}\n    return row\n\n\n"
    jobs = [
        f"def job_{start}(user: User):\n"
        + "".join(f"    row_{number} = helper(user.name, {number})\n" for number in range(start, start + 100))
        + f"    upload(row_{start})\n    upload(helper(user.phone, {start})['kind'])\n\n\n"
        for start in range(0, size, 100)
    ]
    leak = "def nightly(user: User):\n    upload(helper(user.phone, 0)['value'])  # leak\n"
    return program(helper + "".join(jobs) + leak)


def deciding(size: int) -> Files:
    """The same of a function that asks for a constant: past its budget of contexts it no longer tells them apart."""
    helper = "def helper(value, kind):\n    if kind == 'none':\n        return None\n    return value\n\n\n"
    jobs = [
        f"def job_{start}(user: User):\n"
        + "".join(f"    row_{number} = helper(user.phone, '{number}')\n" for number in range(start, start + 50))
        + f"    upload(row_{start})  # leak\n\n\n"
        for start in range(0, size, 50)
    ]
    leak = "def nightly(user: User):\n    upload(helper(user.phone, 'some'))  # leak\n"
    clean = "    upload(helper(user.phone, 'none'))  # spurious\n"
    return program(helper + "".join(jobs) + leak + clean)


def dispatch(size: int) -> Files:
    """One function with a branch for each kind."""
    first = "def dispatch(kind, value):\n    if kind == 'none':\n        return None\n"
    branches = "".join(
        f"    elif kind == 'kind_{number}':\n        return [value, {number}]\n" for number in range(size)
    )
    last = f"    elif kind == 'kind_{size}':\n        upload(value)  # leak\n    return None\n\n\n"
    users = f"def nightly(user: User):\n    dispatch('kind_{size}', user.phone)\n    dispatch('kind_1', user.phone)\n"
    return program(first + branches + last + users)


def statements(size: int) -> Files:
    """The same as tests one after another."""
    first = "def dispatch(kind, value):\n"
    branches = "".join(
        f"    if kind == 'kind_{number}':\n        value = [value, {number}]\n" for number in range(size)
    )
    last = f"    if kind == 'kind_{size}':\n        upload(value)  # leak\n    return value\n\n\n"
    users = f"def nightly(user: User):\n    dispatch('kind_{size}', user.phone)\n"
    return program(first + branches + last + users)


def table(size: int) -> Files:
    """The same as a dictionary of functions."""
    functions = "".join(f"def on_{number}(value):\n    return [value, {number}]\n\n\n" for number in range(size))
    last = "def on_last(value):\n    upload(value)  # leak\n\n\n"
    entries = "".join(f"    'kind_{number}': on_{number},\n" for number in range(size))
    users = "def nightly(user: User):\n    HANDLERS['last'](user.phone)\n    HANDLERS['kind_1'](user.phone)\n"
    return program(f"{functions}{last}HANDLERS = {{\n{entries}    'last': on_last,\n}}\n\n\n{users}")


def chains(size: int) -> Files:
    """Chains of calls, each eighty deep, one of which has the sink at its end."""
    depth = 80
    links = [
        f"def step_{chain}_{number}(value):\n    return step_{chain}_{number + 1}(value)\n\n\n"
        for chain in range(size)
        for number in range(depth)
    ]
    ends = [
        f"def step_{chain}_{depth}(value):\n    {'return value' if chain else 'upload(value)  # leak'}\n\n\n"
        for chain in range(size)
    ]
    users = "def nightly(user: User):\n" + "".join(f"    step_{chain}_0(user.phone)\n" for chain in range(size))
    return program("".join(links + ends) + users)


def attributes(size: int) -> Files:
    """A class of many attributes, stored and read in loops."""
    stored = "".join(f"        self.field_{number} = {number}\n" for number in range(size))
    moved = "".join(f"            self.field_{number} = self.field_{number + 1}\n" for number in range(size - 1))
    text = (
        f"class Wide:\n    def __init__(self):\n{stored}\n"
        f"    def shift(self, rows):\n        for row in rows:\n{moved}            self.field_{size - 1} = row\n\n\n"
        "def nightly(user: User, rows):\n    wide = Wide()\n    wide.shift(rows)\n"
        f"    wide.field_{size - 1} = user.phone\n    upload(wide.field_{size - 1})  # leak\n"
        f"    wide.field_{size - 1} = None\n    upload(wide.field_{size - 1})\n"
    )
    return program(text)


def paths(size: int) -> Files:
    """Recursion along the fields of a tree: every way through them is another access path."""
    fields = "".join(f"        self.child_{number} = None\n" for number in range(size))
    visits = "".join(f"    walk(node.child_{number}, value)\n" for number in range(size))
    grown = "".join(f"    node.child_{number} = grow(Node(node.value), depth - 1)\n" for number in range(size))
    text = (
        f"class Node:\n    def __init__(self, value):\n        self.value = value\n{fields}\n\n"
        "def walk(node, value):\n    if node is None:\n        return\n    upload(node.value)  # leak\n"
        f"{visits}\n\ndef grow(node, depth):\n    if depth == 0:\n        return node\n{grown}    return node\n\n\n"
        "def nightly(user: User, depth):\n    walk(grow(Node(user.phone), depth), 1)\n"
    )
    return program(text)


def names(size: int) -> Files:
    """A field and a method of the same name in very many classes, twenty to a file."""
    files = program("def nightly(user: User):\n    upload(user.phone)  # leak\n")
    for start in range(0, size, 20):
        files[f"part_{start}.py"] = IMPORTS + "".join(
            f"class Thing{number}:\n    def __init__(self, phone):\n        self.phone = phone\n\n"
            f"    def get(self):\n        return self.phone\n\n\n"
            f"def use_{number}():\n    upload(Thing{number}({number}).get())\n\n\n"
            for number in range(start, start + 20)
        )
    return files


def generated(size: int) -> Files:
    """One long module as generators of clients write it: records, each with a function that makes it."""
    records = "".join(
        f"class Record{number}:\n    def __init__(self, name, value):\n        self.name = name\n"
        f"        self.value = value\n\n\ndef make_record_{number}(source):\n"
        f"    found = Record{number}(source['name'], {number})\n    return found\n\n\nCODE_{number} = {number}\n"
        for number in range(size // 12)
    )
    users = "def nightly(user: User):\n    upload(make_record_1({'name': user.phone}).name)  # leak\n"
    return program(records + users + "    upload(make_record_2({'name': user.phone}).value)\n")


SHAPES = {
    "calls": Shape("calls of one function", 10_000, calls),
    "deciding": Shape("calls of one function", 10_000, deciding),
    "dispatch": Shape("branches", 3_000, dispatch),
    "tests": Shape("tests in a row", 3_000, statements),
    "table": Shape("entries", 3_000, table),
    "chains": Shape("chains of 80 calls", 40, chains),
    "attributes": Shape("attributes", 500, attributes),
    "paths": Shape("fields of a recursive class", 16, paths),
    "names": Shape("classes", 2_000, names),
    "generated": Shape("lines", 60_000, generated),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
