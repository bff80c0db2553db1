"""The formats of `check`, each loaded when it is asked for."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from flowcheck.api import Analysis
from flowcheck.report.model import Report

MACHINE_FORMATS: dict[str, tuple[str, str]] = {
    "json": ("flowcheck.report.json_report", "render_json"),
    "sarif": ("flowcheck.report.sarif", "render_sarif"),
    "github": ("flowcheck.report.github", "render_github"),
    "gitlab": ("flowcheck.report.gitlab", "render_gitlab"),
    "html": ("flowcheck.report.html_page", "render_html"),
}
"""Each format's module and function."""

NAMES = ("text", *MACHINE_FORMATS)


class Renderer(Protocol):
    """Makes the text of a report; those that show more than the report holds also take what they show."""

    def __call__(self, report: Report) -> str:
        """The whole output."""


def rendered(form: str, report: Report, analysis: Analysis) -> str:
    """The report in a format for programs."""
    module, function = MACHINE_FORMATS[form]
    render = getattr(importlib.import_module(module), function)
    return cast("Renderer", render)(report)
