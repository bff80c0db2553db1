"""SQL files of a code base: which are found, what cannot be read, what hides findings, where things stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowcheck.api import Request, check
from flowcheck.lowering.lower import Lowering
from flowcheck.report.model import Report

SCHEMA = "CREATE TABLE users (\n  phone text -- flowcheck: security-collected\n);\n"
LEAK = "INSERT INTO ads SELECT phone FROM users;\n"
SINK = "CREATE TABLE ads (phone text); -- flowcheck: advertising\n"


def report_of(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str | bytes) -> Report:
    """What is found in files given by name, dots and slashes written as `__` and `___`."""
    for name, content in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    monkeypatch.chdir(folder)
    return check(Request(paths=(folder,), has_cache=False))


def places(report: Report) -> list[tuple[str, int]]:
    return [(each.sink.place.path, each.sink.place.span.line) for each in report.findings]


def test_a_finding_stands_at_its_statement(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(tmp_path, monkeypatch, schema__sql=SCHEMA + SINK, jobs___nightly__sql="\n-- nightly\n" + LEAK)
    assert places(report) == [("jobs/nightly.sql", 3)]
    (finding,) = report.findings
    assert finding.source is not None
    assert finding.source.name == "users.phone"
    assert finding.sink.name == "ads.phone"


def test_ignored_files_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository").mkdir()
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / ".gitignore").write_text("dumps/\n")
    (tmp_path / "repository" / "flowcheck.toml").write_text('exclude = ["old.sql"]\n')
    report = report_of(
        tmp_path / "repository", monkeypatch, schema__sql=SCHEMA + SINK, dumps___a__sql=LEAK, old__sql=LEAK, b__sql=LEAK
    )
    assert places(report) == [("b.sql", 1)]


def test_a_rule_marks_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (
        '[[source]]\ncolumn = "users.phone"\ncollected_for = "security"\n'
        '[[sink]]\ntable = "ads"\nused_for = "advertising"\nrecipient = "Meta"\n'
    )
    report = report_of(tmp_path, monkeypatch, flowcheck__toml=rules, b__sql=LEAK.upper())
    assert places(report) == [("b.sql", 1)]
    assert report.findings[0].sink.recipient == "Meta"


def test_a_comment_hides_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = "-- flowcheck: ignore[FC001] they asked for it\n" + LEAK
    report = report_of(tmp_path, monkeypatch, schema__sql=SCHEMA + SINK, b__sql=hidden)
    assert places(report) == []
    assert [each.suppression.reason for each in report.suppressed if each.suppression] == ["they asked for it"]


def test_what_cannot_be_read_is_a_blind_spot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = "PUMP ads SELECT phone MAGICALLY FROM users OF (((;\nGRANT SELECT (phone) ON users TO clerk;\n"
    report = report_of(tmp_path, monkeypatch, schema__sql=SCHEMA + SINK, b__sql=strange)
    assert [(each.kind, each.place.path, each.place.span.line) for each in report.blind_spots] == [
        ("unparsed", "b.sql", 1)
    ]


@pytest.mark.parametrize("content", [LEAK.encode() + b"-- users \xff", LEAK.replace("\n", "\r\n").encode("utf-16")])
def test_files_of_other_encodings_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    report = report_of(tmp_path, monkeypatch, schema__sql=SCHEMA + SINK, b__sql=content)
    assert places(report) == [("b.sql", 1)]


def test_a_file_of_bytes_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(tmp_path, monkeypatch, schema__sql=SCHEMA + SINK, b__sql=LEAK.encode() + b"\0\1")
    assert [each.path for each in report.errors] == ["b.sql"]


def test_files_are_no_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = "import shop.sql\nfrom ads import push\ndef go(u):\n    push(shop.sql.number(u))\n"
    report = report_of(
        tmp_path,
        monkeypatch,
        shop__sql=SCHEMA,
        shop______init____py="",
        shop___sql__py="def number(u): return u.phone  # flowcheck: security-collected\n",
        ads__py="def push(rows):  # flowcheck: advertising\n    ...\n",
        app__py=app,
    )
    assert ("app.py", 4) in places(report)


def test_dumps_leave_no_rows_behind() -> None:
    content = b"CREATE TABLE a (b int);\nINSERT INTO a VALUES (1), (2);\nCOPY a FROM stdin;\n1\n\\.\n"
    facts = Lowering(content, "dump.sql").facts()
    assert len(facts.codes[0].body) == 1
