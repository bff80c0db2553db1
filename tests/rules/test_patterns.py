"""The pattern language: what matches, what does not, and how mistakes are told."""

from __future__ import annotations

import time

import pytest

from flowcheck.errors import RuleSyntaxError
from flowcheck.rules.index import PatternIndex
from flowcheck.rules.patterns import ALTERNATIVES_LIMIT, Pattern, is_glob_match, suffix_pattern


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("adtech.push", "adtech.push"),
        ("adtech.push_*", "adtech.push_list"),
        ("adtech.push_*", "adtech.push_"),
        ("adtech.*", "adtech.push"),
        ("*.push", "adtech.push"),
        ("adtech.**.push", "adtech.push"),
        ("adtech.**.push", "adtech.v2.push"),
        ("adtech.**.push", "adtech.v2.lists.push"),
        ("**.push", "push"),
        ("**.push", "a.b.push"),
        ("adtech.**", "adtech"),
        ("adtech.**", "adtech.a.b"),
        ("**", "anything.at.all"),
        ("a.**.b.**.c", "a.x.b.y.z.c"),
        ("adtech.connect().service().upload", "adtech.connect().service().upload"),
        ("adtech.**.upload", "adtech.connect().service().upload"),
        ("shopads.Uploader.send", "shopads.Uploader().send"),
        ("adtech.{push,replace}", "adtech.replace"),
        ("adtech.{v1.push,v{2,3}.send}", "adtech.v1.push"),
        ("adtech.{v1.push,v{2,3}.send}", "adtech.v3.send"),
        ("adtech.{lists.,}push", "adtech.push"),
        ("google.ads.googleads.v*.**.upload", "google.ads.googleads.v26.services.client.upload"),
        ("app.migrations.0001_initial.Migration", "app.migrations.0001_initial.Migration"),
        ("grüße.sende", "grüße.sende"),
    ],
)
def test_matches(pattern: str, name: str) -> None:
    assert Pattern.parse(pattern).matches(name)


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("adtech.push", "adtech.push_list"),
        ("adtech.push", "other.adtech.push"),
        ("adtech.push", "adtech.push()"),
        ("adtech.push_*", "adtech.push_v2.state"),
        ("adtech.*", "adtech"),
        ("adtech.*", "adtech.a.b"),
        ("adtech.**.push", "adtech.v2.lists.pull"),
        ("adtech.**.push", "codes.push"),
        ("adtech.connect().service().upload", "adtech.connect().upload"),
        ("adtech.connect().service().upload", "adtech.connect.service.upload"),
        ("shopads.Uploader().send", "shopads.Uploader.send"),
        ("shopads.Uploader.send", "shopads.Uploader()().send"),
        ("adtech.{push,replace}", "adtech.status"),
    ],
)
def test_does_not_match(pattern: str, name: str) -> None:
    assert not Pattern.parse(pattern).matches(name)


@pytest.mark.parametrize(
    ("text", "message", "position"),
    [
        ("adtech.{push", 'a "{" without its "}"', 7),
        ("adtech.push}", 'a "}" without its "{"', 11),
        ("a..b", "an empty part", 1),
        ("", "an empty name", 0),
        ("a.b c", '" " cannot stand here', 3),
        ("a.b[0]", '"[" cannot stand here', 3),
        ("a.**b", '"**" must be a part of its own', 2),
        ("a.b(", '"(" cannot stand here', 3),
        ("{a,b}" * 12, f"more than {ALTERNATIVES_LIMIT} alternatives", 50),
        ("{" * 100, "braces nested more than 20 deep", 20),
    ],
)
def test_mistakes_name_their_place(text: str, message: str, position: int) -> None:
    with pytest.raises(RuleSyntaxError) as caught:
        Pattern.parse(text)
    assert (caught.value.message, caught.value.position) == (message, position)


def test_words_that_a_file_must_mention() -> None:
    pattern = Pattern.parse("shop.{ads.push,ads.replace}")
    assert pattern.last_words() == {"push", "replace"}
    assert pattern.words() == {"shop", "ads"}
    assert Pattern.parse("shop.ads.connect()").last_words() == {"connect"}
    assert Pattern.parse("shop.ads.*").last_words() is None
    assert Pattern.parse("shop.ads.**").last_words() is None


def test_a_package_holds_what_stands_below_it() -> None:
    package = Pattern.parse("shop.ads")
    assert package.is_within("shop.ads")
    assert package.is_within("shop.ads.lists.push")
    assert not package.is_within("shop.adsense.push")
    assert not package.is_within("shop")


def test_a_dotted_suffix_is_enough_for_an_exception() -> None:
    exception = suffix_pattern("Client.delete")
    assert exception.matches("adtech.Client.delete")
    assert exception.matches("adtech.Client().delete")
    assert exception.matches("Client.delete")
    assert not exception.matches("adtech.MyClient.delete")


def test_equal_by_text() -> None:
    assert Pattern.parse("a.b") == Pattern.parse("a.b")
    assert Pattern.parse("a.b") != suffix_pattern("a.b")
    assert len({Pattern.parse("a.b"), Pattern.parse("a.b")}) == 1


def test_matching_never_takes_long() -> None:
    pattern = Pattern.parse(".".join(["**", "a*a*a*a*a*b"] * 12))
    name = ".".join(["a" * 60] * 60)
    begun = time.perf_counter()
    assert not pattern.matches(name)
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    ("glob", "text", "is_match"),
    [("a*", "a", True), ("*", "", True), ("a*a", "a", False), ("a*b*c", "axbxc", True), ("a*b*c", "axcxb", False)],
)
def test_globs(glob: str, text: str, is_match: bool) -> None:
    assert is_glob_match(glob, text) is is_match


def test_index_gives_what_matches_in_the_order_filed() -> None:
    patterns = ["adtech.*", "adtech.push", "**.push", "other.push"]
    index = PatternIndex((Pattern.parse(text), text) for text in patterns)
    assert index.matching("adtech.push") == ("adtech.*", "adtech.push", "**.push")
    assert index.matching("adtech.pull") == ("adtech.*",)
    assert index.matching("nothing.here") == ()
    assert index.last_words() == {"push"}
    assert index.has_wildcards()
