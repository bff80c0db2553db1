"""Consents that select data: the rows of a query that asks for people who agreed.

    User.objects.filter(ads_consent=True)              each row is that of a person who agreed
    SELECT phone FROM users WHERE ads_consent = 1      likewise; not with OR, not with NOT

A row carries the consents it was selected by in its detail, so that they hold wherever it goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.results import Clearance
from flowcheck.flow.rule_names import is_allowed_here, rules_here
from flowcheck.flow.sql import Column
from flowcheck.flow.values import Atom, Const, Ref, Taint, Taints, Value, union

AGREED = "(consent)"


def clearance_of(frame: Frame, rule: int, name: str, at: Span) -> int:
    """The clearance that a consent gives here."""
    consent = frame.machine.labels.consent_of(rule)
    frame.machine.note_rule("consent", rule)
    frame.machine.note_inventory("consent", name, consent.allows, frame.place(at), rule)
    return frame.machine.clearances.number(Clearance("consent", name, consent.allows, frame.place(at)))


def consents_named(frame: Frame, names: Iterable[str], at: Span) -> tuple[int, ...]:
    """The clearances of the consents that go by any of these names."""
    labels = frame.machine.labels
    matching = rules_here(frame, labels.rules.consents, labels.consents, names)
    return tuple(sorted({clearance_of(frame, rule, name, at) for name, rule in matching}))


def consents_by_column(frame: Frame, columns: Iterable[Column], at: Span) -> tuple[int, ...]:
    """The clearances of columns that a statement wants to be true: by their own names, or by the mapped class's."""
    labels = frame.machine.labels
    found: set[int] = set()
    for column in columns:
        found.update(consents_named(frame, [f"{column.table}.{column.name}"], at))
        for rule, consent in enumerate(labels.rules.consents):
            owner, _, name = consent.condition.text.rpartition(".")
            if not is_allowed_here(frame, consent.narrowing, f"{owner}.{name}"):
                continue
            if name == column.name and frame.machine.schemas.table_of_class(owner) == column.table:
                found.add(clearance_of(frame, rule, consent.condition.text, at))
    return tuple(sorted(found))


def is_true(frame: Frame, value: Value, wanted: bool = True) -> bool:
    """Whether a value is surely the constant true (or the one that is wanted)."""
    atoms = frame.constants(value)
    return len(atoms) == 1 and isinstance(atoms[0], Const) and atoms[0].value in (wanted, int(wanted))


def agreed(obj: Obj) -> tuple[int, ...]:
    """The clearances by which a row was selected."""
    detail = obj.detail
    return detail[1] if isinstance(detail, tuple) and len(detail) == 2 and detail[0] == AGREED else ()


def rows_agreed(frame: Frame, rows: Iterator[tuple[Ref, Obj]], clearances: tuple[int, ...], at: Span) -> Value:
    """The same rows, selected by consents too."""
    atoms: list[Atom] = []
    for _, obj in rows:
        detail = (AGREED, union(agreed(obj), clearances))
        row = Obj("instance", obj.fields, type=obj.type, detail=detail, origin=obj.origin)
        made = frame.make(at, row, "row:agreed")
        atoms.extend(made.atoms)
    return Value(tuple(dict.fromkeys(atoms)))


def cleared(taints: Taints, clearances: tuple[int, ...]) -> Taints:
    """The taints with these clearances."""
    if not clearances:
        return taints
    return {Taint(t.origin, union(t.cleared, clearances), t.carried): chain for t, chain in taints.items()}
