from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from flowcheck.report.drawing import NODE_HEIGHT, picture_of
from flowcheck.report.graph import (
    render_dot,
    render_graphml,
    render_mermaid,
    render_node_link,
    taint_graph,
)
from flowcheck.report.layout import layout_of, spread
from flowcheck.report.model import Report


def named(graph, prefix):
    return next(name for name, shown in graph.nodes(data=True) if shown["label"].startswith(prefix))


def test_paths_run_from_data_through_code_to_recipients(report):
    graph = taint_graph(report)
    data, recipient = named(graph, "accounts.User.phone"), named(graph, "Acme Ads")
    path = nx.shortest_path(graph, data, recipient)
    assert graph.nodes[data]["kind"] == "data"
    assert [graph.nodes[name].get("line") for name in path] in ([None, 9, 9, None], [None, 5, 5, 6, 7, None])


def test_what_is_allowed_or_suppressed_is_marked_so(report):
    statuses = {shown["status"] for _, _, shown in taint_graph(report).edges(data=True)}
    assert statuses == {"finding", "suppressed", "allowed"}


def test_every_form_is_the_same_graph(report):
    graph = taint_graph(report)
    nodes, edges = graph.number_of_nodes(), graph.number_of_edges()
    tree = ET.fromstring(render_graphml(report))
    tags = [element.tag.rpartition("}")[2] for element in tree.iter()]
    assert (tags.count("node"), tags.count("edge")) == (nodes, edges)
    link = nx.node_link_graph(json.loads(render_node_link(report)), edges="links")
    assert (link.number_of_nodes(), link.number_of_edges()) == (nodes, edges)
    assert render_dot(report).count(" -> ") == edges
    mermaid = render_mermaid(report)
    assert mermaid.count("-->") + mermaid.count("-.->") == edges


def test_labels_cannot_break_out(report):
    finding = report.findings[0]
    hostile = 'x"];\n<script>&\\\x1b'
    odd = replace(finding, source=replace(finding.source, name=hostile))
    made_odd = Report(findings=(odd,))
    assert "\n<script>" not in render_dot(made_odd)
    assert '\\"];' in render_dot(made_odd)
    assert "<script>" not in render_mermaid(made_odd)
    assert "\x1b" not in render_dot(made_odd) + render_mermaid(made_odd) + render_graphml(made_odd)
    ET.fromstring(render_graphml(made_odd))


def test_columns_hold_each_node_once(report):
    graph = taint_graph(report)
    layout = layout_of(graph)
    columns = [[name for name in column if name in graph] for column in layout.columns]
    assert sorted(name for column in columns for name in column) == sorted(graph)
    assert {graph.nodes[name]["kind"] for name in columns[0]} == {"data"}
    assert {graph.nodes[name]["kind"] for name in columns[-1]} == {"recipient"}


def test_edges_lead_to_the_right_but_in_a_circle():
    graph = made_graph("d a", "a b", "b c", "c a", "c r", "d c", kinds={"d": "data", "r": "recipient"})
    layout = layout_of(graph)
    column = {name: number for number, names in enumerate(layout.columns) for name in names}
    assert [column[name] for name in "dabcr"] == [0, 1, 2, 3, 4]
    assert [column[point] for point in layout.routes["d", "c"]] == [1, 2]
    assert [column[point] for point in layout.routes["c", "a"]] == [2]


def test_what_is_joined_stands_beside_what_it_is_joined_with():
    graph = made_graph("d1 a1", "d2 a2", "d3 a3", "a1 r3", "a2 r2", "a3 r1", kinds={"d": "data", "r": "recipient"})
    layout = layout_of(graph)
    for chain in ("d1 a1 r3", "d2 a2 r2", "d3 a3 r1"):
        assert len({layout.heights[name] for name in chain.split()}) == 1


def test_what_wishes_itself_into_one_place_is_spread_around_it():
    assert spread([10, 10, 10, 500], [80, 80, 24, 80]) == pytest.approx([-60.67, 19.33, 71.33, 500], abs=0.01)
    assert spread([5], [80]) == [5]


def made_graph(*edges: str, kinds: dict[str, str]) -> nx.DiGraph[str]:
    graph = nx.DiGraph()
    for edge in edges:
        graph.add_edge(*edge.split())
    for name in graph:
        graph.nodes[name]["kind"] = kinds.get(name[0], "assign")
    return graph


def test_boxes_do_not_overlap(report):
    picture = picture_of(taint_graph(report))
    places = [(node.x, node.y) for node in picture.nodes]
    assert len(set(places)) == len(places)
    assert all(0 <= x < picture.width and 0 <= y < picture.height for x, y in places)
    for x, y in places:
        assert not [other for left, other in places if left == x and y < other < y + NODE_HEIGHT]


def test_an_empty_report_is_an_empty_graph():
    assert render_dot(Report()).startswith("digraph")
    assert picture_of(taint_graph(Report())).nodes == ()
