"""What a bug of ours costs: the part that it strikes, not the run.

    outcome = attempted(lambda: lower(content))      the facts, or the `Fault` that struck instead of them

Nothing below the composition root catches what it does not expect. Here, where a run is put together from parts that
do not need one another (the lowering of a file, the evaluation of a function), one that fails is told with its file and
function, and the rest goes on without it.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flowcheck.errors import FlowcheckError

T = TypeVar("T")

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Fault:
    """A bug of ours that struck. `path`, `line` and `function` are what was looked at, "" when that is not known."""

    error: Exception
    path: str = ""
    line: int = 1
    function: str = ""

    def __str__(self) -> str:
        at = f" at {self.origin}" if self.origin else ""
        inside = f" in {self.function}" if self.function else ""
        return f"internal error{inside}: {type(self.error).__name__}{at}; the rest was analysed without it"

    @property
    def origin(self) -> str:
        """The file of flowcheck that raised the error, and the line: `flow/calls.py:120`; "" when none did."""
        frames = [frame for frame in traceback.extract_tb(self.error.__traceback__) if is_ours(frame.filename)]
        if not frames:
            return ""
        return f"{Path(frames[-1].filename).resolve().relative_to(PACKAGE).as_posix()}:{frames[-1].lineno}"


def is_ours(name: str) -> bool:
    """Whether a file is one of flowcheck's own."""
    return Path(name).resolve().is_relative_to(PACKAGE)


def attempted(work: Callable[[], T]) -> T | Fault:
    """What `work` returns, or the bug that struck in it. What is no bug of ours is raised as ever."""
    try:
        return work()
    except (FlowcheckError, OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a bug may raise anything; this is the composition root
        return Fault(error)
