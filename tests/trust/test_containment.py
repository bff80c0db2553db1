"""What happens when flowcheck itself is wrong: the part that a bug strikes is named, the rest is still analysed."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import libcst as cst
import pytest

from flowcheck.api import Fault, attempted
from flowcheck.api.requests import Request
from flowcheck.api.running import check
from flowcheck.cli.main import run
from flowcheck.errors import ConfigError
from flowcheck.facts import tree
from flowcheck.flow import engine
from flowcheck.flow.expressions import EVALUATORS
from flowcheck.lowering.lower import TABLES

MODELS = """\
class User:
    phone = ""  # flowcheck: security-collected

def sync_audience(rows):  # flowcheck: advertising
    pass
"""

JOBS = """\
from models import User, sync_audience

def odd(number):
    key = lambda: 0
    return number

def nightly(user: User):
    sync_audience(user.phone)

def weekly(user: User):
    rows = odd(user.phone)
    sync_audience(user.phone)

def monthly(user: User):
    sync_audience(odd(user.phone))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "models.py").write_text(MODELS, encoding="utf-8")
    (project / "jobs.py").write_text(JOBS, encoding="utf-8")
    monkeypatch.chdir(project)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return project


def bug(*_arguments):
    raise KeyError("what the code says")


@pytest.fixture
def evaluating(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the evaluation of a lambda."""
    monkeypatch.setitem(EVALUATORS, tree.Lambda, bug)


@pytest.fixture
def lowering(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in the lowering of a lambda."""
    monkeypatch.setitem(TABLES.expressions, cst.Lambda, bug)


def test_a_bug_in_an_evaluation_costs_the_function_it_strikes(folder, evaluating):
    report = check(Request(jobs=1))
    assert [(each.path, each.line) for each in report.errors] == [("jobs.py", 3)]
    assert report.errors[0].message.startswith("internal error in jobs.odd: KeyError")
    assert [finding.sink.place.span.line for finding in report.findings] == [8, 12, 15]
    assert [spot.name for spot in report.blind_spots if "internal error" in spot.message]


def test_a_bug_in_the_lowering_costs_the_file_it_strikes(folder, lowering):
    (folder / "other.py").write_text(JOBS.replace("lambda: 0", "0"), encoding="utf-8")
    report = check(Request(jobs=1))
    assert [(each.path, each.line) for each in report.errors] == [("jobs.py", 3)]
    assert report.errors[0].message.startswith("internal error in odd: KeyError")
    assert {finding.sink.place.path for finding in report.findings} == {"other.py"}


def test_what_a_bug_spoiled_is_not_kept(folder, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(TABLES.expressions, cst.Lambda, bug)
        assert check(Request(jobs=1)).errors
    report = check(Request(jobs=1))
    assert not report.errors
    assert len(report.findings) == 3


def test_a_bug_is_told_the_same_each_time(folder, evaluating, capfd):
    outputs = []
    for arguments in (["--no-cache"], [], ["--jobs", "3"], ["--eager"]):
        assert run(["check", "--format", "json", *arguments]) == 2
        outputs.append(capfd.readouterr())
    assert {out for out, _ in outputs} == {outputs[0].out}
    assert "jobs.py:3: internal error in jobs.odd: KeyError" in outputs[0].err
    assert "what the code says" not in outputs[0].err + outputs[0].out


def test_a_bug_everywhere_ends_the_run(folder, monkeypatch, capfd):
    monkeypatch.setattr(engine, "solution_of", bug)
    assert run(["check"]) == 2
    assert "internal error: please report it" in capfd.readouterr().err


def test_what_is_no_bug_is_raised_as_ever():
    def refuse():
        raise ConfigError("a", 1, None, "no")

    with pytest.raises(ConfigError):
        attempted(refuse)
    assert attempted(lambda: 1) == 1
    assert isinstance(attempted(bug), Fault)


def test_a_file_that_cannot_be_parsed_costs_nothing_else(folder):
    (folder / "aaa.py").write_text("def (\n", encoding="utf-8")
    report = check(Request(jobs=1))
    assert [error.path for error in report.errors] == ["aaa.py"]
    assert len(report.findings) == 3


# --- what a bug report needs -----------------------------------------------------------------------


def bundle(folder: Path, *arguments: str) -> tuple[int, dict, list[str], bytes]:
    status = run(["check", "--quiet", "--debug-bundle", "bundle.zip", *arguments])
    content = (folder / "bundle.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
        return status, json.loads(archive.read("bundle.json")), archive.namelist(), everything


def test_the_bundle_has_what_is_needed_and_no_source(folder, capfd):
    status, told, names, everything = bundle(folder)
    assert (status, names) == (1, ["bundle.json"])
    assert told["versions"]["flowcheck"]
    assert told["versions"]["libcst"] != "not installed"
    assert (told["flows"], told["faults"]) == (3, [])
    assert not [word for word in (b"phone", b"sync_audience", b"nightly") if word in everything]


def test_the_bundle_says_where_a_bug_struck(folder, evaluating, capfd):
    status, told, _, everything = bundle(folder)
    assert status == 2
    (fault,) = told["faults"]
    assert (fault["error"], fault["path"], fault["function"]) == ("KeyError", "jobs.py", "jobs.odd")
    assert fault["traceback"][-1].startswith("flow/")
    assert b"what the code says" not in everything


def test_the_bundle_is_written_when_a_bug_ends_the_run(folder, monkeypatch, capfd):
    monkeypatch.setattr(engine, "solution_of", bug)
    status, told, _, _ = bundle(folder)
    assert (status, told["faults"][0]["error"]) == (2, "KeyError")


def test_the_bundle_has_the_source_when_it_is_asked_for(folder, capfd):
    (folder / "flowcheck.toml").write_text('paths = ["."]\n', encoding="utf-8")
    _, _, names, everything = bundle(folder, "--debug-source")
    assert {"sources/jobs.py", "sources/models.py", "sources/configuration/flowcheck.toml"} <= set(names)
    assert JOBS.encode() in everything
