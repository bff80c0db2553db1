"""The vendors' packs against code in the vendors' own usage style, and against the list of their entry points.

`snippets/` holds a file a pack: what hands data to a vendor is marked `# leak`, its twin `# clean`. `entries.json`
lists the calls and fields that were verified in the source of the real packages: package, dotted name, the way
people reach it.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from flowcheck.api import Request, analyse, check, silent
from flowcheck.rules.loading import load_rules
from flowcheck.rules.model import CallTarget, FieldTarget, ModelRule, ParameterTarget, SinkRule, SourceRule
from flowcheck.rules.patterns import Pattern

HERE = Path(__file__).parent
SNIPPETS = HERE / "snippets"
SHARED = ("accounts.py", "flowcheck.toml")
NAMES = sorted(path.stem for path in SNIPPETS.glob("*.py") if path.name not in SHARED)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_judged_as_it_says(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (*SHARED, f"{name}.py"):
        shutil.copy(SNIPPETS / each, tmp_path)
    monkeypatch.chdir(tmp_path)
    report = check(Request(paths=(tmp_path,), has_cache=False))
    lines = (SNIPPETS / f"{name}.py").read_text(encoding="utf-8").splitlines()
    expected = {number for number, line in enumerate(lines, 1) if re.search(r"# leak\b", line)}
    assert {finding.sink.place.span.line for finding in report.findings} == expected


# --- the entry points that were verified -------------------------------------------------------------

UNCOVERED = {
    "allauth.account.models.EmailAddress": "an address given for contact as well: no evidence on its own",
    "fastapi_users.schemas.BaseUser": "the address of an account: no evidence on its own",
    "fastapi_users_db_sqlalchemy.SQLAlchemyBaseUserTable": "likewise",
    "phonenumber_field.modelfields.PhoneNumberField": "a type of field, which says nothing of its purpose",
    "bingads.service_client.ServiceClient.__getattr__": "the operations that it gives are named one by one",
    "sendgrid.sendgrid.SendGridAPIClient.__init__": "what is called below its `client` is named",
    "customerio.api.SendEmailRequest.__init__": "a message to the person, not a use for marketing",
    "customerio.api.SendSMSRequest.__init__": "likewise",
    **{
        f"phonenumber_field.phonenumber.PhoneNumber.as_{form}": "an attribute, which holds what its object holds"
        for form in ("e164", "international", "national", "rfc3966")
    },
}
"""Entries that no rule is to name, and why."""


def entries() -> list[tuple[str, list[str]]]:
    """Each entry's dotted name, and all names under which a rule may speak of it."""
    listed = json.loads((HERE / "entries.json").read_text(encoding="utf-8"))
    return [(name, names_of(name, access, members)) for _, name, access, _, members in listed]


def names_of(name: str, access: str, members: list[str]) -> list[str]:
    """The name, the way people reach it, and the members that carry data."""
    reached = [re.sub(r"\(\.\.\.\)", "()", each.strip()) for each in access.split(" / ") if each]
    plain = [name.removesuffix(".__init__"), *reached]
    return [*plain, *(f"{each}.{member}" for each in plain for member in members)]


def patterns() -> list[Pattern]:
    """The name patterns of all built-in rules."""
    rules = load_rules()
    found = [rule.call for rule in rules.models]
    for rule in (*rules.sources, *rules.sinks):
        if isinstance(rule.target, CallTarget | FieldTarget | ParameterTarget):
            found.append(rule.target.pattern)
        if isinstance(rule, SinkRule) and rule.trigger is not None:
            found.append(rule.trigger)
    return found


def test_every_entry_is_named_by_a_rule() -> None:
    named = patterns()
    missing = [name for name, names in entries() if not any(p.matches(each) for p in named for each in names)]
    assert sorted(set(missing)) == sorted(UNCOVERED)


def test_every_entry_is_called_or_read_in_a_snippet() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SNIPPETS.glob("*.py")))
    words = set(re.findall(r"\w+", text))
    unseen = [
        name
        for name, names in entries()
        if name not in UNCOVERED and words.isdisjoint(each.rpartition(".")[2].rstrip("()") for each in names)
    ]
    assert unseen == []


def test_every_rule_of_a_vendor_speaks_of_a_word_in_a_snippet() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SNIPPETS.glob("*.py")))
    words = set(re.findall(r"\w+", text))
    idle = [str(rule.origin) for rule in vendor_rules() if words.isdisjoint(last_words_of(rule) or words)]
    assert idle == []


def test_every_rule_of_a_vendor_is_matched_when_the_snippets_are_analysed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(SNIPPETS, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    solution = analyse(Request(paths=(tmp_path,), has_cache=False), silent).solution
    assert [str(each.origin) for each in vendor_rules() if str(each.origin) not in solution.matched_rules] == []


def vendor_rules() -> list[SourceRule | SinkRule]:
    """The sources and sinks that came with flowcheck."""
    rules = load_rules()
    return [rule for rule in (*rules.sources, *rules.sinks) if rule.origin.is_builtin]


def last_words_of(rule: SourceRule | SinkRule | ModelRule) -> frozenset[str] | None:
    """The last identifiers of what a rule names; None where it may be any, or is no name."""
    target = getattr(rule, "target", None)
    return target.pattern.last_words() if isinstance(target, CallTarget | FieldTarget | ParameterTarget) else None
