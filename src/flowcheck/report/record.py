"""The record that an auditor asks for: what is collected and used for what, what makes flows lawful, what is not seen.

Each thing is a row of the same columns, so that a table program can sort them; the last word of a row's kind says
whether it was marked (source, sink, ...), is a flow (finding, lawful flow) or a blind spot.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from flowcheck import __version__
from flowcheck.flow.results import BlindSpot, InventoryEntry
from flowcheck.report.html_page import environment
from flowcheck.report.inventory import Row, entry_order
from flowcheck.report.model import Finding, Report

SCHEMA_VERSION = "1.0"


def rows_of(entries: Iterable[InventoryEntry], report: Report) -> Iterator[Row]:
    """Every row: what is marked, then the flows, then what could not be followed."""
    categories = {f.source.name: f.source.category or "" for f in report.findings + report.allowed if f.source}
    for entry in sorted(set(entries), key=entry_order):
        yield entry_row(entry, entry.category or categories.get(entry.name, ""))
    for finding in report.findings:
        yield flow_row("finding", finding, f"{finding.policy}, {finding.severity}, {finding.confidence}")
    for finding in report.suppressed:
        yield flow_row("suppressed flow", finding, finding.suppression.reason if finding.suppression else "")
    for finding in report.allowed:
        yield flow_row("lawful flow", finding, because(finding))
    for spot in report.blind_spots:
        yield blind_row(spot)


def entry_row(entry: InventoryEntry, category: str) -> Row:
    """A marked thing."""
    is_data = entry.kind in {"source", "supplied"}
    purpose, used_for = (entry.purpose, "") if is_data else ("", entry.purpose)
    is_sink = entry.kind == "sink"
    return Row(
        entry.kind,
        entry.name,
        purpose,
        used_for,
        category if is_data else "",
        entry.detail if is_sink else "",
        entry.place.path,
        entry.place.span.line,
        "" if is_sink else entry.detail,
    )


def flow_row(kind: str, finding: Finding, detail: str) -> Row:
    """A flow, by its use; its source is part of the name."""
    source = finding.source
    return Row(
        kind,
        f"{source.name} -> {finding.sink.name}" if source is not None else finding.sink.name,
        source.purpose if source is not None else "",
        finding.sink.used_for,
        (source.category or "") if source is not None else "",
        finding.sink.recipient or "",
        finding.sink.place.path,
        finding.sink.place.span.line,
        detail,
    )


def because(finding: Finding) -> str:
    """What makes a flow lawful, and where that stands."""
    if finding.because is None:
        return ""
    place = finding.because.place
    return f"{finding.because.kind} {finding.because.name} at {place.path}:{place.span.line}"


def blind_row(spot: BlindSpot) -> Row:
    """Data that went where it could not be followed, and the remedy."""
    return Row(
        "blind spot",
        spot.name,
        ", ".join(spot.labels),
        "",
        "",
        "",
        spot.place.path,
        spot.place.span.line,
        " ".join(spot.remedy.split()),
    )


def render_json(rows: Iterable[Row]) -> str:
    """The record as JSON."""
    whole = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "flowcheck", "version": __version__},
        "rows": [asdict(row) for row in rows],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def render_csv(rows: Iterable[Row]) -> str:
    """The record as a table for a spreadsheet: texts that such a program would take for formulas are quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Row.__slots__)
    for row in rows:
        writer.writerow([harmless(value) for value in asdict(row).values()])
    return out.getvalue()


def harmless(value: object) -> object:
    """A cell that no table program evaluates."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def render_html(rows: Iterable[Row]) -> str:
    """The record as one page that needs nothing else."""
    page: str = (
        environment()
        .get_template("record.html.j2")
        .render(
            columns=[name.replace("_", " ") for name in Row.__slots__],
            rows=[asdict(row) for row in rows],
            version=__version__,
        )
    )
    return page


RENDERERS = {"json": render_json, "csv": render_csv, "html": render_html}
"""What writes the record in each form but text."""
