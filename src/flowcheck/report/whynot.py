"""`flowcheck why-not SOURCE SINK`: where the data stopped, and why.

Names are those that reports and the inventory show; the end of one is enough (`User.phone`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flowcheck.flow.results import BlindSpot, Flow, Solution, Stop
from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Finding, Report, place_order
from flowcheck.report.words import counted

SHOWN = 20
"""Stops that are shown; the others are counted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about a source and a sink that were expected to meet."""

    source: str
    sink: str
    knows_source: bool
    knows_sink: bool
    findings: tuple[Finding, ...]
    allowed: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unforbidden: tuple[Flow, ...]
    stops: tuple[Stop, ...]
    blind_spots: tuple[BlindSpot, ...]


def is_named(name: str, wanted: str) -> bool:
    """Whether a dotted name is the one wanted, or ends so."""
    return name == wanted or name.endswith((f".{wanted}", f":{wanted}"))


def answer(solution: Solution, report: Report, source: str, sink: str) -> Answer:
    """Look up everything that touches both. `report` must leave nothing out."""
    sources = {entry.name for entry in solution.inventory if entry.kind in ("source", "supplied")}
    sources |= {flow.source.name for flow in solution.flows} | {stop.source.name for stop in solution.stops}
    sinks = {entry.name for entry in solution.inventory if entry.kind == "sink"}
    sinks |= {flow.sink.name for flow in solution.flows}
    stops = [stop for stop in solution.stops if is_named(stop.source.name, source)]
    return Answer(
        source=source,
        sink=sink,
        knows_source=any(is_named(name, source) for name in sources),
        knows_sink=any(is_named(name, sink) for name in sinks),
        findings=between(report.findings, source, sink),
        allowed=between(report.allowed, source, sink),
        suppressed=between(report.suppressed, source, sink),
        unforbidden=unforbidden(solution.flows, report, source, sink),
        stops=tuple(sorted(dict.fromkeys(stops), key=lambda stop: (*place_order(stop.place), stop.reason))),
        blind_spots=report.blind_spots,
    )


def between(findings: Iterable[Finding], source: str, sink: str) -> tuple[Finding, ...]:
    """The findings from the one to the other."""
    return tuple(
        finding
        for finding in findings
        if finding.source and is_named(finding.source.name, source) and is_named(finding.sink.name, sink)
    )


def unforbidden(flows: Iterable[Flow], report: Report, source: str, sink: str) -> tuple[Flow, ...]:
    """Flows from the one to the other of which the report says nothing: no policy speaks of their purposes."""
    reported = {
        (finding.source.name, finding.sink.place)
        for finding in (*report.findings, *report.allowed, *report.suppressed)
        if finding.source
    }
    silent = [
        flow
        for flow in flows
        if is_named(flow.source.name, source)
        and is_named(flow.sink.name, sink)
        and (flow.source.name, flow.sink.place) not in reported
    ]
    return tuple(sorted(silent, key=lambda flow: (*place_order(flow.sink.place), *place_order(flow.source.place))))


def render_answer(known: Answer, lines: SourceLines, look: Look) -> str:
    """The answer in words, with the code of each place."""
    canvas = Canvas(look)
    draw_unknown(canvas, known)
    draw_reached(canvas, known)
    draw_allowed(canvas, known, lines)
    draw_unforbidden(canvas, known)
    draw_stops(canvas, known, lines)
    if known.knows_source and not (known.stops or known.allowed or known.findings or known.unforbidden):
        canvas.line(f"{known.source} is known, but its data reaches no place where it could be followed further.")
    for spot in known.blind_spots:
        where = canvas.place(spot.place.path, spot.place.span.line)
        canvas.line(("blind spot ", "bold blue"), where, f" {spot.message}")
        for row in spot.remedy.split("\n"):
            canvas.line(row, indent=4)
    return canvas.drawn()


def draw_unknown(canvas: Canvas, known: Answer) -> None:
    """Names that nothing in the program has."""
    if not known.knows_source:
        canvas.prose(f"No source is called {known.source}. Is the field marked? flowcheck inventory lists all.")
    if not known.knows_sink:
        canvas.prose(f"No sink is called {known.sink}. Is the use marked? flowcheck inventory lists all.")


def draw_reached(canvas: Canvas, known: Answer) -> None:
    """Findings that are there after all, and those that are suppressed."""
    for finding in known.findings:
        where = canvas.place(finding.sink.place.path, finding.sink.place.span.line)
        canvas.line("It does get there: ", (finding.policy, "bold"), " ", where, f" ({finding.fingerprint})")
    for finding in known.suppressed:
        where = canvas.place(finding.sink.place.path, finding.sink.place.span.line)
        canvas.line("It gets there, and a comment suppresses it: ", (finding.policy, "bold"), " ", where)


def draw_allowed(canvas: Canvas, known: Answer, lines: SourceLines) -> None:
    """Flows that a guard or sanitizer made lawful."""
    for finding in known.allowed:
        because = finding.because
        if because is None:
            continue
        span = because.place.span
        where = canvas.place(because.place.path, span.line)
        canvas.line("It is allowed: ", where, f" {because.kind} {because.name}")
        code = lines.line(because.place.path, span.line)
        canvas.frame(code, span.line, (span.column, span.end_column), indent=2, style="green")


def draw_unforbidden(canvas: Canvas, known: Answer) -> None:
    """Flows that arrive and that no policy forbids."""
    for flow in known.unforbidden:
        where = canvas.place(flow.sink.place.path, flow.sink.place.span.line)
        purposes = f"data collected for {flow.source.purpose} to be used for {flow.sink.used_for}"
        canvas.line("It gets there: ", where, f", but no policy forbids {purposes}")


def draw_stops(canvas: Canvas, known: Answer, lines: SourceLines) -> None:
    """Where the source's data ended without reaching a sink."""
    if not known.stops:
        return
    canvas.line((f"{known.source} stops at {counted(len(known.stops), 'place')}:", "bold"))
    for stop in known.stops[:SHOWN]:
        span = stop.place.span
        canvas.line(canvas.place(stop.place.path, span.line, span.column), f"  {stop.reason}", indent=2)
        end = span.end_column if span.end_line == span.line else span.column + 1
        canvas.frame(lines.line(stop.place.path, span.line), span.line, (span.column, end), indent=2, style="yellow")
    if len(known.stops) > SHOWN:
        canvas.line(f"... and {len(known.stops) - SHOWN} more", indent=2)
