"""Who runs the bulk stage: an executor that the caller has, one that is named, or processes of this machine.

dask:tcp://10.0.0.5:8786      the workers of a Dask cluster that runs already, through `distributed`
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from flowcheck.errors import FlowcheckError

CONNECTING_SECONDS = 10


class UnusableExecutorError(FlowcheckError):
    """An executor that was named and cannot be had."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"the executor {self.name} cannot be used: {self.reason}"


@contextmanager
def executing(wanted: Executor | str | None) -> Iterator[Executor | None]:
    """The executor that is wanted; one that was named is let go of in the end, one that was given is not.

    Raises UnusableExecutorError.
    """
    if not isinstance(wanted, str):
        yield wanted
        return
    kind, _, address = wanted.partition(":")
    if kind not in KINDS or not address:
        raise UnusableExecutorError(wanted, "it is written dask:ADDRESS")
    with KINDS[kind](wanted, address) as executor:
        yield executor


@contextmanager
def dask(name: str, address: str) -> Iterator[Executor]:
    """The workers of a Dask cluster. Errors are told as UnusableExecutorError."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise UnusableExecutorError(name, "install it by: pip install 'flowcheck[dask]'") from error
    with _quiet("distributed"):
        try:
            client = distributed.Client(address, timeout=CONNECTING_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise UnusableExecutorError(name, f"{reason}; is a scheduler running there?") from error
        try:
            yield client.get_executor(pure=False)
        finally:
            client.close(timeout=CONNECTING_SECONDS)


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Have a library log nothing for a while: what goes wrong, we say in a line."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


KINDS: dict[str, Callable[[str, str], Any]] = {"dask": dask}
"""By the word before the colon: what makes a context of an executor from its whole name and its address."""


def processes(jobs: int) -> ProcessPoolExecutor:
    """So many processes of this machine, which start as other programs do: nothing of this one is in them."""
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
