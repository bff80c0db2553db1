"""The distribution holds what it needs, and promises what it holds."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from pathlib import Path

import pytest
import tomli

import flowcheck


@pytest.fixture(scope="module")
def project(repository: Path) -> dict[str, dict[str, object]]:
    return tomli.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_installed_version_is_that_of_the_code():
    assert importlib.metadata.version("flowcheck") == flowcheck.__version__


def test_types_are_published():
    assert (Path(flowcheck.__file__).parent / "py.typed").exists()


def test_the_script_starts_a_function(project: dict[str, dict[str, object]]):
    scripts = project["project"]["scripts"]
    assert isinstance(scripts, dict)
    module, _, function = scripts["flowcheck"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_every_dependency_is_imported_somewhere(project: dict[str, dict[str, object]], repository: Path):
    declared = project["project"]["dependencies"]
    assert isinstance(declared, list)
    imported = imported_packages(repository / "src")
    assert {distribution_name(requirement) for requirement in declared} == imported - {"flowcheck"}


def imported_packages(source: Path) -> set[str]:
    """The top-level packages outside the standard library that the code imports."""
    words = (line.split() for path in source.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines())
    names = {line[1].partition(".")[0] for line in words if len(line) > 1 and line[0] in ("import", "from")}
    return {name for name in names if name not in sys.stdlib_module_names and importlib.util.find_spec(name)}


def distribution_name(requirement: str) -> str:
    return requirement.partition(">=")[0].partition("[")[0].strip()
