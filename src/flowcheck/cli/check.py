"""`flowcheck check`: analyse, report, and say by the status whether there is something to report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from flowcheck.api import Analysis, Backend, Fault, Progress, Request, attempted, report_of
from flowcheck.cli.formats import rendered
from flowcheck.cli.options import (
    PATH,
    analysis_options,
    backend_of,
    color_option,
    format_option,
    output_option,
    paths_argument,
    request_from,
)
from flowcheck.cli.progress import watching
from flowcheck.cli.streams import append_file, look_for, say_effort, warn, write_bytes, write_report
from flowcheck.report.model import Report
from flowcheck.report.text import TextOptions, render_text
from flowcheck.report.words import printable


@click.command("check")
@paths_argument
@analysis_options
@format_option(("text", "json", "sarif", "github", "gitlab", "gitlab-sast", "html"), "text")
@output_option
@click.option("--baseline", type=PATH, metavar="FILE", help="Report only what this baseline does not hold.")
@click.option("--strict", is_flag=True, help="Status 2 when a file cannot be read or parsed.")
@click.option(
    "--min-confidence",
    type=click.Choice(["confirmed", "possible"]),
    help="Leave out findings that are less sure.",
)
@click.option("--changed-since", metavar="REV", help="Report only paths that touch a line changed since then.")
@click.option("--touching", is_flag=True, help="Report only paths through the PATHs given; analyse the whole project.")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Look at no more functions after that time; what was left is a blind spot.",
)
@click.option("--statistics", is_flag=True, help="Show counts, and times on standard error.")
@click.option("--quiet", is_flag=True, help="Print findings only: no summary, no progress, no warnings.")
@click.option("--debug-bundle", type=PATH, metavar="FILE", help="Write what a bug report needs, without source.")
@click.option("--debug-source", is_flag=True, help="Put the analysed source and the rules into the bundle too.")
@color_option
@click.pass_context
def command(context: click.Context, /, **options: Any) -> int:  # noqa: ANN401 (click's own values)
    """Find leaks and report them, step by step.

    Without a PATH, those of the configuration are analysed, else the current folder.

    Exit status: 0 nothing to report, 1 at least one finding, 2 wrong use, unreadable configuration,
    or an internal error.
    """
    request = request_from(options)
    is_quiet: bool = options["quiet"]
    output: Path | None = options["output"]
    form: str = options["form"]
    bundle = Bundle(options["debug_bundle"], has_sources=options["debug_source"])
    with watching(is_quiet=is_quiet) as progress:
        analysis = bundle.analysed(backend_of(context), request, progress)
    report = report_of(analysis, request)
    if not is_quiet:
        warn(report.warnings)
    if form == "text":
        look = look_for(options["color"], analysis.root, output)
        text = TextOptions(look, is_quiet=is_quiet, has_statistics=options["statistics"])
        write_report(render_text(report, analysis.lines, text), output, is_for_people=True)
    else:
        write_report(rendered(form, report, analysis.lines), output)
    if form == "github":
        add_job_summary(report, os.environ.get("GITHUB_STEP_SUMMARY"))
    if options["statistics"]:
        say_effort(analysis.work, analysis.seconds)
    if analysis.faults:
        say_faults(analysis.faults)
    return status_of(report, is_strict=options["strict"], is_broken=bool(analysis.faults))


@dataclass(frozen=True, slots=True)
class Bundle:
    """Where what a bug report needs is written to, if it is asked for."""

    path: Path | None
    has_sources: bool

    def analysed(self, backend: Backend, request: Request, progress: Progress) -> Analysis:
        """Run an analysis, and write the bundle however that ends."""
        if self.path is None:
            return backend.analyse(request, progress)
        from flowcheck.api.bundle import bundle_of  # noqa: PLC0415 - when something went wrong

        outcome = attempted(lambda: backend.analyse(request, progress))
        write_bytes(bundle_of(request, outcome, has_sources=self.has_sources), self.path)
        if isinstance(outcome, Fault):
            raise outcome.error
        return outcome


def add_job_summary(report: Report, path: str | None) -> None:
    """Add a table of the findings to the summary of the job, where GitHub names a file for it."""
    if path:
        from flowcheck.report.job_summary import render_job_summary  # noqa: PLC0415 - in a job on GitHub only

        append_file(render_job_summary(report), Path(path))


def say_faults(faults: Sequence[Fault]) -> None:
    """Say on standard error which bugs of ours struck what."""
    for fault in faults:
        click.echo(f"error: {printable(f'{fault.path}:{fault.line}: {fault}')}", err=True)
    click.echo("please report it, with what --debug-bundle FILE writes (no source is in it)", err=True)


def status_of(report: Report, *, is_strict: bool, is_broken: bool = False) -> int:
    """0, 1 or 2."""
    if is_broken or (is_strict and report.errors):
        return 2
    return 1 if report.findings else 0
