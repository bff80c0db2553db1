"""What goes wrong around a run: it ends right or says clearly why not, and leaves nothing broken behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from flowcheck.api import executors, judging, opening
from flowcheck.api.requests import Request
from flowcheck.api.running import check
from flowcheck.project import index
from small_programs import LEAK


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(LEAK, encoding="utf-8")
    for number in range(40):
        text = f"from app import User\ndef f{number}(user: User):\n    return user.phone\n"
        (project / f"f{number}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return project


def started(folder: Path, *arguments: str, **settings: str | None) -> subprocess.Popen[bytes]:
    environment = {**os.environ, **settings}
    environment = {name: value for name, value in environment.items() if value is not None}
    words = [sys.executable, "-m", "flowcheck", *(arguments or ("check", "--format", "json"))]
    return subprocess.Popen(words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, dict, str]:
    out, error = process.communicate(timeout=120)
    assert b"Traceback" not in error, error.decode()
    return process.returncode, json.loads(out) if out else {}, error.decode()


def in_bash(folder: Path, words: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which `$0` is Python."""
    line = ["bash", "-c", words, sys.executable]
    return subprocess.run(line, cwd=folder, capture_output=True, check=False, timeout=120)


def findings(report: dict) -> list:
    return report["findings"]


def test_killed_at_any_moment_the_next_run_is_right(folder):
    _, plain, _ = ended(started(folder, "check", "--format", "json", "--no-cache"))
    for moment in (0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.7, 0.9):
        process = started(folder)
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (folder / f"f{int(moment * 40)}.py").write_text(f"x = {moment}\n", encoding="utf-8")  # something to write down
    status, report, _ = ended(started(folder))
    assert status == 1
    assert findings(report) == findings(plain)


def test_runs_at_once_on_one_cache_are_all_right(folder):
    results = [ended(process) for process in [started(folder) for _ in range(5)]]
    assert {status for status, _, _ in results} == {1}
    assert all(findings(report) == findings(results[0][1]) for _, report, _ in results)


def test_a_file_that_may_not_grow_costs_the_cache_only(folder):
    """`ulimit -f` stands for a full disk: every write beyond it fails."""
    words = "ulimit -f 8; trap '' XFSZ; exec \"$0\" -m flowcheck check --format json"
    done = subprocess.run(
        ["bash", "-c", words, sys.executable], cwd=folder, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 1, done.stderr
    assert len(json.loads(done.stdout)["findings"]) == 1
    assert b"Traceback" not in done.stderr
    assert b"warning: the cache is not used" in done.stderr
    assert ended(started(folder))[0] == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_report_that_cannot_be_written_is_an_error(folder):
    with Path("/dev/full").open("wb") as full:
        words = [sys.executable, "-m", "flowcheck", "check"]
        done = subprocess.run(words, cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert done.returncode == 2
    assert b"error: cannot write" in done.stderr
    assert b"Traceback" not in done.stderr
    status, _, error = ended(started(folder, "check", "--output", "/dev/full"))
    assert (status, error.splitlines()[-1]) == (2, "error: cannot write /dev/full: No space left on device")


def test_a_baseline_that_cannot_be_written_leaves_the_old_one(folder):
    assert in_bash(folder, '"$0" -m flowcheck baseline --no-cache').returncode == 0
    before = (folder / "flowcheck-baseline.json").read_bytes()
    (folder / "app.py").write_text(LEAK + "    sync_audience([user.phone])\n" * 200, encoding="utf-8")
    words = "ulimit -f 1; trap '' XFSZ; exec \"$0\" -m flowcheck baseline --no-cache"
    done = subprocess.run(
        ["bash", "-c", words, sys.executable], cwd=folder, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert b"error: cannot write" in done.stderr
    assert (folder / "flowcheck-baseline.json").read_bytes() == before
    assert sorted(path.name for path in folder.glob(".flowcheck*")) == []


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")
def test_a_cache_that_may_only_be_read_is_done_without(folder, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    cache.chmod(0o555)
    tmp_path.chmod(0o755)
    words = [sys.executable, "-m", "flowcheck", "check", "--format", "json"]
    if os.geteuid() == 0:
        words = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--ambient-caps", "-all", *words]
        words[1:1] = ["--clear-groups", "--no-new-privs"]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=False, timeout=60)
    cache.chmod(0o755)
    if done.returncode not in (0, 1, 2):
        pytest.skip("privileges cannot be dropped here")
    assert done.returncode == 1, done.stderr
    assert b"Traceback" not in done.stderr


def test_a_cache_that_is_a_file_is_done_without(folder, tmp_path):
    (tmp_path / "cache").write_text("not a folder", encoding="utf-8")
    status, report, error = ended(started(folder))
    assert (status, len(findings(report))) == (1, 1)
    assert "warning: the cache is not used" in error


def test_without_a_home(folder):
    status, report, _ = ended(started(folder, HOME=None, XDG_CACHE_HOME=None, USER=None, LOGNAME=None))
    assert (status, len(findings(report))) == (1, 1)
    status, report, _ = ended(started(folder, HOME="/nonexistent", XDG_CACHE_HOME=None))
    assert (status, len(findings(report))) == (1, 1)


def test_a_clock_that_jumps_back_hides_no_change(folder):
    os.utime(folder / "app.py", (2_000_000_000, 2_000_000_000))
    assert ended(started(folder))[0] == 1
    (folder / "app.py").write_text(LEAK.replace("user.phone)", "None)      "), encoding="utf-8")
    os.utime(folder / "app.py", (1, 1))
    assert ended(started(folder))[0] == 0


@pytest.fixture
def vanishing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """`app.py` is gone as soon as it was indexed."""
    real = index.index_program

    def index_and_remove(*arguments):
        found = real(*arguments)
        (folder / "app.py").unlink()
        return found

    monkeypatch.setattr(opening, "index_program", index_and_remove)
    return folder


def test_a_file_that_vanishes_is_a_problem_not_a_crash(vanishing):
    report = check(Request(has_cache=False, jobs=1))
    assert [error.path for error in report.errors] == ["app.py"]
    assert "cannot be read" in report.errors[0].message


def test_a_file_that_changes_while_it_is_read_leaves_nothing_wrong_in_the_cache(folder, monkeypatch):
    real = index.index_program

    def index_and_change(*arguments):
        found = real(*arguments)
        (folder / "app.py").write_text("x = 1\n", encoding="utf-8")
        return found

    with monkeypatch.context() as patch:
        patch.setattr(opening, "index_program", index_and_change)
        check(Request(jobs=1))
    (folder / "app.py").write_text(LEAK, encoding="utf-8")
    assert len(check(Request(jobs=1)).findings) == 1


def test_a_worker_that_dies_is_done_without(folder, monkeypatch):
    (folder / "broken.py").write_text("def (\n", encoding="utf-8")
    monkeypatch.setattr(judging, "FEW_FILES", 0)
    monkeypatch.setattr(judging, "PART", 10)
    plain = check(Request(jobs=2, has_cache=False))
    assert [error.path for error in plain.errors] == ["broken.py"]
    monkeypatch.setattr(executors, "ProcessPoolExecutor", DyingPool)
    assert check(Request(jobs=2, has_cache=False)) == plain


class DyingPool(ProcessPoolExecutor):
    """Processes that end without a word, as those that the system kills for their memory."""

    def submit(self, work, *inputs):
        return super().submit(os._exit, 1)
