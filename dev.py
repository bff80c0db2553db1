#!/usr/bin/env python3
"""Sets the project up and runs what a developer needs, with nothing but Python and pip.

    python3 dev.py example              # flowcheck on examples/chirp
    python3 dev.py check                # every check a submission must pass
    python3 dev.py check --only types   # one of them
    python3 dev.py readme               # put the example's report into README.md
    python3 dev.py lowest               # the tests with the lowest versions of the dependencies that are declared

Each makes the virtual environment `.venv` first, or brings it up to date, so that there is no set-up to
remember. Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
EXAMPLE = ROOT / "examples" / "chirp"
README = ROOT / "README.md"
CONTRACT = ROOT.parent / "shared" / "contract" / "contract.py"
PENDING = ROOT / "tests" / "contract_pending.txt"
REPORT_START = "<!-- report of examples/chirp: python3 dev.py readme -->\n```text\n"
SUMMARY = re.compile(r"\d+ findings?:")
REPORT_END = "```\n<!-- end of the report -->"


@dataclass(frozen=True, slots=True)
class Step:
    """One check: `run` returns its exit status, having printed what it has to say.

    One that `is_apart` keeps one core busy for long, and runs beside the others.
    """

    name: str
    says: str
    run: Callable[[], int]
    is_apart: bool = False


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks; return the exit status."""
    options = parse(arguments)
    if options.command == "example":
        prepare("")
        return run_example()
    if options.command == "lowest":
        return check_lowest()
    prepare("[dev]")
    if options.command == "readme":
        README.write_text(readme_with(example_report()), encoding="utf-8")
        return 0
    return check([step for step in STEPS if options.only in (None, step.name)])


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="dev.py", description="Set the project up, and run it or its checks.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("example", help="run flowcheck on examples/chirp")
    commands.add_parser("readme", help="put the example's report into README.md")
    commands.add_parser("lowest", help="run the tests with the lowest versions of the dependencies")
    checks = commands.add_parser("check", help="run every check a submission must pass")
    checks.add_argument("--only", choices=[step.name for step in STEPS], help="run this one alone")
    return parser.parse_args(arguments)


def check(steps: Sequence[Step]) -> int:
    """Run all the steps, whatever fails, and return the status of the first that did."""
    apart = [step for step in steps if step.is_apart and len(steps) > 1]
    with contextlib.ExitStack() as started:
        ends = {step.name: started.enter_context(run_apart(step)) for step in apart}
        failed = {step.name: status for step in steps if step not in apart and (status := run_step(step))}
        failed.update((name, status) for name, end in ends.items() if (status := end()))
    if failed:
        print(f"failed: {', '.join(failed)}", flush=True)
    return next(iter(failed.values()), 0)


@contextlib.contextmanager
def run_apart(step: Step) -> Iterator[Callable[[], int]]:
    """Run one step beside the others; what it gives waits for its end, prints what it said and returns its status."""
    command = [sys.executable, str(Path(__file__)), "check", "--only", step.name]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)

        def end() -> int:
            status = process.wait()
            said.seek(0)
            print(said.read(), end="", flush=True)
            return status

        try:
            yield end
        finally:
            process.kill()
            process.wait()


def run_step(step: Step) -> int:
    """Run one step between a line that announces it and a line that says how it went."""
    print(f"== {step.name}: {step.says}", flush=True)
    start = time.monotonic()
    status = step.run()
    verdict = "FAIL" if status else "ok"
    print(f"== {step.name}: {verdict} ({time.monotonic() - start:.1f} s)", flush=True)
    return status


# The environment


def prepare(extra: str) -> None:
    """Make `.venv` hold the project with `extra`, from nothing if need be."""
    if not program("python").exists():
        print(f"making {ENVIRONMENT.name}", flush=True)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
    stamp = ENVIRONMENT / f"installed{extra}"
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"installing flowcheck{extra}", flush=True)
        run("python", "-m", "pip", "install", "--quiet", "--editable", f"{ROOT}{extra}").check_returncode()
        stamp.write_text(wanted, encoding="utf-8")


def program(name: str, environment: Path = ENVIRONMENT) -> Path:
    """Where a virtual environment keeps one of its programs."""
    windows = os.name == "nt"
    return environment / ("Scripts" if windows else "bin") / (f"{name}.exe" if windows else name)


def run(name: str, *arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a program of `.venv`, shown as one would type it."""
    print(f"$ {name} {' '.join(arguments)}", flush=True)
    return subprocess.run([program(name), *arguments], cwd=cwd, check=False, text=True)


def tool(name: str, *arguments: str) -> Callable[[], int]:
    """Make a step of one program of `.venv`."""
    return lambda: run(name, *arguments).returncode


# The example


def run_example() -> int:
    """Show the example's report. Status 0 when it holds a leak, as it should."""
    return expect_findings(run("flowcheck", "check", cwd=EXAMPLE).returncode)


def expect_findings(status: int) -> int:
    """Turn flowcheck's status, 1 for findings, into success, and anything else into failure."""
    return {0: 1, 1: 0}.get(status, status)


def example_report() -> str:
    """Return what `flowcheck check` prints on the example, without colour."""
    command = [str(program("flowcheck")), "check", "--color", "never"]
    environment = {**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1"}
    return subprocess.run(
        command, cwd=EXAMPLE, env=environment, stdout=subprocess.PIPE, check=False, encoding="utf-8"
    ).stdout


def readme_with(report: str) -> str:
    """Return the README with the example's report, shortened, in its place."""
    before, _, rest = README.read_text(encoding="utf-8").partition(REPORT_START)
    _, _, after = rest.partition(REPORT_END)
    return f"{before}{REPORT_START}{shortened(report)}{REPORT_END}{after}"


def shortened(report: str) -> str:
    """Return a report's first finding and its summary."""
    lines = report.splitlines()
    heads = [number for number, line in enumerate(lines) if line.startswith(("error ", "warning ", "note "))]
    summary = next((number for number, line in enumerate(lines) if SUMMARY.match(line)), len(lines))
    finding = lines[: min([*heads[1:2], summary])]
    gap = ["..."] if len(heads) > 1 else []
    return "\n".join(["\n".join(finding).rstrip(), "", *gap, "", *lines[summary:], ""])


def check_readme() -> int:
    """Check that the README shows what the tool prints today."""
    if readme_with(example_report()) == README.read_text(encoding="utf-8"):
        return 0
    print("README.md does not show what flowcheck prints on examples/chirp: run `python3 dev.py readme`")
    return 1


# The contract


def check_contract() -> int:
    """Run the contract's program where it stands beside the project: what fails must be what is pending."""
    if not CONTRACT.exists():
        print("not here: nothing to run")
        return 0
    command = [sys.executable, str(CONTRACT), str(program("flowcheck"))]
    print(f"$ python3 {CONTRACT.name} flowcheck", flush=True)
    output = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True).stdout
    print(output, end="")
    results = contract_results(output)
    problems = contract_problems(results, pending_checks())
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems or not results else 0


def contract_results(output: str) -> dict[str, bool]:
    """Return each check's name, and whether it passed."""
    lines = (line.split(maxsplit=2) for line in output.splitlines())
    return {words[1]: words[0] == "ok" for words in lines if len(words) > 1 and words[0] in ("ok", "FAIL")}


def contract_problems(results: dict[str, bool], pending: Sequence[str]) -> list[str]:
    """Say where the results and the list of pending checks disagree."""
    failed = [f"fails: {name}" for name, passed in results.items() if not passed and name not in pending]
    passes = [f"passes, take it off {PENDING.name}: {name}" for name in pending if results.get(name)]
    unknown = [f"no such check: {name}" for name in pending if name not in results]
    return failed + passes + unknown


def pending_checks() -> tuple[str, ...]:
    """Return the names of the checks that later issues bring: one a line, with a comment after `#`."""
    lines = (line.partition("#")[0].strip() for line in PENDING.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line)


# The built distribution


def check_wheel() -> int:
    """Build sdist and wheel, install each into an empty environment, and run it on the example."""
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as scratch:
        folder = Path(scratch)
        built = run("python", "-m", "build", "--outdir", str(folder))
        files = [next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))] if built.returncode == 0 else []
        return built.returncode or max(install_and_run(file, folder / f"venv{file.suffix}") for file in files)


def install_and_run(file: Path, environment: Path) -> int:
    """Install a wheel or an sdist into a new environment, and check that what is installed there works."""
    venv.create(environment, with_pip=True)
    print(f"$ pip install {file.name}", flush=True)
    install = [str(program("python", environment)), "-m", "pip", "install", "--quiet", str(file)]
    status = subprocess.run(install, check=False).returncode
    return status or expect_findings(run_installed(environment))


def run_installed(environment: Path) -> int:
    """Run the installed flowcheck on the example, away from the repository's own environment."""
    command = [str(program("flowcheck", environment)), "check", "--quiet", "--no-cache"]
    print("$ flowcheck check --quiet --no-cache", flush=True)
    return subprocess.run(command, cwd=EXAMPLE, stdout=subprocess.DEVNULL, check=False).returncode


# The lowest versions of the dependencies


LEAST = re.compile(r'^    "([\w-]+)>=([\w.]+)",$', re.MULTILINE)


def check_lowest() -> int:
    """Run the tests in a new environment that has of each dependency the lowest version that is declared."""
    with tempfile.TemporaryDirectory(prefix="flowcheck-") as scratch:
        environment, constraints = Path(scratch) / "venv", Path(scratch) / "constraints.txt"
        constraints.write_text(lowest_versions(), encoding="utf-8")
        venv.create(environment, with_pip=True)
        install = [str(program("python", environment)), "-m", "pip", "install", "--quiet"]
        done = subprocess.run([*install, "--editable", f"{ROOT}[test]", "-c", str(constraints)], check=False)
        tests = [str(program("python", environment)), "-m", "pytest", "-q", "-n", "2"]
        return done.returncode or subprocess.run(tests, cwd=ROOT, check=False).returncode


def lowest_versions() -> str:
    """`click==8.1` for `"click>=8.1"`, a line for each of the dependencies; the tools of development stay free."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    _, _, rest = text.partition("\ndependencies = [\n")
    return "".join(f"{name}=={least}\n" for name, least in LEAST.findall(rest.partition("\n]")[0]))


UNTRACED = (
    "tests/test_fixtures_sameness.py",
    "tests/test_generated_programs.py",
    "tests/test_installed_packages.py",
    "tests/bulk",
    "tests/trust",
)
"""Tests that run again, in other ways, what other tests cover: being traced doubles their time."""

TESTS = ("-n", "2", "--cov", "--cov-report", "term", *(f"--ignore={path}" for path in UNTRACED))

STEPS = (
    Step("lint", "ruff finds nothing", tool("ruff", "check", ".")),
    Step("format", "the code is formatted", tool("ruff", "format", "--check", ".")),
    Step("types", "strict types hold", tool("mypy")),
    Step("layers", "imports only point down", tool("lint-imports", "--no-logo")),
    Step("self", "flowcheck finds nothing in itself", tool("flowcheck", "check")),
    Step("readme", "the README shows today's report", check_readme),
    Step("contract", "the contract holds, but for what is pending", check_contract, is_apart=True),
    Step("wheel", "what is built installs and runs", check_wheel),
    Step("tests", "tests pass, and cover the code", tool("pytest", *TESTS)),
    Step("untraced", "what was covered holds in other ways", tool("pytest", "-n", "2", *UNTRACED)),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
