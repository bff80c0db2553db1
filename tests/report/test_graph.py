from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import networkx as nx

from flowcheck.report.drawing import picture_of
from flowcheck.report.graph import (
    layers,
    render_dot,
    render_graphml,
    render_mermaid,
    render_node_link,
    taint_graph,
)
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
    columns = layers(graph)
    assert sorted(name for column in columns for name in column) == sorted(graph)
    assert {graph.nodes[name]["kind"] for name in columns[0]} == {"data"}
    assert "recipient" in {graph.nodes[name]["kind"] for name in columns[-1]}


def test_boxes_do_not_overlap(report):
    picture = picture_of(taint_graph(report))
    places = [(node.x, node.y) for node in picture.nodes]
    assert len(set(places)) == len(places)
    assert all(0 <= x < picture.width and 0 <= y < picture.height for x, y in places)


def test_an_empty_report_is_an_empty_graph():
    assert render_dot(Report()).startswith("digraph")
    assert picture_of(taint_graph(Report())).nodes == ()
