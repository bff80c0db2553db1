"""The distribution holds what it needs, and promises what it holds."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import runpy
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
    nodes = (node for path in source.rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes())))
    modules = {name.partition(".")[0] for node in nodes for name in imported_modules(node)}
    return modules - set(sys.stdlib_module_names)


def imported_modules(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names):
            return [alias.name for alias in names]
        case ast.ImportFrom(str(module)):
            return [module]
        case _:
            return []


def distribution_name(requirement: str) -> str:
    return requirement.partition(">=")[0].partition("[")[0].strip()


def test_the_contract_s_results_are_held_against_the_list_of_what_is_pending(repository: Path):
    dev = runpy.run_path(str(repository / "dev.py"))
    results = dev["contract_results"](
        "ok   kept §1\nFAIL broken §2: expected this, came that\nFAIL later §3: no\n2 passed\n"
    )
    assert results == {"kept": True, "broken": False, "later": False}
    assert dev["contract_problems"](results, ["later"]) == ["fails: broken"]
    assert dev["contract_problems"](results, ["broken", "later", "kept"]) == [
        "passes, take it off contract_pending.txt: kept"
    ]
    assert dev["contract_problems"](results, ["broken", "later", "gone"]) == ["no such check: gone"]


def test_the_pages_link_to_what_is_there(repository: Path):
    pages = [*repository.glob("*.md"), *(repository / "docs").glob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))]
    assert not [link for page, link in links if "://" not in link and not (page.parent / link).exists()]


def test_it_is_a_library_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "app.py").write_text(
        'class User:\n    phone = ""  # flowcheck: security-collected\n\n\n'
        "def upload(rows):  # flowcheck: advertising\n    pass\n\n\n"
        "def nightly(user: User):\n    upload(user.phone)\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    (finding,) = flowcheck.check(["app.py"]).findings
    assert (finding.policy, finding.sink.place.path, finding.sink.place.span.line) == ("FC001", "app.py", 10)
    with pytest.raises(flowcheck.errors.FlowcheckError):
        flowcheck.check(["gone.py"])
