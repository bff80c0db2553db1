#!/usr/bin/env python3
"""Make a code base of chosen size that holds one leak of chosen length.

    python3 benchmarks/generate.py OUT --files 2000 --slice 20

OUT then holds `shop/`: `accounts.py` with a marked field, `ads.py` with a sink, `steps/step_0.py` and so on, one file
for each step that the data takes between them (a function, a method, a dictionary and a hash in turn), and filler
modules that import one another, use the same common words and never touch the data. The same arguments make the same
bytes.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ACCOUNTS = '''
"""Accounts."""

from dataclasses import dataclass


@dataclass
class User:
    name: str
    recovery_phone: str  # flowcheck: security-collected
'''

ADS = '''
"""The ads of partners."""

uploaded = []


def upload_audience(rows):  # flowcheck: advertising
    uploaded.append(rows)
'''

NIGHTLY = '''
"""The nightly job."""

from shop.accounts import User
from shop.steps.step_0 import hand_on_0


def run(users: list[User]):
    for user in users:
        hand_on_0(user.recovery_phone)
'''

FILLER_WORDS = ("order", "price", "stock", "basket", "invoice", "parcel", "coupon", "review", "supplier", "shelf")


def main(arguments: Sequence[str]) -> int:
    """Write the code base; return the exit status."""
    options = parse(arguments)
    for path, text in modules(options.files, options.slice, options.functions, random.Random(options.seed)):
        target = options.out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.lstrip("\n"), encoding="utf-8")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Make a code base of chosen size that holds one leak.")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write to")
    parser.add_argument("--files", type=int, default=100, help="filler modules")
    parser.add_argument("--functions", type=int, default=12, help="functions in each filler module, of 9 lines")
    parser.add_argument("--slice", type=int, default=8, help="files between the source and the sink")
    parser.add_argument("--seed", type=int, default=1, help="what the filler's choices start from")
    return parser.parse_args(arguments)


def modules(files: int, steps: int, functions: int, choice: random.Random) -> list[tuple[str, str]]:
    """Return every file of the code base, path and text."""
    fixed = [("shop/accounts.py", ACCOUNTS), ("shop/ads.py", ADS), ("shop/nightly.py", NIGHTLY)]
    path = [(f"shop/steps/step_{index}.py", step(index, steps)) for index in range(steps)]
    filler = [(f"shop/goods_{index // 100}/part_{index}.py", part(index, functions, choice)) for index in range(files)]
    return fixed + path + filler


def step(index: int, steps: int) -> str:
    """Return the file of one step: it hands its parameter on to the next, the last one to the sink."""
    target = (
        ("shop.ads", "upload_audience")
        if index == steps - 1
        else (f"shop.steps.step_{index + 1}", f"hand_on_{index + 1}")
    )
    return FORMS[index % len(FORMS)](index, *target)


def by_call(index: int, module: str, name: str) -> str:
    """Return a step that hands the value on as it is."""
    return f"""
from {module} import {name}


def hand_on_{index}(value_{index}):
    {name}(value_{index})
"""


def by_method(index: int, module: str, name: str) -> str:
    """Return a step through a field of an object."""
    return f"""
from {module} import {name}


class Carrier{index}:
    def __init__(self, load):
        self.load = load

    def deliver(self):
        {name}(self.load)


def hand_on_{index}(value_{index}):
    Carrier{index}(value_{index}).deliver()
"""


def by_dictionary(index: int, module: str, name: str) -> str:
    """Return a step through a key of a dictionary."""
    return f"""
from {module} import {name}


def hand_on_{index}(value_{index}):
    row = {{"kind": "row", "value": value_{index}}}
    {name}(row["value"])
"""


def by_hash(index: int, module: str, name: str) -> str:
    """Return a step through a hash."""
    return f"""
import hashlib

from {module} import {name}


def hand_on_{index}(value_{index}):
    digest = hashlib.sha256(str(value_{index}).strip().encode()).hexdigest()
    {name}(digest)
"""


FORMS: tuple[Callable[[int, str, str], str], ...] = (by_call, by_method, by_dictionary, by_hash)


def part(index: int, functions: int, choice: random.Random) -> str:
    """Return a filler module, which calls into modules before it."""
    others = sorted({choice.randrange(index) for _ in range(3)}) if index else []
    imports = "".join(f"from shop.goods_{other // 100} import part_{other}\n" for other in others)
    return imports + "".join(function(index, number, others, choice) for number in range(functions))


def function(index: int, number: int, others: Sequence[int], choice: random.Random) -> str:
    """Return a filler function."""
    word = choice.choice(FILLER_WORDS)
    called = f"part_{choice.choice(others)}.make_{choice.randrange(4)}(total)" if others else "round(total)"
    return f'''

def make_{number}({word}, items=(), name="{word}_{index}"):
    rows = {{"name": name, "{word}": {word}, "value": {choice.randrange(1000)}}}
    total = 0
    for item in items:
        if item and rows.get("value") != item:
            total += len(rows["name"])
    rows["total"] = {called}
    return rows
'''


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
