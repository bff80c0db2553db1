"""Other tools on the same code base: how each is started, for those that are on the PATH.

Pysa and Semgrep look for a flow from a field to a function of a code base that generate.py made, the others check
types. No figure says who finds more.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

Command: TypeAlias = "list[str] | None"

SOURCE, SINK = "shop.accounts.User.recovery_phone", "shop.ads.upload_audience"

SEMGREP_RULE = """\
rules:
  - id: measured
    mode: taint
    languages: [python]
    severity: ERROR
    message: measured
    pattern-sources: [{pattern: $X.recovery_phone}]
    pattern-sinks: [{pattern: upload_audience(...)}]
"""

PYSA_MODELS = f"""\
{SOURCE}: TaintSource[Security] = ...
def {SINK}(rows: TaintSink[Advertising]): ...
"""


def semgrep(folder: Path, scratch: Path) -> Command:
    """Semgrep with one rule."""
    rule = scratch / "semgrep.yml"
    rule.write_text(SEMGREP_RULE, encoding="utf-8")
    return found("semgrep", "scan", "--metrics=off", "--disable-version-check", "--quiet", "--config", str(rule), ".")


def pysa(folder: Path, scratch: Path) -> Command:
    """Pysa with one source, one sink and the rule that joins them."""
    models = scratch / "pysa"
    models.mkdir(exist_ok=True)
    names = [[{"name": name, "comment": ""}] for name in ("Security", "Advertising")]
    rule = {"name": "measured", "code": 9001, "sources": ["Security"], "sinks": ["Advertising"], "message_format": ""}
    config = {"sources": names[0], "sinks": names[1], "features": [], "rules": [rule]}
    (models / "taint.config").write_text(json.dumps(config), encoding="utf-8")
    (models / "shop.pysa").write_text(PYSA_MODELS, encoding="utf-8")
    places = ["--source-directory", str(folder), "--dot-pyre-directory", str(scratch / "pyre")]
    analyse = ["analyze", "--no-verify", "--taint-models-path", str(models)]
    return found("pyre", "--noninteractive", "--number-of-workers", "2", *places, *analyse)


def found(program: str, *arguments: str) -> Command:
    """A command line, None where the program is not installed."""
    place = shutil.which(program)
    return None if place is None else [place, *arguments]


PEERS: dict[str, Callable[[Path, Path], Command]] = {
    "pysa": pysa,
    "semgrep": semgrep,
    "pyright": lambda folder, scratch: found("pyright", str(folder)),
    "pyrefly": lambda folder, scratch: found("pyrefly", "check", str(folder)),
    "ty": lambda folder, scratch: found("ty", "check", str(folder)),
    "mypy": lambda folder, scratch: found(
        "mypy", "--explicit-package-bases", "--cache-dir", str(scratch / "mypy"), "."
    ),
}
"""By name: the command line for a code base, with a folder to write in."""
