"""The rules that somebody means by a word: what `flowcheck rules WORD` is about.

    FC001                                           a policy
    facebook_business, rules/security/verification.toml:51      a pack, a file, the rule at a line
    adtech.push, CustomAudience.add_users           what a call, field, ... is called, or how that ends
    https://graph.facebook.com/v19.0/1/events       an address
    facebook_business.adobjects, Meta, advertising  what stands in a name, who gets data, a purpose, a category

The first of these ways that finds a rule counts, so that an exact name is not drowned in those that hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowcheck.rules import purposes
from flowcheck.rules.model import (
    CallTarget,
    ColumnTarget,
    ConsentRule,
    FieldTarget,
    KeyTarget,
    ModelRule,
    PackageTarget,
    ParameterTarget,
    Policy,
    ReturnedTarget,
    Rule,
    RuleSet,
    SanitizerRule,
    SinkRule,
    SourceRule,
    TopicTarget,
    UrlTarget,
    VariableTarget,
    purposes_of,
)
from flowcheck.rules.patterns import Pattern
from flowcheck.rules.texts import TextPattern


def rules_meant(rules: RuleSet, word: str) -> tuple[Rule, ...]:
    """The rules that a word speaks of, the policies first; none if it speaks of none."""
    for way in WAYS:
        if found := tuple(rule for rule in rules.rules() if way(rule, word)):
            return found
    return ()


def known_words(rules: RuleSet) -> list[str]:
    """What people may have meant: the last words of names, ids, packs and recipients, sorted."""
    found = {policy.id for policy in rules.policies}
    found |= {sink.recipient for sink in rules.sinks if sink.recipient}
    for rule in rules.rules():
        found |= {name.rpartition(".")[2].rstrip("()") for pattern in patterns_of(rule) for name in pattern.spelled()}
        found.add((rule.origin.pack or "").rpartition("/")[2])
    return sorted(word for word in found if word and "*" not in word)


# --- ways to mean a rule -----------------------------------------------------------------------


def stands_there(rule: Rule, word: str) -> bool:
    """By its id, its place, its file or its pack."""
    origin = rule.origin
    if isinstance(rule, Policy) and rule.id.lower() == word.lower():
        return True
    places = (str(origin), origin.file)
    if any(place == word or place.endswith(f"/{word}") for place in places):
        return True
    return origin.pack is not None and word in (origin.pack, origin.pack.rpartition("/")[2])


def is_called(rule: Rule, word: str) -> bool:
    """By the whole name of what it speaks of, or an address, a column, a topic."""
    name, _, inner = word.partition(":")
    if any(pattern.matches(name) for pattern in patterns_of(rule)):
        target = target_of(rule)
        return not inner or (isinstance(target, ParameterTarget) and target.name.matches(inner))
    return any(pattern.matches(word) for pattern in texts_of(rule)) or is_told_by_data(rule, word)


def ends_so(rule: Rule, word: str) -> bool:
    """By the end of a name."""
    name, _, inner = word.partition(":")
    target = target_of(rule)
    if inner and not (isinstance(target, ParameterTarget) and target.name.matches(inner)):
        return False
    return any(pattern.ends_like(name) for pattern in patterns_of(rule))


def concerns(rule: Rule, word: str) -> bool:
    """By a part of a name or address, or by what it says: a purpose, a category, a recipient."""
    lower = word.lower()
    said = words_of(rule)
    if any(lower == each.lower() for each in said) or any(purposes.includes(word, each) for each in purposes_of(rule)):
        return True
    if any(pattern.holds(word) for pattern in patterns_of(rule)):
        return True
    target = target_of(rule)
    return isinstance(target, UrlTarget) and lower in target.url.words()


WAYS: tuple[Callable[[Rule, str], bool], ...] = (stands_there, is_called, ends_so, concerns)


# --- what a rule speaks of ---------------------------------------------------------------------


def target_of(rule: Rule) -> object:
    """The target of a source or sink; None for other rules."""
    return rule.target if isinstance(rule, SourceRule | SinkRule) else None


def patterns_of(rule: Rule) -> tuple[Pattern, ...]:
    """The patterns over dotted names that it has."""
    match rule:
        case SourceRule() | SinkRule():
            trigger = rule.trigger if isinstance(rule, SinkRule) else None
            return tuple(filter(None, (pattern_of(rule.target), trigger)))
        case SanitizerRule() | ModelRule():
            return (rule.call,)
        case ConsentRule():
            return (rule.condition,)
        case Policy():
            return ()


def pattern_of(target: object) -> Pattern | None:
    """The pattern over dotted names of a target, None if it speaks of other things."""
    match target:
        case CallTarget(pattern) | PackageTarget(pattern) | ReturnedTarget(pattern):
            return pattern
        case FieldTarget(pattern=pattern) | VariableTarget(pattern=pattern) | ParameterTarget(pattern=pattern):
            return pattern
        case _:
            return None


def texts_of(rule: Rule) -> Iterator[TextPattern]:
    """The keys and topics that it speaks of."""
    match target_of(rule):
        case KeyTarget(key=text) | TopicTarget(text):
            yield text
        case _:
            return


def is_told_by_data(rule: Rule, word: str) -> bool:
    """Whether the word is an address or a column (`users.phone`, `phone`, `users`) that it speaks of."""
    match target_of(rule):
        case UrlTarget(url):
            return url.matches(word)
        case ColumnTarget(table, column):
            first, _, last = word.rpartition(".")
            if first:
                return all(each is None or each.matches(text) for each, text in ((table, first), (column, last)))
            return any(each is not None and each.matches(word) for each in (table, column))
        case _:
            return False


def words_of(rule: Rule) -> tuple[str, ...]:
    """What else it says that people may ask for: who gets the data, of which category it is."""
    match rule:
        case SinkRule(recipient=recipient):
            return (recipient,) if recipient else ()
        case SourceRule(category=category):
            return (category,) if category else ()
        case _:
            return ()
