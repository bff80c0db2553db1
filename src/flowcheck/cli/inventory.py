"""`flowcheck inventory`: everything that is marked."""

from __future__ import annotations

from typing import Any

import click

from flowcheck.cli.options import analysis_options, backend_of, color_option, paths_argument, request_from
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import look_for, write_report
from flowcheck.report.inventory import render_inventory


@click.command("inventory")
@paths_argument
@analysis_options
@color_option
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """List every source, sink, sanitizer and consent guard in the code, by purpose."""
    request = request_from(options)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    look = look_for(options["color"], analysis.root, None)
    write_report(render_inventory(analysis.solution.inventory, look), None, is_for_people=True)
