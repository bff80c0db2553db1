"""Where CI and git meet flowcheck: the action's script, the GitLab template, and the real pre-commit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from small_programs import LEAK


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(LEAK, encoding="utf-8")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """One in which `flowcheck` is the one under test."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "flowcheck"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m flowcheck "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    found = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_", "PRE_COMMIT"))
    }
    path = f"{programs}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{found['PATH']}"
    return {**found, "PATH": path, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"), "HOME": str(tmp_path)}


def test_the_action_annotates_sums_up_and_passes_the_status_on(project, tmp_path, environment, repository):
    files = {name: tmp_path / name for name in ("summary", "output")}
    settings = {
        "GITHUB_STEP_SUMMARY": str(files["summary"]),
        "GITHUB_OUTPUT": str(files["output"]),
        "CHECK_PATHS": ". $(touch owned)",
        "CHECK_ARGUMENTS": "--no-cache",
        "CHECK_SARIF": "log.sarif",
    }
    script = ["bash", str(repository / ".ci" / "action.sh")]
    done = subprocess.run(script, cwd=project, env={**environment, **settings}, capture_output=True, check=False)
    assert done.returncode == 2  # no such path
    assert not (project / "owned").exists()
    settings["CHECK_PATHS"] = "."
    done = subprocess.run(script, cwd=project, env={**environment, **settings}, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(b"::error file=app.py,line=8,")
    assert "| error FC001 | app&#46;User&#46;phone" in files["summary"].read_text(encoding="utf-8")
    assert files["output"].read_text(encoding="utf-8").splitlines() == ["status=2", "status=1"]
    assert json.loads((project / "log.sarif").read_text(encoding="utf-8"))["runs"][0]["results"]


def test_the_summary_shows_code_as_text(project, tmp_path, environment):
    (project / "app.py").rename(project / "a`|[x](javascript:1)<b>.py")
    settings = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    words = ["flowcheck", "check", "--format", "github", "--no-cache"]
    subprocess.run(words, cwd=project, env={**environment, **settings}, capture_output=True, check=False)
    row = (tmp_path / "summary").read_text(encoding="utf-8").splitlines()[4]
    assert row.count("|") == 6
    assert not re.search(r"[`\[<(]", row)


def test_the_action_and_the_template_run_commands_that_there_are(repository):
    action = yaml.safe_load((repository / "action.yml").read_text(encoding="utf-8"))
    script = (repository / ".ci" / "action.sh").read_text(encoding="utf-8")
    assert set(re.findall(r"CHECK_[A-Z]+", script)) == set(action["runs"]["steps"][-1]["env"])
    template = yaml.safe_load((repository / "templates" / "flowcheck.gitlab-ci.yml").read_text(encoding="utf-8"))
    report = template["flowcheck"]["artifacts"]["reports"]["codequality"]
    assert f"--output {report}" in template["flowcheck"]["script"][-1]


def git(project: Path, environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    identity = ["-c", "user.name=Me", "-c", "user.email=me@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *identity, *words]
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_pre_commit_refuses_a_leak_and_lets_a_clean_commit_pass(project, environment, repository):
    (hook,) = yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook = {**hook, "language": "system"}  # installed beside it, instead of from the package index
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    git(project, environment, "init", "--quiet")
    install = [sys.executable, "-m", "pre_commit", "install"]
    subprocess.run(install, cwd=project, env=environment, capture_output=True, check=True)
    git(project, environment, "add", ".")
    refused = git(project, environment, "commit", "-m", "leaks")
    assert refused.returncode != 0
    assert "app.User.phone was collected for security and is used for advertising" in refused.stdout + refused.stderr
    assert "app.py:8:5  sink" in refused.stdout + refused.stderr
    (project / "other.py").write_text("x = 1\n", encoding="utf-8")
    git(project, environment, "reset", "--quiet")
    git(project, environment, "add", "other.py")
    beside = git(project, environment, "commit", "-m", "touches no leak")
    assert beside.returncode == 0, beside.stderr
    (project / "app.py").write_text(LEAK.replace("user.phone)", "None)"), encoding="utf-8")
    git(project, environment, "add", ".")
    start = time.monotonic()
    passed = git(project, environment, "commit", "-m", "clean")
    assert passed.returncode == 0, passed.stderr
    assert time.monotonic() - start < 30  # under a second on a machine with nothing else to do
