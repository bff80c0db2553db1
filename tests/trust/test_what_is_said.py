"""The documents name tests: these are there."""

from __future__ import annotations

import re
from pathlib import Path

NAMED = re.compile(r"`(test_\w+)`")
FILES = re.compile(r"`(?:python3 |pytest )?((?:tests|benchmarks|editors|docs)/[\w./-]+)")


def test_each_test_that_a_document_names_is_there(repository: Path):
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted((repository / "tests").rglob("test_*.py")))
    defined = set(re.findall(r"^(?:async )?def (test_\w+)", sources, re.MULTILINE))
    named = {name for text in documents(repository) for name in NAMED.findall(text)}
    assert len(named) > 30
    assert sorted(named - defined) == []


def test_each_file_that_a_document_names_is_there(repository: Path):
    named = {name.rstrip("/.") for text in documents(repository) for name in FILES.findall(text)}
    made = {name for name in named if name.startswith("benchmarks/out")}
    assert len(named) > 20
    assert sorted(name for name in named - made if not (repository / name).exists()) == []


def documents(repository: Path) -> list[str]:
    files = [*sorted((repository / "docs").glob("*.md")), *sorted(repository.glob("*.md"))]
    return [path.read_text(encoding="utf-8") for path in files]
