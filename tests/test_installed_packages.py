"""What must not change a report does not, on packages that nobody wrote for flowcheck: those installed beside it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RULES = """
[[source]]
call = "{os.environ.get,os.getenv}"
collected_for = "security"

[[source]]
field = "**.{name,path,version,url}"
collected_for = "security"

[[sink]]
call = "{**.write,logging.**,print,**.append,**.join}"
used_for = "advertising"

[[sink]]
returned = "**.__{str,repr}__"
used_for = "advertising"
"""


@pytest.fixture(params=["pluggy", "pathspec", "iniconfig"])
def package(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    found = importlib.util.find_spec(request.param)
    assert found is not None
    assert found.origin is not None
    shutil.copytree(Path(found.origin).parent, tmp_path / "project" / request.param)
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    return tmp_path / "project"


def reported(folder: Path, *options: str, seed: str = "0") -> bytes:
    """The report's bytes."""
    rules = ["--no-builtin-rules", "--rules", str(folder.parent / "rules.toml")]
    command = [sys.executable, "-m", "flowcheck", "check", *rules, "--format", "json", *options, "."]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "XDG_CACHE_HOME": str(folder.parent / "cache")}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=300)
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_lazy_eager_cold_and_warm_say_the_same(package):
    lazy = reported(package, "--no-cache")
    assert reported(package, "--no-cache", "--eager", "--jobs", "3", seed="7") == lazy
    assert reported(package, seed="8") == lazy
    assert reported(package, "--jobs", "1", seed="9") == lazy
