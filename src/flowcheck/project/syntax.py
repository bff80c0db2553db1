"""Which files may be no valid Python, without parsing them in earnest.

A broken file is reported even if no leak could touch it. The running interpreter's own parser is ten
times as fast as a concrete syntax tree, but it may be older than the code: what it refuses is only suspected.
"""

from __future__ import annotations

import symtable
import warnings
from collections.abc import Sequence
from pathlib import Path

from flowcheck.facts.files import SQL_SUFFIX
from flowcheck.project.contents import in_utf8


def is_suspect(content: bytes) -> bool:
    """Whether the running interpreter's parser refuses a file."""
    try:
        symtable.symtable(content, "<file>", "exec")  # type: ignore[arg-type]  # bytes are fine, as for compile()
    except (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError):
        return True
    return False


def suspects(files: Sequence[str]) -> tuple[int, ...]:
    """The positions of the files that are suspect; one that cannot be read is. Fit to be run in another process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return tuple(number for number, file in enumerate(files) if _is_suspect_file(file))


def _is_suspect_file(file: str) -> bool:
    try:
        content = Path(file).read_bytes()
        return b"\0" in in_utf8(content) if file.endswith(SQL_SUFFIX) else is_suspect(content)
    except OSError:
        return True
