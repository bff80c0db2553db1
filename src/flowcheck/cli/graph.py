"""`flowcheck graph`: where marked data goes, as a graph."""

from __future__ import annotations

from typing import Any

import click

from flowcheck.api import everything
from flowcheck.cli.formats import rendered
from flowcheck.cli.options import (
    analysis_options,
    backend_of,
    format_option,
    output_option,
    paths_argument,
    request_from,
)
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import write_report

FORMATS = {"dot": "dot", "graphml": "graphml", "json": "node-link", "mermaid": "mermaid", "html": "graph-page"}
"""What each format is called on the command line, and its renderer."""


@click.command("graph")
@paths_argument
@analysis_options
@format_option(tuple(FORMATS), "dot")
@output_option
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """Draw where marked data goes: from the data, through the code, to who receives it.

    Findings are solid lines; suppressed and allowed flows are dotted and dashed. `json` is the node-link form
    that networkx and D3 read.
    """
    request = request_from(options)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    report = everything(analysis, request)
    write_report(rendered(FORMATS[options["form"]], report, analysis.lines), options["output"])
