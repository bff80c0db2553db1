"""Hand-made material for tests of reports: one small program, and what a solver would say of it."""

from __future__ import annotations

from datetime import date

from flowcheck.facts.files import Problem, Suppression
from flowcheck.facts.tree import Span
from flowcheck.flow.results import (
    BlindSpot,
    Clearance,
    Flow,
    Hop,
    InventoryEntry,
    Match,
    Place,
    SinkUse,
    Solution,
    SourceUse,
    Stop,
)
from flowcheck.report.lines import SourceLines
from flowcheck.rules.model import Policy, RuleOrigin

TODAY = date(2026, 7, 1)

APP = """\
from accounts import User
from ads import sync_audience

def nightly(user: User, uploaded):
    number = user.phone
    rows = [number]
    sync_audience(rows)
    if user.ads_consent:
        sync_audience(user.phone)
    sync_audience(user.email)  # flowcheck: ignore[FC001] contract 17 allows it
    return user.phone in uploaded
"""

FILES = {"jobs/app.py": APP}


ORIGIN = RuleOrigin("rules/policies.toml", 1, pack="policies")


def policy(policy_id: str, not_for: str | None, not_matched_with: str | None) -> Policy:
    """A built-in policy about security-collected data."""
    return Policy(policy_id, "security", not_for, not_matched_with, "error", None, "Ask for consent.", ORIGIN)


FC001 = policy("FC001", "advertising", None)
FC002 = policy("FC002", None, "advertising")
POLICIES = (FC001, FC002)


def source_lines(files: dict[str, str] | None = None) -> SourceLines:
    held = FILES if files is None else files

    def read(path: str) -> bytes:
        if path not in held:
            raise FileNotFoundError(path)
        return held[path].encode()

    return SourceLines(read)


def place(line: int, start: int = 1, end: int = 2, path: str = "jobs/app.py") -> Place:
    return Place(path, Span(line, start, line, end))


def text_place(line: int, text: str, path: str = "jobs/app.py", code: str = APP) -> Place:
    """The place of a text on a line."""
    start = code.split("\n")[line - 1].index(text) + 1
    return place(line, start, start + len(text), path)


def source(line: int = 5, text: str = "user.phone", name: str = "accounts.User.phone", **more: object) -> SourceUse:
    values = {"relation": "collected_for", "purpose": "security", "category": "user.contact.phone_number"}
    return SourceUse(name=name, place=text_place(line, text), **{**values, **more})


def sink(line: int = 7, text: str = "sync_audience(rows)", **more: object) -> SinkUse:
    values = {
        "name": "ads.sync_audience",
        "argument": "rows",
        "used_for": "advertising",
        "recipient": "Acme Ads",
        "severity": None,
        "place": text_place(line, text),
        "function": "jobs.app.nightly",
        "ordinal": 0,
    }
    return SinkUse(**{**values, **more})


def witness(start: SourceUse, end: SinkUse, *middle: Hop) -> tuple[Hop, ...]:
    first = Hop("source", start.place, f"{start.name} is read")
    last = Hop("sink", end.place, f"passed to {end.name}")
    return (first, *middle, last)


def flow(start: SourceUse | None = None, end: SinkUse | None = None, *middle: Hop, **more: object) -> Flow:
    start, end = start or source(), end or sink()
    return Flow(start, end, witness(start, end, *middle), **more)


LEAK = flow(
    None,
    None,
    Hop("assign", text_place(5, "number"), "kept in number"),
    Hop("assign", text_place(6, "rows"), "put into a list"),
)
ALLOWED = flow(
    source(9),
    sink(9, "sync_audience(user.phone)", ordinal=1),
    clearances=(Clearance("consent", "accounts.User.ads_consent", "advertising", text_place(8, "user.ads_consent")),),
)
SUPPRESSED = flow(
    source(10, "user.email", "accounts.User.email", category="user.contact.email"),
    sink(10, "sync_audience(user.email)", ordinal=2),
)
UPLOADED = SourceUse("jobs.app.nightly:uploaded", "supplied_for", "advertising", None, text_place(4, "uploaded"))
MATCHED = sink(
    11, "user.phone in uploaded", name="in", argument=None, recipient=None, function="jobs.app.nightly", ordinal=0
)
MATCH = Match(source(11), UPLOADED, MATCHED, witness(source(11), MATCHED), witness(UPLOADED, MATCHED))
SUPPRESSION = Suppression(("FC001",), "contract 17 allows it", None, 10, text_place(10, "# flowcheck").span)
STOP = Stop(source(5), text_place(6, "rows"), "rows is never used", witness(source(5), sink())[:1])

SOLUTION = Solution(
    flows=(SUPPRESSED, ALLOWED, LEAK),
    matches=(MATCH,),
    blind_spots=(
        BlindSpot(
            "unknown-call",
            "acme.pack",
            text_place(6, "rows"),
            ("security",),
            "acme.pack is not known",
            '[[model]]\ncall = "acme.pack"\nflow = ["arg:0 -> return"]',
        ),
    ),
    stops=(STOP,),
    inventory=(
        InventoryEntry("source", "accounts.User.phone", "security", place(3, path="accounts.py"), "comment"),
        InventoryEntry("sink", "ads.sync_audience", "advertising", place(1, path="ads.py"), "Acme Ads"),
        InventoryEntry("consent", "accounts.User.ads_consent", "advertising", place(8), "flowcheck.toml:3"),
    ),
    unmatched_rules=('sink call = "adtech.never_called"',),
    errors=(("broken.py", Problem(3, "invalid syntax")),),
    suppressions={"jobs/app.py": (SUPPRESSION,)},
    statistics={"files": 3, "sources": 1},
)
