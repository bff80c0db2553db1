"""A real Dask cluster of two worker processes fills a store, from which the next run starts warm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flowcheck.api import executors
from small_programs import LEAK

pytest.importorskip("distributed")
pytest.importorskip("fsspec")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(LEAK, encoding="utf-8")
    for number in range(30):
        text = "".join(f"def f{number}_{each}(a, b):\n    return a + b\n" for each in range(60))
        (project / f"f{number}.py").write_text(text, encoding="utf-8")
    return project


@pytest.fixture
def cluster() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(Path(__file__).with_name("cluster.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


def run(folder: Path, cache: str, *options: str) -> tuple[dict, dict[str, str], str]:
    command = [sys.executable, "-m", "flowcheck", "check", "--statistics", "--format", "json", *options]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder.parent / cache)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert "Traceback" not in done.stderr, done.stderr
    effort = dict(line.split(maxsplit=1) for line in done.stderr.splitlines() if line.startswith("files_"))
    return json.loads(done.stdout) if done.stdout else {}, effort, done.stderr


def test_a_cluster_fills_a_store_and_the_next_run_starts_warm(folder, cluster):
    address, *workers = cluster.stdout.readline().split()
    assert len(workers) == 2
    store = ("--store", f"file://{folder.parent}/shared")
    filled, effort, _ = run(folder, "cluster", *store, "--executor", f"dask:{address}")
    assert effort == {"files_loaded": "1", "files_lowered": "31"}
    warm, effort, _ = run(folder, "laptop", *store, "--eager")
    assert effort == {"files_loaded": "31", "files_lowered": "0"}
    plain, _, _ = run(folder, "nobody", "--no-cache")
    assert filled == plain
    assert warm["findings"] == plain["findings"]
    assert len(plain["findings"]) == 1


def test_a_cluster_that_is_not_there_is_a_wrong_use(monkeypatch):
    monkeypatch.setattr(executors, "CONNECTING_SECONDS", 0.5)
    with (
        pytest.raises(executors.UnusableExecutorError, match=r"is a scheduler running there\?$"),
        executors.executing("dask:tcp://127.0.0.1:9"),
    ):
        pass
