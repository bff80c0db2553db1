#!/usr/bin/env python3
"""Judge flowcheck on code bases that other people wrote, by flows that were found by reading them.

    python3 benchmarks/real.py                  # all of them
    python3 benchmarks/real.py --only allauth   # one; `--only` may be said several times
    python3 benchmarks/real.py --document       # all, and the results into docs/real-code.md

Each code base comes from the package index, is unpacked below benchmarks/out/real (never installed, never run) and
is checked with the rules of benchmarks/real/NAME.toml; the report is compared with benchmarks/real/expected.toml.
Exit status 1 when a flow is missed, one that is not there is reported, or flowcheck itself fails.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import tomli

HERE = Path(__file__).resolve().parent
RULES = HERE / "real"
FOLDER = HERE / "out" / "real"
DOCUMENT = HERE.parent / "docs" / "real-code.md"
RESULTS = "<!-- results: python3 benchmarks/real.py --document -->\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """Marked data, where it is read and the sink that it reaches, each PATH:LINE."""

    data: str
    source: str
    sink: str
    by: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.source} -> {self.sink}" + (f" ({self.by})" if self.by else "")


@dataclass(frozen=True, slots=True)
class CodeBase:
    """One code base, the flows that are there and those that are not."""

    name: str
    requirement: str
    flows: tuple[Pair, ...]
    clean: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What flowcheck said of a code base; `failure` is what it printed when it could not answer."""

    seconds: float
    reported: frozenset[Pair]
    errors: int
    blind_spots: int
    failure: str = ""
    paths: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)

    def has(self, pair: Pair) -> bool:
        """Whether the very path from the one place to the other is reported."""
        return pair in self.reported

    def has_another(self, pair: Pair) -> bool:
        """Whether the data is reported at that sink, by a path that is shorter: a report shows one of each."""
        return any((each.data, each.sink) == (pair.data, pair.sink) for each in self.reported)


def main(arguments: Sequence[str]) -> int:
    """Check the code bases asked for; return the exit status."""
    options = parse(arguments)
    bases = [base for base in code_bases() if base.name in (options.only or [base.name])]
    outcomes = [(base, check(base, fetch(base), options.command)) for base in bases]
    if options.document:
        DOCUMENT.write_text(document(outcomes), encoding="utf-8")
    verdicts = [judge(base, outcome) for base, outcome in outcomes]
    return 0 if bases and all(verdicts) else 1


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Judge flowcheck on code bases that other people wrote.")
    parser.add_argument("--only", action="append", metavar="NAME", help="this code base alone")
    parser.add_argument("--command", default="flowcheck", help="what starts flowcheck")
    parser.add_argument("--document", action="store_true", help="put the results into docs/real-code.md")
    return parser.parse_args(arguments)


def code_bases() -> list[CodeBase]:
    """Return the code bases of expected.toml, in its order."""
    tables = tomli.loads((RULES / "expected.toml").read_text(encoding="utf-8"))["codebase"]
    return [
        CodeBase(table["name"], table["requirement"], pairs(table, "flow"), pairs(table, "clean")) for table in tables
    ]


def pairs(table: dict[str, list[dict[str, str]]], key: str) -> tuple[Pair, ...]:
    """Return the pairs that a code base's table lists under a key."""
    return tuple(Pair(**entry) for entry in table.get(key, []))


def fetch(base: CodeBase) -> Path:
    """Return the folder that holds the code base, downloaded and unpacked if it is not there yet."""
    folder = FOLDER / base.name
    if not folder.exists():
        wheels = FOLDER / "wheels" / base.name
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(wheels),
            base.requirement,
        ]
        subprocess.run(command, check=True)
        unpack(next(wheels.glob("*.whl")), folder)
    return folder


def unpack(wheel: Path, folder: Path) -> None:
    """Unpack a wheel's code, without its metadata."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    for metadata in folder.glob("*.dist-info"):
        shutil.rmtree(metadata)


def check(base: CodeBase, folder: Path, command: str) -> Outcome:
    """Run flowcheck on the code base, in its folder, with its own rules alone."""
    rules = RULES / f"{base.name}.toml"
    (folder / "flowcheck.toml").touch()  # its root, not that of the repository around it
    words = [*command.split(), "check", "--no-builtin-rules", "--rules", str(rules), "--format", "json", "."]
    start = time.monotonic()
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False, encoding="utf-8")
    seconds = time.monotonic() - start
    if done.returncode not in (0, 1):
        return Outcome(seconds, frozenset(), 0, 0, done.stderr.strip() or f"exit status {done.returncode}")
    report = json.loads(done.stdout)
    return outcome_of(report, seconds)


def outcome_of(report: dict[str, list[dict[str, object]]], seconds: float) -> Outcome:
    """Return what a JSON report says, as far as it is compared."""
    paths = {pair_of(finding["source"], finding["sink"]): path_of(finding["path"]) for finding in report["findings"]}
    return Outcome(seconds, frozenset(paths), len(report["errors"]), len(report["blind_spots"]), paths=paths)


def path_of(steps: list[dict[str, object]]) -> tuple[str, ...]:
    """Return the places of a path, each once where several steps stand on one line."""
    places = [place(step) for step in steps]
    return tuple(each for each, before in zip(places, ["", *places], strict=False) if each != before)


def pair_of(source: dict[str, object], sink: dict[str, object]) -> Pair:
    """Return what a finding says, as far as it is compared."""
    return Pair(str(source["name"]), place(source), place(sink))


def place(end: dict[str, object]) -> str:
    """Return where one end of a finding stands."""
    return f"{end['path']}:{end['line']}"


def judge(base: CodeBase, outcome: Outcome) -> bool:
    """Print how the report compares with what is known; return whether it says what it should."""
    missed = [pair for pair in base.flows if not outcome.has_another(pair)]
    wrong = [pair for pair in base.clean if outcome.has(pair)]
    others = len(outcome.reported.difference(base.flows, base.clean))
    print(
        f"{base.name}: {len(base.flows) - len(missed)} of {len(base.flows)} flows found, {len(wrong)} wrong, "
        f"{others} more reported, {outcome.blind_spots} blind spots, {outcome.errors} errors, {outcome.seconds:.1f} s"
    )
    for word, found in (("missed", missed), ("wrong", wrong)):
        print("".join(f"  {word}: {pair}\n" for pair in found), end="")
    if outcome.failure:
        print(f"  failed: {outcome.failure}")
    return not (missed or wrong or outcome.failure)


def document(outcomes: Sequence[tuple[CodeBase, Outcome]]) -> str:
    """Return docs/real-code.md with today's results below its last marker."""
    before, _, _ = DOCUMENT.read_text(encoding="utf-8").partition(RESULTS)
    return before + RESULTS + "".join(chapter(base, outcome) for base, outcome in outcomes)


def chapter(base: CodeBase, outcome: Outcome) -> str:
    """Return a code base's part of the document: its flows, and whether each was found."""
    rows = [row(pair, verdict(outcome, pair)) for pair in base.flows]
    rows += [row(pair, "**reported**" if outcome.has(pair) else "not reported") for pair in base.clean]
    others = len(outcome.reported.difference(base.flows, base.clean))
    walked = [f"- {shown_path(outcome.paths[pair])}\n" for pair in base.flows if pair in outcome.paths]
    return (
        f"\n## {base.name}\n\n`{base.requirement}`, rules: `benchmarks/real/{base.name}.toml`\n\n"
        "| source | sink | what lies between | result |\n| --- | --- | --- | --- |\n" + "".join(rows) + "\n"
        "The paths, as they are reported:\n\n" + "".join(walked) + "\n"
        f"{others} more findings, {outcome.blind_spots} blind spots, {outcome.errors} unreadable files.\n"
    )


def shown_path(places: Sequence[str]) -> str:
    """Return a path on one line; the file is said where it changes."""
    parts, before = list[str](), ""
    for each in places:
        path, _, line = each.rpartition(":")
        parts.append(f":{line}" if path == before else f"`{each}`")
        before = path
    return " → ".join(parts)


def verdict(outcome: Outcome, pair: Pair) -> str:
    """Return how a flow that is there was reported."""
    if outcome.has(pair):
        return "found"
    return "found, by a shorter path" if outcome.has_another(pair) else "**missed**"


def row(pair: Pair, result: str) -> str:
    """Return a row of a chapter's table."""
    return f"| `{pair.source}` | `{pair.sink}` | {pair.by} | {result} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
