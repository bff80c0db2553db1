#!/usr/bin/env python3
"""Measure what a cluster and a shared store cost and save: a Dask cluster of two workers on this machine.

    python3 benchmarks/cluster.py FOLDER --times 3

Prints wall seconds and processor seconds of the run itself (medians; what the workers take is not in them), files
lowered by it and the size of the store, of

    alone          flowcheck check with an empty cache: what a machine pays that knows nothing
    eager          flowcheck check --eager with an empty cache, one job
    filled         ... --executor dask:ADDRESS --store URL, an empty cache and an empty store
    filled again   the same with an empty cache, nothing changed
    from store     flowcheck check --store URL with an empty cache: what everybody else pays
    eager, store   flowcheck check --eager --store URL with an empty cache

Needs the extras dask and store. Unix only.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import run

WORKERS = """\
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line asks for; return the exit status."""
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as place, cluster(Path(place)) as address:
        scratch = Path(place)
        print("| run | wall s | CPU s | peak MB |\n| --- | ---: | ---: | ---: |")
        for name, words in runs(address, scratch).items():
            costs = [measured(name, words, options.folder.resolve(), scratch, time) for time in range(options.times)]
            each = run.median(costs)
            print(f"| {name} | {each.wall:.2f} | {each.cpu:.2f} | {each.peak:.0f} |", flush=True)
        stored = [path.stat().st_size for path in (scratch / "store-0").rglob("*") if path.is_file()]
        print(f"the store holds {len(stored)} entries, {sum(stored) / 1e6:.1f} MB")
    return 0


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure what a cluster and a shared store cost and save.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the code base")
    parser.add_argument("--times", type=int, default=3, help="runs of each kind")
    return parser.parse_args(arguments)


def runs(address: str, scratch: Path) -> dict[str, list[str]]:
    """The options of each kind of run; `{}` is the number of the time."""
    store = ["--store", f"file://{scratch}/store-{{}}"]
    cluster = ["--executor", f"dask:{address}"]
    return {
        "alone": [],
        "eager": ["--eager", "--jobs", "1"],
        "filled": [*cluster, *store],
        "filled again": [*cluster, *store],
        "from store": store,
        "eager, store": ["--eager", "--jobs", "1", *store],
    }


def measured(name: str, words: Sequence[str], folder: Path, scratch: Path, time: int) -> run.Cost:
    """What one run costs, with a cache of its own."""
    options = [word.format(time) for word in words]
    command = [sys.executable, "-m", "flowcheck", "check", "--quiet", *options, "."]
    return run.cost(command, folder, scratch / f"{name}-{time}")


@contextmanager
def cluster(scratch: Path) -> Iterator[str]:
    """The address of a cluster while it runs."""
    program = scratch / "workers.py"
    program.write_text(WORKERS, encoding="utf-8")
    command = [sys.executable, str(program)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
