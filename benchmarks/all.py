#!/usr/bin/env python3
"""Every figure of docs/performance.md again, one after the other: each command, and what it prints.

    python3 benchmarks/all.py                       # an hour or two; curves and tables go into docs/
    python3 benchmarks/all.py --only run cluster    # some of them
    python3 benchmarks/all.py --short               # on small code bases, in minutes: does everything still run?

Code bases come from generate.py. Those that other people wrote (`real.py`) are measured where `benchmarks/out/real`
holds them, peers where they are installed; what is left out is said.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line asks for; return 1 when one of the measurements failed."""
    options = parse(arguments)
    failed = []
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as place:
        for name, command in commands(Path(place), is_short=options.short).items():
            if name in options.only and not started(command):
                failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    names = [*commands(Path(), is_short=True)]
    parser = argparse.ArgumentParser(description="Measure everything again.")
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="leave out the others")
    parser.add_argument("--short", action="store_true", help="small code bases, one run each, and no docs written")
    return parser.parse_args(arguments)


def commands(place: Path, *, is_short: bool) -> dict[str, list[str]]:
    """What is run for each name; code bases are made in a folder of their own first."""
    times = ["--times", "1" if is_short else "3"]
    middle = made(place / "middle", files=60 if is_short else 1000)
    large = made(place / "large", files=100 if is_short else 2800)
    typed = ["--path", "shop/nightly.py", "--beside", "shop/goods_0/part_0.py"]
    small = ["--lines", "10000", "20000", "--slices", "5", "10", "--size", "10000"]
    return {
        "run": [*middle, "run.py", str(place / "middle"), *times],
        "cluster": [*middle, "cluster.py", str(place / "middle"), *times],
        "growth": ["growth.py", *times, *(small if is_short else ["--write", str(HERE.parent / "docs")])],
        "adversarial": ["adversarial.py", "--times", "1", *(["--only", "tests"] if is_short else [])],
        "editor": [*large, "editor.py", str(place / "large"), *typed],
        "commit": [*large, "commit.py", str(place / "large"), "--change", typed[-1], "--times", times[-1]],
        "real": ["real.py", "--only", "two_factor", *([] if is_short else ["flask_security"])],
    }


def made(folder: Path, files: int) -> list[str]:
    """The words that make a code base, and a mark that the command of the measurement follows."""
    return ["generate.py", str(folder), "--files", str(files), "--functions", "30", "--slice", "20", THEN]


THEN = "then"


def started(words: Sequence[str]) -> bool:
    """Run the programs that some words name, each as it stands here; whether they did well."""
    rest = [*words]
    while rest:
        end = rest.index(THEN) if THEN in rest else len(rest)
        program, rest = rest[:end], rest[end + 1 :]
        print(f"$ python3 benchmarks/{' '.join(program)}", flush=True)
        if program[0] == "real.py" and not (HERE / "out" / "real").exists():
            print("benchmarks/out/real is not there: skipped", flush=True)
        elif subprocess.run([sys.executable, str(HERE / program[0]), *program[1:]], check=False).returncode:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
