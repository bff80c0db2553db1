"""A progress bar on standard error, when that is a terminal and the run takes over a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from flowcheck.api import Progress as Watcher
from flowcheck.api import silent

PATIENCE = 1.0
"""Seconds before anything is shown."""


@contextmanager
def watching(*, is_quiet: bool) -> Iterator[Watcher]:
    """What a run reports its progress to."""
    if is_quiet or not sys.stderr.isatty():
        yield silent
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.end()


class Bar:
    """Shows itself once patience ends, and is gone when the run is."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task("", total=None)
        self._is_shown = False

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Take note, and show it when it is time."""
        if not self._is_shown and time.monotonic() - self._begun > PATIENCE:
            self._is_shown = True
            self._progress.start()
        self._progress.update(self._task, description=stage, completed=done, total=total)

    def end(self) -> None:
        """Take the bar away."""
        if self._is_shown:
            self._progress.stop()
