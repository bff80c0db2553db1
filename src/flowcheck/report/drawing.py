"""The taint graph laid out for the HTML pages: boxes in columns, curves between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowcheck.report.graph import layers
from flowcheck.report.words import printable

if TYPE_CHECKING:
    from flowcheck.report.graph import TaintGraph

NODE_WIDTH, NODE_HEIGHT = 270, 54
COLUMN_GAP, ROW_GAP, MARGIN = 90, 26, 30
LABEL_LENGTH = 31


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A box. `place` joins it to the steps of the report, `path:line:column`."""

    name: str
    kind: str
    x: int
    y: int
    rows: tuple[str, ...]
    title: str
    place: str


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A curve."""

    before: str
    after: str
    curve: str
    classes: str
    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All boxes and curves, and the size of the whole."""

    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    width: int
    height: int
    node_width: int = NODE_WIDTH
    node_height: int = NODE_HEIGHT


def picture_of(graph: TaintGraph) -> Picture:
    """Lay the graph out: data on the left, recipients on the right, each column centred."""
    columns = layers(graph)
    tallest = max((len(column) for column in columns), default=1)
    height = 2 * MARGIN + tallest * (NODE_HEIGHT + ROW_GAP) - ROW_GAP
    width = 2 * MARGIN + max(1, len(columns)) * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP
    nodes = {node.name: node for node in drawn_nodes(graph, columns, height)}
    edges = tuple(drawn_edges(graph, nodes))
    return Picture(tuple(nodes.values()), edges, width, max(height, 240))


def drawn_nodes(graph: TaintGraph, columns: list[list[str]], height: int) -> Iterator[DrawnNode]:
    """The boxes, column by column."""
    for number, column in enumerate(columns):
        taken = len(column) * (NODE_HEIGHT + ROW_GAP) - ROW_GAP
        for row, name in enumerate(column):
            shown = graph.nodes[name]
            yield DrawnNode(
                name=name,
                kind=shown["kind"],
                x=MARGIN + number * (NODE_WIDTH + COLUMN_GAP),
                y=(height - taken) // 2 + row * (NODE_HEIGHT + ROW_GAP),
                rows=tuple(shortened(printable(line)) for line in shown["label"].split("\n")),
                title="\n".join(map(printable, shown["label"].split("\n"))),
                place=printable(f"{shown['path']}:{shown['line']}:{shown['column']}") if "path" in shown else "",
            )


def drawn_edges(graph: TaintGraph, nodes: dict[str, DrawnNode]) -> Iterator[DrawnEdge]:
    """The curves, from the right side of a box to the left side of the next."""
    for before, after, shown in graph.edges(data=True):
        classes = f"{shown['status']} assumed" if shown["assumed"] else shown["status"]
        yield DrawnEdge(before, after, curve(nodes[before], nodes[after]), classes, printable(shown["note"]))


def curve(before: DrawnNode, after: DrawnNode) -> str:
    """An SVG path."""
    x1, y1 = before.x + NODE_WIDTH, before.y + NODE_HEIGHT // 2
    x2, y2 = after.x - 3, after.y + NODE_HEIGHT // 2
    bend = max(40, abs(x2 - x1) // 2)
    return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"


def shortened(text: str) -> str:
    """The end of a long name, the beginning of long code: what tells one from another."""
    if len(text) <= LABEL_LENGTH:
        return text
    is_name = " " not in text
    return f"…{text[-LABEL_LENGTH + 1 :]}" if is_name else f"{text[: LABEL_LENGTH - 1]}…"
