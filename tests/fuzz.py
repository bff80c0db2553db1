#!/usr/bin/env python3
"""Try very many inputs of `fuzz_inputs.py`: no crash, no hang, no memory without bound.

    python3 tests/fuzz.py --inputs 100000              # of each kind, from seed 0
    python3 tests/fuzz.py --kind programs --first 500  # one kind, from another seed
    python3 tests/fuzz.py --inputs 100000 --document   # and the figures into docs/reliability.md

A worker process takes the inputs one by one and says each time how it went; when it dies, or has used more than
`--seconds` of processor time, the input is reported by its seed and a new worker goes on with the next. Exit status 1
when an input failed. Unix only.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fuzz_inputs import program_input, python_input, rule_input

if TYPE_CHECKING:
    from flowcheck.api.memory import Memory

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"
START = "<!-- fuzz: python3 tests/fuzz.py --inputs 100000 --document -->\n"
END = "<!-- end of fuzz -->\n"
SILENCE = 100
"""How many times its processor time an input may take by the clock: the machine may be busy with other things."""
MEMORY = 3_000_000_000
"""Bytes of address space beyond what a deep stack reserves; a worker that wants more is a failure."""


@dataclass(slots=True)
class Tally:
    """How a kind of input fared; `failed` are seeds with what was said."""

    kind: str
    tried: int = 0
    accepted: int = 0
    slowest: float = 0.0
    failed: list[tuple[int, str]] = field(default_factory=list)


def main(arguments: Sequence[str]) -> int:
    """Try what the command line asks for; return the exit status."""
    options = parse(arguments)
    if options.worker:
        work(options.worker, options.first, options.inputs, options.seconds)
        return 0
    kinds = options.kind or list(TRIALS)
    tallies = [run(kind, options.first, options.inputs, options.seconds) for kind in kinds]
    if options.document:
        DOCUMENT.write_text(documented(DOCUMENT.read_text(encoding="utf-8"), tallies), encoding="utf-8")
    return 1 if any(tally.failed for tally in tallies) else 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Try very many inputs that nobody would write.")
    parser.add_argument("--inputs", type=int, default=1000, help="how many of each kind")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--kind", action="append", choices=list(TRIALS), help="this kind alone")
    parser.add_argument("--seconds", type=float, default=20, help="processor time that one input may take")
    parser.add_argument("--document", action="store_true", help="put the figures into docs/reliability.md")
    parser.add_argument("--worker", choices=list(TRIALS), help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


# The one who watches


def run(kind: str, first: int, inputs: int, seconds: float) -> Tally:
    """Try the inputs of one kind, by as many workers as it takes."""
    tally, seed, end = Tally(kind), first, first + inputs
    while seed < end:
        seed = watch(tally, seed, end, seconds)
    print(f"{kind}: {tally.tried} tried, {tally.accepted} accepted, {len(tally.failed)} failed", flush=True)
    return tally


def watch(tally: Tally, seed: int, end: int, seconds: float) -> int:
    """Follow one worker until it is done or lost; returns the seed to go on with."""
    words = [sys.executable, __file__, "--worker", tally.kind, "--first", str(seed), "--inputs", str(end - seed)]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=complaints, bufsize=0)
        assert process.stdout is not None
        while seed < end:
            ready, _, _ = select.select([process.stdout], [], [], SILENCE * seconds)
            line = process.stdout.readline() if ready else b""
            if not line:
                process.kill()
                process.wait()
                complaints.seek(0)
                said = complaints.read().decode(errors="replace").strip()[-300:]
                is_slow = not ready or process.returncode == -signal.SIGPROF
                fail(tally, seed, f"not done in {seconds} s" if is_slow else f"status {process.returncode}, {said}")
                tally.tried += 1
                return seed + 1
            note(tally, seed, line.decode().rstrip("\n"))
            seed += 1
        process.wait()
    return seed


def note(tally: Tally, seed: int, line: str) -> None:
    """Count what the worker said of one input: the seconds it took, and how it went."""
    taken, _, said = line.partition(" ")
    tally.tried += 1
    tally.accepted += said == "accepted"
    tally.slowest = max(tally.slowest, float(taken))
    if said not in ("accepted", "refused"):
        fail(tally, seed, said)


def fail(tally: Tally, seed: int, said: str) -> None:
    """Report an input that did not pass."""
    tally.failed.append((seed, said))
    print(f"{tally.kind} {seed}: {said}", flush=True)


def documented(text: str, tallies: Sequence[Tally]) -> str:
    """Return a document with today's figures between its markers; those of kinds that were not tried stay."""
    before, _, rest = text.partition(START)
    old, _, after = rest.partition(END)
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in old.splitlines()}
    for tally in tallies:
        figures = (f"{tally.tried:,}", f"{tally.accepted:,}", f"{tally.slowest:.1f} s", str(len(tally.failed)))
        rows[TRIALS[tally.kind][1]] = f"| {' | '.join((TRIALS[tally.kind][1], *figures))} |"
    head = "| inputs | tried | accepted | slowest | failed |\n| --- | ---: | ---: | ---: | ---: |\n"
    listed = "".join(f"{rows[says]}\n" for _, says in TRIALS.values() if says in rows)
    return f"{before}{START}\n{head}{listed}\n{END}{after}"


# The one who works


def work(kind: str, first: int, inputs: int, seconds: float) -> None:
    """Try inputs one by one and say how each went."""
    limit = MEMORY + 2 * 512 * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    from flowcheck.stack import with_deep_stack  # noqa: PLC0415 - only the worker pays

    trial = TRIALS[kind][0]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for seed in range(first, first + inputs):
            signal.setitimer(signal.ITIMER_PROF, seconds)  # its signal ends the process, whatever that is at
            begun = time.process_time()
            said = with_deep_stack(lambda seed=seed: said_of(trial, seed))
            print(f"{time.process_time() - begun:.2f} {said}", flush=True)


def said_of(trial: Callable[[int], bool], seed: int) -> str:
    """accepted, refused, or what went wrong."""
    try:
        return "accepted" if trial(seed) else "refused"
    except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        return f"{type(error).__name__} at {place}: {error}".replace("\n", " ")[:300]


def lowered(seed: int) -> bool:
    """Whether bytes are a program; the facts survive a round trip."""
    return is_lowered(python_input(seed))


def is_lowered(content: bytes) -> bool:
    """Whether bytes are a program. Asserts what holds of the facts of any file."""
    import msgspec  # noqa: PLC0415 - only the worker pays

    from flowcheck.facts.files import FileFacts  # noqa: PLC0415
    from flowcheck.lowering import lower  # noqa: PLC0415

    facts = lower(content)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=FileFacts) == facts
    if facts.problem is not None:
        assert not facts.codes
        assert 1 <= facts.problem.line <= content.count(b"\n") + content.count(b"\r") + 2
        return False
    assert [code.index for code in facts.codes] == list(range(len(facts.codes)))
    return True


def ruled(seed: int) -> bool:
    """Whether a text is a rule file; what is wrong with it is told with its place."""
    return is_rule_file(rule_input(seed))


def is_rule_file(text: str) -> bool:
    """Whether a text is a rule file."""
    from flowcheck.errors import FlowcheckError  # noqa: PLC0415
    from flowcheck.rules.loading import RuleFile, load_rules  # noqa: PLC0415

    path = Path("fuzzed.toml")
    path.write_text(text, encoding="utf-8", errors="replace")
    try:
        load_rules(files=[RuleFile(path, path.name)], packs=())
    except FlowcheckError as error:
        return is_placed(error)
    return True


def is_placed(error: Exception) -> bool:
    """No, it is no rule file. Asserts that the error names it."""
    assert str(error).startswith("fuzzed.toml"), error
    return False


def analysed(seed: int) -> bool:
    """Whether a disturbed program still parses; it is analysed whole."""
    return is_analysed(program_input(seed))


def is_analysed(text: str) -> bool:
    """Analyse a program in the current folder; whether it parses."""
    from flowcheck.api import Request, check  # noqa: PLC0415

    path = Path("fuzzed.py")
    path.write_text(text, encoding="utf-8")
    return not check(Request(paths=(path,), has_cache=False, jobs=1, memory=one_memory())).errors


@cache
def one_memory() -> Memory:
    """What an editor would hold from one program to the next: reading the rules takes as long as the rest."""
    from flowcheck.api.memory import Memory  # noqa: PLC0415

    return Memory()


TRIALS: dict[str, tuple[Callable[[int], bool], str]] = {
    "lowering": (lowered, "bytes for the lowering: noise, cut, spliced, flipped, recoded, mixed, nested"),
    "rules": (ruled, "rule files, disturbed"),
    "programs": (analysed, "programs with marked data, disturbed, analysed whole"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
