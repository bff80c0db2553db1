"""`--format text`: a report that reads as a story, for people who know the product and need not know the code.

    error FC001  app.User.phone was collected for security and is used for advertising
      collected   app.User.phone, for security
      goes to     Meta, for advertising: ads.sync_audience (argument users)

      1. app.py:14:10  source: user.phone is read
             14 │ number = user.phone
                │          ━━━━━━━━━━
      ...
      Fix: Use a contact field the user gave for marketing, or ask for consent.

Each step shows its whole line of code; only on a terminal is it cut to what fits around the value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from flowcheck.flow.results import BlindSpot, SinkUse, SourceUse
from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import SEVERITIES, FileError, Finding, Report, Severity, Step
from flowcheck.report.words import counted

COLORS: dict[Severity, str] = {"error": "red", "warning": "yellow", "note": "blue"}
STEP_COLORS = {"source": "yellow", "sink": "red"}
GUTTER = 2


@dataclass(frozen=True, slots=True)
class TextOptions:
    """What a text report says beside its findings."""

    look: Look = field(default_factory=Look)
    is_quiet: bool = False
    has_statistics: bool = False


def render_text(report: Report, lines: SourceLines, options: TextOptions) -> str:
    """The report as text; gravest findings first, then by place."""
    canvas = Canvas(options.look)
    ranked = sorted(report.findings, key=lambda finding: SEVERITIES.index(finding.severity))
    for finding in ranked:
        draw_finding(canvas, finding, lines)
    if not options.is_quiet:
        draw_errors(canvas, report.errors)
        draw_blind_spots(canvas, report.blind_spots)
        draw_summary(canvas, report)
    if options.has_statistics:
        draw_statistics(canvas, report)
    return canvas.drawn()


def draw_finding(canvas: Canvas, finding: Finding, lines: SourceLines) -> None:
    """One finding: what it is, every step of its path, and how to fix it."""
    color = COLORS[finding.severity]
    doubt = f" {canvas.glyphs.dot} possible" if finding.confidence == "possible" else ""
    canvas.line((finding.severity, f"bold {color}"), " ", (finding.policy, "bold"), doubt)
    canvas.prose(headline(finding), style="bold", indent=GUTTER)
    draw_facts(canvas, finding)
    canvas.blank()
    draw_path(canvas, finding.path or (sink_step(finding, lines),), lines)
    if finding.supplied_path:
        canvas.line("and the data supplied by others:", indent=GUTTER)
        draw_path(canvas, finding.supplied_path, lines)
    if finding.fix:
        canvas.prose(finding.fix, indent=GUTTER, label="Fix: ")
    canvas.line(("flowcheck explain ", "dim"), (finding.fingerprint, "dim"), indent=GUTTER)
    canvas.blank()


def headline(finding: Finding) -> str:
    """One sentence that says what is wrong."""
    source, supplied = finding.source, finding.supplied
    if source is None:
        return finding.message
    collected = f"{source.name} was collected for {source.purpose}"
    if supplied is not None:
        return f"{collected} and is matched with data supplied for {supplied.purpose}"
    return f"{collected} and is used for {finding.sink.used_for}"


def draw_facts(canvas: Canvas, finding: Finding) -> None:
    """What was collected for what, and where it goes."""
    if finding.source is None:
        return
    canvas.blank()
    canvas.prose(source_words(finding.source), indent=GUTTER, label="collected    ")
    if finding.supplied is not None:
        canvas.prose(source_words(finding.supplied), indent=GUTTER, label="matched with ")
    label = "matched by   " if finding.supplied else "goes to      "
    canvas.prose(sink_words(finding.sink), indent=GUTTER, label=label)


def source_words(source: SourceUse) -> str:
    """`app.User.phone (user.contact.phone_number), for security`."""
    category = f" ({source.category})" if source.category else ""
    return f"{source.name}{category}, for {source.purpose}"


def sink_words(sink: SinkUse) -> str:
    """`Meta, for advertising: ads.sync (argument users)`."""
    argument = "" if sink.argument is None else f" (argument {sink.argument})"
    to = f"{sink.recipient}, for {sink.used_for}: " if sink.recipient else ""
    after = "" if sink.recipient else f", for {sink.used_for}"
    return f"{to}{sink.name}{argument}{after}"


def sink_step(finding: Finding, lines: SourceLines) -> Step:
    """What is shown of a finding that has no path."""
    place = finding.sink.place
    return Step(finding.sink.name, place, lines.code(place.path, place.span.line), "")


def draw_path(canvas: Canvas, steps: tuple[Step, ...], lines: SourceLines) -> None:
    """Every step, numbered."""
    digits = len(str(len(steps)))
    for number, step in enumerate(steps, start=1):
        draw_step(canvas, f"{number:>{digits}}. " if len(steps) > 1 else "", step, lines)
    canvas.blank()


def draw_step(canvas: Canvas, number: str, step: Step, lines: SourceLines) -> None:
    """A step's place and what happens there, then its line of code with the value underlined."""
    span = step.place.span
    style = STEP_COLORS.get(step.kind, "magenta")
    where = canvas.place(step.place.path, span.line, span.column)
    note = f"{step.note} (assumed)" if step.assumed else step.note
    fits = GUTTER + len(number) + len(where[0]) + len(step.kind) + len(note) + 4 <= canvas.width
    beside = f": {note}" if note and fits else ""
    canvas.line(number, where, "  ", (step.kind, style), beside, indent=GUTTER)
    if note and not fits:
        canvas.prose(note, indent=GUTTER + len(number))
    code = lines.line(step.place.path, span.line) or step.code
    end = span.end_column if span.end_line == span.line else len(code) + 1
    canvas.frame(code, span.line, (span.column, end), indent=GUTTER, style=style)


def draw_errors(canvas: Canvas, errors: tuple[FileError, ...]) -> None:
    """The files that could not be read."""
    for error in errors:
        canvas.line(("not analysed", "bold yellow"), "  ", canvas.place(error.path, error.line), f"  {error.message}")
    if errors:
        canvas.blank()


def draw_blind_spots(canvas: Canvas, spots: tuple[BlindSpot, ...]) -> None:
    """Where marked data could not be followed, in a line each."""
    for spot in spots:
        where = canvas.place(spot.place.path, spot.place.span.line)
        canvas.line(("blind spot", "bold blue"), "  ", where, f"  {spot.message}")
    if spots:
        canvas.blank()


def draw_summary(canvas: Canvas, report: Report) -> None:
    """What was found, by severity and by where it goes, and what is not shown."""
    color = COLORS[gravest(report)] if report.findings else "green"
    canvas.line((verdict(report), f"bold {color}"))
    for (purpose, use, recipient), number in sorted(destinations(report).items()):
        to = f" ({recipient})" if recipient else ""
        canvas.line(f"{number:>4}  {purpose} {canvas.glyphs.arrow} {use}{to}")
    aside = ", ".join(asides(report))
    if aside:
        canvas.line((aside, "dim"))


def gravest(report: Report) -> Severity:
    """The gravest severity among the findings."""
    return min((finding.severity for finding in report.findings), key=SEVERITIES.index)


def verdict(report: Report) -> str:
    """`3 findings: 2 errors, 1 warning`."""
    if not report.findings:
        return "No findings."
    numbers = Counter(finding.severity for finding in report.findings)
    parts = (counted(numbers[severity], severity) for severity in SEVERITIES if numbers[severity])
    return f"{counted(len(report.findings), 'finding')}: {', '.join(parts)}"


def destinations(report: Report) -> Counter[tuple[str, str, str]]:
    """How many findings there are by purpose, use and recipient."""
    return Counter(
        (finding.source.purpose, finding.sink.used_for, finding.sink.recipient or "")
        for finding in report.findings
        if finding.source is not None
    )


def asides(report: Report) -> Iterator[str]:
    """What the report holds beside its findings."""
    numbers = (
        (len(report.allowed), "allowed by consent or sanitizers"),
        (len(report.suppressed), "suppressed"),
        (report.accepted, "accepted in the baseline"),
        (report.gone, "gone since the baseline"),
    )
    yield from (f"{number} {words}" for number, words in numbers if number)
    if report.blind_spots:
        yield counted(len(report.blind_spots), "blind spot")
    if report.errors:
        yield f"{counted(len({error.path for error in report.errors}), 'file')} not analysed"


def draw_statistics(canvas: Canvas, report: Report) -> None:
    """The counts, one a line."""
    canvas.line(("statistics", "bold"))
    width = max((len(name) for name in report.statistics), default=0)
    for name in sorted(report.statistics):
        canvas.line(f"{name:<{width}}  {report.statistics[name]}", indent=GUTTER)
