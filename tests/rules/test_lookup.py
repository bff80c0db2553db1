"""The rules that a word speaks of, and what `flowcheck rules WORD` says of each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowcheck.cli.main import run
from flowcheck.project.documents import Document
from flowcheck.report.canvas import Look
from flowcheck.report.rule_explanation import explanation, render_explanations
from flowcheck.rules.loading import load_rules
from flowcheck.rules.lookup import rules_meant
from flowcheck.rules.model import RuleSet

OWN = """\
# Our newsletter tool. https://mail.example/docs

[[source]]
field = "accounts.models.{User,Guest}.phone"
collected_for = "security"
category = "user.contact.phone_number"
unless = ["Guest.phone"]

# Given at the till.
[[source]]
key = "till_phone"
of = "flask.request.form"
collected_for = "fraud-prevention"

[[source]]
column = "logins.phone"
collected_for = "security"

[[source]]
parameter = "ads.match:uploaded"
supplied_for = "advertising"

[[sink]]
call = "mailer.lists.subscribe"
argument = ["1|email", "payload[data][*].em"]
used_for = "advertising"
recipient = "Acme Mail"
severity = "warning"

[[sink]]
call = "adsdk.UserData"
trigger = "adsdk.EventRequest.execute"
where = { kind = "person*" }
used_for = "advertising"

[[sink]]
url = "https://adhost.example/**/users"
used_for = "advertising"

[[sink]]
topic = "ads.*"
used_for = "advertising"

[[sink]]
returned = "feeds.*"
decorated = "flask.Flask.route"
used_for = "analytics"

[[sink]]
package = "shop.ads"
used_for = "advertising"

[[sink]]
field = "ads.Campaign.audience"
used_for = "advertising"

[[sink]]
variable = "flask.session[*]"
used_for = "advertising"

[[policy]]
id = "SHOP001"
collected_for = "fraud-prevention"
not_for = "analytics"
severity = "note"
fix = "Leave it at the till."

[[sanitizer]]
call = "privacy.bucket"
for = "advertising"

[[sanitizer]]
call = "privacy.is_public"
argument = "number"
guards = true

[[consent]]
condition = "accounts.models.User.ads_consent"
allows = "advertising"

[[model]]
call = "mylib.pack"
flow = ["arg:0 -> return[*]", "self ~> return", "arg:1(arg:0[*], name=arg:3, arg:2...) -> nothing"]

[[model]]
call = "mylib.open"
clean = true
returns = "mylib.Session"
"""


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(own=[Document(OWN, "own.toml").top])


def lines_of(rules: RuleSet, word: str) -> list[int]:
    return [rule.origin.line for rule in rules_meant(rules, word) if not rule.origin.is_builtin]


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("SHOP001", [61]),
        ("shop001", [61]),
        ("own.toml:9", []),
        ("own.toml:10", [10]),
        ("accounts.models.Guest.phone", [3]),
        ("Guest.phone", [3]),
        ("accounts", [3, 77]),
        ("till_phone", [10]),
        ("logins.phone", [15]),
        ("orders.phone", []),
        ("match:uploaded", [19]),
        ("match:other", []),
        ("mailer.lists.subscribe", [23]),
        ("Acme Mail", [23]),
        ("acme mail", [23]),
        ("EventRequest.execute", [30]),
        ("https://adhost.example/v2/17/users", [36]),
        ("https://adhost.example/v2/17/rows", []),
        ("adhost.example", [36]),
        ("ads.clicks", [40]),
        ("feeds.products", [44]),
        ("shop.ads", [49]),
        ("bucket", [68]),
        ("ads_consent", [77]),
        ("mylib.pack", [81]),
        ("fraud-prevention", [61, 10]),
        ("nobody.knows", []),
    ],
)
def test_a_word_speaks_of_rules(rules: RuleSet, word: str, lines: list[int]) -> None:
    assert lines_of(rules, word) == lines


def said(rules: RuleSet, line: int) -> dict[str, list[str]]:
    """What is said of the rule of our own on a line, by label."""
    (rule,) = [each for each in rules.rules() if not each.origin.is_builtin and each.origin.line == line]
    found: dict[str, list[str]] = {}
    for label, text in explanation(rule, rules):
        found.setdefault(label, []).append(text)
    return found


def test_a_source_is_explained(rules: RuleSet) -> None:
    told = said(rules, 3)
    assert told["pattern"] == ["accounts.models.{User,Guest}.phone"]
    assert told["stands for"] == ["accounts.models.User.phone"]
    assert told["label"] == ["collected for security (essential.service.security)"]
    assert told["category"] == ["user.contact.phone_number"]
    assert told["judged by"] == ["FC001 and FC002"]
    assert told["unless"] == ["Guest.phone"]
    assert told["comment"] == ["Our newsletter tool."]
    assert told["reference"] == ["https://mail.example/docs"]
    assert "pack" not in told


def test_what_a_key_a_column_and_a_parameter_mean(rules: RuleSet) -> None:
    assert said(rules, 10)["means"] == ["what stands under that key of the mapping flask.request.form is marked data"]
    assert said(rules, 10)["judged by"] == ["SHOP001"]
    assert said(rules, 10)["comment"] == ["Our newsletter tool.", "Given at the till."]
    assert said(rules, 15)["pattern"] == ['table "logins", column "phone"']
    assert said(rules, 19)["pattern"] == ["ads.match:uploaded"]
    assert said(rules, 19)["judged by"] == ["FC002"]


def test_a_sink_is_explained(rules: RuleSet) -> None:
    told = said(rules, 23)
    assert told["argument"] == [
        (
            "the second argument, or the one given as `email` and "
            '`em` of any element of what stands under "data" in the argument `payload`'
        )
    ]
    assert told["label"] == ["used for advertising (marketing.advertising), by Acme Mail"]
    assert told["judged by"] == ["FC001; reported as warning"]
    carrier = said(rules, 30)
    assert carrier["trigger"][0].startswith("adsdk.EventRequest.execute:")
    assert carrier["only where"] == ['the argument `kind` is "person*"']
    assert carrier["argument"] == ["every one"]


def test_every_kind_of_target_has_words_of_its_own(rules: RuleSet) -> None:
    meanings = [said(rules, line)["means"][0] for line in (23, 36, 40, 44, 49, 53, 57)]
    assert len(set(meanings)) == len(meanings)
    assert said(rules, 44)["only where"] == ["the function is decorated with flask.Flask.route"]
    assert said(rules, 44)["judged by"] == ["SHOP001"]
    assert said(rules, 57)["pattern"] == ["flask.session[*]"]


def test_a_policy_is_explained(rules: RuleSet) -> None:
    told = said(rules, 61)
    assert told["means"] == ["data collected for fraud-prevention (fraud_prevention) must not be used for analytics"]
    assert (told["severity"], told["fix"]) == (["note"], ["Leave it at the till."])
    assert told["speaks of"][0].startswith("1 source and ")


def test_sanitizers_consents_and_models_are_explained(rules: RuleSet) -> None:
    assert said(rules, 68)["cleans for"] == ["advertising (marketing.advertising)"]
    assert said(rules, 72)["means"] == ["the argument `number` is clean where the call returned true"]
    assert said(rules, 77)["allows"] == ["advertising (marketing.advertising)"]
    assert said(rules, 81)["passes"] == [
        "the first argument itself becomes any element of what the call returns",
        "what the call returns is made from the object whose method is called",
        (
            "what the second argument returns when called with any element of the first argument, the fourth argument "
            "as `name`, all arguments from the third on is dropped; what counts is that it was called"
        ),
    ]
    assert said(rules, 85)["returns"] == ["mylib.Session"]


def test_every_rule_in_force_can_be_meant_by_its_place_and_explained(rules: RuleSet) -> None:
    silent = [
        str(rule.origin)
        for rule in rules.rules()
        if rule not in rules_meant(rules, str(rule.origin)) or len(list(explanation(rule, rules))) < 2
    ]
    assert silent == []


def test_every_vendor_pack_names_its_documentation(rules: RuleSet) -> None:
    nameless = {
        rule.origin.pack
        for rule in (*rules.sources, *rules.sinks)
        if rule.origin.is_builtin and not any("https://" in comment for comment in rule.origin.comments)
    }
    assert nameless == set()


def test_a_text_of_a_rule_never_acts_on_the_terminal() -> None:
    own = 'packs = []\n[[sink]]\ncall = "a.b"\nused_for = "advertising"\nrecipient = "\\u001b[31mAcme"\n'
    rules = load_rules(own=[Document(own, "own.toml").top])
    assert "\x1b" not in render_explanations(rules, rules_meant(rules, "a.b"), Look())


def test_the_command_explains_each_word_and_refuses_an_unknown_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flowcheck.toml").write_text(
        '[[sink]]\ncall = "adtech.push"\nused_for = "advertising"\n', encoding="utf-8"
    )
    assert run(["rules", "FC001", "adtech.push"]) == 0
    told = capfd.readouterr().out
    for expected in ("policy FC001  rules/policies.toml:3", "sink  flowcheck.toml:1", "used for advertising"):
        assert expected in told
    assert run(["rules", "adtech.pusch"]) == 2
    assert 'did you mean "push"?' in capfd.readouterr().err
