"""The runners themselves: a wrong expectation is found, whichever way it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixture_execution import changed, content_of, truth_of
from fixture_support import (
    Expectation,
    Fixture,
    Line,
    MalformedExpectationError,
    comment_of,
    fixtures_of,
    is_suffix,
    parsed,
)
from test_fixtures_truth import problems

PROGRAM = """
import hashlib

class User:
    phone = "+15550100"  # flowcheck: security-collected
    city = "Oslo"

def sync_audience(rows):  # flowcheck: advertising
    return rows

user = User()
sync_audience({expression})  {comment}
"""


def fixture_of(folder: Path, expression: str, comment: str) -> Fixture:
    (folder / "topic").mkdir()
    (folder / "topic" / "program.py").write_text(PROGRAM.format(expression=expression, comment=comment))
    return next(fixtures_of(folder / "topic"))


@pytest.mark.parametrize(
    ("expression", "comment"),
    [
        ("user.phone", "# leak: User.phone"),
        ("hashlib.md5(user.phone.encode()).hexdigest()", "# leak: User.phone"),
        ("user", "# clean"),
        ("len(user.phone)", "# clean"),
        ("iter([user.phone])", "# leak: User.phone"),
        ("lambda phone=user.phone: phone", "# leak: User.phone"),
        ("sum(map(int, user.phone[5:])) % 7", "# clean: aggregate"),
        ("user.city) if not user else len(user.city", "# clean: unreached"),
        ("user.city", "# clean; spurious: User.phone"),
        ("user.phone", "# missing: User.phone"),
    ],
)
def test_a_true_expectation_passes(tmp_path: Path, expression: str, comment: str) -> None:
    fixture = fixture_of(tmp_path, expression, comment)
    assert list(problems(fixture, truth_of(fixture, tmp_path))) == []


@pytest.mark.parametrize(
    ("expression", "comment", "problem"),
    [
        ("user.phone", "# clean", "arrives"),
        ("user.city", "# leak: User.phone", "nothing marked arrives"),
        ("user.phone", "# clean; spurious: User.phone", "arrives"),
        ("user.phone", "", "states no expectation"),
        ("user.phone", "# clean: unreached", "called here after all"),
        ("user.phone", "# clean: aggregate", "arrives as it is"),
        ("user.city", "# clean: aggregate", "plain `clean`"),
        ("user.city) if not user else len(user.city", "# clean", "no sink was called"),
    ],
)
def test_a_wrong_expectation_is_found(tmp_path: Path, expression: str, comment: str, problem: str) -> None:
    fixture = fixture_of(tmp_path, expression, comment)
    found = list(problems(fixture, truth_of(fixture, tmp_path)))
    assert len(found) == 1
    assert problem in found[0]


def test_changed_literals_keep_their_length_and_start() -> None:
    assert changed('"+15550100" "+17770100" "+47"', "phone") == '"+15555655" "+17770100" "+47"'
    assert changed('"ada@recovery.example" "ada@mail.example"', "email") == '"nqn@recovery.example" "ada@mail.example"'


def test_content_is_the_same_whatever_the_address() -> None:
    class Note:
        def __init__(self, to: str) -> None:
            self.to = to

    assert content_of([Note("a")]) == content_of([Note("a")])
    assert content_of([Note("a")]) != content_of([Note("b")])
    assert content_of({"b": 1, "a": 2}) == content_of({"a": 2, "b": 1})
    looped: list[object] = [1]
    looped.append(looped)
    assert content_of(looped) == "list(1, …)"


@pytest.mark.parametrize(
    "comment",
    [
        "# leak: User.phone",
        "# leak: User.phone, User.recovery_email",
        "# leak: User.phone; missing: User.recovery_email",
        "# missing: User.phone",
        "# clean",
        "# clean: unreached",
        "# clean: aggregate; spurious: User.phone",
    ],
)
def test_a_comment_survives_reading_and_writing(comment: str) -> None:
    assert comment_of(parsed(comment.removeprefix("# "), Line("main.py", 1))) == comment


@pytest.mark.parametrize("text", ["leak", "leak:", "leak: User.city", "clean: perhaps", "clean; leaks: User.phone"])
def test_a_malformed_comment_is_refused(text: str) -> None:
    with pytest.raises(MalformedExpectationError, match=r"main\.py:7"):
        parsed(text, Line("main.py", 7))


def test_what_is_true_and_what_is_reported_differ_by_what_is_known_wrong() -> None:
    expectation = parsed("leak: User.phone; missing: User.recovery_email; spurious: User.number", Line("main.py", 1))
    assert isinstance(expectation, Expectation)
    assert expectation.true_sources == {"User.phone", "User.recovery_email"}
    assert expectation.reported_sources == {"User.phone", "User.number"}


def test_a_suffix_ends_at_a_dot() -> None:
    assert is_suffix("User.phone", "app.User.phone")
    assert is_suffix("phone", "app.enroll:phone")
    assert not is_suffix("phone", "app.User.mfa_phone")
