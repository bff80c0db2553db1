"""A Fides manifest: the inventory as datasets, systems and privacy declarations, in the terms of Fideslang.

    dataset: the marked things by what holds them         collection accounts.models.User, field phone
    system:  the program, with one declaration for each   data_use marketing.advertising, data_categories,
             use of data, and one for each recipient      third_parties "Meta"

A data use that Fideslang does not know is declared beside them, as its taxonomy allows. A use that a policy
forbids is declared too, under a name that says so: the register then shows what the code does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from flowcheck.report.inventory import Row
from flowcheck.rules.categories import DATA_CATEGORIES
from flowcheck.rules.purposes import DATA_USES, canonical

Node: TypeAlias = "str | bool | Sequence[Node] | Mapping[str, Node]"

ANY_CATEGORY = "user"
"""The category of what no rule gives one."""

SUBJECT = "customer"
"""Whose data it is, as far as code can tell."""

FLOWS = ("finding", "suppressed flow", "lawful flow")


def render_fides(rows: Iterable[Row], project: str) -> str:
    """The manifest as YAML; `project` names the program."""
    held = list(rows)
    name = key_of(project) or "program"
    manifest: dict[str, Node] = {
        "dataset": [dataset(held, name)],
        "system": [program_system(held, name), *recipient_systems(held)],
    }
    if own := [*own_uses(held)]:
        manifest = {"data_use": own, **manifest}
    return "\n".join(lines_of(manifest, 0)) + "\n"


def key_of(text: str) -> str:
    """A text as a Fides key."""
    return re.sub(r"[^a-zA-Z0-9_.-]+", "_", text).strip("_").lower()


def category_of(row: Row) -> str:
    """The category of a row's data, one that Fideslang has."""
    return row.category if row.category in DATA_CATEGORIES else ANY_CATEGORY


def dataset(rows: list[Row], name: str) -> Node:
    """What is collected: collections by class, table or module."""
    collections: dict[str, dict[str, Node]] = {}
    for row in rows:
        if row.kind not in {"source", "supplied"}:
            continue
        holder, _, field = row.name.rpartition(".")
        verb = "supplied" if row.kind == "supplied" else "collected"
        known = collections.setdefault(holder or name, {}).get(field)
        if not isinstance(known, Mapping) or known["data_categories"] == [ANY_CATEGORY]:
            collections[holder or name][field] = {
                "name": field,
                "description": f"{verb} for {row.purpose}: {row.path}:{row.line}",
                "data_categories": [category_of(row)],
            }
    return {
        "fides_key": f"{name}_data",
        "name": f"Data of {name}",
        "collections": [
            {"name": holder, "fields": list(fields.values())} for holder, fields in sorted(collections.items())
        ],
    }


def program_system(rows: list[Row], name: str) -> Node:
    """The program: what it collects data for, and what it uses data for."""
    found: dict[str, Node] = {
        "fides_key": name,
        "name": name,
        "system_type": "Application",
        "privacy_declarations": [*collecting(rows, name), *using(rows, name)],
        "dataset_references": [f"{name}_data"],
    }
    if egress := [{"fides_key": key, "type": "system"} for key in sorted({key_of(r.recipient) for r in rows} - {""})]:
        found["egress"] = egress
    return found


def collecting(rows: list[Row], name: str) -> Iterator[Node]:
    """A declaration for each purpose that data was collected for."""
    for purpose in sorted({canonical(row.purpose) for row in rows if row.kind == "source"}):
        ours = [row for row in rows if row.kind == "source" and canonical(row.purpose) == purpose]
        categories = sorted({category_of(row) for row in ours} - {ANY_CATEGORY}) or [ANY_CATEGORY]
        yield {
            "name": f"Collected for {purpose}",
            "data_use": purpose,
            "data_categories": categories,
            "data_subjects": [SUBJECT],
            "dataset_references": [f"{name}_data"],
        }


def using(rows: list[Row], name: str) -> Iterator[Node]:
    """A declaration for each flow from what was collected to a use."""
    for row in rows:
        if row.kind not in FLOWS or not row.used_for:
            continue
        found: dict[str, Node] = {
            "name": f"{row.name} at {row.path}:{row.line} ({row.kind}: {row.detail})",
            "data_use": canonical(row.used_for),
            "data_categories": [category_of(row)],
            "data_subjects": [SUBJECT],
            "dataset_references": [f"{name}_data"],
        }
        if row.kind == "lawful flow" and row.detail.startswith("consent "):
            found["legal_basis_for_processing"] = "Consent"
        if row.recipient:
            found["egress"] = [key_of(row.recipient)]
            found["data_shared_with_third_parties"] = True
            found["third_parties"] = row.recipient
        yield found


def recipient_systems(rows: list[Row]) -> Iterator[Node]:
    """A system for each recipient, with what it gets data for."""
    recipients = {key_of(row.recipient): row.recipient for row in rows if row.recipient}
    for key, recipient in sorted(recipients.items()):
        uses: dict[str, set[str]] = {}
        for row in rows:
            if key_of(row.recipient) == key and row.kind in FLOWS and row.used_for:
                uses.setdefault(canonical(row.used_for), set()).add(category_of(row))
        yield {
            "fides_key": key,
            "name": recipient,
            "system_type": "Third party",
            "privacy_declarations": [
                {"name": use, "data_use": use, "data_categories": sorted(held), "data_subjects": [SUBJECT]}
                for use, held in sorted(uses.items())
            ],
        }


def own_uses(rows: list[Row]) -> Iterator[Node]:
    """The purposes that are no data uses of Fideslang, each with those above it."""
    named = {
        canonical(each) for row in rows for each in (row.purpose, row.used_for) if each and row.kind != "blind spot"
    }
    wanted = {".".join(parts[:n]) for name in named for parts in [name.split(".")] for n in range(1, len(parts) + 1)}
    for key in sorted(wanted - set(DATA_USES)):
        parent = key.rpartition(".")[0]
        yield {"fides_key": key, "name": key, **({"parent_key": parent} if parent else {})}


# --- YAML ----------------------------------------------------------------------------------------


def lines_of(node: Mapping[str, Node], depth: int) -> Iterator[str]:
    """A mapping in block style. Texts are quoted as JSON does, which YAML reads alike."""
    for key, value in node.items():
        yield from lines_below(f"{'  ' * depth}{key}:", value, depth + 1)


def lines_below(start: str, value: Node, depth: int) -> Iterator[str]:
    """What follows a key or a dash."""
    if isinstance(value, bool | str):
        yield f"{start} {json.dumps(value, ensure_ascii=False)}"
    elif not value:
        yield f"{start} []"
    elif isinstance(value, Mapping):
        yield start
        yield from lines_of(value, depth)
    else:
        yield start
        for item in value:
            yield from item_lines(item, depth)


def item_lines(item: Node, depth: int) -> Iterator[str]:
    """`- ...`"""
    if isinstance(item, Mapping):
        for number, line in enumerate(lines_of(item, depth + 1)):
            yield f"{'  ' * depth}- {line.lstrip()}" if number == 0 else line
    else:
        yield from lines_below(f"{'  ' * depth}-", item, depth + 1)
