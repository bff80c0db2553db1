#!/usr/bin/env python3
"""Measure what the pre-commit hook adds to a commit, beside the least that a hook can cost.

    python3 benchmarks/commit.py examples/chirp --change chirp/ads.py
    python3 benchmarks/commit.py OUT --change shop/goods_0/part_0.py        # of benchmarks/generate.py

The folder is copied into a git repository of its own, and committed. Then a line is added to `--change` and committed,
again and again, each time on top of the commit before; what is printed are medians in milliseconds of

    git          git commit without a hook
    pre-commit   with the real pre-commit and a hook that starts Python and does nothing: the floor
    flowcheck    with flowcheck's hook in its place, from a warm cache
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

HOOK = {"id": "measured", "name": "measured", "language": "system", "require_serial": True, "always_run": False}
ENTRIES = {
    "pre-commit": f"{sys.executable} -c pass",
    "flowcheck": f"{sys.executable} -m flowcheck check --quiet --touching",
}


def main(arguments: Sequence[str]) -> int:
    """Measure what the command line asks for; return the exit status."""
    options = parse(arguments)
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as scratch:
        project = Path(scratch) / "project"
        shutil.copytree(options.folder, project, ignore=shutil.ignore_patterns(".git"))
        environment = environment_in(Path(scratch))
        git(project, environment, "init", "--quiet")
        git(project, environment, "add", ".")
        git(project, environment, "commit", "--quiet", "--message", "all")
        print("| commit with | median ms |\n| --- | ---: |")
        for name in ("git", *ENTRIES):
            if name in ENTRIES:
                install(project, environment, ENTRIES[name])
                commit(project, environment, options.change)
            taken = [commit(project, environment, options.change) for _ in range(options.times)]
            print(f"| {name} | {statistics.median(taken) * 1000:.0f} |", flush=True)
    return 0


def environment_in(scratch: Path) -> Mapping[str, str]:
    """One in which git and pre-commit know nothing of the user, and the cache is empty."""
    left_out = ("GIT_", "PRE_COMMIT", "PYTHONDONTWRITE")
    found = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    author = {f"GIT_{role}_{what}": "me@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    folders = {"PRE_COMMIT_HOME": str(scratch / "pre-commit"), "XDG_CACHE_HOME": str(scratch / "cache")}
    folders["PYTHONPYCACHEPREFIX"] = str(scratch / "bytecode")  # as what is installed has it
    return {**found, **author, **folders, "HOME": str(scratch)}


def install(project: Path, environment: Mapping[str, str], entry: str) -> None:
    """Put a hook in its place, and commit its configuration."""
    config = project / ".pre-commit-config.yaml"  # JSON is YAML
    config.write_text(json.dumps({"repos": [{"repo": "local", "hooks": [{**HOOK, "entry": entry}]}]}), encoding="utf-8")
    words = [sys.executable, "-m", "pre_commit", "install"]
    subprocess.run(words, cwd=project, env=environment, stdout=subprocess.DEVNULL, check=True)
    git(project, environment, "add", ".")
    git(project, environment, "commit", "--quiet", "--no-verify", "--message", "hook")


def commit(project: Path, environment: Mapping[str, str], change: str) -> float:
    """Commit a line more; the seconds that it took."""
    with (project / change).open("a", encoding="utf-8") as file:
        file.write("# one more\n")
    git(project, environment, "add", change)
    begun = time.perf_counter()
    git(project, environment, "commit", "--quiet", "--message", "more")
    return time.perf_counter() - begun


def git(project: Path, environment: Mapping[str, str], *words: str) -> None:
    """Run git; a commit that a hook refuses ends the measurement."""
    command = ["git", *words]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"git {' '.join(words)}: {done.stdout}{done.stderr}")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Measure what the pre-commit hook adds to a commit.")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a project")
    parser.add_argument("--change", required=True, help="a file of it that no finding passes through")
    parser.add_argument("--times", type=int, default=7, help="commits of each kind")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
