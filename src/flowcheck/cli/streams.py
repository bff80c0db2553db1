"""What is written where: reports to standard output or a file, everything else to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from flowcheck.errors import UnwritableError
from flowcheck.report.canvas import UNICODE, Look

LINKING_TERMINALS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio")
LINKING_VARIABLES = ("KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM")


def look_for(color: str, root: Path, output: Path | None) -> Look:
    """How text looks where it goes: a file, a pipe or a terminal."""
    is_terminal = output is None and sys.stdout.isatty()
    has_color = color == "always" or (color == "auto" and wants_color(os.environ, is_terminal=is_terminal))
    has_links = is_terminal and has_color and makes_links(os.environ)
    return Look(
        width=shutil.get_terminal_size().columns if is_terminal else None,
        has_color=has_color,
        has_unicode=output is not None or can_show(UNICODE.bar + UNICODE.underline + UNICODE.arrow),
        link_root=str(root.resolve()) if has_links else None,
    )


def wants_color(environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Colour on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it anywhere."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return is_terminal and environment.get("TERM") != "dumb"


def makes_links(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one known for hyperlinks."""
    if environment.get("TERM_PROGRAM") in LINKING_TERMINALS or any(name in environment for name in LINKING_VARIABLES):
        return True
    version = environment.get("VTE_VERSION", "")
    return version.isdigit() and int(version) >= 5000


def can_show(text: str) -> bool:
    """Whether standard output has these characters."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def write_report(text: str, output: Path | None, *, is_for_people: bool = False) -> None:
    """Write to the file, else to standard output; what programs read is UTF-8 everywhere."""
    if output is not None:
        write_file(text, output)
        return
    encoding = (sys.stdout.encoding or "utf-8") if is_for_people else "utf-8"
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode(encoding, errors="backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence()
        raise UnwritableError("standard output", error.strerror or "no reason given") from error


def silence() -> None:
    """Let nothing more go to standard output, not even what is left to be flushed at the end."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())


def write_file(text: str, path: Path) -> None:
    """Write a file in UTF-8; raises UnwritableError."""
    write_bytes(text.encode("utf-8", errors="backslashreplace"), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file; raises UnwritableError."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UnwritableError(str(path), error.strerror or "no reason given") from error


def append_file(text: str, path: Path) -> None:
    """Add to a file in UTF-8; raises UnwritableError."""
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8", errors="backslashreplace"))
    except OSError as error:
        raise UnwritableError(str(path), error.strerror or "no reason given") from error


def warn(messages: Iterable[str]) -> None:
    """Say each on standard error, once."""
    for message in dict.fromkeys(messages):
        click.echo(f"warning: {message}", err=True)


def say_effort(work: Mapping[str, int], seconds: Mapping[str, float]) -> None:
    """How much was looked at, and how long each stage took, on standard error: it differs from run to run."""
    for name, number in work.items():
        click.echo(f"{name:<14} {number:6}", err=True)
    for stage, taken in seconds.items():
        click.echo(f"{stage:<14} {taken:8.3f} s", err=True)
