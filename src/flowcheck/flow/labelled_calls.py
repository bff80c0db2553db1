"""Calls that marks and rules speak of: sinks before the call, sanitizers instead of it, sources behind it.

sync_audience(rows)             what its arguments hold has reached a use
hashed(user.phone)              cleaned, if a rule says so
phone = ask_phone()             what it returns is marked data
"""

from __future__ import annotations

from collections.abc import Iterator

from flowcheck.facts.files import Code
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import bind_arguments
from flowcheck.flow.clearing import sanitized_call
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.labels import SinkLabel, SourceLabel
from flowcheck.flow.rule_names import (
    external_names,
    function_names,
    is_allowed,
    marks_of,
    names_of_method,
    plain_name,
    rules_for,
)
from flowcheck.flow.sinks import external_arguments, filled, note_trigger, reach
from flowcheck.flow.sources import key_taints, ruled, source_taints, variable_taints
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import (
    NO_TAINTS,
    NOTHING,
    Const,
    External,
    Taints,
    Value,
    attr,
    is_global,
    join,
    joined_taints,
)
from flowcheck.program.program import CodeRef
from flowcheck.rules.access import ArgumentPath
from flowcheck.rules.model import ParameterTarget


def before_call(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments, at: Span) -> Value | None:
    """A function of the code base is about to be called: sinks, then sanitizers; a value replaces the call."""
    names = function_names(frame, ref, code, arguments)
    note_code_sinks(frame, ref, code, names, arguments, at)
    return sanitized_call(frame, names, arguments, at, ref)


def note_code_sinks(frame: Frame, ref: CodeRef, code: Code, names: list[str], arguments: Arguments, at: Span) -> None:
    """The uses that marks and rules say this call is."""
    labels = frame.machine.labels
    given = list(named_arguments(frame, ref, code, arguments))
    name = names[0]
    for sink in marked_sinks(frame, ref, code):
        reach(frame, sink, name, given, at)
    marked = [pair for each in marks_of(frame, ref, code) for pair in each.parameters.items()]
    for parameter, its_labels in marked:
        for label in its_labels:
            if label.relation == "used_for":
                sink = SinkLabel(name, label.purpose, None, None, (ArgumentPath(None, parameter),), -1)
                reach(frame, sink, name, given, at)
    for place in matching_rules(frame, names, ref):
        rule = labels.sink_of(place)
        sink = labels.sink_of_rule(place, name)
        if isinstance(rule.target, ParameterTarget):
            for argument, value in given:
                if isinstance(argument, str) and rule.target.name.matches(argument):
                    reach(frame, sink, name, [(argument, value)], at)
        else:
            reach(frame, sink, name, given, at)


def marked_sinks(frame: Frame, ref: CodeRef, code: Code) -> Iterator[SinkLabel]:
    """Sinks by a mark on the function, or on the class whose public method it is."""
    labels = frame.machine.labels
    for label in [label for marked in marks_of(frame, ref, code) for label in marked.sinks]:
        yield SinkLabel(f"{ref.module}.{code.qualname}", label.purpose, None, None, None, -1)
    owner, _, method = code.qualname.rpartition(".")
    if owner and not method.startswith("_"):
        for label in labels.sink_classes.get(f"{ref.module}.{owner}", ()):
            yield SinkLabel(f"{ref.module}.{code.qualname}", label.purpose, None, None, None, -1)


def matching_rules(frame: Frame, names: list[str], ref: CodeRef) -> list[int]:
    """The sink rules that speak of a function by any of its names."""
    labels = frame.machine.labels
    found: dict[int, None] = {}
    for name in names:
        for index in (labels.sink_calls, labels.sink_parameters):
            found.update((place, None) for _, place in rules_for(frame, labels.rules.sinks, index, [name], ref))
    for pattern, place in labels.sink_packages:
        if pattern.is_within(names[0]) and is_allowed(frame, labels.sink_of(place).narrowing, names[0], ref):
            found[place] = None
    return list(found)


def named_arguments(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments) -> Iterator[tuple[str | int, Value]]:
    """The arguments under the names of the parameters they meet; the receiver is not one of them."""
    is_method = frame.machine.is_method(ref)
    bound = bind_arguments(frame, code, Obj("function"), arguments, code.at)
    for position, parameter in enumerate(code.parameters):
        if is_method and position == 0:
            yield "self", bound[parameter.name]
        elif parameter.name in bound and is_passed(parameter.name, position, parameter.kind, arguments):
            yield parameter.name, bound[parameter.name]


def is_passed(name: str, position: int, kind: str, arguments: Arguments) -> bool:
    """Whether an argument meets the parameter."""
    if kind in {"star", "double_star"} or arguments.more is not None or arguments.extra is not None:
        return True
    return name in arguments.keywords or position < len(arguments.positional)


def after_call(frame: Frame, ref: CodeRef, code: Code, result: Value, at: Span) -> Value:
    """A function of the code base has returned: is what it returns marked data?"""
    labels = frame.machine.labels
    name = f"{ref.module}.{code.qualname}"
    taints: Taints = NO_TAINTS
    for label in [label for marked in marks_of(frame, ref, code) for label in marked.returns]:
        source = SourceLabel(name, label.relation, label.purpose, None, -1, by_name_only=False)
        taints = joined_taints(taints, source_taints(frame, source, name, at))
    names = names_of_method(frame, ref, code) if code.name in labels.source_calls.last_words() else [name]
    for _, place in rules_for(frame, labels.rules.sources, labels.source_calls, names, ref):
        taints = joined_taints(taints, ruled(frame, place, name, at))
    return result.tainted(taints)


def before_external(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """Something outside the code base is about to be called."""
    labels = frame.machine.labels
    names = external_names(frame, name, receiver)
    for each in names:
        shown = plain_name(each)
        for _, place in rules_for(frame, labels.rules.sinks, labels.sink_calls, [each]):
            reach(frame, labels.sink_of_rule(place, shown), shown, external_arguments(receiver, arguments), at)
        for place in labels.triggers.matching(each):
            note_trigger(frame, place, shown, receiver, arguments, at)
    note_url_sinks(frame, name, receiver, arguments, at)
    filled(frame, name, receiver, arguments, at)
    return sanitized_call(frame, names, arguments, at, None)


def after_external(
    frame: Frame, name: str, receiver: Value | None, arguments: Arguments, result: Value, at: Span
) -> Value:
    """A library call has returned: marked data by a rule, an item under a marked key, a carrier's data."""
    labels = frame.machine.labels
    taints: Taints = NO_TAINTS
    for shown, place in rules_for(
        frame, labels.rules.sources, labels.source_calls, external_names(frame, name, receiver)
    ):
        taints = joined_taints(taints, ruled(frame, place, plain_name(shown), at))
    owner, _, method = name.rpartition(".")
    if method in {"get", "pop", "getlist", "setdefault"} and arguments.get(0) is not None:
        holder = join(receiver or NOTHING, Value((External(owner),)))
        taints = joined_taints(taints, key_taints(frame, holder, arguments.get(0) or NOTHING, at))
    if receiver is None:
        taints = joined_taints(taints, variable_taints(frame, Value((External(owner),)), at))
    returned = frame.machine.carried(frame, name, result.tainted(taints), arguments, receiver, at)
    keep_in_globals(frame, returned)
    return returned


def keep_in_globals(frame: Frame, returned: Value) -> None:
    """What a library returned while a module is imported holds its marked data itself: functions that are given it,
    or read it as a global, see the object, not the value that the module had.
    """
    if not frame.is_import or not returned.taints:
        return
    for ref, obj in frame.objects(returned):
        if obj.kind == "external" and is_global(ref.id):
            frame.keep(ref, returned.taints)


HTTP_METHODS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "urlopen", "Request", "fetch"}
)

HTTP_CLIENTS = frozenset(
    {
        "aiohttp", "authlib", "curl_cffi", "http", "httplib2", "httpx", "niquests", "requests", "requests_oauthlib",
        "requests_toolbelt", "tornado", "treq", "urllib", "urllib3",
    }
)  # fmt: skip


def note_url_sinks(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> None:
    """A request of a known HTTP client: its address decides whether it is a use."""
    labels = frame.machine.labels
    method = name.rpartition(".")[2]
    if not labels.sink_urls or method not in HTTP_METHODS or name.partition(".")[0] not in HTTP_CLIENTS:
        return
    position = 1 if method in {"request", "stream"} and not name.startswith("httplib2.") else 0
    url = arguments.get(position, "url") or NOTHING
    base = base_url(frame, receiver)
    for atom in frame.constants(url):
        if not isinstance(atom, Const) or not isinstance(atom.value, str):
            continue
        pieces = pieces_of(address_below(base, atom.value))
        for pattern, place in labels.sink_urls:
            if pattern.matches_pieces(pieces):
                given = external_arguments(None, arguments)
                reach(frame, labels.sink_of_rule(place, plain_name(name)), plain_name(name), given, at)


def address_below(base: str, address: str) -> str:
    """An address as a client with a base address sends it."""
    if not base or address.startswith(("http:", "https:")):
        return address
    return f"{base.rstrip('/')}/{address.lstrip('/')}"


def base_url(frame: Frame, receiver: Value | None) -> str:
    """The base address of a client object, where it has one; of a connection, its host's."""
    for _, obj in frame.objects(receiver) if receiver is not None else ():
        for field, scheme in (("base_url", ""), ("host", "https://")):
            held = obj.fields.get(attr(field))
            for atom in frame.constants(held) if held is not None else ():
                if isinstance(atom, Const) and isinstance(atom.value, str):
                    return scheme + atom.value
    return ""


def pieces_of(text: str) -> list[str | None]:
    """A text with holes as known and unknown pieces."""
    pieces: list[str | None] = []
    for place, piece in enumerate(text.split(HOLE)):
        if place:
            pieces.append(None)
        if piece:
            pieces.append(piece)
    return pieces
