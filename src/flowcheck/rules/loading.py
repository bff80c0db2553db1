"""All rules in force, from the configuration, rule files and built-in packs.

    load_rules(own=[settings.table], files=[RuleFile(folder / "privacy.toml", "privacy.toml")])

Every mistake stops with an error at file:line that names the nearest right word; what is merely doubtful
(a purpose that is nearly a known one, a policy about data that nothing marks) is a warning in the RuleSet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from flowcheck.errors import ConfigError
from flowcheck.project.documents import Document, Table, nearest, read_document
from flowcheck.rules import categories, purposes, reading
from flowcheck.rules.model import (
    Policy,
    Rule,
    RuleOrigin,
    RuleSet,
    RuleWarning,
    SourceRule,
    purposes_of,
)
from flowcheck.rules.packs import Pack, builtin_packs

_RuleT = TypeVar("_RuleT", bound=Rule)

_RESERVED_PREFIX = "FC9"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule file of the user's own; `shown` is how messages call it."""

    path: Path
    shown: str


def load_rules(
    own: Sequence[Table] = (),
    files: Sequence[RuleFile] = (),
    packs: tuple[str, ...] | None = None,
    *,
    has_builtin_rules: bool = True,
) -> RuleSet:
    """Read and check every rule.

    `own` are tables that hold rules inline (the configuration), `files` rule files. `packs` names the
    built-in packs to use, None for all; without `has_builtin_rules` their sources and sinks are left out.
    Raises ConfigError.
    """
    read = [_rules_of(table, pack=None) for table in own]
    read += [_rules_of_file(file) for file in files]
    read += _builtin_rules(packs, has_builtin_rules=has_builtin_rules)
    merged = _merged(read)
    _check_policy_ids(merged.policies)
    return _with_warnings(merged)


def check_pack_names(table: Table, key: str = "packs") -> tuple[str, ...] | None:
    """The packs that a configuration names, None for all. Raises ConfigError for one that does not exist."""
    names = table.texts(key)
    known = [pack for pack in builtin_packs() if pack.is_optional]
    for name in names or ():
        if not any(pack.is_called(name) for pack in known):
            words = sorted({word for pack in known for word in (pack.name, *pack.name.split("/"))})
            raise table.error(key, f'there is no built-in pack "{name}"', nearest(name, words))
    return names


# --- files and packs ---------------------------------------------------------------------------


def _rules_of_file(file: RuleFile) -> RuleSet:
    table = read_document(file.path, file.shown).top
    table.check_keys(reading.KEYS)
    return _rules_of(table, pack=None)


def _builtin_rules(packs: tuple[str, ...] | None, *, has_builtin_rules: bool) -> Iterator[RuleSet]:
    for pack in builtin_packs():
        is_chosen = packs is None or not pack.is_optional or any(pack.is_called(word) for word in packs)
        rules = _rules_of(Document(pack.text, pack.shown).top, pack)
        if not is_chosen:
            yield RuleSet(models=rules.models)
        elif not has_builtin_rules:
            yield replace(rules, sources=(), sinks=())
        else:
            yield rules


def _rules_of(table: Table, pack: Pack | None) -> RuleSet:
    """The rules that stand in a table; other keys of it are not looked at."""
    return RuleSet(
        tuple(_read_all(table, "source", pack, reading.source)),
        tuple(_read_all(table, "sink", pack, reading.sink)),
        tuple(_read_all(table, "policy", pack, reading.policy)),
        tuple(_read_all(table, "sanitizer", pack, reading.sanitizer)),
        tuple(_read_all(table, "consent", pack, reading.consent)),
        tuple(_read_all(table, "model", pack, reading.model)),
    )


def _read_all(
    table: Table, kind: str, pack: Pack | None, read: Callable[[Table, RuleOrigin], _RuleT]
) -> Iterator[_RuleT]:
    for number, rule in enumerate(table.tables(kind)):
        line = rule.line
        name = pack.name if pack else None
        yield read(rule, RuleOrigin(rule.document.shown, line, number, name, rule.document.comments_above(line)))


def _merged(read: Iterable[RuleSet]) -> RuleSet:
    sets = tuple(read)
    return RuleSet(
        tuple(rule for rules in sets for rule in rules.sources),
        tuple(rule for rules in sets for rule in rules.sinks),
        tuple(rule for rules in sets for rule in rules.policies),
        tuple(rule for rules in sets for rule in rules.sanitizers),
        tuple(rule for rules in sets for rule in rules.consents),
        tuple(rule for rules in sets for rule in rules.models),
    )


# --- what can only be said of all rules together -----------------------------------------------


def _check_policy_ids(policies: tuple[Policy, ...]) -> None:
    """Two policies may not share an id; `FC9..` are findings about suppressions."""
    seen: dict[str, Policy] = {}
    for policy in policies:
        first = seen.setdefault(policy.id, policy)
        if first is not policy and policy.origin.is_builtin:
            raise _id_error(first, f'policy "{policy.id}" is built in already')
        if first is not policy:
            raise _id_error(policy, f'policy "{policy.id}" is defined at {first.origin} already')
        if policy.id.upper().startswith(_RESERVED_PREFIX):
            raise _id_error(policy, f'ids that start with "{_RESERVED_PREFIX}" belong to findings about suppressions')


def _id_error(policy: Policy, message: str) -> ConfigError:
    return ConfigError(policy.origin.file, policy.origin.line, "id", message)


def _with_warnings(rules: RuleSet) -> RuleSet:
    warnings = [RuleWarning(rule.origin.file, rule.origin.line, text) for rule, text in _doubts(rules)]
    return replace(rules, warnings=tuple(sorted(warnings)))


def _doubts(rules: RuleSet) -> Iterator[tuple[Rule, str]]:
    """What is doubtful about rules of the user's own."""
    for rule in rules.rules():
        if rule.origin.is_builtin:
            continue
        for purpose in purposes_of(rule):
            if text := purposes.doubt(purpose):
                yield rule, text
        if isinstance(rule, SourceRule) and rule.category and (text := categories.doubt(rule.category)):
            yield rule, text
    yield from _idle_rules(rules)


def _idle_rules(rules: RuleSet) -> Iterator[tuple[Rule, str]]:
    """Sources and sinks of the user's own whose purpose no policy speaks of."""
    for source in rules.sources:
        if not source.origin.is_builtin and not is_of_interest(rules.policies, source.relation, source.purpose):
            yield source, f'no policy speaks of data {source.relation.replace("_", " ")} "{source.purpose}"'
    for sink in rules.sinks:
        if not sink.origin.is_builtin and not is_of_interest(rules.policies, "used_for", sink.used_for):
            yield sink, f'no policy speaks of data used for "{sink.used_for}"'


def is_of_interest(policies: Iterable[Policy], relation: str, purpose: str) -> bool:
    """Whether some policy speaks of such a label: one that none does can lead to no finding."""
    parents = {
        "collected_for": [policy.collected_for for policy in policies],
        "used_for": [policy.not_for for policy in policies if policy.not_for],
        "supplied_for": [policy.not_matched_with for policy in policies if policy.not_matched_with],
    }[relation]
    return any(purposes.includes(parent, purpose) for parent in parents)
