"""Text to a syntax tree, and what the parser rejects to a problem."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from flowcheck.facts.files import Problem


def parse(text: str) -> cst.Module | Problem:
    """The syntax tree of a file, in the grammar of every Python from 3.8 on."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return Problem(error.raw_line, _first_line(error.message))
    except cst.CSTLogicError as error:
        return Problem(1, f"not understood by the parser: {error}")


def parse_annotation(text: str) -> cst.BaseExpression | None:
    """The expression in a string annotation; None when it holds none."""
    try:
        return cst.parse_expression(text.strip())
    except (cst.ParserSyntaxError, cst.CSTLogicError):
        return None


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking a growing tree, again and again, that is all in use."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0]
