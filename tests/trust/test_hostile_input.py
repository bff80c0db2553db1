"""Code that a stranger wrote to do harm: what flowcheck must not hang on, be fooled by, or be led out by."""

from __future__ import annotations

import json
import os
import pickle
import re
import resource
import sqlite3
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from flowcheck.cli.main import run
from flowcheck.project.ignoring import IgnoreSpec
from flowcheck.project.store import FILE_NAME
from flowcheck.rules.patterns import Pattern
from flowcheck.rules.texts import TextPattern, UrlPattern
from small_programs import LEAK

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text(LEAK, encoding="utf-8")
    monkeypatch.chdir(project)
    return project


def checked(capfd, *arguments: str) -> tuple[int, dict]:
    status = run(["check", "--format", "json", "--quiet", *arguments])
    out = capfd.readouterr().out
    return status, json.loads(out) if out else {}


# --- files that are none -----------------------------------------------------------------------


def test_links_that_loop_or_lead_out_are_not_followed(folder, tmp_path, capfd):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "other.py").write_text(LEAK, encoding="utf-8")
    (folder / "loop").symlink_to(folder)
    (folder / "self.py").symlink_to("self.py")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "out.py").symlink_to(tmp_path / "outside" / "other.py")
    status, report = checked(capfd)
    assert status == 1
    assert [finding["sink"]["path"] for finding in report["findings"]] == ["app.py"]


@pytest.mark.parametrize(
    "name", ["pipe.py", ".gitignore", "flowcheck.toml", "pyproject.toml", "flowcheck-baseline.json"]
)
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(folder, name):
    os.mkfifo(folder / name)
    for arguments in ([], ["pipe.py"] if name == "pipe.py" else ["app.py"]):
        command = [sys.executable, "-m", "flowcheck", "check", "--no-cache", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
        assert done.returncode in (0, 1, 2)
        assert b"Traceback" not in done.stderr


def test_a_device_in_the_place_of_a_file_is_not_read(folder, capfd):
    (folder / ".gitignore").symlink_to("/dev/zero")
    (folder / "flowcheck-baseline.json").symlink_to("/dev/zero")
    assert run(["check", "/dev/zero"]) in (0, 2)
    assert run(["check", "."]) == 2
    assert "is no regular file" in capfd.readouterr().err


def test_a_huge_file_takes_no_memory(folder, capfd):
    with (folder / "huge.py").open("wb") as file:
        file.truncate(1_000_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, report = checked(capfd)
    assert [error["path"] for error in report["errors"]] == ["huge.py"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000


def test_very_many_files(folder, capfd):
    for number in range(3000):
        (folder / f"f{number}.py").touch()
    start = time.monotonic()
    status, _ = checked(capfd, "--no-cache")
    assert status == 1
    assert time.monotonic() - start < 60


# --- names -------------------------------------------------------------------------------------

NAMES = {
    "newline": b"a\n::error::injected.py",
    "escape": b"a\x1b[31mred\x1b]8;;evil\x1b\\.py",
    "bidi": "a\u202egnp.py".encode(),
    "markup": b"a<script>alert(1)<!--].py",
    "markdown": b"a`|[x](javascript:1)*.py",
    "no utf-8": b"a\xff\xfe.py",
    "percent": b"a%0A::error::x.py",
    "quotes": b"a\"'\\x.py",
}


class Tags(HTMLParser):
    """The tags of a page, and its handlers of events."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "gitlab-sast", "html"])
def test_no_name_of_a_file_is_more_than_a_name(folder, capfd, name, form):
    (folder / "app.py").unlink()
    (folder / os.fsdecode(name)).write_text(LEAK, encoding="utf-8")
    assert run(["check", "--format", form, "--quiet"]) == 1
    assert_harmless(form, capfd.readouterr().out)


COMMANDS = {
    "graph": ["graph"],
    "mermaid": ["graph", "--format", "mermaid"],
    "graphml": ["graph", "--format", "graphml"],
    "json": ["graph", "--format", "json"],
    "html": ["graph", "--format", "html"],
    "inventory": ["inventory"],
    "why-not": ["why-not", "User.phone", "print"],
}
"""What speaks of files beside `check`, by the form it has."""


@pytest.mark.parametrize("form", COMMANDS)
def test_no_command_says_more_of_a_name_than_it(folder, capfd, form):
    (folder / "app.py").unlink()
    for name in NAMES.values():
        (folder / os.fsdecode(name)).write_text(LEAK, encoding="utf-8")
    assert run(COMMANDS[form]) == 0
    assert_harmless(form, capfd.readouterr().out)


@pytest.mark.parametrize("form", COMMANDS)
def test_no_command_says_more_of_code_than_it(folder, capfd, form):
    (folder / "app.py").write_text(IDENTIFIER_LEAK, encoding="utf-8")
    assert run(COMMANDS[form]) == 0
    assert_harmless(form, capfd.readouterr().out)


def test_a_finding_explained_and_a_summary_are_no_more_than_text(folder, capfd, monkeypatch, tmp_path):
    (folder / "app.py").unlink()
    for name in NAMES.values():
        (folder / os.fsdecode(name)).write_text(IDENTIFIER_LEAK, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert run(["check", "--format", "github"]) == 1
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert not CONTROL.search(summary)
    assert "<script" not in summary
    assert "<img" not in summary
    assert "](javascript" not in summary
    capfd.readouterr()
    for finding in checked(capfd)[1]["findings"]:
        assert run(["explain", finding["fingerprint"]]) == 0
        assert_harmless("text", capfd.readouterr().out)


IDENTIFIER_LEAK = """\
class User:
    phone = ""  # flowcheck: security-collected

def sync_audience(rows):  # flowcheck: advertising
    pass

def nightly(user: User):
    text = "</script><img src=x onerror=alert(1)>\u202e\x1b[31m{{7*7}} %0A::error::x `|` [x](javascript:1)" + user.phone
    sync_audience(text)  # </td><script>alert(1)</script> \u2066 \x9b31m
"""


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "gitlab", "gitlab-sast", "html"])
def test_no_code_is_more_than_text(folder, capfd, form):
    (folder / "app.py").write_text(IDENTIFIER_LEAK, encoding="utf-8")
    assert run(["check", "--format", form]) == 1
    assert_harmless(form, capfd.readouterr().out)


def test_no_reason_of_a_suppression_is_more_than_text(folder, capfd):
    reason = "</script><script>alert(1)</script> \x1b[31m ::error::x"
    (folder / "app.py").write_text(
        LEAK.replace("user.phone)", f"user.phone)  # flowcheck: ignore[FC001] {reason}"), encoding="utf-8"
    )
    for form in ("text", "json", "sarif", "github", "gitlab", "gitlab-sast", "html"):
        run(["check", "--format", form])
        assert_harmless(form, capfd.readouterr().out)


def assert_harmless(form: str, out: str) -> None:
    if form in ("json", "sarif", "gitlab", "gitlab-sast"):
        json.loads(out)
    assert not CONTROL.search(out), CONTROL.search(out)
    if form == "github":
        lines = out.splitlines()
        assert all(not line.startswith("::") or re.match(r"::(error|warning|notice) file=", line) for line in lines)
        assert not any(line.startswith(("::error::", "::set-output", "::add-mask")) for line in lines)
    if form == "graphml":
        ET.fromstring(out)
    if form in ("graph", "mermaid"):
        assert form == "graph" or "<script" not in out
        assert all(line.startswith(("  ", "flowchart", "digraph", "}")) for line in out.splitlines())
    if form == "html":
        tags = Tags()
        tags.feed(out)
        assert not tags.handlers
        assert "img" not in tags.found
        assert tags.found.count("script") <= 2
        assert "alert(1)</script>" not in out


# --- patterns ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "work",
    [
        lambda: IgnoreSpec(["*a" * 30 + "b"]).decision("a" * 255),
        lambda: IgnoreSpec(["**/" * 30 + "b"]).decision("a/" * 1000),
        lambda: Pattern.parse("**." * 30 + "x").matches(".".join("a" * 2000)),
        lambda: Pattern.parse("*a" * 50 + "b").matches("a" * 5000),
        lambda: TextPattern.parse("*a" * 50 + "b").matches("a" * 5000),
        lambda: UrlPattern.parse("https://x.com/" + "**/" * 50 + "b").matches("https://x.com/" + "a/" * 1000),
        lambda: UrlPattern.parse("https://x.com/" + "*a" * 50 + "b").matches("https://x.com/" + "a" * 2000),
    ],
    ids=["gitignore stars", "gitignore depth", "names", "words", "texts", "address parts", "address stars"],
)
def test_no_pattern_backtracks_without_end(work):
    start = time.process_time()
    work()
    assert time.process_time() - start < 3


@pytest.mark.parametrize("line", ["!", "\\", "[z-a]", "[", "[[:alpha:]]", "\x00", "(?P<a>", "a" * 100_000])
def test_no_gitignore_ends_the_run(folder, capfd, line):
    (folder / ".gitignore").write_bytes(line.encode() + b"\n")
    assert checked(capfd)[0] == 1


@pytest.mark.parametrize(
    "comment",
    [
        "# flowcheck:" + " " * 200_000 + "x",
        "# flowcheck: ignore[" + "FC001," * 50_000,
        "# flowcheck: ignore[FC001] " + "until=" * 50_000,
        "# " + "flowcheck: " * 30_000,
        "# flowcheck: security-collected\n" * 30_000,
        "x = 1  # flowcheck: security-collected\n" * 30_000,
        "".join(f"x{number} = 1  # flowcheck: security-collected\n" for number in range(10_000)),
        f"rows = [{', '.join(f'User.phone + str({number})' for number in range(20_000))}]\nsync_audience(rows)\n",
    ],
    ids=["blanks", "policies", "until", "again", "one below the other", "on every line", "many names", "a long line"],
)
def test_no_comment_takes_long(folder, capfd, comment):
    (folder / "app.py").write_text(f"{LEAK}{comment}\n", encoding="utf-8")
    start = time.process_time()
    checked(capfd, "--no-cache")
    assert time.process_time() - start < 40


# --- what others left --------------------------------------------------------------------------


class Evil:
    def __reduce__(self):
        return os.system, ("touch owned",)


@pytest.mark.parametrize("content", [pickle.dumps(Evil()), b"SQLite format 3\0" + b"\xff" * 5000, b"", b"[1]"])
def test_a_cache_made_by_someone_else_runs_nothing(folder, capfd, content):
    file = Path(os.environ["XDG_CACHE_HOME"]) / "flowcheck" / FILE_NAME
    file.parent.mkdir(parents=True, exist_ok=True)
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    file.write_bytes(content)
    assert run(["check"]) == 1
    warning = "warning: the cache was unreadable and has been made anew\n"
    assert capfd.readouterr().err == (warning if content else "")  # an empty file is a new one to SQLite
    assert checked(capfd)[0] == 1
    assert not (folder / "owned").exists()


def test_a_cache_with_other_contents_is_not_believed(folder, capfd):
    plain = checked(capfd, "--no-cache")
    checked(capfd)
    with sqlite3.connect(Path(os.environ["XDG_CACHE_HOME"]) / "flowcheck" / FILE_NAME) as connection:
        for table in ("facts", "trees", "words"):
            connection.execute(f"UPDATE {table} SET content = ?", (pickle.dumps(Evil()),))
    assert checked(capfd)[1]["findings"] == plain[1]["findings"]
    assert not (folder / "owned").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"schema_version": 1}',
        b'{"schema_version": "9.0", "findings": []}',
        b'{"schema_version": "1.0", "findings": [{"fingerprint": 7}]}',
        b"[" * 100_000,
        pickle.dumps(Evil()),
    ],
)
def test_a_baseline_made_by_someone_else_is_refused_with_its_name(folder, capfd, content):
    (folder / "flowcheck-baseline.json").write_bytes(content)
    assert run(["check"]) == 2
    error = capfd.readouterr().err
    assert error.startswith("error: flowcheck-baseline.json")
    assert "Traceback" not in error


# --- leading out -------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["paths", "rules", "baseline"])
@pytest.mark.parametrize("way", ["relative", "absolute", "link"])
def test_a_configuration_does_not_lead_out(folder, tmp_path, capfd, key, way):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.py").write_text(LEAK, encoding="utf-8")
    (outside / "x.toml").write_text("", encoding="utf-8")
    (folder / "link").symlink_to(outside)
    base = {"relative": "../outside", "absolute": str(outside), "link": "link"}[way]
    name = {"paths": base, "rules": f"{base}/x.toml", "baseline": f"{base}/new.json"}[key]
    value = json.dumps(name if key == "baseline" else [name])
    (folder / "flowcheck.toml").write_text(f"{key} = {value}\n", encoding="utf-8")
    for command in (["check"], ["baseline"]):
        assert run(command) == 2
        assert f'flowcheck.toml:1: "{key}" names "{name}", which leads out' in capfd.readouterr().err
    assert sorted(path.name for path in outside.iterdir()) == ["x.py", "x.toml"]


def test_a_baseline_that_is_a_link_is_replaced_not_followed(folder, tmp_path, capfd):
    victim = tmp_path / "victim.json"
    victim.write_text('{"schema_version": "1.0", "findings": []}', encoding="utf-8")
    (folder / "flowcheck-baseline.json").symlink_to(victim)
    assert run(["baseline"]) == 0
    assert not (folder / "flowcheck-baseline.json").is_symlink()
    assert victim.read_text(encoding="utf-8") == '{"schema_version": "1.0", "findings": []}'


def test_analysed_code_is_not_run_and_not_imported(folder, capfd):
    (folder / "app.py").write_text(f"open('ran', 'w').close()\n{LEAK}", encoding="utf-8")
    for name in ("conftest.py", "sitecustomize.py", "flowcheck.py", "click.py", "setup.py"):
        (folder / name).write_text("open('ran', 'w').close()\n", encoding="utf-8")
    command = [sys.executable, "-P" if sys.version_info >= (3, 11) else "-I", "-m", "flowcheck", "check"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert not (folder / "ran").exists()


ALARM = """\
import sys

def hook(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.Request"}:
        raise SystemExit(f"reached for the network: {event} {arguments}")

sys.addaudithook(hook)
from flowcheck.cli.main import main
sys.argv = ["flowcheck", *sys.argv[1:]]
main()
"""

GIT_CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfsmonitor = "touch owned; false"
\thooksPath = hooks
\tsshCommand = "touch owned"
[diff]
\texternal = "touch owned"
[filter "evil"]
\tclean = "touch owned; cat"
\tsmudge = "touch owned; cat"
[remote "origin"]
\turl = "ext::sh -c touch% owned"
\tpromisor = true
"""


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("check", "--format", "html"),
        ("check", "--changed-since", "HEAD"),
        ("inventory",),
        ("graph", "--format", "html"),
        ("rules",),
        ("init",),
    ],
    ids=" ".join,
)
def test_nothing_in_a_repository_has_the_network_reached_or_a_program_run(folder, words):
    if words != ("init",):
        config = '[[sink]]\nurl = "https://ads.example.com/**"\nused_for = "advertising"\n'
        (folder / "flowcheck.toml").write_text(config, encoding="utf-8")
    (folder / ".gitattributes").write_text("* filter=evil diff=evil\n", encoding="utf-8")
    git = ["git", "-c", "user.name=me", "-c", "user.email=me@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], cwd=folder, check=True)
    (folder / ".git" / "config").write_text(GIT_CONFIG, encoding="utf-8")
    (folder / "app.py").write_text(LEAK + "\n# more\n", encoding="utf-8")
    command = [sys.executable, "-c", ALARM, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert "reached for the network" not in done.stdout + done.stderr
    assert done.returncode in (0, 1), done.stderr
    assert not list(folder.rglob("owned"))
