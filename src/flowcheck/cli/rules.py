"""`flowcheck rules`: the rules in force, read and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from flowcheck.cli.options import analysis_options, backend_of, color_option, paths_option, request_from
from flowcheck.cli.streams import look_for, warn, write_report
from flowcheck.report.rules_listing import render_rules


@click.command("rules")
@paths_option
@analysis_options
@click.option("--models", is_flag=True, help="List the built-in models of libraries too.")
@color_option
@click.pass_context
def command(context: click.Context, /, *, models: bool, **options: Any) -> None:  # noqa: ANN401 (click's own values)
    """List and explain the rules in force, and validate them: a mistake is named with its file and line."""
    rules = backend_of(context).rules(request_from(options))
    warn(str(warning) for warning in rules.warnings)
    look = look_for(options["color"], Path(), None)
    write_report(render_rules(rules, look, has_models=models), None, is_for_people=True)
