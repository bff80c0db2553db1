from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import made

from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.json_report import render_json, schema_text
from flowcheck.report.model import Report


def validated(report: Report) -> dict:
    content = json.loads(render_json(report))
    jsonschema.Draft202012Validator(json.loads(schema_text())).validate(content)
    return content


def test_the_report_follows_the_published_schema(report):
    content = validated(report)
    keys = ("findings", "allowed", "suppressed", "blind_spots", "errors")
    assert [len(content[key]) for key in keys] == [2, 1, 1, 1, 1]
    validated(Report())


def test_the_schema_in_the_docs_is_the_one_in_the_package(repository: Path):
    published = repository / "docs" / "json-schema" / "report.schema.json"
    assert published.read_text(encoding="utf-8") == schema_text()


def test_keys_stand_in_a_fixed_order(report):
    content = validated(report)
    assert list(content) == [
        "schema_version", "tool", "findings", "allowed", "suppressed", "blind_spots", "errors", "statistics",
    ]  # fmt: skip
    finding = content["findings"][0]
    assert list(finding) == [
        "fingerprint", "policy", "severity", "confidence", "message", "source", "sink", "path",
    ]  # fmt: skip
    assert list(finding["source"]) == [
        "name", "collected_for", "category", "path", "line", "column", "end_line", "end_column",
    ]  # fmt: skip
    assert list(finding["path"][0]) == [
        "kind", "path", "line", "column", "end_line", "end_column", "code", "note", "assumed",
    ]  # fmt: skip


def test_what_does_not_apply_is_left_out(report):
    content = validated(report)
    assert "recipient" not in content["findings"][1]["sink"]
    assert "because" not in content["findings"][0]
    assert content["allowed"][0]["because"]["name"] == "accounts.User.ads_consent"
    assert content["suppressed"][0]["suppression"]["reason"] == "contract 17 allows it"
    assert content["findings"][1]["supplied"]["supplied_for"] == "advertising"
    assert content["findings"][1]["supplied_path"][0]["kind"] == "source"


def test_a_finding_about_a_suppression_has_no_source_and_no_path():
    unused = assemble(
        made.Solution(suppressions=made.SOLUTION.suppressions),
        made.POLICIES,
        made.source_lines(),
        Wishes(today=made.TODAY),
    )
    (finding,) = validated(unused)["findings"]
    assert finding["policy"] == "FC903"
    assert not {"source", "path"} & set(finding)


def test_errors_have_a_line():
    solution = made.Solution(errors=(("a.py", made.Problem(0, "cannot be read")),))
    report = assemble(solution, (), made.source_lines(), Wishes(today=made.TODAY))
    assert validated(report)["errors"] == [{"path": "a.py", "line": 1, "message": "cannot be read"}]


def test_the_same_report_gives_the_same_bytes(report):
    assert render_json(report) == render_json(report)
