"""`--format html`: one page that needs nothing else, to open from disk, search, and pass on.

What comes from the analysed code is shown as text, never as markup: the templates escape all of it, and the
page's own policy forbids it to load anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from flowcheck import __version__
from flowcheck.flow.results import BlindSpot, Place
from flowcheck.report.drawing import picture_of
from flowcheck.report.graph import taint_graph
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Finding, Report, Step
from flowcheck.report.text import destinations, gravest, headline, sink_words, source_words, verdict
from flowcheck.report.words import printable

CONTEXT = 1
TONES = {"source": "warning", "sink": "error"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of code; `meant` is the part of it that is spoken of."""

    number: int
    before: str
    meant: str = ""
    after: str = ""
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as shown."""

    kind: str
    tone: str
    where: str
    place: str
    note: str
    assumed: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as shown; `words` is what the search looks through."""

    anchor: str
    policy: str
    severity: str
    confidence: str
    headline: str
    where: str
    facts: tuple[tuple[str, str], ...]
    steps: tuple[StepView, ...]
    supplied_steps: tuple[StepView, ...]
    fix: str
    fingerprint: str
    words: str


@dataclass(frozen=True, slots=True)
class DestinationView:
    """How many findings go one way; `query` finds them."""

    purpose: str
    use: str
    recipient: str
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class NoteView:
    """A place with a message."""

    where: str
    message: str
    remedy: str = ""


def render_html(report: Report, lines: SourceLines) -> str:
    """The report as a page."""
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            version=__version__,
            verdict=verdict(report),
            tone=gravest(report) if report.findings else "fine",
            destinations=[destination_view(way, number) for way, number in ways(report)],
            picture=picture_of(taint_graph(report)),
            findings=[finding_view(finding, lines) for finding in report.findings],
            suppressed=[finding_view(finding, lines) for finding in report.suppressed],
            allowed=[finding_view(finding, lines) for finding in report.allowed],
            blind_spots=[spot_view(spot) for spot in report.blind_spots],
            errors=[NoteView(printable(f"{each.path}:{each.line}"), printable(each.message)) for each in report.errors],
            statistics=sorted(report.statistics.items()),
        )
    )


def render_graph_page(report: Report) -> str:
    """The taint graph alone, as a page."""
    picture = picture_of(taint_graph(report))
    return environment().get_template("graph.html.j2").render(version=__version__, picture=picture)


def environment() -> Environment:
    """Templates that escape everything and know every name they use."""
    loader = PackageLoader("flowcheck.report", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def ways(report: Report) -> list[tuple[tuple[str, str, str], int]]:
    """Purpose, use and recipient with the number of findings, most first."""
    return sorted(destinations(report).items(), key=lambda way: (-way[1], way[0]))


def destination_view(way: tuple[str, str, str], number: int) -> DestinationView:
    """What is shown of one way."""
    purpose, use, recipient = map(printable, way)
    return DestinationView(purpose, use, recipient, number, f"{purpose} {use} {recipient}".lower())


def finding_view(finding: Finding, lines: SourceLines) -> FindingView:
    """What is shown of a finding."""
    facts = tuple((name, printable(text)) for name, text in facts_of(finding))
    shown = [finding.policy, headline(finding), shown_place(finding.sink.place), *(text for _, text in facts)]
    steps = finding.path or (Step(finding.sink.name, finding.sink.place, "", ""),)
    return FindingView(
        anchor=f"finding-{finding.fingerprint}",
        policy=finding.policy,
        severity=finding.severity,
        confidence=finding.confidence,
        headline=printable(headline(finding)),
        where=shown_place(finding.sink.place),
        facts=facts,
        steps=steps_view(steps, lines),
        supplied_steps=steps_view(finding.supplied_path, lines),
        fix=finding.fix,
        fingerprint=finding.fingerprint,
        words=printable(" ".join(shown)).lower(),
    )


def facts_of(finding: Finding) -> Iterator[tuple[str, str]]:
    """What was collected for what, where it goes, and why it is allowed or suppressed."""
    if finding.source is not None:
        yield "collected", source_words(finding.source)
        if finding.supplied is not None:
            yield "matched with", source_words(finding.supplied)
        yield "goes to", sink_words(finding.sink)
    if finding.because is not None:
        yield "allowed by", f"{finding.because.kind} {finding.because.name}, {shown_place(finding.because.place)}"
    if finding.suppression is not None:
        until = f" (until {finding.suppression.until})" if finding.suppression.until else ""
        yield "suppressed", f"{finding.suppression.reason or 'no reason given'}{until}"


def steps_view(steps: Sequence[Step], lines: SourceLines) -> tuple[StepView, ...]:
    """What is shown of a path."""
    return tuple(step_view(step, lines) for step in steps)


def step_view(step: Step, lines: SourceLines) -> StepView:
    """What is shown of a step."""
    return StepView(
        kind=step.kind,
        tone=TONES.get(step.kind, "soft"),
        where=shown_place(step.place),
        place=shown_place(step.place),
        note=printable(step.note),
        assumed=step.assumed,
        rows=tuple(rows_around(step, lines)),
    )


def rows_around(step: Step, lines: SourceLines) -> Iterator[Row]:
    """The step's line with its value marked, and its neighbours."""
    span, path = step.place.span, step.place.path
    count = len(lines.of(path))
    if not count:
        yield Row(span.line, printable(step.code), is_main=True)
    for number in range(max(1, span.line - CONTEXT), min(count, span.line + CONTEXT) + 1):
        code = lines.line(path, number)
        if number != span.line:
            yield Row(number, printable(code))
        else:
            start = span.column - 1
            end = span.end_column - 1 if span.end_line == span.line else len(code)
            yield Row(number, printable(code[:start]), printable(code[start:end]), printable(code[end:]), is_main=True)


def spot_view(spot: BlindSpot) -> NoteView:
    """What is shown of a blind spot; its remedy keeps its lines."""
    remedy = "\n".join(map(printable, spot.remedy.split("\n")))
    return NoteView(shown_place(spot.place), printable(spot.message), remedy)


def shown_place(place: Place) -> str:
    """`app.py:7:5`."""
    return printable(f"{place.path}:{place.span.line}:{place.span.column}")
