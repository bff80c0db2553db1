"""What an editor asks about a place: hover, code lenses, code actions, the next step of a path.

All of it is read off the last finished analyses (`Answer`); nothing is analysed to answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from flowcheck.api import Analysis
from flowcheck.flow.results import BlindSpot, InventoryEntry, Place
from flowcheck.lsp.diagnostics import range_of, uri_of
from flowcheck.report.model import Finding, Report, Step
from flowcheck.report.words import counted

NEXT_STEP = "flowcheck.nextStep"
"""The command that goes to the next step: arguments are a URI, a line and a character, from 0."""

SOURCE_KINDS = ("source", "supplied")
FIELD = re.compile(r"\s+[A-Za-z_]\w*\s*(?::[^=]|=[^=])")
CONFIG_NAME = "flowcheck.toml"


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished analysis of one folder, with every finding, shown or not."""

    analysis: Analysis
    report: Report

    def uri(self, place: Place) -> str:
        """The file of a place."""
        return uri_of(self.analysis.root, place)

    def range(self, place: Place) -> types.Range:
        """A place as an editor counts."""
        return range_of(place, self.analysis.lines)

    def findings(self) -> Sequence[Finding]:
        """Those to report, those that are suppressed and those that are allowed."""
        return (*self.report.findings, *self.report.suppressed, *self.report.allowed)

    def flows_of(self, name: str) -> list[Finding]:
        """The findings about a marked thing."""
        return [finding for finding in self.findings() if finding.source and finding.source.name == name]

    def holds(self, place: Place, uri: str, position: types.Position) -> bool:
        """Whether a position lies in a place."""
        return self.uri(place) == uri and is_within(position, self.range(place))


def is_within(position: types.Position, span: types.Range) -> bool:
    """Whether a position lies in a range, its end included."""
    start, end = (span.start.line, span.start.character), (span.end.line, span.end.character)
    return start <= (position.line, position.character) <= end


def steps_of(finding: Finding) -> tuple[Step, ...]:
    """The steps of all paths of a finding."""
    return (*finding.path, *finding.supplied_path)


# --- hover -------------------------------------------------------------------------------------


def hover_at(answers: Sequence[Answer], uri: str, position: types.Position) -> types.Hover | None:
    """What is known of the thing under the cursor: a marked thing, or a step of a path."""
    parts = [part for answer in answers for part in hover_parts(answer, uri, position)]
    if not parts:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(dict.fromkeys(parts))))


def hover_parts(answer: Answer, uri: str, position: types.Position) -> Iterator[str]:
    """The paragraphs about a place."""
    for entry in answer.analysis.solution.inventory:
        if answer.holds(entry.place, uri, position):
            yield about_entry(answer, entry)
    for finding in answer.report.findings:
        steps = steps_of(finding)
        for number, step in enumerate(steps, start=1):
            if answer.holds(step.place, uri, position):
                yield f"**{finding.policy}**, step {number} of {len(steps)}: {plain(step.note or step.kind)}"


def about_entry(answer: Answer, entry: InventoryEntry) -> str:
    """`accounts.User.phone`, collected for security; flows to 3 places, with the places."""
    if entry.kind not in SOURCE_KINDS:
        word = "used for" if entry.kind == "sink" else "allows"
        return f"`{plain(entry.name)}`: {entry.kind}, {word} {plain(entry.purpose or 'any use')}"
    word = "supplied for" if entry.kind == "supplied" else "collected for"
    flows = answer.flows_of(entry.name)
    head = f"`{plain(entry.name)}`, {word} {plain(entry.purpose)}; flows to {counted(len(flows), 'place')}"
    return "\n".join([head, *(f"- {about_flow(flow)}" for flow in flows)])


def about_flow(finding: Finding) -> str:
    """Where a flow ends, in a line."""
    place = finding.sink.place
    state = "allowed" if finding.because else "suppressed" if finding.suppression else finding.policy
    return f"`{plain(finding.sink.name)}` at {plain(place.path)}:{place.span.line} ({state})"


def plain(text: str) -> str:
    """A text in which nothing is Markdown."""
    return re.sub(r"[`<>\[\]\\]", "", text)


# --- lenses ------------------------------------------------------------------------------------


def lenses_in(answers: Sequence[Answer], uri: str) -> list[types.CodeLens]:
    """A line above each marked thing of a file, and above each finding."""
    return [lens for answer in answers for lens in (*entry_lenses(answer, uri), *finding_lenses(answer, uri))]


def entry_lenses(answer: Answer, uri: str) -> Iterator[types.CodeLens]:
    """`collected for security: flows to 3 places`."""
    for entry in answer.analysis.solution.inventory:
        if entry.kind in SOURCE_KINDS and answer.uri(entry.place) == uri:
            flows = answer.flows_of(entry.name)
            word = "supplied for" if entry.kind == "supplied" else "collected for"
            title = f"{word} {entry.purpose}: flows to {counted(len(flows), 'place')}"
            target = flows[0].path[0].place if flows and flows[0].path else entry.place
            yield lens_at(answer, entry.place, title, target)


def finding_lenses(answer: Answer, uri: str) -> Iterator[types.CodeLens]:
    """`FC001: a path of 7 steps`, which goes to its first."""
    for finding in answer.report.findings:
        if finding.path and answer.uri(finding.sink.place) == uri:
            title = f"{finding.policy}: a path of {counted(len(finding.path), 'step')}, go to the first"
            yield lens_at(answer, finding.sink.place, title, finding.path[0].place)


def lens_at(answer: Answer, place: Place, title: str, target: Place) -> types.CodeLens:
    """A lens that shows another place when it is clicked."""
    start = answer.range(target).start
    arguments = [answer.uri(target), start.line, start.character, True]
    return types.CodeLens(answer.range(place), types.Command(title, NEXT_STEP, arguments=arguments))


# --- the next step -----------------------------------------------------------------------------


def next_step(answers: Sequence[Answer], uri: str, position: types.Position) -> types.Location | None:
    """The step after the one under the cursor; after the last, the first again."""
    for answer in answers:
        for finding in answer.report.findings:
            steps = steps_of(finding)
            for number, step in enumerate(steps):
                if answer.holds(step.place, uri, position):
                    following = steps[(number + 1) % len(steps)]
                    return types.Location(answer.uri(following.place), answer.range(following.place))
    return None


# --- actions -----------------------------------------------------------------------------------


def actions_for(answers: Sequence[Answer], uri: str, where: types.Range, line: str) -> list[types.CodeAction]:
    """What can be done at a place; `line` is the text of its first line as the editor holds it."""
    found = [action for answer in answers for action in answer_actions(answer, uri, where.start, line)]
    if FIELD.match(line) and "#" not in line:
        found.append(mark_action(uri, where.start.line, line))
    return found


def answer_actions(answer: Answer, uri: str, position: types.Position, line: str) -> Iterator[types.CodeAction]:
    """Those that rest on what was found at the line."""
    for finding in answer.report.findings:
        place = finding.sink.place
        if answer.uri(place) == uri and place.span.line == position.line + 1 and finding.source is not None:
            yield suppress_action(finding, uri, position.line, line)
    for spot in answer.report.blind_spots:
        if answer.uri(spot.place) == uri and spot.place.span.line == position.line + 1 and "[[model]]" in spot.remedy:
            yield model_action(answer.analysis.root, spot)


def suppress_action(finding: Finding, uri: str, line: int, text: str) -> types.CodeAction:
    """A comment above the line: a person completes the reason."""
    margin = text[: len(text) - len(text.lstrip())]
    comment = f"{margin}# flowcheck: ignore[{finding.policy}] REASON\n"
    title = f"Suppress {finding.policy} here, with a reason"
    return action(title, types.CodeActionKind.QuickFix, edit_at(uri, types.Position(line, 0), comment))


def mark_action(uri: str, line: int, text: str) -> types.CodeAction:
    """A mark at the end of the line."""
    end = types.Position(line, len(text.rstrip().encode("utf-16-le")) // 2)
    edit = edit_at(uri, end, "  # flowcheck: security-collected")
    return action("Mark as collected for security", types.CodeActionKind.RefactorRewrite, edit)


def model_action(root: Path, spot: BlindSpot) -> types.CodeAction:
    """A row at the end of the configuration that says how data passes through an unknown call."""
    config = root / CONFIG_NAME
    text = config.read_text(encoding="utf-8") if config.is_file() else ""
    lines = text.split("\n")
    end = types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    edit = types.TextEdit(types.Range(end, end), f"{gap}{spot.remedy}\n")
    uri = config.as_uri()
    changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
    if not config.exists():
        changes.append(types.CreateFile(uri))
    changes.append(types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri), [edit]))
    title = f"Say in {CONFIG_NAME} how data passes through {spot.name}"
    return action(title, types.CodeActionKind.QuickFix, types.WorkspaceEdit(document_changes=changes))


def edit_at(uri: str, position: types.Position, text: str) -> types.WorkspaceEdit:
    """Something put in."""
    return types.WorkspaceEdit(changes={uri: [types.TextEdit(types.Range(position, position), text)]})


def action(title: str, kind: types.CodeActionKind, edit: types.WorkspaceEdit) -> types.CodeAction:
    """An action that edits."""
    return types.CodeAction(title, kind, edit=edit)
