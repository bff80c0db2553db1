"""`flowcheck init`: a first configuration, with fields that may be worth marking."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flowcheck.cli.options import analysis_options, backend_of, paths_argument, request_from
from flowcheck.cli.streams import write_file
from flowcheck.errors import FlowcheckError
from flowcheck.report.proposals import Proposal
from flowcheck.report.starter import starter_config
from flowcheck.report.words import counted, printable


class ConfigExistsError(FlowcheckError):
    """There is a configuration already; `shown` is its name."""

    def __init__(self, shown: str) -> None:
        super().__init__(shown)
        self.shown = shown

    def __str__(self) -> str:
        return f"{self.shown} is there already and is left as it is; add what is proposed above by hand"


@click.command("init")
@paths_argument
@analysis_options
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """Write a starter flowcheck.toml, and propose fields to mark, with the evidence.

    A configuration that is there already is never touched.
    """
    found = backend_of(context).proposals(request_from(options))
    for proposal in found.found:
        click.echo(printable(line_for(proposal)))
    if found.taken is not None:
        raise ConfigExistsError(found.taken)
    write_file(starter_config(found.found), found.config)
    click.echo(said(found.config, len(found.found)))


def line_for(proposal: Proposal) -> str:
    """A proposal in a line."""
    span = proposal.place.span
    return f"{proposal.place.path}:{span.line}: {proposal.field} ({', '.join(proposal.evidence)})"


def said(config: Path, number: int) -> str:
    """What was done and what comes next."""
    if number:
        return f"wrote {config.name} with {counted(number, 'proposal')}: uncomment those that are right"
    return f"wrote {config.name}; no field looks security-collected by its name: mark yours, then run flowcheck check"
