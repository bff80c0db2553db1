"""From events to results: flows, matches, blind spots, stops, the inventory.

Only what is concrete at an entry counts, and of an entry that others call only what does not rest on
what they pass (they speak for the rest).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from flowcheck.flow.events import Compared, Escaped, Event, Reached, SinkPoint, Stopped, decides
from flowcheck.flow.linking import Links
from flowcheck.flow.machine import Entry, Machine
from flowcheck.flow.results import (
    BlindSpot,
    Clearance,
    Flow,
    Hop,
    InventoryEntry,
    Match,
    Place,
    SinkUse,
    Solution,
    SourceUse,
    Stop,
)
from flowcheck.flow.values import Chain, Source, Taint, Taints
from flowcheck.program.program import CodeRef
from flowcheck.rules.model import (
    CallTarget,
    ConsentRule,
    FieldTarget,
    ModelRule,
    ParameterTarget,
    ReturnedTarget,
    Rule,
    SanitizerRule,
    SinkRule,
    SourceRule,
    VariableTarget,
)
from flowcheck.rules.patterns import Pattern


def solution_of(machine: Machine, links: Links, entries: Mapping[CodeRef, Entry], roots: set[CodeRef]) -> Solution:
    """All results of a run."""
    links.settle()
    events = list(concrete_events(links, entries, roots))
    ordinals = ordinals_of(machine)
    return Solution(
        flows=tuple(flows(machine, events, ordinals)),
        matches=tuple(matches(machine, events, ordinals)),
        blind_spots=tuple(blind_spots(machine, events)),
        stops=tuple(stops(machine, events)),
        inventory=tuple(sorted({**machine.inventory, **marked_inventory(machine)})),
        unmatched_rules=tuple(unmatched(machine)),
        matched_rules=tuple(matched(machine)),
        statistics={
            "entries": len(entries),
            "evaluations": machine.evaluations,
            "modules_imported": len(machine.modules),
            "sources": len(machine.sources),
        },
    )


def concrete_events(
    links: Links, entries: Mapping[CodeRef, Entry], roots: set[CodeRef]
) -> Iterator[tuple[Event, Taints, Taints]]:
    """Each event that stands, with its marked data (of a comparison: both sides').

    Whose data it is that a function handles, its callers know, and whether that person agreed to its use: where
    consents are marked they speak for it, as far as they raise the event at all.
    """
    told: set[tuple[Hashable, int]] = set()
    left: list[tuple[Event, Taints, Taints]] = []
    has_consents = bool(links.machine.labels.rules.consents)
    for event, taints, others, is_root in standing_events(links, entries, roots):
        asked = {taint: chain for taint, chain in taints.items() if has_consents and not is_root and is_of_input(taint)}
        if asked:
            left.append((event, asked, others))
        kept = {taint: chain for taint, chain in taints.items() if taint not in asked}
        told.update((event.key, source_index(taint)) for taint in kept)
        if kept:
            yield event, kept, others
    for event, taints, others in left:
        untold = {taint: chain for taint, chain in taints.items() if (event.key, source_index(taint)) not in told}
        if untold:
            yield event, untold, others


def source_index(taint: Taint) -> int:
    """Which source marked data is from."""
    assert isinstance(taint.origin, Source)
    return taint.origin.index


def is_of_input(taint: Taint) -> bool:
    """Whether marked data is that of an object which a caller passed."""
    owner = taint.origin.owner if isinstance(taint.origin, Source) else None
    return owner is not None and owner[0] == "in" and isinstance(owner[1], tuple) and owner[1][0].kind == "arg"


def standing_events(
    links: Links, entries: Mapping[CodeRef, Entry], roots: set[CodeRef]
) -> Iterator[tuple[Event, Taints, Taints, bool]]:
    """Each event of each entry that stands, and whether the entry is a root."""
    for ref in sorted(entries, key=lambda ref: (links.machine.program.path_of(ref.module), ref.index)):
        entry = entries[ref]
        is_root = ref in roots
        for event in entry.summary.events:
            taints = standing(links, entry, event, event.taints, is_root=is_root)
            others = standing(links, entry, event, event.others, is_root=is_root) if isinstance(event, Compared) else {}
            if taints and (others or not isinstance(event, Compared)):
                yield event, taints, others, is_root


def standing(links: Links, entry: Entry, event: Event, taints: Taints, *, is_root: bool) -> Taints:
    """The marked data of an event that counts.

    Of an entry that others call, only what is its own and rests neither on a guess nor on what they pass.
    """
    if is_root:
        return links.concrete(entry, taints)
    return {
        taint: chain
        for taint, chain in taints.items()
        if isinstance(taint.origin, Source) and not taint.origin.is_guess and not decides(event.pending, taint)
    }


def ordinals_of(machine: Machine) -> dict[tuple[str, str, Place], int]:
    """Which of the same calls in a function each sink place is."""
    found: dict[tuple[str, str, Place], int] = {}
    for (function, name), places in machine.sink_places.items():
        for ordinal, place in enumerate(sorted(places)):
            found[function, name, place] = ordinal
    return found


def sink_use(point: SinkPoint, ordinals: Mapping[tuple[str, str, Place], int], used_for: str = "") -> SinkUse:
    """A sink point with its ordinal."""
    return SinkUse(
        point.name,
        point.argument,
        used_for or point.used_for,
        point.recipient,
        point.severity,
        point.place,
        point.function,
        ordinals.get((point.function, point.name, point.place), 0),
    )


# --- flows ---------------------------------------------------------------------------------------


def flows(
    machine: Machine, events: Iterable[tuple[Event, Taints, Taints]], ordinals: Mapping[tuple[str, str, Place], int]
) -> Iterator[Flow]:
    """Collected data that reached a sink."""
    reached = [(event, taints) for event, taints, _ in events if isinstance(event, Reached)]
    triggered = {
        (event.point.rule, taint.origin.index)
        for event, taints in reached
        for taint in taints
        if isinstance(taint.origin, Source) and not event.point.is_carrier and is_trigger(machine, event.point)
    }
    for event, taints in reached:
        for source, clearances, chain, taint in collected(machine, taints, "collected_for"):
            assert isinstance(taint.origin, Source)
            if (
                is_trigger(machine, event.point)
                and not event.point.is_carrier
                and event.point.rule not in taint.carried
            ):
                continue
            if event.point.is_carrier and (event.point.rule, taint.origin.index) in triggered:
                continue
            note = f"handed to `{event.point.name}`" + (
                f", used for {event.point.used_for}" if event.point.used_for else ""
            )
            if event.point.is_carrier:
                note += "; what sends it is not seen"
            hop = Hop("sink", event.point.place, note, event.point.is_carrier)
            yield Flow(source, sink_use(event.point, ordinals), (*chain, hop), clearances)


def is_trigger(machine: Machine, point: SinkPoint) -> bool:
    """Whether a sink point belongs to a rule with a trigger."""
    return point.rule >= 0 and machine.labels.sink_of(point.rule).trigger is not None


def collected(
    machine: Machine, taints: Taints, relation: str
) -> Iterator[tuple[SourceUse, tuple[Clearance, ...], tuple[Hop, ...], Taint]]:
    """The sources among taints that stand in a relation to their purpose, with their witnesses."""
    for taint, chain in taints.items():
        assert isinstance(taint.origin, Source)
        source = machine.sources[taint.origin.index]
        if source.relation == relation:
            yield source, tuple(machine.clearances[each] for each in taint.cleared), witness(chain), taint


def witness(chain: Chain | None) -> tuple[Hop, ...]:
    """The hops of a chain, without repetitions of one place."""
    hops: list[Hop] = []
    for hop in chain.hops() if chain is not None else ():
        if hops and hops[-1].place == hop.place and hops[-1].kind == hop.kind:
            continue
        hops.append(hop)
    return tuple(hops)


def matches(
    machine: Machine, events: Iterable[tuple[Event, Taints, Taints]], ordinals: Mapping[tuple[str, str, Place], int]
) -> Iterator[Match]:
    """Collected data that met supplied data."""
    for event, taints, others in events:
        if not isinstance(event, Compared):
            continue
        for ours, theirs in ((taints, others), (others, taints)):
            for source, clearances, path, _ in collected(machine, ours, "collected_for"):
                for supplied, _, supplied_path, _ in collected(machine, theirs, "supplied_for"):
                    hop = Hop(
                        "sink", event.point.place, f"matched with `{supplied.name}`, supplied for {supplied.purpose}"
                    )
                    use = sink_use(event.point, ordinals, supplied.purpose)
                    yield Match(source, supplied, use, (*path, hop), (*supplied_path, hop), clearances)


# --- the rest ------------------------------------------------------------------------------------


def blind_spots(machine: Machine, events: Iterable[tuple[Event, Taints, Taints]]) -> Iterator[BlindSpot]:
    """Where marked data could not be followed."""
    found: dict[tuple[str, str, Place], set[tuple[str, str]]] = {}
    for event, taints, _ in events:
        if isinstance(event, Escaped):
            for source, _, _, _ in collected(machine, taints, "collected_for"):
                found.setdefault((event.kind, event.name, event.place), set()).add((source.purpose, source.name))
    for (kind, name, place), held in sorted(found.items()):
        message, remedy = f"marked data goes into `{name}`, of which nothing is known", remedy_for(name)
        if kind == "unparsed":
            message = "marked data is named in a statement that could not be read"
            remedy = "say by a mark what the column that it fills holds, or write it as a dialect of SQL has it"
        purposes = tuple(sorted({purpose for purpose, _ in held}))
        yield BlindSpot(kind, name, place, purposes, message, remedy, len({each for _, each in held}))
    for place, reason in sorted(machine.limits.items()):
        yield BlindSpot("limit", "limit", place, (), reason, "split the function, or mark what it does by a model")


def remedy_for(name: str) -> str:
    """A model row to paste, where the callee has a name that a rule can say; else what gives it one."""
    if _CALLABLE_NAME.fullmatch(name) is None:
        return "say what is called: annotate the object, or the parameter that brings it"
    pattern = name if "." in name else f"**.{name}"
    return f'[[model]]\ncall = "{pattern}"\nflow = ["arg:* ~> return"]'


_CALLABLE_NAME = re.compile(r"\w+(\(\))*(\.\w+(\(\))*)*")


def stops(machine: Machine, events: Iterable[tuple[Event, Taints, Taints]]) -> Iterator[Stop]:
    """Where marked data ended, and why."""
    for event, taints, _ in events:
        if isinstance(event, Stopped):
            for source, _, path, _ in collected(machine, taints, "collected_for"):
                yield Stop(source, event.place, event.reason, path)
        if isinstance(event, Reached):
            for source, clearances, path, _ in collected(machine, taints, "collected_for"):
                for clearance in clearances:
                    yield Stop(source, clearance.place, f"cleared by the {clearance.kind} `{clearance.name}`", path)


def marked_inventory(machine: Machine) -> dict[InventoryEntry, None]:
    """What marks say, wherever its data goes."""
    kinds = {"collected_for": "source", "supplied_for": "supplied", "used_for": "sink"}
    return {
        InventoryEntry(
            kinds[label.relation], name, label.purpose, Place(path, mark.target_at), "marked in the code"
        ): None
        for path, name, label, mark in machine.labels.marked
    }


def matched(machine: Machine) -> list[str]:
    """Where the rules are written that spoke of something."""
    rules = machine.labels.rules
    groups: dict[str, Sequence[Rule]] = {
        "source": rules.sources,
        "sink": rules.sinks,
        "sanitizer": rules.sanitizers,
        "consent": rules.consents,
    }
    used = [groups[kind][place] for kind, place in sorted(machine.used_rules)]
    return sorted({str(rule.origin) for rule in used})


def unmatched(machine: Machine) -> Iterator[str]:
    """The user's own rules that speak of nothing in the program, and doubts about marks."""
    rules = machine.labels.rules
    groups: tuple[tuple[str, Sequence[Rule]], ...] = (
        ("source", rules.sources),
        ("sink", rules.sinks),
        ("sanitizer", rules.sanitizers),
        ("consent", rules.consents),
        ("model", rules.models),
    )
    for kind, group in groups:
        for place, rule in enumerate(group):
            is_used = rule.origin.is_builtin or (kind, place) in machine.used_rules
            if not is_used and not is_mentioned(machine, rule):
                yield f"{rule.origin}: {rule.describe()} matches nothing"
    for path, line, doubt in sorted(machine.labels.doubts):
        yield f"{path}:{line}: {doubt}"


def is_mentioned(machine: Machine, rule: Rule) -> bool:
    """Whether some file has all the words that a match would need."""
    pattern = pattern_of(rule)
    if pattern is None:
        return True
    modules: set[str] | None = None
    for word in sorted(pattern.words()):
        having = set(machine.program.modules_with(word))
        modules = having if modules is None else modules
        if not having:
            return False
    return True


def pattern_of(rule: Rule) -> Pattern | None:
    """The name pattern of a rule."""
    match rule:
        case SourceRule() | SinkRule():
            if isinstance(rule.target, CallTarget | FieldTarget | ParameterTarget | VariableTarget | ReturnedTarget):
                return rule.target.pattern
        case SanitizerRule() | ModelRule():
            return rule.call
        case ConsentRule():
            return rule.condition
        case _:
            pass
    return None
