"""Text to a syntax tree, and what the parser rejects to a problem."""

from __future__ import annotations

import gc
import io
import re
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager

import libcst as cst

from flowcheck.facts.files import Problem

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
    said = error.message.strip().partition("\n")[0].removeprefix("tokenizer error: ")
    return Problem(_line_of_bad_token(text), said)


def _line_of_bad_token(text: str) -> int:
    """The line of what is no token: the parser does not tell it."""
    line = 1
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            line = token.start[0]
            if token.type == tokenize.ERRORTOKEN and token.string.strip():
                return line
    except tokenize.TokenError as error:
        return int(error.args[1][0])
    except SyntaxError as error:
        return error.lineno or line
    return 1
