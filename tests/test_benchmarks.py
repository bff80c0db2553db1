"""The benchmarks' own promises: rule files that load, code bases that run and leak, work that grows as it should."""

from __future__ import annotations

import runpy
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType, ModuleType
from xml.etree import ElementTree as ET

import pytest
import tomli

from flowcheck.api import Request, analyse, silent
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


# --- counted work: what a large regression in speed would show in, without a clock ---------------------------------


@pytest.fixture
def benchmark(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    monkeypatch.syspath_prepend(str(repository / "benchmarks"))
    return import_module


def work_on(folder: Path) -> tuple[int, int, int]:
    """Files parsed, functions evaluated, findings."""
    analysis = analyse(Request(current=folder, paths=(folder,), has_cache=False, jobs=1), silent)
    return analysis.work["files_lowered"], analysis.solution.statistics["evaluations"], len(analysis.solution.flows)


def test_work_follows_the_slice_and_not_the_code_base(repository: Path, tmp_path: Path):
    sizes = {"small": ("30", "10"), "large": ("300", "10"), "longer": ("30", "40")}
    for name, (files, steps) in sizes.items():
        generate(repository, tmp_path / name, "--files", files, "--slice", steps, "--functions", "4")
    small, large, longer = (work_on(tmp_path / name) for name in sizes)
    assert large == small
    assert small[0] <= 10 + 3
    assert longer[0] <= 40 + 3
    assert longer[1] <= 4 * small[1]
    assert small[2] == large[2] == longer[2] == 1


SHAPES = ["attributes", "calls", "chains", "deciding", "dispatch", "generated", "names", "paths", "table", "tests"]
MOST_GROWTH = {"paths": 40.0}
"""By how much work may grow when a shape grows to four times its size, where that is not 5."""


def calls_during(work: Callable[[], object]) -> int:
    """How many functions of Python's a piece of work calls, those of threads it starts included."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    threading.setprofile(note)
    try:
        work()
    finally:
        threading.setprofile(None)
    return count


@pytest.mark.parametrize("name", SHAPES)
def test_hard_shapes_are_judged_rightly_and_cost_what_they_are(benchmark, tmp_path: Path, name: str):
    adversarial = benchmark("adversarial")
    shape = adversarial.SHAPES[name]
    large = 200 if name == "attributes" else max(4, shape.large // 25)
    adversarial.check_text("warm = 1\n")
    calls, costs = [], []
    for size in (large // 4, large):
        files = shape.files(size)
        calls.append(calls_during(lambda files=files: costs.append(adversarial.cost(files, 1))))
    assert all(each.is_right for each in costs)
    most = MOST_GROWTH.get(name, 5.0)
    assert costs[1].evaluations <= most * costs[0].evaluations
    assert calls[1] <= most * calls[0]


def test_a_list_filled_line_by_line_costs_what_it_is(benchmark):
    adversarial = benchmark("adversarial")
    head = (
        "def upload(rows):  # flowcheck: advertising\n    ...\n\n\ndef run(phone):  # flowcheck: security-collected\n"
    )
    texts = [
        f"{head}    rows = []\n" + "    rows.append(phone)\n" * number + "    upload(rows)\n"
        for number in (10, 150, 600)
    ]
    adversarial.check_text(texts[0])
    few, many = (calls_during(lambda text=text: adversarial.check_text(text)) for text in texts[1:])
    assert many <= 3 * few


def test_every_shape_is_tried(benchmark):
    assert sorted(benchmark("adversarial").SHAPES) == SHAPES


def test_curves_and_tables_come_into_the_page(benchmark):
    growth, run = benchmark("growth"), benchmark("run")
    points = [
        growth.Point(lines, 20, *(run.Cost(lines / scale, lines / scale, 50.0) for scale in (1e6, 1e4, 1e5)))
        for lines in (10_000, 100_000)
    ]
    picture = ET.fromstring(growth.drawn(points, points))
    assert len(picture.findall(".//{*}polyline")) == 6
    page = f"before\n{growth.BEGIN}of last year\n{growth.END}after\n"
    text = growth.filled(page, growth.table(points, "lines"))
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "of last year" not in text
    assert "| 100,000 | 0.10 | 10.00 | 1.00 | 0.10 | 10.00 | 1.00 | 50 | 50 |" in text


def test_the_table_of_popular_packages_can_be_read_back(repository: Path):
    popular = runpy.run_path(str(repository / "benchmarks" / "popular.py"))
    text = popular["DOCUMENT"].read_text(encoding="utf-8")
    known = popular["read_back"](text)
    assert len(known) > 100
    assert popular["documented"](text, popular["together"](known, [])) == text
    again = popular["Outcome"]("click", 1, 2.0, 3.0, 4.0, ("a.py:1: invalid syntax",))
    assert popular["together"](known, [again]).index(again) == [each.name for each in known].index("click")
