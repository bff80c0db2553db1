"""The taint graph laid out for the HTML pages: boxes in columns, curves between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowcheck.report.layout import Layout, layout_of
from flowcheck.report.words import printable

if TYPE_CHECKING:
    from flowcheck.report.graph import TaintGraph

NODE_WIDTH, NODE_HEIGHT = 270, 54
COLUMN_GAP, MARGIN, TIP = 90, 30, 3
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
    """Lay the graph out: data on the left, recipients on the right, long edges around what stands between."""
    layout = layout_of(graph)
    nodes = {node.name: node for node in drawn_nodes(graph, layout)}
    edges = tuple(drawn_edges(graph, layout, nodes))
    width = 2 * MARGIN + max(1, len(layout.columns)) * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP
    lowest = max((height for height in layout.heights.values()), default=0)
    return Picture(tuple(nodes.values()), edges, width, max(round(lowest) + NODE_HEIGHT // 2 + 2 * MARGIN, 240))


def drawn_nodes(graph: TaintGraph, layout: Layout) -> Iterator[DrawnNode]:
    """The boxes, column by column."""
    for number, column in enumerate(layout.columns):
        for name in column:
            if name in graph:
                shown = graph.nodes[name]
                yield DrawnNode(
                    name=name,
                    kind=shown["kind"],
                    x=left_of(number),
                    y=MARGIN + round(layout.heights[name]) - NODE_HEIGHT // 2,
                    rows=tuple(shortened(printable(line)) for line in shown["label"].split("\n")),
                    title="\n".join(map(printable, shown["label"].split("\n"))),
                    place=printable(f"{shown['path']}:{shown['line']}:{shown['column']}") if "path" in shown else "",
                )


def left_of(column: int) -> int:
    """Where a column begins."""
    return MARGIN + column * (NODE_WIDTH + COLUMN_GAP)


def drawn_edges(graph: TaintGraph, layout: Layout, nodes: dict[str, DrawnNode]) -> Iterator[DrawnEdge]:
    """The curves, through the points that each passes."""
    column = {name: number for number, names in enumerate(layout.columns) for name in names}
    for before, after, shown in graph.edges(data=True):
        classes = f"{shown['status']} assumed" if shown["assumed"] else shown["status"]
        points = [
            (left_of(column[point]), MARGIN + round(layout.heights[point])) for point in layout.routes[before, after]
        ]
        yield DrawnEdge(before, after, curve(nodes[before], points, nodes[after]), classes, printable(shown["note"]))


def curve(before: DrawnNode, points: Sequence[tuple[int, int]], after: DrawnNode) -> str:
    """An SVG path, from the side of a box to the near side of another; straight past the boxes of other columns."""
    is_forward = before.x < after.x
    start = (before.x + NODE_WIDTH if is_forward else before.x, before.y + NODE_HEIGHT // 2)
    end = (after.x - TIP if is_forward else after.x + NODE_WIDTH + TIP, after.y + NODE_HEIGHT // 2)
    drawn, here = f"M{start[0]} {start[1]}", start
    for left, y in points:
        near, far = (left, left + NODE_WIDTH) if is_forward else (left + NODE_WIDTH, left)
        drawn += f"{bend(here, (near, y))}H{far}"
        here = (far, y)
    return drawn + bend(here, end)


def bend(here: tuple[int, int], there: tuple[int, int]) -> str:
    """The part of a path between two columns."""
    middle = (here[0] + there[0]) // 2
    return f"C{middle} {here[1]} {middle} {there[1]} {there[0]} {there[1]}"


def shortened(text: str) -> str:
    """The end of a long name, the beginning of long code: what tells one from another."""
    if len(text) <= LABEL_LENGTH:
        return text
    is_name = " " not in text
    return f"…{text[-LABEL_LENGTH + 1 :]}" if is_name else f"{text[: LABEL_LENGTH - 1]}…"
