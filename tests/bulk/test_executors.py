"""Whoever lowers the files, and whatever becomes of it, what is found is the same."""

from __future__ import annotations

import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

import pytest

import flowcheck
from flowcheck.api import Request, bulk, executors, opening, silent
from flowcheck.api.executors import UnusableExecutorError
from flowcheck.api.running import analyse, check
from flowcheck.report.json_report import render_json
from small_programs import LEAK


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(LEAK, encoding="utf-8")
    (project / "broken.py").write_text("def (\n", encoding="utf-8")
    (project / "same.py").write_text("def same():\n    return 1\n", encoding="utf-8")
    (project / "again.py").write_text("def same():\n    return 1\n", encoding="utf-8")
    (project / "tables.sql").write_text("create table users (phone text); -- flowcheck: security-collected\n")
    for number in range(8):
        text = f"from app import User, sync_audience\ndef f{number}(user: User):\n    sync_audience(user.phone)\n"
        (project / f"f{number}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(bulk, "BATCH_BYTES", 100)
    return project


def reported(**wishes: object) -> str:
    request = Request(**{"jobs": 1, "has_cache": False, **wishes})
    return render_json(check(request))


def test_threads_and_processes_find_what_this_process_finds(folder):
    plain = reported()
    assert plain.count('"fingerprint"') == 9
    assert '"broken.py"' in plain
    eager = reported(is_eager=True)
    with ThreadPoolExecutor(3) as threads, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        for executor in (threads, processes):
            assert reported(executor=executor) == plain
            assert reported(executor=executor, is_eager=True) == eager
        assert flowcheck.check([folder], executor=threads).findings == check(Request(jobs=1)).findings


def test_an_executor_lowers_every_file_once(folder):
    with ThreadPoolExecutor(2) as threads:
        first = analyse(Request(jobs=1, executor=threads), silent)
        again = analyse(Request(jobs=1, executor=threads), silent)
    assert first.work["files_lowered"] == len(list(folder.iterdir())) - 1  # two are the same
    assert again.work["files_lowered"] == 0
    assert not first.warnings


def test_jobs_are_used_for_eager_runs_and_change_nothing(folder, monkeypatch):
    monkeypatch.setattr(opening, "SMALL_WORK", 0)
    plain = reported(is_eager=True)
    used: list[int] = []

    def counted(jobs):
        used.append(jobs)
        return executors.processes(jobs)

    monkeypatch.setattr(opening, "processes", counted)
    assert reported(is_eager=True, jobs=2) == plain
    assert used == [2]
    assert reported(jobs=2) == reported()
    assert used == [2]


class Stopping(Executor):
    """Does some work, and then what it is made for."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.given = 0

    def submit(self, work, *arguments):
        self.given += 1
        future: Future = Future()
        if self.given <= 3:
            future.set_result(work(*arguments))
            return future
        if self.what == "fails":
            future.set_exception(BrokenProcessPool("a worker ended"))
        elif self.what == "errs":
            future.set_exception(ZeroDivisionError("its own"))
        elif self.what == "calls off":
            future.cancel()
            future.set_running_or_notify_cancel()
        elif self.what == "garbage":
            future.set_result((b"\xff\x00garbage",) * len(arguments[1]))
        elif self.what == "less":
            future.set_result(())
        elif self.what == "refuses":
            raise RuntimeError("cannot schedule new futures after shutdown")
        return future


@pytest.mark.parametrize("what", ["fails", "errs", "calls off", "never answers", "refuses", "garbage", "less"])
def test_an_executor_that_stops_is_done_without(folder, monkeypatch, what):
    monkeypatch.setattr(bulk.Bulk.__init__, "__defaults__", (0.05,))
    plain = reported(is_eager=True)
    executor = Stopping(what)
    analysis = analyse(Request(jobs=1, has_cache=False, is_eager=True, executor=executor), silent)
    assert reported(is_eager=True, executor=Stopping(what)) == plain
    if what in ("garbage", "less"):
        assert analysis.warnings == ()
    else:
        (warning,) = analysis.warnings
        assert warning.startswith("files were read by this process after all, since its workers failed: ")
        assert executor.given <= 1 + len(list(folder.iterdir()))


def test_workers_that_die_are_done_without(folder, monkeypatch):
    plain = reported(is_eager=True)
    monkeypatch.setattr(opening, "SMALL_WORK", 0)
    monkeypatch.setattr(bulk, "lowered", dying)
    analysis = analyse(Request(jobs=2, has_cache=False, is_eager=True), silent)
    assert "since its workers failed: BrokenProcessPool" in analysis.warnings[0]
    assert reported(is_eager=True, jobs=2) == plain


def dying(*_):
    os._exit(1)


def test_workers_of_another_version_are_refused(folder, monkeypatch):
    with pytest.raises(bulk.OtherVersionError, match=r"must have the same flowcheck as this process: they have 0\."):
        bulk.lowered(b"another", ())
    for error in (bulk.OtherVersionError("they have 9.9"), ModuleNotFoundError("No module", name="flowcheck")):
        executor = Stopping("")
        monkeypatch.setattr(executor, "submit", lambda *_, error=error: failed(error))
        with pytest.raises(bulk.OtherVersionError):
            reported(executor=executor)


def failed(error):
    future: Future = Future()
    future.set_exception(error)
    return future


@pytest.mark.parametrize("name", ["dask", "dask:", "spark:tcp://127.0.0.1:1", ""])
def test_a_name_that_is_none_is_refused(folder, name):
    with pytest.raises(UnusableExecutorError, match="it is written dask:ADDRESS"):
        reported(executor=name)


def test_without_the_extra_its_remedy_is_said(folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UnusableExecutorError, match=r"pip install 'flowcheck\[dask\]'"):
        reported(executor="dask:tcp://127.0.0.1:1")
