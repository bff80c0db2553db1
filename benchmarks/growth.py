#!/usr/bin/env python3
"""Measure how cost grows: with the code base while the slice stays, and with the slice while the code base stays.

    python3 benchmarks/growth.py                             # prints the tables
    python3 benchmarks/growth.py --write docs                # draws docs/images/growth.svg, fills docs/performance.md

Code bases come from generate.py. Beside flowcheck with an empty cache (cold) and again (warm) stands the floor: reading
every file and collecting its words. Processor seconds (of all processes), wall seconds and peak memory are medians of
`--times` runs, each in a process of its own; the curves are processor seconds, which other load disturbs least. Unix
only.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import generate
import run

LINES_OF_A_FILE = 303
"""What a filler module of `FUNCTIONS` functions has, imports included."""

FUNCTIONS = 30
BEGIN, END = "<!-- growth: begin -->\n", "<!-- growth: end -->\n"


@dataclass(frozen=True, slots=True)
class Point:
    """One code base: its lines, the files between source and sink, and what each kind of run cost there."""

    lines: int
    steps: int
    words: run.Cost
    cold: run.Cost
    warm: run.Cost


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and where asked, write; return the exit status."""
    options = parse(arguments)
    by_size = [measured(lines, options.slice, options.times) for lines in options.lines]
    by_slice = [measured(options.size, steps, options.times) for steps in options.slices]
    text = f"{table(by_size, 'lines')}\n{table(by_slice, 'slice')}"
    print(text)
    if options.write:
        page, picture = options.write / "performance.md", options.write / "images" / "growth.svg"
        picture.write_text(drawn(by_size, by_slice), encoding="utf-8")
        page.write_text(filled(page.read_text(encoding="utf-8"), text), encoding="utf-8")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure how cost grows with a code base and with its slice.")
    sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000]
    parser.add_argument("--lines", type=int, nargs="+", default=sizes, help="sizes of code bases")
    parser.add_argument("--slice", type=int, default=20, help="files between source and sink in these")
    parser.add_argument("--slices", type=int, nargs="+", default=[10, 40, 160, 640], help="lengths of slices")
    parser.add_argument("--size", type=int, default=100_000, help="lines of the code bases with these")
    parser.add_argument("--times", type=int, default=3, help="runs of each kind")
    parser.add_argument("--write", type=Path, metavar="DOCS", help="write the picture and the tables into this folder")
    return parser.parse_args(arguments)


def measured(lines: int, steps: int, times: int) -> Point:
    """Make a code base and measure it."""
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as place:
        folder, caches = Path(place, "code"), Path(place, "caches")
        files = max(1, lines // LINES_OF_A_FILE)
        options = ["--files", str(files), "--functions", str(FUNCTIONS), "--slice", str(steps)]
        generate.main([str(folder), *options])
        check = [sys.executable, "-m", "flowcheck", "check", "--quiet", "."]
        words = run.median([run.floor_cost("words", folder) for _ in range(times)])
        cold = run.median([run.cost(check, folder, caches / str(number)) for number in range(times)])
        warm = run.median([run.cost(check, folder, caches / "0") for _ in range(times)])
        count = sum(path.read_bytes().count(b"\n") for path in folder.rglob("*.py"))
    return Point(count, steps, words, cold, warm)


def table(points: Sequence[Point], by: str) -> str:
    """A table of processor seconds, then wall seconds and peak megabytes."""
    rows = [
        f"| {by} | words CPU s | cold CPU s | warm CPU s | words s | cold s | warm s | cold MB | warm MB |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in points:
        size = each.lines if by == "lines" else each.steps
        runs = (each.words, each.cold, each.warm)
        figures = [f"{cost.cpu:.2f}" for cost in runs] + [f"{cost.wall:.2f}" for cost in runs]
        figures += [f"{cost.peak:.0f}" for cost in runs[1:]]
        rows.append(f"| {size:,} | {' | '.join(figures)} |")
    return "\n".join(rows) + "\n"


def filled(page: str, text: str) -> str:
    """The page with the tables between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{text}{END}{after}"


# --- the picture -------------------------------------------------------------------------------

WIDTH, HEIGHT, MARGIN = 360, 240, 44
COLORS = {"words": "#6b7280", "cold": "#b45309", "warm": "#0f766e"}


def drawn(by_size: Sequence[Point], by_slice: Sequence[Point]) -> str:
    """Both curves side by side, on logarithmic scales."""
    panels = "".join(
        f'<g transform="translate({number * (WIDTH + 2 * MARGIN) + MARGIN},{MARGIN})">{panel}</g>'
        for number, panel in enumerate((panel_of(by_size, "lines"), panel_of(by_slice, "slice")))
    )
    width, height = 2 * (WIDTH + 2 * MARGIN), HEIGHT + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        ' font-size="11">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>{panels}</svg>\n'
    )


def panel_of(points: Sequence[Point], by: str) -> str:
    """One panel: seconds of each kind of run against what grows."""
    sizes = [each.lines if by == "lines" else each.steps for each in points]
    costs = {name: [getattr(each, name).cpu for each in points] for name in COLORS}
    across = Scale(min(sizes), max(sizes), WIDTH)
    up = Scale(min(map(min, costs.values())), max(map(max, costs.values())), HEIGHT)
    title = "processor seconds by lines, slice fixed"
    if by != "lines":
        title = "processor seconds by files in the slice, lines fixed"
    parts = [f'<text x="0" y="-16" font-weight="bold">{title}</text>', *grid(across, up)]
    for number, (name, values) in enumerate(costs.items()):
        dots = [(across.at(size), HEIGHT - up.at(value)) for size, value in zip(sizes, values, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLORS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLORS[name]}"/>' for x, y in dots]
        parts.append(f'<text x="{8 + 48 * number}" y="12" fill="{COLORS[name]}">{name}</text>')
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic scale of so many points from the power of ten below `low` to the one above `high`."""

    low: float
    high: float
    length: int

    def ends(self) -> tuple[int, int]:
        """The powers of ten at both ends."""
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        return first, max(last, first + 1)

    def at(self, value: float) -> float:
        """Where a value stands."""
        first, last = self.ends()
        return (math.log10(value) - first) / (last - first) * self.length


def grid(across: Scale, up: Scale) -> Iterator[str]:
    """The lines and numbers of both scales."""
    for power in range(across.ends()[0], across.ends()[1] + 1):
        x = across.at(10**power)
        yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{HEIGHT}" stroke="#e5e7eb"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT + 16}" text-anchor="middle" fill="#374151">{10**power:,}</text>'
    for power in range(up.ends()[0], up.ends()[1] + 1):
        y = HEIGHT - up.at(10**power)
        yield f'<line x1="0" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e5e7eb"/>'
        yield f'<text x="-6" y="{y + 4:.1f}" text-anchor="end" fill="#374151">{10**power:g}</text>'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
