"""Room for deep recursion: what nests deep in a file recurses deep in the parser and in what walks its tree, and
calls inside calls of the analysed program are calls inside calls of the interpreter.

The parser is native code and would end the process on a small stack, so such work is done on a thread whose
stack holds whatever the limits let through.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

STACK_BYTES = 512 * 1024 * 1024  # reserved, and not used until a file needs it
RECURSION_LIMIT = 150_000

_LIMITS = threading.Lock()
_THREAD = threading.local()


def with_deep_stack(work: Callable[[], T]) -> T:
    """Call `work` on a thread with a large stack; returns what it returns and raises what it raises.

    On such a thread already, it is called right there.
    """
    if getattr(_THREAD, "is_deep", False):
        return work()
    with _deep_limits(), ThreadPoolExecutor(max_workers=1, initializer=_note_depth) as thread:
        return thread.submit(work).result()


def _note_depth() -> None:
    _THREAD.is_deep = True


@contextmanager
def _deep_limits() -> Iterator[None]:
    """Raise both limits for a while; they belong to the process, so one caller has them at a time."""
    with _LIMITS:
        recursion, stack = sys.getrecursionlimit(), threading.stack_size(STACK_BYTES)
        sys.setrecursionlimit(max(recursion, RECURSION_LIMIT))
        try:
            yield
        finally:
            sys.setrecursionlimit(recursion)
            threading.stack_size(stack)
