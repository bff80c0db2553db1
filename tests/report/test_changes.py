from __future__ import annotations

import subprocess
from pathlib import Path

import made
import pytest

from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.changes import Changes, RevisionError, changed_lines
from flowcheck.report.lines import SourceLines


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.net")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a subfolder of a repository, with one commit."""
    root = tmp_path / "shop"
    (root / "jobs").mkdir(parents=True)
    (root / "jobs" / "app.py").write_text(made.APP, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "state")
    return root


def found_since(root: Path, revision: str) -> list[str]:
    lines = SourceLines.below(root)
    wishes = Wishes(today=made.TODAY, changes=Changes(root, revision, lines))
    return [finding.policy for finding in assemble(made.SOLUTION, made.POLICIES, lines, wishes).findings]


def change(root: Path, old: str, new: str) -> None:
    path = root / "jobs" / "app.py"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_nothing_changed_nothing_reported(project):
    assert found_since(project, "HEAD") == []


def test_a_change_that_is_not_committed_counts(project):
    change(project, "rows = [number]", "rows = [ number ]")
    assert found_since(project, "HEAD") == ["FC001"]


def test_a_committed_change_counts_too(project):
    change(project, "uploaded\n", "uploaded  # now\n")
    git(project, "commit", "-qam", "more")
    assert found_since(project, "HEAD") == []
    assert found_since(project, "HEAD~1") == ["FC002"]


def test_a_file_that_git_does_not_know_is_all_new(project):
    git(project, "rm", "-q", "--cached", "jobs/app.py")
    git(project, "commit", "-qm", "forgotten")
    assert found_since(project, "HEAD") == ["FC001", "FC002"]


def test_a_change_beside_the_paths_reports_nothing(project):
    change(project, "if user.ads_consent:", "if user.ads_consent:  # asked in the app")
    assert found_since(project, "HEAD") == []


def test_no_setting_of_the_repository_runs_a_program(project, tmp_path):
    trap = f"touch {tmp_path / 'sprung'}"
    (project / ".gitattributes").write_text("*.py filter=trap diff=trap\n", encoding="utf-8")
    for key in ("filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv", "diff.external", "core.fsmonitor"):
        git(project, "config", key, trap)
    change(project, "rows = [number]", "rows = [ number ]")
    assert found_since(project, "HEAD") == ["FC001"]
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=x", "HEAD:jobs/app.py"])
def test_what_is_no_commit_is_refused(project, revision):
    with pytest.raises(RevisionError, match="--changed-since"):
        Changes(project, revision, SourceLines.below(project))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("a b c", "a b c", []),
        ("a b c", "a x c", [2]),
        ("a c", "a b c", [2]),
        ("a b c", "a c", [1, 2]),
        ("", "a b", [1, 2]),
    ],
)
def test_changed_lines(old, new, changed):
    assert list(changed_lines(tuple(old.split()), tuple(new.split()))) == changed
