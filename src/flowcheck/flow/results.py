"""What the solver hands to the reports: flows, blind spots and the witness of each, free of any policy.

A flow says that data with one purpose reached a place with another. Whether that is a leak is for a
policy to say (report/judgement.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flowcheck.facts.files import Problem, Suppression
from flowcheck.facts.tree import Span


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of a file; `path` is relative to the project root, with `/`."""

    path: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a witness: what happened to the data at a place.

    `kind` is source, assign, read, write, call, return, library, yield, jump, guard or sink.
    `assumed` says that the step rests on an assumption, which `note` then names.
    """

    kind: str
    place: Place
    note: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class SourceUse:
    """Marked data where it is read (or, for a parameter or variable, defined)."""

    name: str  # resolved: accounts.models.User.phone_number
    relation: Literal["collected_for", "supplied_for"]
    purpose: str  # as the mark or rule writes it
    category: str | None
    place: Place
    severity: str | None = None  # the rule's override of the policy's


@dataclass(frozen=True, slots=True)
class SinkUse:
    """The call, assignment or statement that hands data over.

    `function` is the module-qualified name of the enclosing code; `ordinal` counts, from 0 and in source
    order, the sinks of the same name in it: both are part of a finding's identity.
    """

    name: str
    argument: str | int | None
    used_for: str
    recipient: str | None
    severity: str | None  # the rule's override of the policy's
    place: Place
    function: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class Clearance:
    """A sanitizer or consent guard that the data passed. `use` is the purpose it clears for, None for any."""

    kind: Literal["sanitizer", "consent"]
    name: str
    use: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Flow:
    """One source reaching one sink place by its shortest witness, source first and sink last.

    Two flows may differ in `clearances` only: one way passed a guard, another did not.
    """

    source: SourceUse
    sink: SinkUse
    witness: tuple[Hop, ...]
    clearances: tuple[Clearance, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Collected data compared or joined with supplied data; `sink` is the comparison itself.

    `sink.used_for` is the purpose the data was supplied for.
    """

    collected: SourceUse
    supplied: SourceUse
    sink: SinkUse
    witness: tuple[Hop, ...]
    supplied_witness: tuple[Hop, ...]
    clearances: tuple[Clearance, ...] = ()


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """Marked data going where it could not be followed.

    `kind` is unknown-call, dynamic-name, limit or unparsed; `labels` are the purposes of the data;
    `remedy` is what to do about it, a model row to paste where one would help. `sources` counts the marked things
    whose data goes there: what it could hide.
    """

    kind: str
    name: str
    place: Place
    labels: tuple[str, ...]
    message: str
    remedy: str
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Where marked data ended without reaching a sink, and why: the material of `why-not`."""

    source: SourceUse
    place: Place
    reason: str
    witness: tuple[Hop, ...]


@dataclass(frozen=True, slots=True, order=True)
class InventoryEntry:
    """A marked thing that the program holds, wherever its data goes.

    `kind` is source, supplied, sink, sanitizer or consent; `purpose` is what it was collected or supplied
    for, is used for, or is cleared for ("" for any). `detail` says more in words: the recipient, the rule.
    `category` is the kind of data, of a source whose rule says it.
    """

    kind: str
    name: str
    purpose: str
    place: Place
    detail: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    """All that one run of the solver found, in no order that a reader may rely on.

    `errors` are the files that could not be read or parsed; `suppressions` are those of every analysed
    file, by path; `unmatched_rules` describe the rules of the user's own that matched nothing, `matched_rules` are the
    places of all rules, built-in ones too, that spoke of something that was evaluated. Where it is not `is_whole`, a
    time limit cut the run: what is not there says nothing.
    """

    flows: tuple[Flow, ...] = ()
    matches: tuple[Match, ...] = ()
    blind_spots: tuple[BlindSpot, ...] = ()
    stops: tuple[Stop, ...] = ()
    inventory: tuple[InventoryEntry, ...] = ()
    unmatched_rules: tuple[str, ...] = ()
    matched_rules: tuple[str, ...] = ()
    errors: tuple[tuple[str, Problem], ...] = ()
    suppressions: Mapping[str, tuple[Suppression, ...]] = field(default_factory=dict)
    statistics: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True
