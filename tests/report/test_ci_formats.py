from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
from gitlab_sast_format import SCHEMA

from flowcheck.report.github import render_github
from flowcheck.report.gitlab import render_gitlab
from flowcheck.report.gitlab_sast import render_gitlab_sast
from flowcheck.report.model import Report


def test_github_has_one_command_a_finding_and_file_error(report):
    lines = render_github(report).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(
        "::error file=jobs/app.py,line=7,endLine=7,col=5,endColumn=24,title=flowcheck FC001::accounts.User.phone"
    )
    assert "%0A1. jobs/app.py:5: number = user.phone" in lines[0]
    assert lines[2].startswith("::warning file=broken.py,line=3")


def test_github_lets_no_text_end_a_command(report):
    finding = report.findings[0]
    hostile = replace(finding, message="50% off\n::error file=other.py::injected\x1b[31m")
    (line,) = render_github(Report(findings=(replace(hostile, path=()),))).splitlines()
    assert "50%25 off%0A::error file=other.py::injected" in line
    assert "\x1b" not in line


def test_github_levels(report):
    note = replace(report.findings[0], severity="note")
    assert render_github(Report(findings=(note,))).startswith("::notice ")


def test_gitlab_entries(report):
    entries = json.loads(render_gitlab(report))
    assert [entry["location"]["lines"]["begin"] for entry in entries] == [7, 11]
    assert entries[0]["severity"] == "critical"
    assert entries[0]["fingerprint"] == report.findings[0].fingerprint
    assert "Fix: Ask for consent." in entries[0]["content"]["body"]
    assert json.loads(render_gitlab(Report())) == []


def test_gitlab_sast_has_what_its_format_demands(report, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    told = json.loads(render_gitlab_sast(report))
    assert set(told) == {"version", "scan", "vulnerabilities"}
    scan = told["scan"]
    assert (scan["type"], scan["status"]) == ("sast", "success")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", scan["start_time"])
    assert all({"id", "name", "version", "vendor"} <= set(scan[key]) for key in ("analyzer", "scanner"))
    assert [message["level"] for message in scan["messages"]] == ["warn"]
    for each, finding in zip(told["vulnerabilities"], report.findings, strict=True):
        assert each["id"] == finding.fingerprint
        assert each["severity"] in {"Info", "Low", "Medium", "High", "Critical"}
        assert all({"type", "name", "value"} <= set(identifier) for identifier in each["identifiers"])
        assert each["location"]["start_line"] == finding.sink.place.span.line
    rows = told["vulnerabilities"][0]["details"]["path"]["rows"]
    assert [rows[place][0]["value"].partition(":")[0] for place in (0, -1)] == ["source", "sink"]
    assert json.loads(render_gitlab_sast(Report()))["vulnerabilities"] == []


def test_gitlab_sast_holds_by_the_schema(report):
    validator = jsonschema.Draft7Validator(SCHEMA)
    long = replace(report.findings[0], message="x" * 2_000_000, fix="y" * 10_000)
    for each in (report, Report(), Report(findings=(long,))):
        validator.validate(json.loads(render_gitlab_sast(each)))


def test_gitlab_sast_shows_the_time_that_it_is_given(report, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert json.loads(render_gitlab_sast(report))["scan"]["end_time"] == "1970-01-02T00:00:00"
