"""Where the nodes of the taint graph stand when it is drawn, after Sugiyama: columns, the order in each, heights.

    data  ->  a.py:3  ->  b.py:7  ->  recipient         columns 0 .. 3: as far right as the longest way leads
      '------- . --------->'                            an edge over several columns has a point in each that it passes

An edge that would lead back, in a circle, is laid as if it led the other way. All is in the order of the graph's nodes
and edges, so the same report gives the same picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowcheck.report.graph import TaintGraph

Edge = tuple[str, str]

NODE, POINT = 80.0, 24.0
"""The heights that a node and a point of an edge take of a column, with the gap below them."""
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Layout:
    """Nodes and points by column; how high the middle of each stands; the points that an edge passes, from its tail."""

    columns: Sequence[Sequence[str]]
    heights: Mapping[str, float]
    routes: Mapping[Edge, Sequence[str]]


def layout_of(graph: TaintGraph) -> Layout:
    """Lay a graph out: data in the first column, recipients in the last."""
    turned = turned_edges(graph)
    edges = [(after, before) if (before, after) in turned else (before, after) for before, after in graph.edges]
    column = columns_of(graph, edges)
    routes = {edge: tuple(points_of(edge, column)) for edge in edges}
    columns: list[list[str]] = [[] for _ in range(1 + max(column.values(), default=-1))]
    for name in graph:
        columns[column[name]].append(name)
    for (before, after), points in routes.items():
        for place, point in enumerate(points, min(column[before], column[after]) + 1):
            columns[place].append(point)
    pieces = [pair for (before, after), points in routes.items() for pair in pairwise((before, *points, after))]
    ordered(columns, pieces)
    heights = heights_of(columns, pieces, set(graph))
    return Layout(columns, heights, {edge: passed(edge, routes) for edge in graph.edges})


def passed(edge: Edge, routes: Mapping[Edge, Sequence[str]]) -> Sequence[str]:
    """The points of an edge, from its tail, whichever way it was laid."""
    return routes[edge] if edge in routes else tuple(reversed(routes[edge[1], edge[0]]))


# --- columns -----------------------------------------------------------------------------------


def turned_edges(graph: TaintGraph) -> set[Edge]:
    """The edges without which no circle is left: those that lead back to where a walk over the graph came from."""
    turned: set[Edge] = set()
    done: set[str] = set()
    for start in graph:
        on_the_way = {start: iter(graph.successors(start))} if start not in done else {}
        while on_the_way:
            name = next(reversed(on_the_way))
            after = next(on_the_way[name], None)
            if after is None:
                del on_the_way[name]
                done.add(name)
            elif after in on_the_way:
                turned.add((name, after))
            elif after not in done:
                on_the_way[after] = iter(graph.successors(after))
    return turned


def columns_of(graph: TaintGraph, edges: Sequence[Edge]) -> dict[str, int]:
    """The column of each node: one more than the last of those that lead to it; recipients stand in the last."""
    before: dict[str, list[str]] = {name: [] for name in graph}
    for tail, head in edges:
        before[head].append(tail)
    column: dict[str, int] = {}
    waiting = list(reversed(list(graph)))
    while waiting:
        open_ones = [name for name in before[waiting[-1]] if name not in column]
        waiting.extend(open_ones)
        if not open_ones:
            name = waiting.pop()
            column[name] = 1 + max((column[each] for each in before[name]), default=-1)
    last = max(column.values(), default=0)
    return {name: last if graph.nodes[name]["kind"] == "recipient" else column[name] for name in graph}


def points_of(edge: Edge, column: Mapping[str, int]) -> Iterator[str]:
    """A name for each column that an edge passes."""
    before, after = edge
    for place in range(column[before] + 1, column[after]):
        yield f"{before} {after} {place}"


# --- order -------------------------------------------------------------------------------------


def ordered(columns: list[list[str]], pieces: Iterable[Edge]) -> None:
    """Put what stands in each column in the order of the middle of its neighbours, from left to right and back."""
    before, after = neighbours(pieces)
    for sweep in range(SWEEPS):
        walk, beside = (columns, before) if sweep % 2 == 0 else (columns[::-1], after)
        for known, column in pairwise(walk):
            rank = {name: place for place, name in enumerate(known)}
            own = {name: place for place, name in enumerate(column)}
            column.sort(key=lambda name: middle([rank[each] for each in beside.get(name, ())], own[name]))


def neighbours(pieces: Iterable[Edge]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """What stands to the left of each name, and to the right."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for tail, head in pieces:
        before.setdefault(head, []).append(tail)
        after.setdefault(tail, []).append(head)
    return before, after


def middle(places: Sequence[float], otherwise: float) -> float:
    """The mean of places, where there are any."""
    return sum(places) / len(places) if places else otherwise


# --- heights -----------------------------------------------------------------------------------


def heights_of(columns: Sequence[Sequence[str]], pieces: Iterable[Edge], nodes: set[str]) -> dict[str, float]:
    """The middle of each name, as near to its neighbours as the order of its column allows; the highest is above 0."""
    room = {name: NODE if name in nodes else POINT for column in columns for name in column}
    before, after = neighbours(pieces)
    heights = {name: place * NODE for column in columns for place, name in enumerate(column)}
    for sweep in range(SWEEPS):
        walk, beside = (columns, before) if sweep % 2 == 0 else (columns[::-1], after)
        for column in walk:
            wishes = [middle([heights[each] for each in beside.get(name, ())], heights[name]) for name in column]
            heights.update(zip(column, spread(wishes, [room[name] for name in column]), strict=True))
    highest = min((heights[name] - room[name] / 2 for name in heights), default=0)
    return {name: height - highest for name, height in heights.items()}


def spread(wishes: Sequence[float], rooms: Sequence[float]) -> list[float]:
    """Heights in the same order, far enough from one another, with the least sum of squares of what they miss their
    wishes by: neighbours that wish themselves into one another are moved as one.
    """
    offsets = [0.0]
    for room, following in pairwise(rooms):
        offsets.append(offsets[-1] + (room + following) / 2)
    groups: list[tuple[float, int]] = []
    for wish, offset in zip(wishes, offsets, strict=False):
        mean, number = wish - offset, 1
        while groups and groups[-1][0] > mean:
            above, others = groups.pop()
            mean = (mean * number + above * others) / (number + others)
            number += others
        groups.append((mean, number))
    starts = [mean for mean, number in groups for _ in range(number)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]
