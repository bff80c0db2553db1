"""`flowcheck inventory`: everything that is marked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from flowcheck.api import everything
from flowcheck.cli.options import (
    analysis_options,
    backend_of,
    color_option,
    format_option,
    output_option,
    paths_argument,
    request_from,
)
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import look_for, write_report
from flowcheck.report.fides import render_fides
from flowcheck.report.inventory import render_inventory
from flowcheck.report.record import RENDERERS, rows_of


@click.command("inventory")
@paths_argument
@analysis_options
@format_option(("text", *RENDERERS, "fides"), "text")
@output_option
@color_option
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """List every source, sink, sanitizer and consent guard in the code, by purpose.

    It is the record that an auditor asks for: the findings, the lawful flows with what makes them so, and the blind
    spots too. `fides` is a manifest of datasets and systems for a privacy register.
    """
    request = replace(request_from(options), wants_all_sinks=True)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    entries = analysis.solution.inventory
    rows = [*rows_of(entries, everything(analysis, request))]
    if options["form"] == "text":
        look = look_for(options["color"], analysis.root, options["output"])
        write_report(render_inventory(entries, look, rows), options["output"], is_for_people=True)
        return
    form = options["form"]
    text = render_fides(rows, analysis.root.name) if form == "fides" else RENDERERS[form](rows)
    write_report(text, options["output"])
