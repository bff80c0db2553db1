#!/usr/bin/env python3
"""Run flowcheck over code that nobody wrote for it, every file of it: popular packages and the standard library.

    python3 benchmarks/popular.py                  # all of benchmarks/popular/packages.txt, and the standard library
    python3 benchmarks/popular.py --only click     # one; `--only` may be said several times
    python3 benchmarks/popular.py --standard       # the standard library alone
    python3 benchmarks/popular.py --document       # all, and the table into docs/reliability.md and popular/results.md;
                                                   # of what was not run this time, the rows stay

Packages come from the package index as wheels, are unpacked below benchmarks/out/popular (never installed, never run)
and are checked with `--eager --no-cache` and the built-in packs; `--rules` takes others. The standard library is that
of the Python which runs this, a package at a time, its single modules together.

Passed means an exit status of 0 or 1 and a report that can be read, within `--seconds` of processor time. Exit status 1
when one does not pass. Unix only: peak memory comes from wait4.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "popular" / "packages.txt"
FOLDER = HERE / "out" / "popular"
DOCUMENT = HERE.parent / "docs" / "reliability.md"
STANDARD = "python:"
RESULTS = HERE / "popular" / "results.md"
HEAD = "# Time and memory of popular packages, every file of each\n\n    python3 benchmarks/popular.py --document\n\n"
START = "<!-- popular: python3 benchmarks/popular.py --document -->\n"
END = "<!-- end of popular -->\n"
PATIENCE = 10
"""Seconds on the clock that a second of processor time may take on a busy machine."""

NOT_CODE = {"site-packages", "__pycache__", "lib-dynload"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one code base; `failure` says why it did not pass."""

    name: str
    files: int
    wall: float
    cpu: float
    peak: float
    problems: tuple[str, ...]
    failure: str = ""


def main(arguments: Sequence[str]) -> int:
    """Check what the command line asks for; return the exit status."""
    options = parse(arguments)
    outcomes = []
    for name in options.only or [*([] if options.standard else package_names()), *standard_names()]:
        outcome = check(name, fetched(name), options.seconds, options.rules)
        outcomes.append(outcome)
        print(row(outcome), end="", flush=True)
    print(summary(outcomes))
    if options.document:
        document = DOCUMENT.read_text(encoding="utf-8")
        known = together(read_back(document), outcomes)
        DOCUMENT.write_text(documented(document, known), encoding="utf-8")
        RESULTS.write_text(HEAD + "\n".join(told(known)) + "\n", encoding="utf-8")
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Run flowcheck over popular packages and the standard library.")
    parser.add_argument("--only", action="append", metavar="NAME", help=f"this alone; {STANDARD}NAME for Python's own")
    parser.add_argument("--standard", action="store_true", help="the standard library alone")
    parser.add_argument("--seconds", type=float, default=120, help="processor time that one may take")
    parser.add_argument("--rules", type=Path, help="a rule file, beside the built-in packs")
    parser.add_argument("--document", action="store_true", help="put the table into docs/reliability.md")
    return parser.parse_args(arguments)


# What is checked


def package_names() -> list[str]:
    """Return the packages of the list."""
    return PACKAGES.read_text(encoding="utf-8").split()


def standard_names() -> list[str]:
    """Return the packages of the standard library, and `python:modules` for what is no package."""
    packages = sorted(path.parent.name for path in standard_library().glob("*/__init__.py"))
    return [f"{STANDARD}{name}" for name in ["modules", *packages] if name not in NOT_CODE]


def standard_library() -> Path:
    """Return the folder of the standard library."""
    return Path(sysconfig.get_path("stdlib"))


def fetched(name: str) -> Path:
    """Return the folder that holds a code base, put there if it is not yet."""
    folder = FOLDER / name.replace(":", "-")
    if not folder.exists():
        if name.startswith(STANDARD):
            copy_standard(name.removeprefix(STANDARD), folder)
        else:
            download(name, folder)
    return folder


def copy_standard(name: str, folder: Path) -> None:
    """Copy a package of the standard library, or its single modules."""
    folder.mkdir(parents=True)
    if name == "modules":
        for path in standard_library().glob("*.py"):
            shutil.copy(path, folder)
    else:
        shutil.copytree(standard_library() / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def download(name: str, folder: Path) -> None:
    """Take a package's wheel from the index and unpack its code, without its metadata."""
    with tempfile.TemporaryDirectory() as wheels:
        command = ["pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", wheels, name]
        subprocess.run([sys.executable, "-m", *command], check=True)
        with zipfile.ZipFile(next(Path(wheels).glob("*.whl"))) as archive:
            archive.extractall(folder)
    for metadata in folder.glob("*.dist-info"):
        shutil.rmtree(metadata)


# How it is checked


def check(name: str, folder: Path, seconds: float, rules: Path | None) -> Outcome:
    """Run flowcheck over every file of a folder and return what it took and said."""
    command = [sys.executable, "-m", "flowcheck", "check", "--eager", "--no-cache", "--jobs", "1", "--format", "json"]
    command += ["--rules", str(rules.resolve())] if rules else []
    (folder / "flowcheck.toml").touch()  # its root, not that of the repository around it
    files = sum(1 for _ in folder.rglob("*.py"))
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        start = time.monotonic()
        process = subprocess.Popen([*command, "."], cwd=folder, stdout=output, stderr=complaints)
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds) + 1))
        watch = threading.Timer(seconds * PATIENCE, process.kill)  # it may also wait for ever
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.cancel()
        wall = time.monotonic() - start
        problems, failure = judged(process.returncode, output, complaints, seconds)
    return Outcome(name, files, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, problems, failure)


def judged(status: int, output: IO[bytes], complaints: IO[bytes], seconds: float) -> tuple[tuple[str, ...], str]:
    """Return the files that could not be analysed, and why the whole did not pass, if so."""
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        return (), f"not done in {seconds:.0f} s"
    if status not in (0, 1):
        complaints.seek(0)
        last = complaints.read().decode(errors="replace").strip().splitlines()[-2:]
        return (), f"status {status}: {' / '.join(last)}"
    output.seek(0)
    return tuple(f"{each['path']}:{each['line']}: {each['message']}" for each in json.load(output)["errors"]), ""


# What is told


def row(outcome: Outcome) -> str:
    """Return one line of the table."""
    verdict = outcome.failure or "passed"
    return (
        f"| {outcome.name} | {outcome.files} | {outcome.wall:.1f} | {outcome.cpu:.1f} | {outcome.peak:.0f} "
        f"| {len(outcome.problems)} | {verdict} |\n"
    )


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return what the table comes to, in a sentence."""
    passed = sum(not outcome.failure for outcome in outcomes)
    files = sum(outcome.files for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.wall)
    largest = max(outcomes, key=lambda outcome: outcome.peak)
    return (
        f"{passed} of {len(outcomes)} passed, {files:,} files; the slowest is {slowest.name} ({slowest.wall:.0f} s), "
        f"the largest {largest.name} ({largest.peak:.0f} MB)."
    )


def read_back(text: str) -> list[Outcome]:
    """Return what a document's table and its list of problems say."""
    _, _, rest = text.partition(START)
    lines = rest.partition(END)[0].splitlines()
    problems = [line.removeprefix("- `").removesuffix("`") for line in lines if line.startswith("- `")]
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][2:]
    return [outcome_of(cells, problems) for cells in rows]


def outcome_of(cells: Sequence[str], problems: Sequence[str]) -> Outcome:
    """Return what one line of the table says."""
    name, files, wall, cpu, peak, _, verdict = cells
    mine = tuple(each.removeprefix(f"{name}: ") for each in problems if each.startswith(f"{name}: "))
    failure = "" if verdict == "passed" else verdict
    return Outcome(name, int(files), float(wall), float(cpu), float(peak), mine, failure)


def together(earlier: Sequence[Outcome], now: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes of now with those from earlier of what was not run again; packages first, by name."""
    known = {outcome.name: outcome for outcome in (*earlier, *now)}
    return [known[name] for name in sorted(known, key=lambda name: (name.startswith(STANDARD), name))]


def documented(text: str, outcomes: Sequence[Outcome]) -> str:
    """Return a document with today's table between its markers."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return before + START + "\n".join(told(outcomes)) + "\n" + END + after


def told(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield the lines of the document's chapter."""
    yield ""
    yield summary(outcomes)
    yield ""
    yield "| code base | files | wall s | CPU s | peak MB | problems | |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- |"
    yield "".join(row(outcome) for outcome in outcomes)
    if problems := [f"{outcome.name}: {problem}" for outcome in outcomes for problem in outcome.problems]:
        yield "Problems, each a file that Python cannot read either, or that nests deeper than is followed:\n"
        yield from (f"- `{problem}`" for problem in problems)
        yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
