"""`flowcheck explain`: one finding whole, with the code around each step, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable

from flowcheck.flow.results import Place
from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.lines import SourceLines
from flowcheck.report.model import Finding, Step
from flowcheck.report.text import COLORS, STEP_COLORS, draw_facts, headline
from flowcheck.rules.model import Policy

CONTEXT = 2
"""Lines shown before and after each step's line."""

KINDS = {
    "source": "the data is read",
    "assign": "it is kept under a name",
    "read": "it is read again",
    "write": "it is stored",
    "call": "it is passed into a function",
    "return": "it comes back to the caller",
    "library": "it passes through a library",
    "yield": "it is yielded",
    "jump": "it travels by shared state",
    "guard": "a condition is passed",
    "sink": "it is handed over",
}


def render_explanation(finding: Finding, policies: Iterable[Policy], lines: SourceLines, look: Look) -> str:
    """Everything that is known about a finding."""
    canvas = Canvas(look)
    color = COLORS[finding.severity]
    canvas.line((finding.severity, f"bold {color}"), " ", (finding.policy, "bold"), " ", finding.fingerprint)
    canvas.prose(headline(finding), style="bold")
    draw_facts(canvas, finding)
    draw_standing(canvas, finding)
    draw_policy(canvas, finding, policies)
    draw_steps(canvas, "How the data gets there", finding.path, lines)
    draw_steps(canvas, "And the data it is matched with", finding.supplied_path, lines)
    if not finding.path:
        canvas.blank()
        draw_code(canvas, finding.sink.place, lines, "magenta")
    draw_remedies(canvas, finding)
    return canvas.drawn()


def draw_standing(canvas: Canvas, finding: Finding) -> None:
    """How sure the finding is, and whether it counts."""
    canvas.blank()
    assumed = [step for step in (*finding.path, *finding.supplied_path) if step.assumed]
    if assumed:
        canvas.prose(f"possible: {len(assumed)} of its steps rest on an assumption", label="confidence   ")
    else:
        canvas.prose("confirmed: every step was resolved in the code or a rule", label="confidence   ")
    if finding.because is not None:
        where = finding.because.place
        words = f"{finding.because.kind} {finding.because.name} at {where.path}:{where.span.line}"
        canvas.prose(words, label="allowed by   ")
    if finding.suppression is not None:
        canvas.prose(finding.suppression.reason or "no reason given", label="suppressed   ")


def draw_policy(canvas: Canvas, finding: Finding, policies: Iterable[Policy]) -> None:
    """What the policy forbids, in its own words."""
    for policy in policies:
        if policy.id == finding.policy:
            canvas.prose(policy.description or policy.describe(), label="policy       ")


def draw_steps(canvas: Canvas, title: str, steps: tuple[Step, ...], lines: SourceLines) -> None:
    """Every step with the code around it."""
    if not steps:
        return
    canvas.blank()
    canvas.line((title, "bold"))
    for number, step in enumerate(steps, start=1):
        draw_step(canvas, number, step, lines)


def draw_step(canvas: Canvas, number: int, step: Step, lines: SourceLines) -> None:
    """One step."""
    canvas.blank()
    span = step.place.span
    style = STEP_COLORS.get(step.kind, "magenta")
    where = canvas.place(step.place.path, span.line, span.column)
    canvas.line(f"{number}. ", where, "  ", (step.kind, style))
    doubt = " This step is an assumption." if step.assumed else ""
    canvas.prose(f"{step.note or KINDS.get(step.kind, step.kind)}.{doubt}", indent=3)
    draw_code(canvas, step.place, lines, style)


def draw_code(canvas: Canvas, place: Place, lines: SourceLines, style: str) -> None:
    """The lines around a place, those of the place itself marked."""
    span = place.span
    last = min(span.end_line, span.line + 2 * CONTEXT)
    for number in range(max(1, span.line - CONTEXT), last + CONTEXT + 1):
        code = lines.line(place.path, number)
        if number == span.line:
            end = span.end_column if span.end_line == span.line else len(code) + 1
            canvas.frame(code, number, (span.column, end), indent=3, style=style, is_dedented=False)
        elif number <= len(lines.of(place.path)):
            canvas.frame(code, number, (1, 1), indent=3, style="", is_dedented=False)


def draw_remedies(canvas: Canvas, finding: Finding) -> None:
    """What can be done."""
    canvas.blank()
    canvas.line(("What to do", "bold"))
    if finding.fix:
        canvas.prose(finding.fix, label="- ")
    if finding.source is None:
        return
    use = finding.sink.used_for
    canvas.prose(
        f'If the person agreed to it, check that before: a [[consent]] rule with allows = "{use}" tells flowcheck '
        "which condition means yes.",
        label="- ",
    )
    canvas.prose("If the data is made harmless on the way, say so with a [[sanitizer]] rule.", label="- ")
    canvas.prose(
        f"If it is lawful all the same, write why, on the sink's line: # flowcheck: ignore[{finding.policy}] REASON",
        label="- ",
    )
