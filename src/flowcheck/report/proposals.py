"""Fields that may hold security-collected data and are not marked: what `init` proposes, with its evidence.

    class LoginDevice(models.Model):
        mfa_phone_number = models.CharField(max_length=20)      # proposed: the name says so
        backup_codes = models.JSONField()                       # and this neighbour speaks for it

A name is a hint, never a mark: proposals are written as comments, for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.tree import Assign, Declare, Expression, Name, Span
from flowcheck.flow.results import Place

SECURITY_WORDS = ("mfa", "2fa", "tfa", "two_factor", "twofactor", "two_step", "otp", "totp", "recovery", "backup")
CONTACT_WORDS = ("phone", "email", "mobile", "number", "mail", "msisdn")
NEIGHBOURS = ("backup_codes", "recovery_codes", "secret_key", "two_step", "totp_secret", "otp_secret")
EVIDENT = re.compile(
    rf"(?:^|_)(?:{'|'.join(SECURITY_WORDS)})_(?:\w*_)?(?:{'|'.join(CONTACT_WORDS)})(?:_|$)", re.IGNORECASE
)
CODE_WORDS = re.compile(r"(?:login|verification|security|auth|otp|mfa|2fa|tfa|two_factor)\w*", re.IGNORECASE)
CATEGORIES = {"mail": "user.contact.email", "email": "user.contact.email"}


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """A field to mark, and why."""

    field: str
    category: str
    place: Place
    evidence: tuple[str, ...]


def proposed_fields(files: Iterable[tuple[str, str, FileFacts]]) -> tuple[Proposal, ...]:
    """Proposals from (path, module, facts) of every file, by field."""
    found = {proposal for path, module, facts in files for proposal in of_file(path, module, facts)}
    return tuple(sorted(found))


def of_file(path: str, module: str, facts: FileFacts) -> Iterator[Proposal]:
    """The proposals of one file: fields of its classes that no mark speaks of."""
    marked = {mark.target for mark in facts.marks}
    for code in facts.codes:
        if code.kind == "class" and code.qualname not in marked:
            for name, at in fields_of(code):
                if EVIDENT.search(name) and f"{code.qualname}.{name}" not in marked:
                    evidence = tuple(evidence_for(name, code, facts))
                    yield Proposal(f"{module}.{code.qualname}.{name}", category_of(name), Place(path, at), evidence)


def fields_of(code: Code) -> Iterator[tuple[str, Span]]:
    """Names that a class body assigns or declares, each with the place of its first statement."""
    seen: set[str] = set()
    for target, at in targets_of(code):
        if isinstance(target, Name) and target.id not in seen:
            seen.add(target.id)
            yield target.id, at


def targets_of(code: Code) -> Iterator[tuple[Expression, Span]]:
    """What the statements of a body bind, with the place of each statement."""
    for statement in code.body:
        match statement:
            case Assign(targets, _, _, at):
                yield from ((target, at) for target in targets)
            case Declare(target, _, at):
                yield target, at


def evidence_for(name: str, code: Code, facts: FileFacts) -> Iterator[str]:
    """Why a field is proposed, in words."""
    yield "its name"
    neighbours = [other for other, _ in fields_of(code) if other in NEIGHBOURS]
    yield from (f"the field {other} beside it" for other in neighbours)
    for other in facts.codes:
        if other.kind == "function" and name in other.mentions and CODE_WORDS.search(other.name):
            yield f"used by {other.qualname}"


def category_of(name: str) -> str:
    """The data category that a field's name suggests."""
    words = name.lower().split("_")
    return next((CATEGORIES[word] for word in words if word in CATEGORIES), "user.contact.phone_number")
