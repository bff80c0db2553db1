from __future__ import annotations

from dataclasses import replace

import made
import pytest

from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.canvas import Look, cropped
from flowcheck.report.model import Report
from flowcheck.report.text import TextOptions, render_text
from flowcheck.report.words import printable


def drawn(report, files=None, look=None, **options):
    return render_text(report, made.source_lines(files), TextOptions(look=look or Look(), **options))


def test_it_tells_policy_purposes_recipient_and_every_step(report):
    text = drawn(report)
    for expected in ("FC001", "accounts.User.phone", "for security", "advertising", "Acme Ads", "Ask for consent."):
        assert expected in text
    for step in report.findings[0].path:
        assert f"{step.place.path}:{step.place.span.line}" in text
        assert step.code in text


def test_the_value_is_underlined(report):
    lines = drawn(report).split("\n")
    at = next(number for number, line in enumerate(lines) if line.endswith("│ number = user.phone"))
    assert lines[at + 1].index("━") == lines[at].index("user.phone")
    assert lines[at + 1].count("━") == len("user.phone")


def test_quiet_is_findings_only(report):
    quiet = drawn(report, is_quiet=True)
    assert "FC001" in quiet
    assert "2 findings" not in quiet
    assert "blind spot" not in quiet


def test_the_summary_counts(report):
    assert "2 findings: 2 errors" in drawn(report)
    assert "1 allowed by consent or sanitizers, 1 suppressed, 1 blind spot, 1 file not analysed" in drawn(report)
    assert drawn(Report()) == "No findings.\n"


def test_statistics_are_counts_by_name(report):
    assert "sources      1" in drawn(report, has_statistics=True)


def test_no_color_means_no_escape_codes(report):
    assert "\x1b" not in drawn(report)
    assert "\x1b[1;31merror" in drawn(report, look=Look(has_color=True))


def test_without_unicode_it_is_ascii(report):
    assert drawn(report, look=Look(has_unicode=False)).isascii()


def test_on_a_narrow_terminal_every_line_of_code_and_prose_fits(report):
    text = drawn(report, look=Look(width=44), is_quiet=True)
    assert [line for line in text.split("\n") if len(line) > 44 and "explain" not in line] == []


def test_links_only_where_the_terminal_has_them(report):
    linked = drawn(report, look=Look(has_color=True, link_root="/home/me/shop"))
    assert "file:///home/me/shop/jobs/app.py#5" in linked


def test_no_control_character_of_the_code_reaches_the_terminal():
    hostile = "sync_audience(user.phone, '\x1b[2J\x9b\u202e\x07')"
    files = {"jobs/app.py": hostile}
    end = made.sink(place=made.place(1, 1, len(hostile) + 1), name="ads.\x1b]0;x\x07sync")
    start = replace(made.source(), place=made.place(1, 15, 25))
    report = assemble(
        made.Solution(flows=(made.flow(start, end),)),
        made.POLICIES,
        made.source_lines(files),
        Wishes(today=made.TODAY),
    )
    text = drawn(report, files)
    assert not set(text) & {"\x1b", "\x9b", "\u202e", "\x07"}
    assert r"\x1b[2J\x9b\u202e\x07" in text


@pytest.mark.parametrize(("raw", "shown"), [("a\tb", "a    b"), ("Ærø 数", "Ærø 数"), ("\x00\r\n", r"\x00\r\n")])
def test_printable(raw, shown):
    assert printable(raw) == shown


def test_cropping_keeps_the_value():
    text = "x" * 50 + "VALUE" + "y" * 50
    shown, start, end = cropped(text, 50, 55, 30, "…")
    assert len(shown) <= 30
    assert shown[start:end] == "VALUE"
    assert shown.startswith("…")
    assert shown.endswith("…")
