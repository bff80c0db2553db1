from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import made
import pytest

from flowcheck.api import Request
from flowcheck.errors import ConfigError
from flowcheck.flow.results import Solution

SUBCOMMANDS = ("check", "explain", "graph", "why-not", "inventory", "baseline", "rules", "init", "lsp")


def test_findings_are_status_1(call):
    done = call("check")
    assert done.status == 1
    assert "FC001" in done.stdout
    assert "warning: flowcheck.toml:1: doubtful" in done.stderr


def test_nothing_to_report_is_status_0(call, fake):
    fake.solution = Solution()
    assert call("check").status == 0


def test_a_path_alone_is_checked(call, fake, tmp_path):
    (tmp_path / "src").mkdir()
    short = call("src")
    assert short.stdout == call("check", "src").stdout
    assert [str(path) for path in fake.requests[0].paths] == ["src"]


def test_options_of_check_need_no_command_before_them(call):
    assert call("--format", "json").status == 1


@pytest.mark.parametrize("arguments", [("--no-such",), ("check", "--format", "xml"), ("no-such-file.py",), ("chekc",)])
def test_wrong_use_is_status_2_on_standard_error(call, arguments):
    done = call(*arguments)
    assert done.status == 2
    assert done.stdout == ""
    assert done.stderr


def test_a_mistyped_command_gets_a_hint(call):
    assert "did you mean the command `flowcheck check`?" in call("chekc").stderr


def test_an_unreadable_config_is_status_2_with_its_place(call, fake):
    fake.error = ConfigError("flowcheck.toml", 3, "used_fro", 'unknown key "used_fro"', "used_for")
    done = call("check")
    assert done.status == 2
    assert done.stderr == 'error: flowcheck.toml:3: unknown key "used_fro"; did you mean "used_for"?\n'


def test_a_bug_of_ours_is_status_2_not_a_finding(call, fake):
    fake.error = ZeroDivisionError("division by zero")
    done = call("check")
    assert done.status == 2
    assert "internal error" in done.stderr
    assert "ZeroDivisionError" in done.stderr


def test_being_stopped_is_status_2(call, fake):
    fake.error = KeyboardInterrupt()
    assert call("check").status == 2


def test_files_that_cannot_be_parsed_count_under_strict_only(call, fake):
    fake.solution = Solution(errors=made.SOLUTION.errors)
    assert call("check").status == 0
    assert call("check", "--strict").status == 2


def test_every_option_reaches_the_request(call, fake, tmp_path):
    (tmp_path / "a.py").touch()
    call(
        "check", "a.py", "--config", "c.toml", "--rules", "r", "--rules", "s.toml", "--no-builtin-rules", "--jobs", "3",
        "--no-cache", "--eager", "--min-confidence", "confirmed",
    )  # fmt: skip
    request = fake.requests[0]
    assert (str(request.config), [str(path) for path in request.rules]) == ("c.toml", ["r", "s.toml"])
    assert (request.has_builtin_rules, request.has_cache, request.is_eager) == (False, False, True)
    assert (request.jobs, request.min_confidence) == (3, "confirmed")


def test_json_is_one_object_on_standard_output(call):
    done = call("check", "--format", "json")
    assert len(json.loads(done.stdout)["findings"]) == 2


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab", "gitlab-sast", "html"])
def test_every_other_format(call, form):
    done = call("check", "--format", form)
    assert done.status == 1
    assert "FC001" in done.stdout


def test_output_goes_to_the_file(call, tmp_path):
    done = call("check", "--format", "json", "--output", "report.json")
    assert (done.status, done.stdout) == (1, "")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["findings"]
    assert call("check", "--output", "none/report.txt").status == 2


def test_color_on_request_only(call, monkeypatch):
    assert "\x1b[" not in call("check").stdout
    assert "\x1b[" in call("check", "--color", "always").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in call("check").stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in call("check").stdout


def test_quiet_prints_findings_only(call):
    loud, quiet = call("check"), call("check", "--quiet")
    assert quiet.status == 1
    assert quiet.stderr == ""
    assert "FC001" in quiet.stdout
    assert "2 findings" in loud.stdout
    assert "2 findings" not in quiet.stdout


def test_statistics_are_counts_and_times_apart(call):
    done = call("check", "--statistics")
    assert "sources" in done.stdout
    assert "0.500 s" in done.stderr
    assert "0.500" not in done.stdout


def test_a_baseline_leaves_new_findings(call, fake, tmp_path):
    done = call("baseline")
    assert (done.status, done.stdout) == (0, "2 findings accepted in flowcheck-baseline.json\n")
    again = call("check")
    assert again.status == 0
    assert "2 accepted in the baseline" in again.stdout
    fake.solution = replace(made.SOLUTION, flows=(*made.SOLUTION.flows, made.flow(made.source(9, name="x.Y.z"))))
    assert call("check").status == 1


def test_the_configured_baseline_is_written_and_read(call, fake, tmp_path):
    fake.config_baseline = tmp_path / "accepted.json"
    assert call("check").status == 1
    assert call("baseline").stdout.endswith("accepted.json\n")
    assert call("check").status == 0


def test_a_baseline_asked_for_must_be_there(call):
    done = call("check", "--baseline", "none.json")
    assert done.status == 2
    assert "flowcheck baseline" in done.stderr


def test_explain_by_the_beginning_of_a_fingerprint(call):
    finding = json.loads(call("check", "--format", "json").stdout)["findings"][0]
    done = call("explain", finding["fingerprint"][:8])
    assert done.status == 0
    assert "How the data gets there" in done.stdout
    assert call("explain", "0000").status == 2
    assert "several findings" in call("explain", "").stderr


@pytest.mark.parametrize(
    ("form", "begin"),
    [("dot", "digraph"), ("graphml", "<?xml"), ("json", "{"), ("mermaid", "flowchart"), ("html", "<!DOCTYPE html>")],
)
def test_graph_formats(call, form, begin):
    done = call("graph", "--format", form)
    assert done.status == 0
    assert done.stdout.startswith(begin)
    assert "accounts.User.phone" in done.stdout


def test_dot_is_the_default_graph(call):
    assert call("graph").stdout.startswith("digraph")


def test_why_not_inventory_and_rules_answer(call):
    assert "rows is never used" in call("why-not", "User.phone", "ads.sync_audience").stdout
    assert "collected for security" in call("inventory").stdout
    assert "FC002" in call("rules").stdout


def test_init_writes_a_config_once(call, fake, tmp_path):
    done = call("init")
    assert done.status == 0
    assert "app.User.mfa_phone" in done.stdout
    assert "mfa_phone" in (tmp_path / "flowcheck.toml").read_text(encoding="utf-8")
    (tmp_path / "flowcheck.toml").write_text("paths = []\n", encoding="utf-8")
    fake.taken = "flowcheck.toml"
    again = call("init")
    assert again.status == 2
    assert "left as it is" in again.stderr
    assert (tmp_path / "flowcheck.toml").read_text(encoding="utf-8") == "paths = []\n"


def test_help_names_every_command(call):
    for arguments in ((), ("--help",)):
        done = call(*arguments)
        assert done.status == 0
        assert all(f"  {name} " in done.stdout for name in SUBCOMMANDS)


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_command_has_help(call, name):
    done = call(name, "--help")
    assert done.status == 0
    assert "Usage: flowcheck" in done.stdout


def test_version_and_help_load_little(repository):
    code = "import sys; from flowcheck.cli.main import run; run(['--version']); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "flowcheck" in done.stdout
    assert not {"rich", "libcst", "networkx", "jinja2", "msgspec", "flowcheck.api"} & loaded


def test_a_reader_that_goes_away_is_no_crash(fake, tmp_path):
    code = "import sys; from flowcheck.cli.main import main; main()"
    command = [sys.executable, "-c", code, "--help"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(timeout=30)


def test_today_is_the_day_of_the_run():
    assert Request().today >= made.TODAY.replace(year=2024)
