"""`flowcheck why-not`: why a flow that was expected was not found."""

from __future__ import annotations

from typing import Any

import click

from flowcheck.api import everything
from flowcheck.cli.options import analysis_options, backend_of, color_option, paths_option, request_from
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import look_for, write_report
from flowcheck.report.whynot import answer, render_answer


@click.command("why-not")
@click.argument("source")
@click.argument("sink")
@paths_option
@analysis_options
@color_option
@click.pass_context
def command(context: click.Context, /, source: str, sink: str, **options: Any) -> None:  # noqa: ANN401 (click's own)
    """Say where the data of SOURCE stopped on its way to SINK, and why.

    Both are names that `flowcheck inventory` shows; the end of a name is enough (`User.phone`).
    """
    request = request_from(options)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    known = answer(analysis.solution, everything(analysis, request), source, sink)
    look = look_for(options["color"], analysis.root, None)
    write_report(render_answer(known, analysis.lines, look), None, is_for_people=True)
