"""Loading rules: what they become, and how each mistake is told."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from flowcheck.errors import ConfigError
from flowcheck.project.documents import Document
from flowcheck.project.settings import RULE_KINDS
from flowcheck.rules import categories, model, packs, purposes, reading
from flowcheck.rules.flows import parse_flow
from flowcheck.rules.loading import RuleFile, check_pack_names, load_rules
from flowcheck.rules.model import RuleSet


def loaded(text: str) -> RuleSet:
    return load_rules(own=[Document(text, "flowcheck.toml").top], packs=())


def test_a_source_of_every_form() -> None:
    rules = loaded(
        """
        [[source]]
        field = "accounts.User.phone"
        collected_for = "security"
        category = "user.contact.phone_number"

        [[source]]
        call = "vault.read"
        collected_for = "security"

        [[source]]
        parameter = "app.*:payload"
        decorated = "hooks.second_factor"
        collected_for = "security"

        [[source]]
        variable = "flask.request.form"
        collected_for = "security"

        [[source]]
        key = "phone"
        of = "flask.request.form"
        supplied_for = "advertising"

        [[source]]
        table = "users"
        column = "phone"
        collected_for = "security"

        [[source]]
        column = "users.phone"
        collected_for = "security"
        """
    )
    assert [str(source.target) for source in rules.sources] == [
        'field "accounts.User.phone"',
        'call "vault.read"',
        'parameter "app.*:payload"',
        'variable "flask.request.form"',
        'key "phone" of "flask.request.form"',
        'table "users", column "phone"',
        'table "users", column "phone"',
    ]
    assert rules.sources[0].category == "user.contact.phone_number"
    assert str(rules.sources[2].narrowing.decorated) == "hooks.second_factor"
    assert [source.relation for source in rules.sources[3:5]] == ["collected_for", "supplied_for"]
    assert [source.origin.line for source in rules.sources[:2]] == [2, 7]
    assert rules.warnings == ()


def test_a_sink_of_every_form() -> None:
    rules = loaded(
        """
        sink = [
            {call = "adtech.push", argument = ["users", 1, "payload[data]"], used_for = "ads", recipient = "Acme"},
            {field = "flask.session[*]", used_for = "advertising"},
            {parameter = "audience.push:rows", used_for = "advertising"},
            {variable = "ads.QUEUE", used_for = "advertising"},
            {package = "shop.ads", used_for = "advertising"},
            {url = "https://ads.example.net/**", used_for = "advertising"},
            {table = "ad_audience", used_for = "advertising"},
            {topic = "ads.*", used_for = "advertising"},
            {returned = "shop.feeds.*", used_for = "advertising", severity = "note"},
            {call = "sdk.UserData", trigger = "sdk.Request.execute", used_for = "advertising", unless = ["a.b"]},
        ]
        """
    )
    assert [type(sink.target).__name__ for sink in rules.sinks] == [
        "CallTarget",
        "FieldTarget",
        "ParameterTarget",
        "VariableTarget",
        "PackageTarget",
        "UrlTarget",
        "ColumnTarget",
        "TopicTarget",
        "ReturnedTarget",
        "CallTarget",
    ]
    assert [argument.shown for argument in rules.sinks[0].arguments] == ["users", 1, "payload"]
    assert rules.sinks[8].severity == "note"
    assert rules.sinks[9].narrowing.excludes("x.a.b")
    assert [sink.origin.number for sink in rules.sinks] == list(range(10))
    assert rules.sinks[0].describe() == 'sink call "adtech.push" (users, 1, payload[data]): used for ads by Acme'


def test_the_other_kinds() -> None:
    rules = loaded(
        """
        [[policy]]
        id = "TEST001"
        collected_for = "billing"
        not_for = "analytics"
        not_matched_with = "analytics"
        severity = "note"
        fix = "Count orders instead."

        [[sanitizer]]
        call = "privacy.is_public"
        argument = "number"
        for = "advertising"
        guards = true

        [[consent]]
        condition = "accounts.User.ads_consent"
        allows = "advertising"

        [[model]]
        call = "mylib.pack"
        flow = ["arg:0 -> return[*]", "arg:value ~> self.body"]
        returns = "list[str]"

        [[model]]
        call = "mylib.size"
        clean = true
        """
    )
    policy = rules.policies[0]
    assert (policy.id, policy.severity, policy.fix) == ("TEST001", "note", "Count orders instead.")
    assert rules.sanitizers[0].is_guard
    assert rules.sanitizers[0].use == "advertising"
    assert rules.consents[0].allows == "advertising"
    assert [flow.kind for flow in rules.models[0].flows] == ["->", "~>"]
    assert rules.models[1].is_clean
    assert {"billing", "analytics", "advertising"} <= rules.purposes()
    assert pickle.loads(pickle.dumps(rules)) == rules


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '[[sink]]\ncall = "adtech.push"\nused_fro = "advertising"\n',
            'flowcheck.toml:3: unknown key "used_fro" in [[sink]]; did you mean "used_for"?',
        ),
        (
            '[[sink]]\nused_for = "advertising"\n\ncall = "adtech.{push"\n',
            'flowcheck.toml:4: malformed pattern in "call": "adtech.{push": a "{" without its "}" at character 8',
        ),
        (
            '[[sink]]\nused_for = "advertising"\ncall = "a.b"\nargument = ["x", "y["]\n',
            'flowcheck.toml:4: malformed argument in "argument": "y[": expected ".name", "[key]", "[0]" or',
        ),
        ('[[sink]]\nused_for = "advertising"\n', "flowcheck.toml:1: [[sink]] needs one of call, field, parameter"),
        ('[[sink]]\ncall = "a.b"\n', 'flowcheck.toml:1: [[sink]] needs "used_for"'),
        ('[[sink]]\ncall = "a.b"\nused_for = ""\n', 'flowcheck.toml:3: "used_for" is empty'),
        ('[[sink]]\ncall = 7\nused_for = "x"\n', 'flowcheck.toml:2: "call" in [[sink]] must be a text; it is a number'),
        (
            '[[sink]]\ncall = "a"\nfield = "b"\nused_for = "x"\n',
            'flowcheck.toml:3: [[sink]] has "call" already; "field" belongs in a rule of its own',
        ),
        ('[[sink]]\ncall = "a"\nargument = -1\nused_for = "x"\n', 'flowcheck.toml:3: "argument" counts from 0'),
        ('[[sink]]\nurl = "a"\ntrigger = "b"\nused_for = "x"\n', 'flowcheck.toml:3: "trigger" belongs to a carrier'),
        ('[[sink]]\nreturned = "a"\nargument = 0\nused_for = "x"\n', 'flowcheck.toml:3: "argument" has no meaning'),
        ('[[source]]\ncall = "a"\nof = "b"\ncollected_for = "x"\n', 'flowcheck.toml:3: "of" names the mapping'),
        ('[[source]]\nparameter = "a.b"\ncollected_for = "x"\n', 'flowcheck.toml:2: malformed pattern in "parameter"'),
        (
            '[[source]]\ncall = "a"\ncollected_for = "x"\nsupplied_for = "y"\n',
            'flowcheck.toml:4: [[source]] has "collected_for" already',
        ),
        (
            '[[policy]]\nid = "A"\ncollected_for = "x"\nnot_for = "y"\nseverity = "eror"\n',
            'flowcheck.toml:5: "severity" must be error, warning or note; it is "eror"; did you mean "error"?',
        ),
        ('[[policy]]\nid = "A"\ncollected_for = "x"\n', 'flowcheck.toml:1: policy "A" needs "not_for"'),
        ('[[policy]]\nid = "1 A"\ncollected_for = "x"\nnot_for = "y"\n', 'flowcheck.toml:2: "id" is a letter, then'),
        (
            '[[policy]]\nid = "A"\ncollected_for = "x"\nnot_for = "y"\n' * 2,
            'flowcheck.toml:5: policy "A" is defined at flowcheck.toml:1 already',
        ),
        (
            '[[policy]]\nid = "FC001"\ncollected_for = "x"\nnot_for = "y"\n',
            'flowcheck.toml:1: policy "FC001" is built in already',
        ),
        (
            '[[policy]]\nid = "FC901"\ncollected_for = "x"\nnot_for = "y"\n',
            'flowcheck.toml:1: ids that start with "FC9" belong to findings about suppressions',
        ),
        ('[[model]]\ncall = "a"\n', 'flowcheck.toml:1: a model needs "flow", "clean" or "returns"'),
        (
            '[[model]]\ncall = "a"\nflow = "arg:0"\n',
            'flowcheck.toml:3: malformed flow in "flow": "arg:0": expected "->"',
        ),
        ('[[model]]\ncall = "a"\nclean = "yes"\n', 'flowcheck.toml:3: "clean" in [[model]] must be true or false'),
        ('sink = "x"\n', 'flowcheck.toml:1: "sink" must be a list of tables, written [[sink]]; it is a text'),
        ("[sink]\nx = 1\n", 'flowcheck.toml:1: "sink" must be a list of tables, written [[sink]]; it is a table'),
        ("sink = [\n 1]\n", 'flowcheck.toml:1: "sink" must be a list of tables, written [[sink]]; it holds a number'),
        ('sink = [{call = "a", \n used_fro = 1}]\n', "flowcheck.toml:"),
    ],
)
def test_mistakes_name_file_line_and_the_nearest_right_word(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(text)
    assert str(caught.value).startswith(message)


def test_an_unknown_key_of_a_rule_file(tmp_path: Path) -> None:
    file = tmp_path / "privacy.toml"
    file.write_text('\n[[source]]\nfeild = "app.User.phone"\ncollected_for = "security"\n')
    with pytest.raises(
        ConfigError, match=r'privacy.toml:3: unknown key "feild" in \[\[source\]\]; did you mean "field"'
    ):
        load_rules(files=[RuleFile(file, "privacy.toml")])
    file.write_text("[[sinks]]\n")
    with pytest.raises(ConfigError, match=r'privacy.toml:1: unknown key "sinks"; did you mean "sink"'):
        load_rules(files=[RuleFile(file, "privacy.toml")])


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            '[[sink]]\ncall = "a.b"\nused_for = "advertsing"\n',
            [
                (
                    'flowcheck.toml:1: "advertsing" is no known purpose and is taken as one of your own;'
                    ' did you mean "advertising"?'
                ),
                'flowcheck.toml:1: no policy speaks of data used for "advertsing"',
            ],
        ),
        (
            '[[source]]\ncall = "a.b"\ncollected_for = "billing"\n',
            ['flowcheck.toml:1: no policy speaks of data collected for "billing"'],
        ),
        (
            '[[source]]\ncall = "a.b"\ncollected_for = "security"\ncategory = "user.contact.phone_numer"\n',
            [
                (
                    'flowcheck.toml:1: "user.contact.phone_numer" is no known data category;'
                    ' did you mean "user.contact.phone_number"?'
                )
            ],
        ),
        ('[[source]]\ncall = "a.b"\nsupplied_for = "advertising"\n', []),
    ],
)
def test_what_is_doubtful_is_a_warning(text: str, warnings: list[str]) -> None:
    assert [str(warning) for warning in loaded(text).warnings] == warnings


# --- packs -------------------------------------------------------------------------------------


def test_all_packs_load_and_use_known_purposes_and_categories() -> None:
    rules = load_rules()
    assert {policy.id for policy in rules.policies} == {"FC001", "FC002"}
    assert rules.warnings == ()
    assert [rule.describe() for rule in rules.rules() if not rule.origin.is_builtin] == []
    assert [source.describe() for source in rules.sources if not purposes.is_known(source.purpose)] == []
    assert [sink.describe() for sink in rules.sinks if not purposes.is_known(sink.used_for)] == []
    assert {source.category for source in rules.sources} <= set(categories.DATA_CATEGORIES)
    assert all(sink.recipient for sink in rules.sinks)


def test_packs_are_chosen_by_name_by_last_word_and_by_folder() -> None:
    def used(*names: str) -> set[str | None]:
        rules = load_rules(packs=names)
        return {rule.origin.pack for rule in (*rules.sources, *rules.sinks)}

    assert used() == set()
    assert used("facebook_business") == {"advertising/facebook_business"}
    assert used("advertising/facebook_business") == {"advertising/facebook_business"}
    assert used("analytics") == {pack.name for pack in packs.builtin_packs() if pack.name.startswith("analytics/")}


def test_without_packs_models_policies_and_purposes_stay() -> None:
    everything = load_rules()
    for without in (load_rules(packs=()), load_rules(has_builtin_rules=False)):
        assert (without.sources, without.sinks) == ((), ())
        assert without.policies == everything.policies
        assert without.models == everything.models


def test_an_unknown_pack_is_told_with_the_nearest() -> None:
    table = Document('paths = []\npacks = ["facebook_bussiness"]\n', "flowcheck.toml").top
    with pytest.raises(ConfigError, match=r'flowcheck.toml:2: there is no built-in pack "facebook_bussiness"; did you'):
        check_pack_names(table)


def test_rules_of_ones_own_come_first() -> None:
    rules = loaded('[[model]]\ncall = "builtins.len"\nflow = "arg:0 -> return"\n')
    assert not rules.models[0].origin.is_builtin
    assert rules.models[1].origin.is_builtin


def test_the_meta_pack_knows_carriers_triggers_and_removal() -> None:
    rules = load_rules(packs=("facebook_business",))

    def sinks_of(name: str) -> list[model.SinkRule]:
        return [
            sink
            for sink in rules.sinks
            if isinstance(sink.target, model.CallTarget) and sink.target.pattern.matches(name)
        ]

    added = sinks_of("facebook_business.adobjects.customaudience.CustomAudience.add_users")
    removed = sinks_of("facebook_business.adobjects.customaudience.CustomAudience().remove_users")
    carrier = sinks_of("facebook_business.adobjects.serverside.user_data.UserData")
    assert [(sink.severity, sink.arguments[0].shown) for sink in added] == [(None, "users")]
    assert [sink.severity for sink in removed] == ["warning"]
    trigger = carrier[0].trigger
    assert trigger is not None
    assert trigger.matches("facebook_business.adobjects.serverside.event_request.EventRequest.execute")


def test_the_keys_of_rules_are_the_kinds_that_a_configuration_may_hold() -> None:
    assert tuple(reading.KEYS) == RULE_KINDS


def test_every_rule_of_the_documentation_can_be_read(repository: Path) -> None:
    page = (repository / "docs" / "rules.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 3
    for block in blocks:
        assert loaded(block).rules()
    prose = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    flows = re.findall(r"`([^`\n]*(?:->|~>)[^`\n]*)`", prose)
    for flow in flows:
        if "arg:" in flow or "self ~" in flow:
            parse_flow(flow.replace("\\|", "|"))
