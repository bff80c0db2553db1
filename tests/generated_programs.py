"""Small programs made from a seed, for which running them says what is true: an oracle for the whole solver.

`program(seed)` is the text of a program with one marked field, an unmarked one and a few sinks. It takes no branch on
marked data, so that what reaches a sink when it runs with another phone number (`fixture_execution.truth_of`) is what
data flow is. `python3 tests/generated_programs.py --programs 500` holds the analyser against very many of them.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """\
class User:
    def __init__(self, phone, city):
        self.phone = phone  # flowcheck: security-collected
        self.city = city


class Box:
    def __init__(self, kept):
        self.kept = kept
        self.other = "nothing"

    def put(self, value):
        self.kept = value

    def take(self):
        return self.kept


def sync_audience(rows):  # flowcheck: advertising
    return None


"""
TAIL = """

run(User("+15550100", "Oslo"))
"""


@dataclass
class Writer:
    """A function that is being written: what its variables hold, by kind, and its lines."""

    lots: random.Random
    functions: Sequence[tuple[str, int]]
    names: dict[str, list[str]] = field(default_factory=lambda: {"text": [], "list": [], "dict": [], "box": []})
    lines: list[str] = field(default_factory=list)
    depth: int = 1
    count: int = 0

    def say(self, line: str) -> None:
        """Add a line."""
        self.lines.append("    " * self.depth + line)

    def fresh(self, kind: str) -> str:
        """A further variable."""
        self.count += 1
        return f"{kind}{self.count}"

    def one(self, kind: str) -> str | None:
        """A variable of a kind, if there is one."""
        return self.lots.choice(self.names[kind]) if self.names[kind] else None

    def text(self) -> str:
        """An expression that is a text."""
        choices = [repr(self.lots.choice(["a", "b", "c"])), *(self.names["text"] * 2)]
        choices += [f"{name}[0]" for name in self.names["list"]]
        choices += [f'{name}["{key}"]' for name in self.names["dict"] for key in ("k", "m")]
        choices += [f"{name}.{way}" for name in self.names["box"] for way in ("kept", "other", "take()")]
        value = self.lots.choice(choices)
        change = self.lots.randrange(8)
        if change == 0:
            return f'f"<{{{value}}}>"' if '"' not in value else value
        if change == 1:
            return f"{value} + {self.lots.choice(choices)}"
        if change == 2 and self.functions:
            name, arity = self.lots.choice(self.functions)
            return f"{name}({', '.join(self.lots.choice(choices) for _ in range(arity))})"
        return value


def assign(writer: Writer) -> None:
    """`text2 = text1`."""
    value = writer.text()
    name = writer.one("text") if writer.lots.random() < 0.4 else None
    writer.say(f"{name or (name := writer.fresh('text'))} = {value}")
    if writer.depth == 1 and name not in writer.names["text"]:
        writer.names["text"].append(name)


def make(writer: Writer) -> None:
    """A container that holds a text."""
    kind = writer.lots.choice(["list", "dict", "box"])
    value = writer.text()
    name = writer.fresh(kind)
    made = {"list": f'[{value}, "x"]', "dict": f'{{"k": {value}, "m": "x"}}', "box": f"Box({value})"}[kind]
    writer.say(f"{name} = {made}")
    if writer.depth == 1:
        writer.names[kind].append(name)


def alias(writer: Writer) -> None:
    """Another name for a container."""
    kind = writer.lots.choice(["list", "dict", "box"])
    value = writer.one(kind)
    if value is not None and writer.depth == 1:
        name = writer.fresh(kind)
        writer.say(f"{name} = {value}")
        writer.names[kind].append(name)


def change(writer: Writer) -> None:
    """A write into a container."""
    kind = writer.lots.choice(["list", "dict", "box"])
    name, value = writer.one(kind), writer.text()
    if name is not None:
        forms = {
            "list": [f"{name}[0] = {value}", f"{name}.insert(0, {value})", f"{name}.append({value})"],
            "dict": [f'{name}["{writer.lots.choice("km")}"] = {value}', f'{name}.update(k={value}, m="x")'],
            "box": [f"{name}.kept = {value}", f"{name}.put({value})", f"{name}.other = {value}"],
        }
        writer.say(writer.lots.choice(forms[kind]))


def sink(writer: Writer) -> None:
    """A sink."""
    value = writer.text() if writer.lots.random() < 0.7 else writer.one(writer.lots.choice(["list", "dict"]))
    writer.say(f"sync_audience({value or writer.text()})")


def block(writer: Writer) -> None:
    """A branch that is decided, or a loop over constants."""
    if writer.depth < 3:
        heads = ['if mode == "a":', 'if mode != "a":', "for turn in (1, 2):", "try:"]
        head = writer.lots.choice(heads)
        writer.say(head)
        writer.depth += 1
        for _ in range(writer.lots.randrange(1, 4)):
            writer.lots.choice(STATEMENTS)(writer)
        writer.say("pass")
        writer.depth -= 1
        if head == "try:":
            writer.say("finally:")
            writer.say("    pass")


STATEMENTS: Sequence[Callable[[Writer], None]] = (assign, assign, make, alias, change, change, sink, block)


def function(lots: random.Random, name: str, arity: int, functions: Sequence[tuple[str, int]]) -> list[str]:
    """A function of texts that returns a text."""
    writer = Writer(lots, functions)
    parameters = [f"p{number}" for number in range(arity)]
    writer.names["text"] += parameters
    writer.lines = [f"def {name}({', '.join(parameters)}):", '    mode = "a"']
    for _ in range(lots.randrange(2, 6)):
        lots.choice(STATEMENTS)(writer)
    writer.say(f"return {writer.text()}")
    return [*writer.lines, "", ""]


def program(seed: int) -> str:
    """A program."""
    lots = random.Random(seed)
    functions: list[tuple[str, int]] = []
    lines: list[str] = []
    for number in range(lots.randrange(1, 4)):
        arity = lots.randrange(1, 3)
        lines += function(lots, f"f{number}", arity, tuple(functions))
        functions.append((f"f{number}", arity))
    writer = Writer(lots, functions)
    writer.names["text"] += ["phone", "city"]
    writer.lines = ["def run(user):", "    phone = user.phone", "    city = user.city", '    mode = "a"']
    for _ in range(lots.randrange(5, 14)):
        lots.choice(STATEMENTS)(writer)
    sink(writer)
    return HEAD + "\n".join([*lines, *writer.lines]) + TAIL


def differences(seed: int, folder: Path) -> list[str]:
    """Where the report is not what the run shows: `missing 31`, `spurious 40`. The folder is empty, and the current."""
    from fixture_analysis import report_of  # noqa: PLC0415 - only a program is needed by others
    from fixture_execution import truth_of  # noqa: PLC0415
    from fixture_support import Fixture  # noqa: PLC0415

    (folder / "generated.py").write_text(program(seed), encoding="utf-8")
    truth = truth_of(Fixture("generated", folder, folder / "generated.py"), folder)
    true = {line.number for line in truth.lines if truth.kinds_at(line)}
    told = {finding.sink.place.span.line for finding in report_of(folder).findings}
    return [f"missing {line}" for line in sorted(true - told)] + [f"spurious {line}" for line in sorted(told - true)]


def main(arguments: Sequence[str]) -> int:
    """Hold the analyser against many programs; 1 when it misses a flow of one."""
    parser = argparse.ArgumentParser(description="Hold the analyser against programs that are run.")
    parser.add_argument("--programs", type=int, default=100, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    options = parser.parse_args(arguments)
    found: list[str] = []
    for seed in range(options.first, options.first + options.programs):
        with tempfile.TemporaryDirectory() as name:
            os.chdir(name)
            found += [f"{seed}: {difference}" for difference in differences(seed, Path(name))]
            os.chdir("/")
    missing = sum("missing" in each for each in found)
    print("\n".join([*found, f"{options.programs} programs, {missing} missing, {len(found) - missing} spurious"]))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
