"""The taint graph: data -> the places it passes -> who receives it, as a networkx `DiGraph` and in four forms.

    accounts.User.phone  ->  app.py:5  ->  app.py:6  ->  app.py:7  ->  Acme Ads

Paths that share a place share its node. Nodes are numbered in the order of the findings, so the same report
gives the same graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from flowcheck.flow.results import Place, SourceUse
from flowcheck.report.json_values import json_text
from flowcheck.report.model import Finding, Report, Step
from flowcheck.report.words import printable

if TYPE_CHECKING:
    TaintGraph: TypeAlias = "nx.DiGraph[str]"

SHAPES = {"data": "ellipse", "recipient": "octagon"}
COLORS = {"data": "#b45309", "source": "#b45309", "sink": "#b91c1c", "recipient": "#b91c1c"}
STYLES = {"finding": "solid", "suppressed": "dotted", "allowed": "dashed"}
"""How the edges of a finding, a suppressed one and an allowed flow are drawn."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node to be: what tells it from others, and what it shows."""

    identity: tuple[object, ...]
    kind: str
    label: str
    place: Place | None = None
    code: str = ""


def taint_graph(report: Report) -> TaintGraph:
    """All paths of the report in one graph.

    Nodes carry `kind` (data, a step's kind, recipient), `label` and, for places, `path`, `line` and `code`;
    edges carry `note`, `assumed`, `status` (finding, suppressed, allowed) and the first finding's fingerprint.
    """
    builder = _Builder()
    parts = (("finding", report.findings), ("suppressed", report.suppressed), ("allowed", report.allowed))
    for status, findings in parts:
        for finding in findings:
            builder.add(finding, status)
    return builder.graph


class _Builder:
    def __init__(self) -> None:
        self.graph: TaintGraph = nx.DiGraph(name="flowcheck")
        self._ids: dict[tuple[object, ...], str] = {}

    def add(self, finding: Finding, status: str) -> None:
        if finding.source is None:
            return
        self._add_path(finding, status, finding.source, finding.path)
        if finding.supplied is not None:
            self._add_path(finding, status, finding.supplied, finding.supplied_path)

    def _add_path(self, finding: Finding, status: str, source: SourceUse, path: Sequence[Step]) -> None:
        for (before, _), (after, step) in pairwise(nodes_of(finding, source, path)):
            edge = (self._id(before), self._id(after))
            if not self.graph.has_edge(*edge) and before.identity != after.identity:
                note, assumed = (step.note, step.assumed) if step else ("", False)
                self.graph.add_edge(*edge, note=note, assumed=assumed, status=status, finding=finding.fingerprint)

    def _id(self, node: Node) -> str:
        if node.identity not in self._ids:
            name = f"n{len(self._ids) + 1}"
            self._ids[node.identity] = name
            self.graph.add_node(name, kind=node.kind, label=node.label, **place_attributes(node))
        return self._ids[node.identity]


def nodes_of(finding: Finding, source: SourceUse, path: Sequence[Step]) -> Iterator[tuple[Node, Step | None]]:
    """The nodes of one path, each with the step that leads to it."""
    purpose = f"{source.relation.replace('_', ' ')} {source.purpose}"
    yield Node(("data", source.name, purpose), "data", f"{source.name}\n{purpose}"), None
    for step in path:
        yield step_node(step), step
    recipient = finding.sink.recipient or finding.sink.name
    yield Node(("to", recipient, finding.sink.used_for), "recipient", f"{recipient}\n{finding.sink.used_for}"), None


def step_node(step: Step) -> Node:
    """A place that data passes."""
    label = f"{step.place.path}:{step.place.span.line}\n{step.code}"
    span = step.place.span
    identity = (step.place.path, span.line, span.column, span.end_line, span.end_column, step.kind == "sink")
    return Node(identity, step.kind, label, step.place, step.code)


def place_attributes(node: Node) -> dict[str, str | int]:
    """What a node tells of its place."""
    if node.place is None:
        return {}
    span = node.place.span
    return {"path": node.place.path, "line": span.line, "column": span.column, "code": node.code}


# --- forms -------------------------------------------------------------------------------------


def render_graphml(report: Report) -> str:
    """GraphML."""
    graph = taint_graph(report)
    for _, attributes in graph.nodes(data=True):
        attributes.update({key: xml_text(value) for key, value in attributes.items() if isinstance(value, str)})
    for _, _, attributes in graph.edges(data=True):
        attributes.update({key: xml_text(value) for key, value in attributes.items() if isinstance(value, str)})
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *nx.generate_graphml(graph)]) + "\n"


def render_node_link(report: Report) -> str:
    """Node-link JSON, as `networkx.node_link_graph(data, edges="links")` reads it."""
    data = nx.node_link_data(taint_graph(report), edges="links")
    return json_text(data)


def render_dot(report: Report) -> str:
    """Graphviz."""
    graph = taint_graph(report)
    lines = ["digraph flowcheck {", "  rankdir=LR;", '  node [fontname="sans-serif", shape=box, style=rounded];']
    for name, shown in graph.nodes(data=True):
        shape, color = SHAPES.get(shown["kind"], "box"), COLORS.get(shown["kind"], "#475569")
        lines.append(f'  {name} [label={quoted(shown["label"])}, shape={shape}, color="{color}"];')
    for before, after, shown in graph.edges(data=True):
        label = f"{shown['note']} (assumed)" if shown["assumed"] else shown["note"]
        lines.append(f"  {before} -> {after} [label={quoted(label)}, style={STYLES[shown['status']]}];")
    return "\n".join([*lines, "}"]) + "\n"


def render_mermaid(report: Report) -> str:
    """A Mermaid flowchart."""
    graph = taint_graph(report)
    lines = ["flowchart LR"]
    for name, shown in graph.nodes(data=True):
        begin, end = MERMAID_SHAPES.get(shown["kind"], ("[", "]"))
        lines.append(f'  {name}{begin}"{mermaid_text(shown["label"])}"{end}')
    for before, after, shown in graph.edges(data=True):
        arrow = "-->" if shown["status"] == "finding" else "-.->"
        lines.append(f"  {before} {arrow} {after}")
    return "\n".join(lines) + "\n"


MERMAID_SHAPES = {"data": ("([", "])"), "recipient": ("{{", "}}"), "sink": ("[[", "]]")}


def quoted(text: str) -> str:
    """A Graphviz string."""
    lines = (printable(line).replace("\\", "\\\\").replace('"', '\\"') for line in text.split("\n"))
    return '"' + "\\n".join(lines) + '"'


def mermaid_text(text: str) -> str:
    """Text inside a quoted Mermaid label: what Mermaid or HTML could read is written as entities."""
    return "<br/>".join("".join(map(mermaid_character, printable(line))) for line in text.split("\n"))


def mermaid_character(character: str) -> str:
    """One character of a label."""
    is_plain = character.isalnum() or character in " .,:/_-=()"
    return character if is_plain else f"#{ord(character)};"


def xml_text(text: str) -> str:
    """Text that XML can hold."""
    return "\n".join(map(printable, text.split("\n")))
