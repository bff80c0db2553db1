"""The summary of a job on GitHub: Markdown in which nothing of the analysed code is more than text.

## flowcheck: 1 finding
| | data | goes to | where | steps |
| --- | --- | --- | --- | ---: |
| error FC001 | accounts.User.phone (security) | ads.sync (advertising, Meta) | app.py:7 | 4 |
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from flowcheck.report.model import Finding, Report
from flowcheck.report.text import sink_words, source_words
from flowcheck.report.words import counted, printable

MOST_ROWS = 200
"""GitHub takes a summary of one megabyte."""

MARKUP = "\\`*_{}[]()#+-.!|~@:"


def render_job_summary(report: Report) -> str:
    """A table of the findings, and what else there is, in a sentence."""
    return "\n".join(lines_of(report)) + "\n"


def lines_of(report: Report) -> Iterator[str]:
    """The lines of the summary."""
    yield f"## flowcheck: {counted(len(report.findings), 'finding')}"
    yield ""
    if report.findings:
        yield "| | data | goes to | where | steps |"
        yield "| --- | --- | --- | --- | ---: |"
        yield from map(row_of, report.findings[:MOST_ROWS])
        yield ""
    if len(report.findings) > MOST_ROWS:
        yield f"{len(report.findings) - MOST_ROWS} more findings stand in the log."
    others = {"allowed": report.allowed, "suppressed": report.suppressed, "not analysed": report.errors}
    yield ", ".join(f"{len(those)} {word}" for word, those in others.items())


def row_of(finding: Finding) -> str:
    """One finding as a row."""
    place = finding.sink.place
    data = source_words(finding.source) if finding.source else ""
    cells = (
        f"{finding.severity} {finding.policy}",
        data,
        sink_words(finding.sink) if finding.source else finding.message,
        f"{place.path}:{place.span.line}",
        str(len(finding.path)),
    )
    return f"| {' | '.join(map(literal, cells))} |"


def literal(text: str) -> str:
    """A text that means itself in a cell of Markdown."""
    shown = printable(text.replace("\n", " "))
    return "".join(f"&#{ord(letter)};" if letter in MARKUP else escape(letter) for letter in shown)
