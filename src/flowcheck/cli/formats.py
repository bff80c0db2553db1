"""The formats of `check` and `graph`, each loaded when it is asked for."""

from __future__ import annotations

import importlib
from typing import Protocol, cast

from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Report

RENDERERS: dict[str, tuple[str, str]] = {
    "json": ("flowcheck.report.json_report", "render_json"),
    "sarif": ("flowcheck.report.sarif", "render_sarif"),
    "github": ("flowcheck.report.github", "render_github"),
    "gitlab": ("flowcheck.report.gitlab", "render_gitlab"),
    "gitlab-sast": ("flowcheck.report.gitlab_sast", "render_gitlab_sast"),
    "dot": ("flowcheck.report.graph", "render_dot"),
    "graphml": ("flowcheck.report.graph", "render_graphml"),
    "node-link": ("flowcheck.report.graph", "render_node_link"),
    "mermaid": ("flowcheck.report.graph", "render_mermaid"),
    "graph-page": ("flowcheck.report.html_page", "render_graph_page"),
}
"""Each renderer's module and function."""


class Renderer(Protocol):
    """Makes the whole output from a report alone."""

    def __call__(self, report: Report) -> str:
        """The whole output."""


def rendered(form: str, report: Report, lines: SourceLines) -> str:
    """The report in a format for programs, or as a page."""
    if form == "html":
        return importlib.import_module("flowcheck.report.html_page").render_html(report, lines)  # type: ignore[no-any-return]
    module, function = RENDERERS[form]
    return cast("Renderer", getattr(importlib.import_module(module), function))(report)
