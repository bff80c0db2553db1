"""Access paths, model flows, texts and addresses, types, labels, purposes."""

from __future__ import annotations

import pytest

from flowcheck.errors import RuleSyntaxError
from flowcheck.rules import purposes
from flowcheck.rules.access import AnyBelow, AnyElement, ArgumentPath, Attribute, Index, Key, Keys, parse_argument
from flowcheck.rules.flows import (
    Application,
    ArgumentTerm,
    EveryArgument,
    Given,
    ModelFlow,
    Nothing,
    Rest,
    ReturnTerm,
    parse_flow,
)
from flowcheck.rules.labels import Label, read_label
from flowcheck.rules.reading import parse_return_type
from flowcheck.rules.texts import TextPattern, UrlPattern

# --- access paths ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("users", ArgumentPath(None, "users")),
        ("0", ArgumentPath(0, None)),
        ("1|users", ArgumentPath(1, "users")),
        ("self", ArgumentPath(None, None, is_receiver=True)),
        ("self.rows", ArgumentPath(None, None, (Attribute("rows"),), is_receiver=True)),
        ("payload[data][*].em", ArgumentPath(None, "payload", (Key("data"), AnyElement(), Attribute("em")))),
        ("0[-1]", ArgumentPath(0, None, (Index(-1),))),
        ("options[keys]['keys'][\"a b\"]", ArgumentPath(None, "options", (Keys(), Key("keys"), Key("a b")))),
        ("body.**", ArgumentPath(None, "body", (AnyBelow(),))),
        ("body[$set]", ArgumentPath(None, "body", (Key("$set"),))),
    ],
)
def test_argument_paths(text: str, path: ArgumentPath) -> None:
    assert parse_argument(text) == path


@pytest.mark.parametrize("text", ["", "-1", "a[", "a[]", "a..b", "a b", "|a", "[0]"])
def test_malformed_argument_paths(text: str) -> None:
    with pytest.raises(RuleSyntaxError):
        parse_argument(text)


@pytest.mark.parametrize(("text", "shown"), [("users[0]", "users"), ("1|users", "users"), ("2", 2), ("self", "self")])
def test_how_reports_call_an_argument(text: str, shown: str | int) -> None:
    assert parse_argument(text).shown == shown


# --- model flows -------------------------------------------------------------------------------

FIRST = ArgumentTerm(ArgumentPath(0, None))
ELEMENTS = ArgumentTerm(ArgumentPath(1, None, (AnyElement(),)))


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("arg:0 -> return[*]", ModelFlow(FIRST, ReturnTerm((AnyElement(),)))),
        ("arg:0~>return", ModelFlow(FIRST, ReturnTerm(), "~>")),
        ("arg:* ~> return", ModelFlow(EveryArgument(), ReturnTerm(), "~>")),
        ("arg:0(arg:1[*]) -> return", ModelFlow(Application(FIRST, (Given(ELEMENTS),)), ReturnTerm())),
        ("arg:0(*arg:1[*]) -> nothing", ModelFlow(Application(FIRST, (Given(ELEMENTS, stars=1),)), Nothing())),
        ("arg:0(x=arg:1[*]) -> nothing", ModelFlow(Application(FIRST, (Given(ELEMENTS, "x"),)), Nothing())),
        ("arg:0(arg:1...) -> return", ModelFlow(Application(FIRST, (Given(Rest(1)),)), ReturnTerm())),
        ("arg:0()[0] -> return", ModelFlow(Application(FIRST, (), (Index(0),)), ReturnTerm())),
    ],
)
def test_flows(text: str, flow: ModelFlow) -> None:
    assert parse_flow(text) == flow


@pytest.mark.parametrize(
    "text",
    [
        "arg:value -> self.body",
        "self ~> return",
        "arg:1|target(*arg:3|args, **arg:4|kwargs) -> nothing",
        "arg:0(return, arg:1[*]) -> return",
        "self.file -> arg:0|fp[*]",
        "arg:0|x.** -> return.**",
        "arg:0(arg:1(arg:2), self) -> return[keys]",
    ],
)
def test_flows_are_written_as_they_are_read(text: str) -> None:
    assert str(parse_flow(text)) == text


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("arg:0 => return", 5),
        ("arg:0 ->", 8),
        ("nothing -> return", 0),
        ("arg:0 -> arg:1(arg:2)", 9),
        ("arg:0 -> return x", 15),
        ("arg:0(arg:1 -> return", 12),
        ("foo -> return", 0),
        ("arg:self -> return", 0),
    ],
)
def test_malformed_flows_name_their_place(text: str, position: int) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        parse_flow(text)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("str", "builtins.str"),
        ("list[str]", "builtins.list[builtins.str]"),
        ("dict[str, list[a.B]]", "builtins.dict[builtins.str, builtins.list[a.B]]"),
        ("hashlib.HASH", "hashlib.HASH"),
    ],
)
def test_return_types(text: str, shown: str) -> None:
    assert str(parse_return_type(text)) == shown


@pytest.mark.parametrize("text", ["", "list[", "list[]", "list[str]]", "list[str] x", "[str]"])
def test_malformed_return_types(text: str) -> None:
    with pytest.raises(RuleSyntaxError):
        parse_return_type(text)


# --- texts and addresses -----------------------------------------------------------------------


def test_text_patterns() -> None:
    assert TextPattern.parse("ads.*").matches("ads.audience.v2")
    assert TextPattern.parse("{tfa,mfa}_phone").matches("mfa_phone")
    assert not TextPattern.parse("phone").matches("Phone")
    assert TextPattern.parse("Users", ignores_case=True).matches("users")


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("https://ads.example.net/collect", "https://ads.example.net/collect"),
        ("https://ads.example.net/collect", "https://ads.example.net/collect/?key=1#top"),
        ("https://ads.example.net/collect", "https://user:pass@ADS.example.net:443/collect"),
        ("ads.example.net/collect", "http://ads.example.net/collect"),
        ("https://ads.example.net/**", "https://ads.example.net"),
        ("https://ads.example.net/**", "https://ads.example.net/a/b"),
        ("https://ads.example.net/*/users", "https://ads.example.net/17/users"),
        ("https://*.example.net/x", "https://eu.example.net/x"),
        ("https://{us,eu}.example.net/{a,b}:go", "https://eu.example.net/b:go"),
    ],
)
def test_addresses_that_match(pattern: str, url: str) -> None:
    assert UrlPattern.parse(pattern).matches(url)


@pytest.mark.parametrize(
    ("pattern", "url"),
    [
        ("https://ads.example.net/collect", "https://codes.example.net/collect"),
        ("https://ads.example.net/collect", "http://ads.example.net/collect"),
        ("https://ads.example.net/collect", "https://ads.example.net/collected"),
        ("https://ads.example.net/*/users", "https://ads.example.net/a/b/users"),
        ("https://*.example.net/x", "https://example.net/x"),
        ("https://example.net/**", "https://example.net.evil.org/x"),
        ("https://example.net/**", "/relative"),
    ],
)
def test_addresses_that_do_not_match(pattern: str, url: str) -> None:
    assert not UrlPattern.parse(pattern).matches(url)


def test_unknown_pieces_stand_for_parts_of_the_path_but_never_for_the_host() -> None:
    pattern = UrlPattern.parse("https://graph.example.net/*/*/events")
    assert pattern.matches_pieces(("https://graph.example.net/v19.0/", None, "/events"))
    assert pattern.matches_pieces(("https://graph.example.net/", None))
    assert not pattern.matches_pieces(("https://graph.example.net/", None, "/users"))
    assert not pattern.matches_pieces((None, "/v19.0/1/events"))
    assert not pattern.matches_pieces((None,))
    assert UrlPattern.parse("https://*.api.example.net/**").matches_pieces(("https://", None, ".api.example.net/x"))


@pytest.mark.parametrize("text", ["", "https://", "https://*/x", "https://a b/", "https://{a/x"])
def test_malformed_addresses(text: str) -> None:
    with pytest.raises(RuleSyntaxError):
        UrlPattern.parse(text)


# --- labels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("security-collected", Label("collected_for", "security")),
        ("fraud-prevention-collected", Label("collected_for", "fraud-prevention")),
        ("collected-for=billing", Label("collected_for", "billing")),
        ("collected-for = security", Label("collected_for", "security")),
        ("used-for=analytics", Label("used_for", "analytics")),
        ("supplied-for=advertising", Label("supplied_for", "advertising")),
        ("advertising", Label("used_for", "advertising")),
        ("marketing.advertising.third_party", Label("used_for", "marketing.advertising.third_party")),
    ],
)
def test_labels(text: str, label: Label) -> None:
    for is_meant in (True, False):
        reading = read_label(text, is_meant=is_meant)
        assert reading.label == label
        assert reading.doubt is None


@pytest.mark.parametrize("text", ["shown on the profile", "primary key", "", "phone"])
def test_other_texts_of_an_annotation_are_no_labels(text: str) -> None:
    reading = read_label(text, is_meant=False)
    assert reading.label is None
    assert reading.doubt is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("advertsing", 'did you mean "advertising"?'),
        ("security-colected", 'did you mean "security-collected"?'),
        ("collected_for security", 'did you mean "collected-for=security"?'),
        ("something else", "is no label"),
    ],
)
def test_a_comment_that_is_no_label_is_doubted(text: str, words: str) -> None:
    reading = read_label(text, is_meant=True)
    assert reading.label is None
    assert words in (reading.doubt or "")


def test_a_purpose_that_is_nearly_known_is_taken_and_doubted() -> None:
    reading = read_label("collected-for=securty", is_meant=True)
    assert reading.label == Label("collected_for", "securty")
    assert 'did you mean "security"?' in (reading.doubt or "")
    assert read_label("collected-for=securty", frozenset({"securty"}), is_meant=True).doubt is None


def test_a_purpose_of_ones_own_is_a_label_by_itself() -> None:
    assert read_label("billing", is_meant=False).label is None
    assert read_label("billing", frozenset({"billing"}), is_meant=False).label == Label("used_for", "billing")


# --- purposes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("security", "security"),
        ("essential.service", "security"),
        ("security", "essential.service.security"),
        ("security", "authentication"),
        ("security", "essential.fraud_detection"),
        ("security", "security.recovery"),
        ("essential", "authentication"),
        ("advertising", "marketing.advertising.third_party.targeted"),
        ("fraud-prevention", "fraud_prevention"),
        ("billing", "billing.invoices"),
    ],
)
def test_includes(parent: str, child: str) -> None:
    assert purposes.includes(parent, child)


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("marketing.advertising.third_party", "advertising"),
        ("authentication", "security"),
        ("essential.service.security", "essential.service"),
        ("advertising", "marketing.communications.email"),
        ("bill", "billing"),
        ("security", "fraud-prevention"),
    ],
)
def test_does_not_include(parent: str, child: str) -> None:
    assert not purposes.includes(parent, child)
