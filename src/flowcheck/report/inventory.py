"""`flowcheck inventory`: everything that is marked, by purpose, whether or not data flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from flowcheck.flow.results import InventoryEntry
from flowcheck.report.canvas import Canvas, Look
from flowcheck.report.words import counted

TITLES = {
    "source": "collected for",
    "supplied": "supplied for",
    "sink": "used for",
    "sanitizer": "cleaned for",
    "consent": "allowed for",
}
"""The kinds of entries, in the order shown, each as its purpose is introduced."""


def render_inventory(entries: Iterable[InventoryEntry], look: Look) -> str:
    """The entries by kind and purpose, each with its places."""
    canvas = Canvas(look)
    ordered = sorted(set(entries), key=entry_order)
    for (kind, purpose), group in groupby(ordered, key=lambda entry: (entry.kind, entry.purpose)):
        canvas.line((f"{TITLES.get(kind, kind)} {purpose or 'any use'}", "bold"))
        draw_entries(canvas, group)
        canvas.blank()
    canvas.line(", ".join(totals(ordered)) or "Nothing is marked. flowcheck init looks for fields that could be.")
    return canvas.drawn()


def draw_entries(canvas: Canvas, entries: Iterable[InventoryEntry]) -> None:
    """The names of one kind and purpose, each once with all its places."""
    for (name, detail), group in groupby(entries, key=lambda entry: (entry.name, entry.detail)):
        canvas.line((name, "cyan"), f"  ({detail})" if detail else "", indent=2)
        for entry in group:
            span = entry.place.span
            canvas.line(canvas.place(entry.place.path, span.line, span.column), indent=6)


def entry_order(entry: InventoryEntry) -> tuple[object, ...]:
    """By kind, purpose and name, then by place."""
    kinds = list(TITLES)
    rank = kinds.index(entry.kind) if entry.kind in kinds else len(kinds)
    span = entry.place.span
    return (rank, entry.kind, entry.purpose, entry.name, entry.detail, entry.place.path, span.line, span.column)


def totals(entries: Iterable[InventoryEntry]) -> Iterator[str]:
    """`2 sources, 3 sinks`, counting names."""
    names = {(entry.kind, entry.name) for entry in entries}
    words = {"supplied": "supplied source", "consent": "consent guard"}
    for kind in TITLES:
        number = sum(1 for other, _ in names if other == kind)
        if number:
            yield counted(number, words.get(kind, kind))
