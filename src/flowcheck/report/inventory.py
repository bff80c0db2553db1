"""`flowcheck inventory`: everything that is marked, by purpose, whether or not data flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flowcheck.flow.results import InventoryEntry
from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.words import counted


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the record. `purpose` is that of the data, `used_for` that of its use."""

    kind: str
    name: str
    purpose: str
    used_for: str
    category: str
    recipient: str
    path: str
    line: int
    detail: str


TITLES = {
    "source": "collected for",
    "supplied": "supplied for",
    "sink": "used for",
    "sanitizer": "cleaned for",
    "consent": "allowed for",
}
"""The kinds of entries, in the order shown, each as its purpose is introduced."""


OTHERS = {
    "finding": "findings",
    "suppressed flow": "suppressed flows",
    "lawful flow": "lawful flows",
    "blind spot": "blind spots",
}
"""The kinds of the record's other rows, each as they are introduced."""


def render_inventory(entries: Iterable[InventoryEntry], look: Look, rows: Iterable[Row] = ()) -> str:
    """The entries by kind and purpose, each with its places; of the record's rows, the flows and blind spots."""
    canvas = Canvas(look)
    ordered = sorted(set(entries), key=entry_order)
    for (kind, purpose), group in groupby(ordered, key=lambda entry: (entry.kind, entry.purpose)):
        canvas.line((f"{TITLES.get(kind, kind)} {purpose or 'any use'}", "bold"))
        draw_entries(canvas, group)
        canvas.blank()
    for kind, flows in groupby((row for row in rows if row.kind in OTHERS), key=lambda row: row.kind):
        draw_rows(canvas, OTHERS[kind], flows)
    canvas.line(", ".join(totals(ordered)) or "Nothing is marked. flowcheck init looks for fields that could be.")
    return canvas.drawn()


def draw_entries(canvas: Canvas, entries: Iterable[InventoryEntry]) -> None:
    """The names of one kind and purpose, each once with all its places."""
    for (name, detail, category), group in groupby(entries, key=lambda e: (e.name, e.detail, e.category)):
        said = ", ".join(each for each in (category, detail) if each)
        canvas.line((name, "cyan"), f"  ({said})" if said else "", indent=2)
        for entry in group:
            span = entry.place.span
            canvas.line(canvas.place(entry.place.path, span.line, span.column), indent=6)


def draw_rows(canvas: Canvas, title: str, rows: Iterable[Row]) -> None:
    """Flows or blind spots, each with what there is to say of it."""
    canvas.line((title, "bold"))
    for row in rows:
        uses = " -> ".join(each for each in (row.purpose, row.used_for) if each)
        said = ", ".join(each for each in (uses, row.recipient, row.detail) if each)
        canvas.line((row.name, "cyan"), f"  ({said})" if said else "", indent=2)
        canvas.line(canvas.place(row.path, row.line, 1), indent=6)
    canvas.blank()


def entry_order(entry: InventoryEntry) -> tuple[object, ...]:
    """By kind, purpose and name, then by place."""
    kinds = list(TITLES)
    rank = kinds.index(entry.kind) if entry.kind in kinds else len(kinds)
    span = entry.place.span
    return (
        rank,
        entry.kind,
        entry.purpose,
        entry.name,
        entry.detail,
        entry.category,
        entry.place.path,
        span.line,
        span.column,
    )


def totals(entries: Iterable[InventoryEntry]) -> Iterator[str]:
    """`2 sources, 3 sinks`, counting names."""
    names = {(entry.kind, entry.name) for entry in entries}
    words = {"supplied": "supplied source", "consent": "consent guard"}
    for kind in TITLES:
        number = sum(1 for other, _ in names if other == kind)
        if number:
            yield counted(number, words.get(kind, kind))
