from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pygls")

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "report"))

import made
from lsprotocol import types

from flowcheck.lsp.diagnostics import diagnostics_of, units_before
from flowcheck.report.assembly import Wishes, assemble

ROOT = Path("/home/me/shop")


def framed(*messages: dict[str, object]) -> bytes:
    bodies = [json.dumps({"jsonrpc": "2.0", **message}).encode() for message in messages]
    return b"".join(b"Content-Length: %d\r\n\r\n%s" % (len(body), body) for body in bodies)


def test_it_starts_answers_and_ends(tmp_path):
    conversation = framed(
        {"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    )
    command = [sys.executable, "-m", "flowcheck", "lsp"]
    done = subprocess.run(command, input=conversation, capture_output=True, timeout=60, cwd=tmp_path, check=False)
    bodies = [json.loads(part.partition(b"\r\n\r\n")[2]) for part in done.stdout.split(b"Content-Length: ")[1:]]
    answer = next(body for body in bodies if body.get("id") == 1)
    assert answer["result"]["serverInfo"]["name"] == "flowcheck"
    assert answer["result"]["capabilities"]["textDocumentSync"]
    assert done.returncode == 0


def test_findings_are_diagnostics_at_the_sink_with_the_path():
    lines = made.source_lines()
    report = assemble(made.SOLUTION, made.POLICIES, lines, Wishes(today=made.TODAY))
    found = diagnostics_of(report, ROOT, lines)
    assert sorted(found) == ["file:///home/me/shop/broken.py", "file:///home/me/shop/jobs/app.py"]
    listed = found["file:///home/me/shop/jobs/app.py"]
    leak, match = (each for each in listed if each.severity != types.DiagnosticSeverity.Hint)
    assert len(listed) in (3, 4)
    assert leak.range == types.Range(types.Position(6, 4), types.Position(6, 23))
    assert (leak.code, leak.severity) == ("FC001", types.DiagnosticSeverity.Error)
    assert [each.location.range.start.line for each in leak.related_information] == [4, 4, 5, 6]
    assert len(match.related_information) == 4
    assert "not analysed" in found["file:///home/me/shop/broken.py"][0].message


@pytest.mark.parametrize(("line", "column", "units"), [("abc", 3, 2), ("😀x", 2, 2), ("éx", 2, 1), ("", 1, 0)])
def test_columns_are_utf16_units(line, column, units):
    assert units_before(line, column) == units
