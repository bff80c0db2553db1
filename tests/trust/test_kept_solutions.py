"""What was solved is not solved again, and whatever a solution rests on has it solved anew."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest

from flowcheck.api import Memory, Request, analyse, report_of, silent
from flowcheck.api.kept import Kept, decoded, encoded
from flowcheck.flow import engine
from flowcheck.project.store import FILE_NAME
from flowcheck.report.json_report import render_json

LEAK = """\
from ads import sync_audience
from models import User

def nightly(user: User):
    sync_audience(user.phone)
"""
FILES = {
    "models.py": 'class User:\n    phone = ""  # flowcheck: security-collected\n',
    "ads.py": "def sync_audience(rows):  # flowcheck: advertising\n    pass\n",
    "app.py": LEAK,
    "other.py": "def total(prices):\n    return sum(prices)\n",
}
LEAK_TOO = LEAK.replace("nightly", "weekly")


class Project:
    """A project, and how often it was solved."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.solved = 0

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def report(self, **asked: object) -> str:
        request = Request(current=self.folder, jobs=1, **asked)
        return render_json(report_of(analyse(request, silent), request))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    found = Project(tmp_path / "project")
    found.folder.mkdir()
    for name, text in FILES.items():
        found.write(name, text)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    solution = engine.Solving.solution

    def counted(self: engine.Solving) -> object:
        found.solved += 1
        return solution(self)

    monkeypatch.setattr(engine.Solving, "solution", counted)
    return found


def test_the_same_again_is_not_solved_and_has_the_same_bytes(project):
    first = project.report()
    assert '"line":5' in first.replace(" ", "")
    assert project.report() == first
    assert project.solved == 1


@pytest.mark.parametrize(
    ("name", "text", "is_solved"),
    [
        ("other.py", "def total(prices):\n    return sum(prices) + 1  # more\n", False),
        ("other.py", "def total(prices):\n    return prices.phone\n", True),
        ("other.py", LEAK_TOO, True),
        ("new.py", LEAK_TOO, True),
        ("app.py", "\n" + FILES["app.py"], True),
        ("app.py", FILES["app.py"].replace("user.phone", "None"), True),
        ("models.py", FILES["models.py"].replace("  # flowcheck: security-collected", ""), True),
        ("flowcheck.toml", '[[sanitizer]]\ncall = "app.clean"\n', True),
        ("flowcheck.toml", 'packs = ["flask_security"]\n', True),
    ],
)
def test_what_a_solution_rests_on_has_it_solved_anew(project, name, text, is_solved):
    project.report()
    project.write(name, text)
    found = project.report()
    assert project.solved == 1 + is_solved
    assert found == project.report(has_cache=False)


def test_a_file_that_is_gone_has_it_solved_anew(project):
    project.report()
    (project.folder / "app.py").unlink()
    assert '"findings": []' in project.report() or '"findings":[]' in project.report()


def test_all_sinks_are_another_question(project):
    project.report()
    project.report(wants_all_sinks=True)
    assert project.solved == 2


def test_an_editor_solves_again_only_what_it_types_into(project):
    memory = Memory()
    first = project.report(memory=memory)
    other, app = project.folder / "other.py", project.folder / "app.py"
    assert project.report(memory=memory, unsaved={other: b"def total(prices):\n    return 1\n"}) == first
    assert project.solved == 1
    typed = {app: FILES["app.py"].replace("user.phone", "None").encode()}
    assert '"findings": []' in project.report(memory=memory, unsaved=typed)
    assert project.solved == 2
    assert project.report(memory=memory) == first
    assert project.report() == first  # what was not saved is nothing to other runs


@pytest.mark.parametrize("content", [b"", b"\x91\x01", b"\xc1", msgspec.msgpack.encode({"names": 1})])
def test_an_answer_made_by_someone_else_is_no_answer(project, tmp_path, content):
    first = project.report()
    with sqlite3.connect(tmp_path / "cache" / "flowcheck" / FILE_NAME) as connection:
        connection.execute("UPDATE answers SET content = ?", (content,))
    connection.close()
    assert project.report() == first
    assert project.solved == 2


def test_a_solution_survives_a_round_trip(project):
    memory = Memory()
    project.report(memory=memory)
    _, kept = memory.held("solution")
    assert isinstance(kept, Kept)
    assert decoded(encoded(kept)) == kept
