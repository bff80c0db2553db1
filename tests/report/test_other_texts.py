from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import made
import msgspec
import tomli
import yaml

from flowcheck.facts.files import Code, FileFacts, Mark
from flowcheck.facts.tree import Assign, Constant, Name, Span
from flowcheck.flow.results import Solution
from flowcheck.report.assembly import Wishes, assemble
from flowcheck.report.canvas import Look
from flowcheck.report.explain import render_explanation
from flowcheck.report.fides import render_fides
from flowcheck.report.inventory import render_inventory
from flowcheck.report.proposals import proposed_fields
from flowcheck.report.record import RENDERERS, harmless, rows_of
from flowcheck.report.rules_listing import render_rules
from flowcheck.report.starter import starter_config
from flowcheck.report.whynot import answer, render_answer
from flowcheck.rules.model import ModelRule, Narrowing, RuleOrigin, RuleSet
from flowcheck.rules.patterns import Pattern


def test_explain_shows_frames_policy_and_remedies(report):
    text = render_explanation(report.findings[0], made.POLICIES, made.source_lines(), Look())
    for expected in ("FC001", "number = user.phone", "def nightly", "confirmed", "Ask for consent.", "ignore[FC001]"):
        assert expected in text


def test_explain_knows_what_is_allowed_suppressed_or_about_a_comment(report):
    def explained(finding):
        return render_explanation(finding, made.POLICIES, made.source_lines(), Look())

    assert "consent accounts.User.ads_consent at jobs/app.py:8" in explained(report.allowed[0])
    assert "contract 17 allows it" in explained(report.suppressed[0])
    solution = Solution(suppressions=made.SOLUTION.suppressions)
    unused = assemble(solution, (), made.source_lines(), Wishes(today=made.TODAY))
    assert "suppresses nothing" in explained(unused.findings[0])


def test_the_inventory_is_by_purpose():
    text = render_inventory(made.SOLUTION.inventory, Look())
    for expected in ("collected for security", "used for advertising", "allowed for advertising", "accounts.py:3:1"):
        assert expected in text
    assert "1 source, 1 sink, 1 consent guard" in text
    assert "flowcheck init" in render_inventory((), Look())


def test_the_record_holds_flows_and_blind_spots_too(report):
    rows = list(rows_of(made.SOLUTION.inventory, report))
    kinds = {row.kind for row in rows}
    assert {"source", "sink", "consent", "finding", "lawful flow", "blind spot"} <= kinds
    assert {row.recipient for row in rows if row.kind == "sink"} == {"Acme Ads"}
    (spot,) = [row for row in rows if row.kind == "blind spot"]
    assert spot.detail.startswith("[[model]] call =")
    assert len(json.loads(RENDERERS["json"](rows))["rows"]) == len(rows)
    assert len(list(csv.reader(io.StringIO(RENDERERS["csv"](rows))))) == len(rows) + 1
    assert "&gt;" in RENDERERS["html"](rows)


def test_the_text_of_the_inventory_holds_flows_and_blind_spots_too(report):
    text = render_inventory(made.SOLUTION.inventory, Look(), rows_of(made.SOLUTION.inventory, report))
    for expected in (
        "findings",
        "lawful flows",
        "suppressed flows",
        "blind spots",
        "consent accounts.User.ads_consent",
    ):
        assert expected in text


def test_a_fides_manifest_has_datasets_systems_and_declarations(report):
    rows = [*rows_of(made.SOLUTION.inventory, report)]
    rows.append(
        replace(rows[0], kind="source", name="shop.Order.size", purpose="shop.fitting", category="user.biometric")
    )
    manifest = yaml.safe_load(render_fides(rows, "My shop"))
    assert manifest["data_use"] == [
        {"fides_key": "shop", "name": "shop"},
        {"fides_key": "shop.fitting", "name": "shop.fitting", "parent_key": "shop"},
    ]
    (dataset,) = manifest["dataset"]
    held = {(c["name"], f["name"]): f["data_categories"] for c in dataset["collections"] for f in c["fields"]}
    assert held["shop.Order", "size"] == ["user.biometric"]
    program, recipient = manifest["system"]
    assert program["fides_key"] == "my_shop"
    assert {"collected_for" in str(each) or each["data_use"] for each in program["privacy_declarations"]} >= {
        "essential.service.security",
        "marketing.advertising",
    }
    lawful = [each for each in program["privacy_declarations"] if "legal_basis_for_processing" in each]
    assert [each["legal_basis_for_processing"] for each in lawful] == ["Consent"]
    assert recipient["name"] == "Acme Ads"
    assert program["egress"] == [{"fides_key": recipient["fides_key"], "type": "system"}]


def test_a_table_program_evaluates_no_cell():
    assert harmless("=1+1") == "'=1+1"
    assert harmless("accounts.User.phone") == "accounts.User.phone"


def test_why_not_says_where_the_data_stopped(report):
    def answered(source, sink):
        return render_answer(answer(made.SOLUTION, report, source, sink), made.source_lines(), Look())

    text = answered("accounts.User.phone", "sync_audience")
    assert "jobs/app.py:6:5  rows is never used" in text
    assert "It is allowed: jobs/app.py:8 consent accounts.User.ads_consent" in text
    assert "It does get there: FC001 jobs/app.py:7" in text
    assert "No source is called User.fax" in answered("User.fax", "sync_audience")
    assert "No sink is called nobody" in answered("User.phone", "nobody")
    assert "suppresses it" in answered("User.email", "ads.sync_audience")


def test_why_not_tells_a_flow_that_no_policy_forbids():
    solution = Solution(flows=(made.flow(None, made.sink(used_for="analytics")),))
    report = assemble(solution, made.POLICIES, made.source_lines(), Wishes(today=made.TODAY))
    text = render_answer(answer(solution, report, "User.phone", "sync_audience"), made.source_lines(), Look())
    assert "no policy forbids data collected for security to be used for analytics" in text


def test_the_rules_are_listed_with_their_place():
    text = render_rules(RuleSet(policies=made.POLICIES), Look())
    assert "policy FC001" in text
    assert "rules/policies.toml:1" in text
    assert "fix: Ask for consent." in text
    assert "2 policies" in text


def test_the_built_in_models_are_listed_on_request_only():
    built_in = ModelRule(Pattern.parse("base64.b64encode"), (), False, None, None, Narrowing(), made.ORIGIN)
    own = replace(built_in, call=Pattern.parse("mylib.pack"), origin=RuleOrigin("flowcheck.toml", 3))
    few, all_ = (render_rules(RuleSet(models=(own, built_in)), Look(), has_models=many) for many in (False, True))
    assert "mylib.pack" in few
    assert "base64.b64encode" not in few
    assert "base64.b64encode" in all_


def code_of(kind: str, name: str, fields: tuple[str, ...] = (), mentions: tuple[str, ...] = ()) -> Code:
    at = Span(3, 5, 3, 9)
    body = tuple(Assign((Name(field, "local", at),), Constant(1), None, at) for field in fields)
    return Code(0, -1, kind, name, name, (), None, body, (), (), (), (), False, False, mentions, at, at)


DEVICE = code_of("class", "LoginDevice", ("mfa_phone_number", "backup_codes", "recovery_email", "city", "phone"))
SENDER = code_of("function", "send_login_code", mentions=("mfa_phone_number",))
FACTS = FileFacts((DEVICE, SENDER), (), (), None)


def test_fields_are_proposed_by_name_with_evidence():
    proposals = proposed_fields([("app.py", "app", FACTS)])
    assert [proposal.field for proposal in proposals] == [
        "app.LoginDevice.mfa_phone_number",
        "app.LoginDevice.recovery_email",
    ]
    phone, email = proposals
    assert phone.evidence == ("its name", "the field backup_codes beside it", "used by send_login_code")
    assert (phone.category, email.category) == ("user.contact.phone_number", "user.contact.email")


def test_marked_fields_are_not_proposed():
    at = Span(3, 5, 3, 9)
    mark = Mark("security-collected", "comment", "field", "LoginDevice.recovery_email", at, at)
    marked = msgspec.structs.replace(FACTS, marks=(mark,))
    assert [each.field for each in proposed_fields([("a.py", "a", marked)])] == ["a.LoginDevice.mfa_phone_number"]


def test_the_starter_config_is_toml_with_and_without_its_proposals():
    text = starter_config(proposed_fields([("app.py", "app", FACTS)]))
    assert tomli.loads(text)["paths"] == ["."]
    head, _, rules = text.partition("Take the # away from those that were.\n")
    assert head
    uncommented = "\n".join(line.removeprefix("# ") for line in rules.split("\n") if "app.py:3" not in line)
    assert [source["field"] for source in tomli.loads(uncommented)["source"]] == [
        "app.LoginDevice.mfa_phone_number",
        "app.LoginDevice.recovery_email",
    ]
