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
    """Raise both limits for a while; they belong to the process, so the last who needs them lowers them again."""
    _DEPTH.raise_limits()
    try:
        yield
    finally:
        _DEPTH.lower_limits()


class _Depth:
    """The limits as they were before anybody raised them, and how many have raised them since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._before = (0, 0)

    def raise_limits(self) -> None:
        with self._lock:
            if self._holders == 0:
                recursion = sys.getrecursionlimit()
                self._before = (recursion, threading.stack_size(STACK_BYTES))
                sys.setrecursionlimit(max(recursion, RECURSION_LIMIT))
            self._holders += 1

    def lower_limits(self) -> None:
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                recursion, stack = self._before
                sys.setrecursionlimit(recursion)
                threading.stack_size(stack)


_DEPTH = _Depth()
