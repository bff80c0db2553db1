"""Text to a syntax tree, and what the parser rejects to a problem."""

from __future__ import annotations

import gc
import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from flowcheck.facts.files import Problem
from flowcheck.lowering.reading import NEWLINE

_PLACE = re.compile(r"parser error: error at (\d+):")


def parse(text: str) -> cst.Module | Problem:
    """The syntax tree of a file, in the grammar of every Python from 3.8 on."""
    try:
        return cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _problem(error, text)
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


def _problem(error: cst.ParserSyntaxError, text: str) -> Problem:
    """What is wrong, without the list of all tokens that would have been right."""
    place = _PLACE.match(error.message)
    if place is not None:
        return Problem(int(place[1]), "invalid syntax")
    return Problem(_line_of_bad_token(text, error.message), _first_line(error.message))


def _first_line(message: str) -> str:
    return message.strip().partition("\n")[0].removeprefix("tokenizer error: ")


def _line_of_bad_token(text: str, message: str) -> int:
    """The line of what is no token, which the parser does not tell: the first with which it says the same."""
    ends = [*(newline.end() for newline in NEWLINE.finditer(text)), len(text)]
    return 1 + bisect_left(ends, True, key=lambda end: _is_rejected(text[:end], message))


def _is_rejected(text: str, message: str) -> bool:
    """Whether the parser rejects a text with this very message."""
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        return _first_line(error.message) == _first_line(message)
    except cst.CSTLogicError:
        return False
    return False
