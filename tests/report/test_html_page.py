from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import made

from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.html_page import render_graph_page, render_html
from flowcheck.report.model import Report

VOID = {"meta", "input", "br"}


class Balance(HTMLParser):
    """Checks that every element is closed."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def balanced(page: str) -> str:
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    return page


def test_the_page_tells_everything(report):
    page = balanced(render_html(report, made.source_lines()))
    for expected in (
        "jobs/app.py:7:5", "FC001", "accounts.User.phone", "Acme Ads", "contract 17 allows it", "acme.pack",
        "broken.py:3", "accounts.User.ads_consent", "Ask for consent.", report.findings[0].fingerprint,
    ):  # fmt: skip
        assert expected in page
    assert "<mark>user.phone</mark>" in page


def test_the_page_loads_nothing(report):
    for page in (render_html(report, made.source_lines()), render_graph_page(report)):
        assert not re.search(r"(?:src|href)\s*=|@import|url\((?!#)|fetch\(", page)
        assert "default-src 'none'" in page


def test_what_the_code_says_is_never_markup():
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\x1b"
    files = {"jobs/app.py": f"sync('{hostile}')"}
    start = replace(made.source(), name=hostile, place=made.place(1, 6, 40))
    end = made.sink(name=hostile, recipient=hostile, place=made.place(1, 1, 90))
    report = assemble(
        made.Solution(flows=(made.flow(start, end),)),
        made.POLICIES,
        made.source_lines(files),
        Wishes(today=made.TODAY),
    )
    for page in (render_html(report, made.source_lines(files)), render_graph_page(report)):
        assert page.count("<script>") == 1
        assert "<img" not in page
        assert "\x1b" not in page
        balanced(page)


def test_an_empty_report_is_a_page_too():
    assert "Nothing to report" in balanced(render_html(Report(), made.source_lines()))
    assert "No marked data" in balanced(render_graph_page(Report()))


def test_code_that_is_not_there_is_no_error(report):
    assert "number = user.phone" in render_html(report, made.source_lines({}))


def test_the_same_report_gives_the_same_page(report):
    lines = made.source_lines()
    assert render_html(report, lines) == render_html(report, lines)
