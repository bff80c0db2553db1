"""`flowcheck explain`: one finding, whole."""

from __future__ import annotations

from typing import Any

import click

from flowcheck.api import everything, finding_with
from flowcheck.cli.options import analysis_options, backend_of, color_option, paths_option, request_from
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import look_for, write_report
from flowcheck.report.explain import render_explanation


@click.command("explain")
@click.argument("fingerprint")
@paths_option
@analysis_options
@color_option
@click.pass_context
def command(context: click.Context, /, fingerprint: str, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """Show one finding whole: code frames, what the policy says, and how to fix it.

    FINGERPRINT is the one that a report shows; its beginning is enough.
    """
    request = request_from(options)
    with watching(is_quiet=False) as progress:
        analysis = backend_of(context).analyse(request, progress)
    finding = finding_with(everything(analysis, request), fingerprint)
    look = look_for(options["color"], analysis.root, None)
    write_report(render_explanation(finding, analysis.rules.policies, analysis.lines, look), None, is_for_people=True)
