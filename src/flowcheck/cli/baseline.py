"""`flowcheck baseline`: accept today's findings."""

from __future__ import annotations

from typing import Any

import click

from flowcheck.api import write_baseline
from flowcheck.cli.options import analysis_options, backend_of, paths_argument, request_from
from flowcheck.cli.progress import watching
from flowcheck.report.words import counted


@click.command("baseline")
@paths_argument
@analysis_options
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """Accept today's findings; later checks report only new ones.

    They are written to the configuration's `baseline` file, else to flowcheck-baseline.json. Commit that file.
    """
    request = request_from(options)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    path, number = write_baseline(analysis, request)
    click.echo(f"{counted(number, 'finding')} accepted in {path.name}")
