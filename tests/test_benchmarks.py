"""The benchmarks' own promises: rule files that load, a generator whose code bases run and leak."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import tomli

from flowcheck.rules.loading import RuleFile, load_rules

REAL = Path(__file__).resolve().parent.parent / "benchmarks" / "real"
NAMES = sorted(path.stem for path in REAL.glob("*.toml") if path.stem != "expected")


@pytest.mark.parametrize("name", NAMES)
def test_the_rules_for_a_real_code_base_load_without_a_warning(name: str):
    path = REAL / f"{name}.toml"
    assert not load_rules(files=[RuleFile(path, path.name)], has_builtin_rules=False).warnings


def test_every_code_base_has_its_rules():
    expected = tomli.loads((REAL / "expected.toml").read_text(encoding="utf-8"))
    assert sorted(base["name"] for base in expected["codebase"]) == NAMES


@pytest.mark.parametrize("steps", [1, 6])
def test_a_generated_code_base_runs_and_leaks(repository: Path, tmp_path: Path, steps: int):
    generate(repository, tmp_path, "--files", "3", "--slice", str(steps))
    program = "from shop import ads, nightly; nightly.run([nightly.User('Ada', '+1555')]); print(len(ads.uploaded))"
    printed = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed.stdout == "1\n"
    assert len(list((tmp_path / "shop" / "steps").glob("step_*.py"))) == steps


def test_a_generated_code_base_is_the_same_each_time(repository: Path, tmp_path: Path):
    for folder in ("one", "two"):
        generate(repository, tmp_path / folder, "--files", "5")
    one, two = (
        {path.relative_to(tmp_path / folder): path.read_bytes() for path in (tmp_path / folder).rglob("*.py")}
        for folder in ("one", "two")
    )
    assert one == two


def generate(repository: Path, folder: Path, *options: str) -> None:
    module = runpy.run_path(str(repository / "benchmarks" / "generate.py"))
    assert module["main"]([str(folder), *options]) == 0
