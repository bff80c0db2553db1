"""flowcheck finds privacy leaks in the data flow of Python programs.

report = flowcheck.check(["src"])
for finding in report.findings:
    print(finding.policy, finding.message)
"""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from flowcheck.report.model import Report

__version__ = "0.1.0"
__all__ = ["__version__", "check"]


def check(
    paths: Iterable[str | PathLike[str]] = (),
    config: str | PathLike[str] | None = None,
    *,
    executor: Executor | str | None = None,
    store: str | None = None,
) -> Report:
    """Analyse files and folders, and return what was found; without any, those of the configuration.

    `config` is the configuration file, else the nearest one above the current folder is used. With an `executor`, or
    the name of one (`dask:ADDRESS`), every file is parsed and lowered there first. `store` is the address of a folder
    or bucket (for fsspec) through which machines share what was lowered. Raises flowcheck.errors.FlowcheckError for
    what cannot be used. More can be asked for by a flowcheck.api.Request.
    """
    from pathlib import Path  # noqa: PLC0415 - importing flowcheck.marks must cost nothing

    from flowcheck import api  # noqa: PLC0415

    request = api.Request(
        paths=tuple(map(Path, paths)),
        config=Path(config) if config else None,
        jobs=1,  # a process more would run the caller's script again, unless that is written for it
        executor=executor,
        store=store,
    )
    return api.check(request)
