"""Which files are analysed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from flowcheck.project import discovery
from flowcheck.project.discovery import MissingPathError, discover


def tree(root: Path, *paths: str) -> Path:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    return root


def found(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    asked = [root / path for path in paths or (".",)]
    return [file.path for file in discover(root, asked, exclude).files]


def test_python_files_sorted(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "a/z.py", "a/b/c.py", "a/notes.txt", "a/stub.pyi", "README.md")
    assert found(tmp_path) == ["a/b/c.py", "a/z.py", "b.py"]
    assert found(tmp_path, "b.py", "a", "a/b", "./a/../b.py") == ["a/b/c.py", "a/z.py", "b.py"]


def test_caches_environments_and_version_control_are_skipped(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "app.py",
        ".git/hooks/x.py",
        "__pycache__/x.py",
        "node_modules/p/x.py",
        ".tox/py/x.py",
        "env/pyvenv.cfg",
        "env/lib/x.py",
        "conda/conda-meta/history",
        "conda/lib/x.py",
    )
    assert found(tmp_path) == ["app.py"]


def test_gitignore_files_hold_below_their_folder_and_the_deepest_decides(tmp_path: Path) -> None:
    tree(tmp_path, "out/a.py", "src/out/a.py", "src/keep.py", "src/gen_x.py", "src/deep/gen_y.py", "build.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("out/\ngen_*\n/build.py\n")
    (tmp_path / "src" / "deep" / ".gitignore").write_text("!gen_y.py\n")
    assert found(tmp_path) == ["src/deep/gen_y.py", "src/keep.py"]
    assert found(tmp_path, "src") == ["src/deep/gen_y.py", "src/keep.py"]


def test_the_gitignore_of_the_repository_above_the_root_holds(tmp_path: Path) -> None:
    tree(tmp_path, "project/a.py", "project/out/b.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("/project/out/\n")
    assert found(tmp_path / "project") == ["a.py"]


def test_what_is_named_itself_is_analysed_although_ignored(tmp_path: Path) -> None:
    tree(tmp_path, "out/a.py", "out/deep/b.py", "app.py")
    (tmp_path / ".gitignore").write_text("out/\n")
    assert found(tmp_path, "out/a.py") == ["out/a.py"]
    assert found(tmp_path, "out") == ["out/a.py", "out/deep/b.py"]


def test_exclude_takes_gitignore_patterns_relative_to_the_root(tmp_path: Path) -> None:
    tree(tmp_path, "kept/jobs.py", "made/out/jobs.py", "made/jobs.py")
    assert found(tmp_path, exclude=("out/",)) == ["kept/jobs.py", "made/jobs.py"]
    assert found(tmp_path, exclude=("/made/**", "!/kept/")) == ["kept/jobs.py"]
    assert found(tmp_path, exclude=("*.py", "!kept/jobs.py")) == ["kept/jobs.py"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "shop/jobs.py", "lab/jobs.py")
    (tmp_path / "shop" / "linked.py").symlink_to("../lab/jobs.py")
    (tmp_path / "shop" / "linked").symlink_to("../lab")
    (tmp_path / "shop" / "loop").symlink_to(".")
    assert found(tmp_path, "shop") == ["shop/jobs.py"]
    assert found(tmp_path) == ["lab/jobs.py", "shop/jobs.py"]
    assert found(tmp_path, "shop/linked.py") == ["shop/linked.py"]


def test_scripts_are_analysed_when_they_are_named(tmp_path: Path) -> None:
    tree(tmp_path, "notes", "app.py")
    (tmp_path / "run").write_text("#!/usr/bin/env python3\n")
    assert found(tmp_path) == ["app.py"]
    assert found(tmp_path, "run") == ["run"]
    result = discover(tmp_path, [tmp_path / "notes"])
    assert [(problem.path, problem.message) for problem in result.problems] == [("notes", "is no Python file")]


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(MissingPathError, match="nowhere: no such file or folder"):
        discover(tmp_path, [tmp_path / "nowhere"])


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are files on POSIX only")
def test_what_is_no_regular_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    tree(tmp_path, "app.py")
    (tmp_path / "folder.py").mkdir()
    assert found(tmp_path) == ["app.py"]
    assert discover(tmp_path, [tmp_path / "pipe.py"]).files == ()


@pytest.mark.skipif(sys.platform != "linux", reason="only there may names be any bytes")
def test_names_that_are_no_utf8_can_be_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (tmp_path / name).write_text("")
    files = discover(tmp_path, [tmp_path]).files
    assert [file.path for file in files] == ["caf\\xe9.py"]
    assert files[0].absolute.read_bytes() == b""


def test_a_file_beyond_the_limit_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "SIZE_LIMIT", 10)
    (tmp_path / "big.py").write_text("x = 1\n" * 10)
    result = discover(tmp_path, [tmp_path])
    assert result.files == ()
    assert [problem.path for problem in result.problems] == ["big.py"]


def test_packages_above_the_given_paths_are_known(tmp_path: Path) -> None:
    tree(tmp_path, "src/shop/__init__.py", "src/shop/ads/__init__.py", "src/shop/ads/jobs.py")
    assert discover(tmp_path, [tmp_path / "src/shop/ads/jobs.py"]).packages == {"src/shop", "src/shop/ads"}
    assert discover(tmp_path, [tmp_path]).packages == {"src/shop", "src/shop/ads"}


def test_paths_outside_the_root(tmp_path: Path) -> None:
    tree(tmp_path, "ci/flowcheck.toml", "app.py")
    files = discover(tmp_path / "ci", [tmp_path / "app.py"]).files
    assert [file.path for file in files] == ["../app.py"]
