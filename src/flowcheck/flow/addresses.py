"""The query of an address: fields put in by name are read back by name.

query = urlencode({"to": user.phone, "place": user.city}); parse_qs(query)["place"]      the city, in a list
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_containers import call_dict
from flowcheck.flow.container_methods import call_method
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.copies import deep_copy
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.serialization import structures, text_object
from flowcheck.flow.values import NOTHING, Content, Ref, Value, derived


@handles("urllib.parse.urlencode")
def call_urlencode(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`urlencode({"to": user.phone})`, `urlencode([("to", user.phone)])`"""
    given = arguments.get(0, "query") or NOTHING
    if not frame.objects(given):
        return derived(frame.deep_taints(given), "str")
    fields = call_dict(frame, receiver, Arguments([given]), at)
    copied = deep_copy(frame, fields, at, {}, 0).tainted(frame.look(given).taints)
    return text_object(frame, copied, at, "str", "query")


@handles("urllib.parse.parse_qs")
def call_parse_qs(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parse_qs(query)`: a list of values under each name."""
    text = arguments.get(0, "qs") or NOTHING
    fields: dict[Content, Value] = {}
    rest: Value | None = None
    for ref, obj in query_of(frame, text):
        del ref
        for content, value in obj.fields.items():
            if content.kind == "key":
                held = values_of(frame, value.present(), at)
                fields[content] = fresh_list(frame, held, at, "list", f"query:{content.name}")
        if obj.rest is not None:
            rest = fresh_list(frame, values_of(frame, obj.rest, at), at, "list", "query:*")
    if not fields and rest is None:
        rest = fresh_list(frame, Items([], derived(frame.deep_taints(text), "str")), at, "list", "query:*")
    return frame.make(at, Obj("dict", fields, rest=rest), "query")


@handles("urllib.parse.parse_qsl")
def call_parse_qsl(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`parse_qsl(query)`: pairs of names and values."""
    text = arguments.get(0, "qs") or NOTHING
    for ref, _ in query_of(frame, text):
        found = call_method(frame, "items", Value((ref,)), Arguments(), at)
        if found is not None:
            return found
    whole = derived(frame.deep_taints(text), "str")
    pair = fresh_list(frame, Items([whole, whole], None), at, "tuple", "query:pair")
    return fresh_list(frame, Items([], pair), at, "list", "query:pairs")


def query_of(frame: Frame, text: Value) -> list[tuple[Ref, Obj]]:
    """The mapping that a query was made from, if that is known."""
    structure = structures(frame, text)
    found = frame.objects(structure) if structure is not None else []
    return [(ref, obj) for ref, obj in found if obj.kind == "dict"] if len(found) == 1 else []


def values_of(frame: Frame, value: Value, at: Span) -> Items:
    """The values under a name: several where a sequence was given."""
    if any(obj.kind in {"list", "tuple"} for _, obj in frame.objects(value)):
        return iterate(frame, value, at)
    return Items([value], None)
