"""What the text of a mark says: a relation and a purpose.

    security-collected            collected_for  security
    collected-for=billing         collected_for  billing
    advertising                   used_for       advertising
    used-for=analytics            used_for       analytics
    supplied-for=advertising      supplied_for   advertising

The texts of an `Annotated` are often no label at all (`"shown on the profile"`): those are passed over.
A comment that starts with `flowcheck:` is meant for us: when it says nothing we know, that is a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from flowcheck.facts.files import Mark
from flowcheck.rules import purposes

Relation: TypeAlias = Literal["collected_for", "used_for", "supplied_for"]

_LONG = re.compile(r"(collected|used|supplied)[-_]for\s*[=:]\s*(?P<purpose>[\w.-]+)")
_COLLECTED = re.compile(r"(?P<purpose>[\w.-]+)[-_]collected")
_BARE = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A relation of data or of a use to a purpose; `purpose` is as written."""

    relation: Relation
    purpose: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a mark's text was read as; `doubt` is a warning about it. Without either it is no label."""

    label: Label | None = None
    doubt: str | None = None


def label_words(own_purposes: frozenset[str]) -> list[str]:
    """The words of which each label has one, as an index of identifiers sees them, sorted."""
    named = {*purposes.DATA_USES, *purposes.SHORT_NAMES, *own_purposes}
    parts = {part for purpose in named for part in purpose.split(".")}
    pieces = {piece for part in parts for piece in (part, *re.split(r"[-_]", part))}
    return sorted({"collected", "used", "supplied", *pieces} - {""})


def read_mark(mark: Mark, own_purposes: frozenset[str] = frozenset()) -> Reading:
    """The label of a mark; `own_purposes` are those that the policies and rules in force name.

    A comment is always meant as a label, so that an unknown word there gives a doubt.
    """
    return read_label(mark.label, own_purposes, is_meant=mark.origin != "annotated")


def read_label(text: str, own_purposes: frozenset[str] = frozenset(), *, is_meant: bool) -> Reading:
    """The label that a text stands for; `is_meant` says that it can be nothing else."""
    text = text.strip()
    explicit = _explicit_label(text)
    if explicit is not None:
        own = purposes.canonical(explicit.purpose) in {purposes.canonical(purpose) for purpose in own_purposes}
        return Reading(explicit, None if own else purposes.doubt(explicit.purpose))
    if _BARE.fullmatch(text) and _is_purpose(text, own_purposes):
        return Reading(Label("used_for", text))
    return Reading(doubt=_unknown_label(text)) if is_meant else Reading()


def _explicit_label(text: str) -> Label | None:
    if found := _LONG.fullmatch(text):
        return Label(cast(Relation, f"{found[1]}_for"), found["purpose"])
    if found := _COLLECTED.fullmatch(text):
        return Label("collected_for", found["purpose"])
    return None


def _is_purpose(text: str, own_purposes: frozenset[str]) -> bool:
    if purposes.is_known(text):
        return True
    wanted = purposes.canonical(text)
    return any(purposes.canonical(purpose) == wanted for purpose in own_purposes)


def _unknown_label(text: str) -> str:
    """`advertsing` is probably `advertising`; a sentence is probably none."""
    meant = purposes.nearest(text) or _nearest_form(text)
    hint = f'; did you mean "{meant}"?' if meant else ""
    return f'"{text}" is no label{hint}'


def _nearest_form(text: str) -> str | None:
    """`security-colected` and `collected_for security` are near a form we know."""
    head, _, last = text.replace("=", " ").replace("_", "-").rpartition(" ")
    if re.fullmatch(r"(collect|us|suppl)\w+-?\s?for", head):
        relation = {"c": "collected", "u": "used", "s": "supplied"}[head[0]]
        return f"{relation}-for={last}"
    found = re.fullmatch(r"([\w.]+)-col+ect?e?d?", text.replace("_", "-"))
    return f"{found[1]}-collected" if found else None
