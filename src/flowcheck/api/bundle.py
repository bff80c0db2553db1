"""What a bug report needs, in one archive: versions, what was asked, counts, times, and where errors struck.

No text of the analysed program is in it, nor of its configuration and rules, unless `sources` are asked for; the paths
and names of functions that errors struck are. A file of the archive stands for itself:

    bundle.json           everything in words and numbers
    sources/app.py        the files whose facts were needed, when asked for
"""

from __future__ import annotations

import io
import json
import platform
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path, PurePosixPath

from flowcheck import __version__
from flowcheck.api.containment import Fault, is_ours
from flowcheck.api.requests import Analysis, Request

SCHEMA_VERSION = "1.0"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the archive: when it was made is nobody's business."""


def bundle_of(request: Request, outcome: Analysis | Fault, *, has_sources: bool) -> bytes:
    """The archive for a run that ended, well or in a bug of ours."""
    told = {
        "schema_version": SCHEMA_VERSION,
        "versions": versions(),
        "request": asked(request),
        **(failure(outcome) if isinstance(outcome, Fault) else result(outcome)),
    }
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            add(archive, "bundle.json", json.dumps(told, indent=2, ensure_ascii=True).encode())
            if has_sources and isinstance(outcome, Analysis):
                for path, text in sources(request, outcome):
                    add(archive, f"sources/{path}", text)
        return file.getvalue()


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Put one file into the archive."""
    archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)


def versions() -> dict[str, str]:
    """What ran."""
    found = {"flowcheck": __version__, "python": sys.version.split()[0], "platform": platform.platform()}
    for name in sorted(dependencies()):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def dependencies() -> set[str]:
    """The packages that flowcheck needs."""
    try:
        wanted = requires("flowcheck") or []
    except PackageNotFoundError:
        return set()
    names = (line.partition(";") for line in wanted)
    return {name.rstrip("0123456789.,<>=!~ ") for name, _, condition in names if "extra" not in condition}


def asked(request: Request) -> dict[str, object]:
    """What was asked for, without a path of the project."""
    return {
        "paths": len(request.paths),
        "rule_files": len(request.rules),
        "has_config": request.config is not None,
        "has_builtin_rules": request.has_builtin_rules,
        "has_baseline": request.baseline is not None,
        "min_confidence": request.min_confidence,
        "is_since_a_revision": request.changed_since is not None,
        "jobs": request.jobs,
        "has_cache": request.has_cache,
        "is_eager": request.is_eager,
    }


def result(analysis: Analysis) -> dict[str, object]:
    """What a run came to, in numbers, and what struck it."""
    solution, rules = analysis.solution, analysis.rules
    kinds = ("sources", "sinks", "policies", "sanitizers", "consents", "models")
    return {
        "rules": {kind: len(getattr(rules, kind)) for kind in kinds},
        "statistics": dict(solution.statistics),
        "flows": len(solution.flows),
        "matches": len(solution.matches),
        "blind_spots": dict(sorted(Counter(spot.kind for spot in solution.blind_spots).items())),
        "files_not_analysed": len({path for path, _ in solution.errors}),
        "work": dict(analysis.work),
        "seconds": {stage: round(taken, 3) for stage, taken in analysis.seconds.items()},
        "warnings": len(analysis.warnings),
        "faults": [fault_object(fault) for fault in analysis.faults],
    }


def failure(fault: Fault) -> dict[str, object]:
    """What ended a run."""
    return {"faults": [fault_object(fault)]}


def fault_object(fault: Fault) -> Mapping[str, object]:
    """Where a bug struck, and the way there in flowcheck's own files; not what the error says, which may quote code."""
    frames = traceback.extract_tb(fault.error.__traceback__)
    return {
        "error": type(fault.error).__name__,
        "path": fault.path,
        "line": fault.line,
        "function": fault.function,
        "traceback": [
            f"{PurePosixPath(*Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for frame in frames
            if is_ours(frame.filename)
        ],
    }


def sources(request: Request, analysis: Analysis) -> Iterator[tuple[str, bytes]]:
    """The files that the analysis needed, the configuration and the rule files, with their names in the archive."""
    for name in analysis.loaded:
        yield name, "\n".join(analysis.lines.of(name)).encode("utf-8", "surrogateescape")
    configs = [analysis.root / name for name in ("flowcheck.toml", "pyproject.toml")]
    for path in (*configs, *(request.current / rule for rule in request.rules)):
        if path.is_file():
            yield f"configuration/{path.name}", path.read_bytes()
