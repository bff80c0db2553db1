"""Fields that may hold security-collected data and are not marked: what `init` proposes, with its evidence.

    class LoginDevice(models.Model):
        mfa_phone_number = models.CharField(max_length=20)      # proposed: the name says so
        backup_codes = models.JSONField()                       # and this neighbour speaks for it
    class Person(models.Model):
        phone = models.CharField("Phone for login codes")       # proposed: its label says so
    client.verify.v2.services(sid).verifications.create(to=person.phone)      # and so does where it goes

A name is a hint, never a mark: proposals are written as comments, for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowcheck.facts.files import Code, FileFacts
from flowcheck.facts.traversal import records_in
from flowcheck.facts.tree import (
    Assign,
    Attribute,
    Call,
    Constant,
    Declare,
    Expression,
    Import,
    ImportFrom,
    Name,
    Span,
)
from flowcheck.flow.results import Place

SECURITY_WORDS = ("mfa", "2fa", "tfa", "two_factor", "twofactor", "two_step", "otp", "totp", "recovery", "backup")
CONTACT_WORDS = ("phone", "email", "mobile", "number", "mail", "msisdn")
NEIGHBOURS = ("backup_codes", "recovery_codes", "secret_key", "two_step", "totp_secret", "otp_secret")
EVIDENT = re.compile(
    rf"(?:^|_)(?:{'|'.join(SECURITY_WORDS)})_(?:\w*_)?(?:{'|'.join(CONTACT_WORDS)})(?:_|$)", re.IGNORECASE
)
CODE_WORDS = re.compile(r"(?:login|verification|security|auth|otp|mfa|2fa|tfa|two_factor)\w*", re.IGNORECASE)
TELLING_LABEL = re.compile(
    r"two[- ]?(?:factor|step)|\b2fa\b|\bmfa\b"
    r"|(?:log[- ]?in|sign[- ]?in|verification|security|one[- ]time|access) codes?"
    r"|recover|authenticat|secur(?:e|ity) (?:of )?(?:your|the) account|verify (?:it.s|that it is|your identity)",
    re.IGNORECASE,
)
VERIFYING = frozenset(
    {"verifications", "verification_checks", "start_verification", "verify_create", "send_verification_code"}
)
"""What calls are named that send somebody a code: Twilio Verify, Vonage, MessageBird and their kin."""
PACKAGES = frozenset(
    {
        "allauth", "authy", "django_mfa", "django_otp", "duo_client", "duo_universal", "fido2", "flask_security",
        "fastapi_users", "mfa", "multifactor", "pyotp", "two_factor", "webauthn",
    }
)  # fmt: skip
"""Packages for logging in by more than a password."""
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
    held = list(files)
    hints = Hints({}, tuple(sorted({each for _, _, facts in held for each in packages_of(facts)})))
    for path, _, facts in held:
        for name, line in fields_verified(facts):
            hints.verified.setdefault(name, f"given to a call that verifies who somebody is, {path}:{line}")
    return tuple(sorted({proposal for path, module, facts in held for proposal in of_file(path, module, facts, hints)}))


@dataclass(frozen=True, slots=True)
class Hints:
    """What the whole program says: fields that are given to calls that verify people, packages for login in use."""

    verified: dict[str, str]
    packages: tuple[str, ...]


def fields_verified(facts: FileFacts) -> Iterator[tuple[str, int]]:
    """`verifications.create(to=user.phone)`: the names of the fields that are given to such calls, with the lines."""
    for code in facts.codes:
        for call in calls_in(code.body):
            if not VERIFYING.isdisjoint(words_of_callee(call.func)):
                for argument in call.arguments:
                    if isinstance(argument.value, Attribute):
                        yield argument.value.attr, call.at.line


def calls_in(node: object) -> Iterator[Call]:
    """Every call in a tree."""
    return (record for record in records_in(node) if isinstance(record, Call))


def words_of_callee(callee: Expression) -> set[str]:
    """`verify`, `verifications`, `create` of `client.verify.v2.services(sid).verifications.create`"""
    found: set[str] = set()
    while True:
        match callee:
            case Attribute(value, attr, _):
                found.add(attr)
                callee = value
            case Call(func, _, _):
                callee = func
            case Name(name, _, _):
                return found | {name}
            case _:
                return found


def packages_of(facts: FileFacts) -> Iterator[str]:
    """The packages for login that a file imports."""
    for code in facts.codes:
        for statement in code.body:
            if isinstance(statement, Import | ImportFrom):
                package = statement.module.partition(".")[0]
                if package in PACKAGES:
                    yield package


def of_file(path: str, module: str, facts: FileFacts, hints: Hints) -> Iterator[Proposal]:
    """The proposals of one file: fields of its classes that no mark speaks of."""
    marked = {mark.target for mark in facts.marks}
    for code in facts.codes:
        if code.kind == "class" and code.qualname not in marked:
            labels = dict(labels_of(code))
            for name, at in fields_of(code):
                is_evident = EVIDENT.search(name) or name in labels or name in hints.verified
                if is_evident and f"{code.qualname}.{name}" not in marked:
                    evidence = tuple(evidence_for(name, code, facts, labels, hints))
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


def labels_of(code: Code) -> Iterator[tuple[str, str]]:
    """`phone = StringField("Phone for login codes")`: fields whose label, or help text, speaks of security."""
    for statement in code.body:
        if isinstance(statement, Assign) and isinstance(statement.value, Call):
            texts = [each.value.value for each in statement.value.arguments if isinstance(each.value, Constant)]
            said = next((text for text in texts if isinstance(text, str) and TELLING_LABEL.search(text)), None)
            for target in statement.targets if said is not None else ():
                if isinstance(target, Name) and is_contact(target.id, said or ""):
                    yield target.id, said or ""


def is_contact(name: str, label: str) -> bool:
    """Whether a field holds a way to reach a person, by its name or its label."""
    return any(word in text.lower() for word in CONTACT_WORDS for text in (name, label))


def evidence_for(name: str, code: Code, facts: FileFacts, labels: dict[str, str], hints: Hints) -> Iterator[str]:
    """Why a field is proposed, in words."""
    if EVIDENT.search(name):
        yield "its name"
    if name in labels:
        yield f'its label "{labels[name]}"'
    if name in hints.verified:
        yield hints.verified[name]
    yield from (f"the program uses {package}" for package in hints.packages)
    neighbours = [other for other, _ in fields_of(code) if other in NEIGHBOURS]
    yield from (f"the field {other} beside it" for other in neighbours)
    for other in facts.codes:
        if other.kind == "function" and name in other.mentions and CODE_WORDS.search(other.name):
            yield f"used by {other.qualname}"


def category_of(name: str) -> str:
    """The data category that a field's name suggests."""
    words = name.lower().split("_")
    return next((CATEGORIES[word] for word in words if word in CATEGORIES), "user.contact.phone_number")
