"""`--format github`: workflow commands, which GitHub shows as annotations beside the code.

::error file=app.py,line=7,endLine=7,col=5,endColumn=24,title=FC001::accounts.User.phone, ... %0A1. app.py:5 ...
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.report.model import FileError, Finding, Report, Severity, Step
from flowcheck.report.words import printable

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}
MESSAGE_ESCAPES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
PROPERTY_ESCAPES = (*MESSAGE_ESCAPES, (":", "%3A"), (",", "%2C"))


def render_github(report: Report) -> str:
    """A line for each finding and for each file that could not be read."""
    lines = [finding_command(finding) for finding in report.findings]
    lines += [error_command(error) for error in report.errors]
    return "".join(f"{line}\n" for line in lines)


def finding_command(finding: Finding) -> str:
    """The annotation of one finding, its path in the message."""
    span = finding.sink.place.span
    properties = {
        "file": finding.sink.place.path,
        "line": str(span.line),
        "endLine": str(span.end_line),
        "col": str(span.column),
        "endColumn": str(span.end_column),
        "title": f"flowcheck {finding.policy}",
    }
    return workflow_command(LEVELS[finding.severity], properties, "\n".join(message_lines(finding)))


def message_lines(finding: Finding) -> Iterator[str]:
    """What the annotation says."""
    yield finding.message
    for number, step in enumerate(finding.path, start=1):
        yield f"{number}. {step_words(step)}"
    for number, step in enumerate(finding.supplied_path, start=1):
        yield f"supplied {number}. {step_words(step)}"
    if finding.fix:
        yield f"Fix: {finding.fix}"


def step_words(step: Step) -> str:
    """`app.py:5: number = user.phone (user.phone is read)`."""
    note = f" ({step.note})" if step.note else ""
    return f"{step.place.path}:{step.place.span.line}: {step.code}{note}"


def error_command(error: FileError) -> str:
    """A file that could not be read, as a warning."""
    properties = {"file": error.path, "line": str(error.line), "title": "flowcheck: not analysed"}
    return workflow_command("warning", properties, error.message)


def workflow_command(level: str, properties: dict[str, str], message: str) -> str:
    """`::level key=value,...::message`; nothing of the analysed code can end or begin a command."""
    settings = ",".join(f"{key}={escaped(printable(value), PROPERTY_ESCAPES)}" for key, value in properties.items())
    shown = "\n".join(map(printable, message.split("\n")))
    return f"::{level} {settings}::{escaped(shown, MESSAGE_ESCAPES)}"


def escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    """The text with what would end a part written otherwise."""
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
