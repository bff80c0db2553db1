#!/usr/bin/env python3
"""Measure flowcheck on a code base, beside the least and the most that reading it can cost, and beside its peers.

    python3 benchmarks/run.py FOLDER --rules RULES --times 3

Prints wall seconds, CPU seconds and peak memory (medians of several runs, each in a process of its own) of

    words        read every file and collect its identifiers: the floor
    parse        libcst.parse_module over every file, one core: what analysing everything would start with
    lower        the same, and lowered: what `--eager` does with each file
    cold         flowcheck check with an empty cache
    warm         the same again, nothing changed
    eager        flowcheck check --eager, empty cache, one job
    eager 2      the same with two
    eager warm   the same again, nothing changed

and the wall time of each in parts of `words` and of `parse`. Then peers (`peers.py`) that are installed; others are
named. Peak memory is that of the largest process. Unix only: it comes from wait4.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import peers

LONGEST = 1800.0
"""Seconds after which a run is ended."""

IDENTIFIER = re.compile(rb"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: wall and CPU seconds, peak memory in MB."""

    wall: float
    cpu: float
    peak: float


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line asks for; return the exit status."""
    options = parse(arguments)
    if options.floor:
        FLOORS[options.floor](options.folder)
        return 0
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as caches:
        costs = measure_all(options.folder.resolve(), options.rules, options.times, Path(caches))
        print_table(costs)
        if not options.no_peers:
            print_peers(options.folder.resolve(), costs, Path(caches))
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure flowcheck on a code base.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the code base")
    parser.add_argument(
        "--rules", type=Path, help="a rule file; without one, the marks in the code and the built-in packs"
    )
    parser.add_argument("--no-peers", action="store_true", help="leave out other tools")
    parser.add_argument("--times", type=int, default=3, help="runs of each kind")
    parser.add_argument("--floor", choices=sorted(FLOORS), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def measure_all(folder: Path, rules: Path | None, times: int, caches: Path) -> dict[str, Cost]:
    """Return the median cost of each kind of run, in the order of the table.

    The kinds take turns, so that a machine that is faster for a while is so for all of them.
    """
    check = [sys.executable, "-m", "flowcheck", "check", "--quiet", *rule_options(rules), "."]
    cost(check, folder, caches / "first")  # Python compiles what it imports
    rounds = [measure_once(folder, check, caches / str(number)) for number in range(times)]
    return {name: median([each[name] for each in rounds]) for name in rounds[0]}


def measure_once(folder: Path, check: Sequence[str], caches: Path) -> dict[str, Cost]:
    """Return what each kind of run costs, with caches of their own."""
    eager = [*check, "--eager", "--jobs", "1"]
    costs = {name: floor_cost(name, folder) for name in FLOORS}
    costs["cold"] = cost(check, folder, caches / "lazy")
    costs["warm"] = cost(check, folder, caches / "lazy")
    costs["eager"] = cost(eager, folder, caches / "eager")
    costs["eager 2"] = cost([*check, "--eager", "--jobs", "2"], folder, caches / "two")
    costs["eager warm"] = cost(eager, folder, caches / "eager")
    return costs


def rule_options(rules: Path | None) -> list[str]:
    """Return the options that put one rule file in the place of the built-in packs."""
    return ["--no-builtin-rules", "--rules", str(rules.resolve())] if rules else []


def floor_cost(name: str, folder: Path) -> Cost:
    """Return what one of the floors costs, run by this script in a process of its own."""
    return cost([sys.executable, str(Path(__file__).resolve()), "--floor", name, "."], folder, folder)


def cost(command: Sequence[str], folder: Path, cache: Path) -> Cost:
    """Run a command in the folder, its output thrown away, and return what it cost; exit when it fails."""
    found = cost_if_any(command, folder, cache, None)
    return found if found is not None else sys.exit(f"failed: {' '.join(command)}")


def cost_if_any(command: Sequence[str], folder: Path, cache: Path, errors: int | None) -> Cost | None:
    """Likewise, None when it fails; `errors` is where standard error goes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["XDG_CACHE_HOME"] = str(cache)
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
    limit = threading.Timer(LONGEST, process.kill)
    limit.start()
    _, status, usage = os.wait4(process.pid, 0)
    limit.cancel()
    wall = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1_000_000 if sys.platform == "darwin" else 1_000
    taken = Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / scale)
    return taken if process.returncode in (0, 1) else None


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each figure."""
    figures = [[each.wall for each in costs], [each.cpu for each in costs], [each.peak for each in costs]]
    return Cost(*(statistics.median(values) for values in figures))


def print_table(costs: dict[str, Cost]) -> None:
    """Print the costs as a table that Markdown understands."""
    print("| run | wall s | CPU s | peak MB | x words | x parse |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, each in costs.items():
        print_row(name, each, costs)


def print_row(name: str, each: Cost, costs: dict[str, Cost]) -> None:
    """Print one row."""
    parts = f"{each.wall / costs['words'].wall:.1f} | {each.wall / costs['parse'].wall:.2f}"
    print(f"| {name} | {each.wall:.2f} | {each.cpu:.2f} | {each.peak:.0f} | {parts} |", flush=True)


def print_peers(folder: Path, costs: dict[str, Cost], scratch: Path) -> None:
    """Print what other tools cost, once each, then which are not installed, or fail on this code base."""
    left_out = []
    for name, peer in peers.PEERS.items():
        command = peer(folder, scratch)
        if command is None:
            left_out.append(f"{name} is not installed: skipped")
            continue
        each = cost_if_any(command, folder, scratch / name, subprocess.DEVNULL)
        if each is None:
            left_out.append(f"{name} fails here: skipped")
        else:
            print_row(name, each, costs)
    print("\n".join(left_out))


# The floors


def words(folder: Path) -> None:
    """Read every file and collect its identifiers."""
    index: dict[bytes, list[int]] = {}
    for number, path in enumerate(sorted(folder.rglob("*.py"))):
        for word in set(IDENTIFIER.findall(path.read_bytes())):
            index.setdefault(word, []).append(number)


def parse_all(folder: Path) -> None:
    """Parse every file that can be parsed."""
    import libcst  # noqa: PLC0415, only this floor pays for it

    for path in sorted(folder.rglob("*.py")):
        try:
            libcst.parse_module(path.read_bytes())
        except (libcst.ParserSyntaxError, UnicodeDecodeError) as error:
            print(f"{path}: {error}", file=sys.stderr)


def lower_all(folder: Path) -> None:
    """Parse and lower every file."""
    from flowcheck.lowering import lower  # noqa: PLC0415, only this floor pays for it
    from flowcheck.stack import with_deep_stack  # noqa: PLC0415

    with_deep_stack(lambda: [lower(path.read_bytes()) and None for path in sorted(folder.rglob("*.py"))])


FLOORS: dict[str, Callable[[Path], None]] = {"words": words, "parse": parse_all, "lower": lower_all}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
