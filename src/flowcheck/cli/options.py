"""Options that several commands share, and the request they make."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import click

from flowcheck.api import Backend, Request, backend

Command = TypeVar("Command", bound=Callable[..., Any])
Decorator: TypeAlias = Callable[[Command], Command]

PATH = click.Path(path_type=Path)

ANALYSIS_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option("--config", type=PATH, metavar="FILE", help="Read this configuration instead of the project's own."),
    click.option(
        "--rules", type=PATH, multiple=True, metavar="PATH", help="Rules from a file or folder; may be repeated."
    ),
    click.option("--no-builtin-rules", is_flag=True, help="Leave out the sources and sinks of the built-in packs."),
    click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Processes for reading files."),
    click.option(
        "--executor", metavar="dask:ADDRESS", help="Read every file on a Dask cluster first, and fill the caches."
    ),
    click.option("--store", metavar="URL", help="Share what is found out about files: a folder or bucket for fsspec."),
    click.option("--no-cache", is_flag=True, help="Neither read nor write the cache of facts."),
    click.option("--eager", is_flag=True, help="Analyse every file, not only what marked data touches."),
)


def analysis_options(command: Command) -> Command:
    """Add the options that say what is analysed and how."""
    for option in reversed(ANALYSIS_OPTIONS):
        command = option(command)
    return command


def paths_argument(command: Command) -> Command:
    """Add `[PATH ...]`: what is analysed."""
    return click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH ...]")(command)


def paths_option(command: Command) -> Command:
    """Add `--path`, for commands whose arguments are other things."""
    text = "Analyse this file or folder; may be repeated."
    return click.option("--path", "paths", type=PATH, multiple=True, metavar="PATH", help=text)(command)


def color_option(command: Command) -> Command:
    """Add `--color`."""
    choice = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choice, default="auto", show_default=True, help="Colour the output.")(command)


def format_option(names: tuple[str, ...], default: str) -> Callable[[Command], Command]:
    """Add `--format`."""
    return click.option(
        "--format", "form", type=click.Choice(names), default=default, show_default=True, help="Form of the output."
    )


def output_option(command: Command) -> Command:
    """Add `--output`."""
    text = "Write there instead of to standard output."
    return click.option("--output", type=PATH, metavar="FILE", help=text)(command)


def request_from(options: dict[str, Any]) -> Request:
    """The request that the options of a command line make; other options are left alone."""
    paths: tuple[Path, ...] = options["paths"]
    for path in paths:
        if not path.exists():
            raise click.UsageError(f"no such file or folder: {path}{did_you_mean(path)}")
    return Request(
        paths=() if options.get("touching") else paths,
        touching=paths if options.get("touching") else None,
        config=options["config"],
        rules=options["rules"],
        has_builtin_rules=not options["no_builtin_rules"],
        baseline=options.get("baseline"),
        min_confidence=options.get("min_confidence"),
        changed_since=options.get("changed_since"),
        jobs=options["jobs"],
        executor=options["executor"],
        store=options["store"],
        has_cache=not options["no_cache"],
        is_eager=options["eager"],
        time_limit=options.get("time_limit"),
    )


def did_you_mean(path: Path) -> str:
    """A hint for a first word that was meant as a command."""
    context = click.get_current_context()
    parent = context.parent
    if parent is None or not isinstance(parent.command, click.Group):
        return ""
    names = get_close_matches(str(path), parent.command.list_commands(parent), n=1)
    return f"; did you mean the command `flowcheck {names[0]}`?" if names else ""


def backend_of(context: click.Context) -> Backend:
    """The backend handed to the command line, else the one that analyses code."""
    return context.obj if isinstance(context.obj, Backend) else backend()
