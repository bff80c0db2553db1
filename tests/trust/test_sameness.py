"""What must not change a report does not: how it is asked for, and changes of the code that change no flow."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from flowcheck.cli.main import run

MODELS = """\
class User:
    phone = ""  # flowcheck: security-collected
    city = ""
"""

ADS = """\
def sync_audience(rows, campaign):  # flowcheck: advertising
    pass
"""

JOBS = """\
from shop.ads import sync_audience
from shop.models import User


def numbers_of(users):
    found = []
    for user in users:
        number = user.phone
        if number:
            found.append(number)
    return found


def nightly(users: list[User], campaign):
    rows = numbers_of(users)
    sync_audience({"contacts": rows, "count": len(rows)}, campaign)
    sync_audience([user.city for user in users], campaign)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    (project / "shop").mkdir(parents=True)
    (project / "flowcheck.toml").write_text('paths = ["shop"]\n', encoding="utf-8")
    for name, text in {"__init__": "", "models": MODELS, "ads": ADS, "jobs": JOBS}.items():
        (project / "shop" / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.chdir(project)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return project


def report(capfd, *arguments: str) -> str:
    assert run(["check", "--format", "json", "--quiet", *arguments]) == 1
    return capfd.readouterr().out


def findings(capfd, *arguments: str) -> list[tuple[str, str, str, str]]:
    """What the findings say, wherever they stand."""
    found = json.loads(report(capfd, *arguments))["findings"]
    return [(each["policy"], each["source"]["name"], each["sink"]["name"], each["confidence"]) for each in found]


def fingerprints(capfd) -> list[str]:
    return [each["fingerprint"] for each in json.loads(report(capfd, "--no-cache"))["findings"]]


# --- how it is asked for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--jobs", "1"],
        ["--jobs", "7"],
        ["--no-cache"],
        [],
        ["."],
        ["shop"],
        ["./shop/"],
        ["shop/../shop"],
        ["shop/jobs.py", "shop/ads.py", "shop/models.py", "shop/__init__.py"],
        ["shop/models.py", "shop/__init__.py", "shop/ads.py", "shop/jobs.py", "shop"],
    ],
)
def test_the_same_question_has_the_same_bytes_for_an_answer(folder, capfd, arguments):
    plain = report(capfd, "--no-cache")
    assert report(capfd, *arguments) == plain
    assert report(capfd, *arguments) == plain
    assert report(capfd, "--eager", *arguments) == plain


def test_an_absolute_path_is_the_same_path(folder, capfd):
    assert report(capfd, "--no-cache", str(folder / "shop")) == report(capfd, "--no-cache", "shop")


def test_the_folder_it_is_asked_from_does_not_matter(folder, capfd, monkeypatch):
    (folder / ".git").mkdir()
    plain = report(capfd, "--no-cache")
    monkeypatch.chdir(folder / "shop")
    assert report(capfd, "--no-cache") == plain


def test_where_the_project_lies_does_not_matter(folder, tmp_path, capfd, monkeypatch):
    plain = report(capfd, "--no-cache")
    shutil.copytree(folder, tmp_path / "another" / "place")
    monkeypatch.chdir(tmp_path / "another" / "place")
    assert report(capfd, "--no-cache") == plain


@pytest.mark.parametrize("form", ["text", "sarif", "github", "gitlab", "gitlab-sast", "html"])
def test_every_format_has_the_same_bytes(folder, capfd, form):
    outputs = []
    for arguments in (["--no-cache"], [], ["--jobs", "3"]):
        run(["check", "--format", form, "--quiet", *arguments])
        outputs.append(capfd.readouterr().out)
    assert outputs[0] == outputs[1] == outputs[2]


# --- changes that change no flow ---------------------------------------------------------------

CHANGES = {
    "a variable renamed": [("number", "digits")],
    "a parameter renamed": [("users", "people")],
    "a helper extracted": [
        ("        number = user.phone\n", "        number = phone_of(user)\n"),
        ("def numbers_of", "def phone_of(someone):\n    return someone.phone\n\n\ndef numbers_of"),
    ],
    "a helper inlined": [
        ("    rows = numbers_of(users)\n", "    rows = [user.phone for user in users if user.phone]\n")
    ],
    "a branch added that is never taken": [("    found = []\n", "    found = []\n    if False:\n        return []\n")],
    "a loop unrolled by hand": [("for user in users:\n        number", "for user in list(users):\n        number")],
    "a variable more": [("    rows = numbers_of(users)\n", "    first = numbers_of(users)\n    rows = first\n")],
    "an alias": [("from shop.ads import sync_audience", "import shop.ads as _a\n\nsync_audience = _a.sync_audience")],
    "an import inside": [
        ("from shop.ads import sync_audience\n", ""),
        ("    rows = numbers_of", "    from shop.ads import sync_audience\n\n    rows = numbers_of"),
    ],
    "a container more": [("campaign):\n    rows", "campaign):\n    other = [users]\n    users = other[0]\n    rows")],
    "a try around": [
        ("    rows = numbers_of(users)\n", "    try:\n        rows = numbers_of(users)\n    finally:\n        pass\n")
    ],
    "a walrus": [("        number = user.phone\n        if number:\n", "        if number := user.phone:\n")],
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_change_that_changes_no_flow_changes_no_finding(folder, capfd, changes):
    before = findings(capfd, "--no-cache")
    assert len(before) == 1
    text = JOBS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "shop" / "jobs.py").write_text(text, encoding="utf-8")
    assert findings(capfd, "--no-cache") == before


def test_a_function_moved_to_another_module_changes_no_finding(folder, capfd):
    before = findings(capfd, "--no-cache")
    start, end = JOBS.index("def numbers_of"), JOBS.index("def nightly")
    (folder / "shop" / "numbers.py").write_text(JOBS[start:end], encoding="utf-8")
    moved = "from shop.numbers import numbers_of\n" + JOBS[:start] + JOBS[end:]
    (folder / "shop" / "jobs.py").write_text(moved, encoding="utf-8")
    assert findings(capfd, "--no-cache") == before


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "# a comment\n\n\n" + text,
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("    rows =", "    # why\n    rows ="),
        lambda text: '"""A docstring."""\n' + text,
        lambda text: text.replace("number", "digits"),
        lambda text: text + "\n\ndef more():\n    pass\n",
        lambda text: text.replace("\n", "\r\n"),
    ],
    ids=["comment", "blank lines", "comment inside", "docstring", "renamed", "function below", "windows"],
)
def test_a_finding_keeps_its_fingerprint(folder, capfd, change):
    before = fingerprints(capfd)
    (folder / "shop" / "jobs.py").write_bytes(change(JOBS).encode())
    assert fingerprints(capfd) == before
