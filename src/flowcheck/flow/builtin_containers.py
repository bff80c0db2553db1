"""Builtins and `collections` that make containers.

dict(zip(names, row))                   items under known keys
defaultdict(list)[city]                 a list for what is missing
ChainMap(own, shared)["to"]             what the first has that has it
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.container_methods import COUNTS, call_method
from flowcheck.flow.containers import LIMIT, fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import chained, merge
from flowcheck.flow.sequence_methods import extend
from flowcheck.flow.subscripts import FACTORY, set_item
from flowcheck.flow.values import NONE_VALUE, Ref, Value, const


def sequence_maker(kind: str) -> Handler:
    """`list(xs)`, `tuple(xs)`, `set(xs)`"""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        items = iterate(frame, first(arguments), at) if arguments.get(0) is not None else Items([], None)
        return fresh_list(frame, items, at, kind, f"made:{kind}")

    return make


handles("builtins.list")(sequence_maker("list"))
handles("builtins.tuple")(sequence_maker("tuple"))
handles("builtins.set", "builtins.frozenset")(sequence_maker("set"))


@handles("collections.deque")
def call_deque(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`deque(xs, maxlen=2)`"""
    given = arguments.get(0, "iterable")
    made = fresh_list(frame, Items([], None), at, "list", "made:deque")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    size = arguments.get(1, "maxlen")
    if size is not None and size.atoms != NONE_VALUE.atoms:
        frame.state.write(ref.id, LIMIT, size, is_strong=True)
    if given is not None:
        extend(frame, ref, frame.object(ref), Arguments([given]), at)
    return made


@handles("builtins.dict", "collections.OrderedDict", "collections.UserDict")
def call_dict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dict(other, to=x)`"""
    made = frame.make(at, Obj("dict"), "made:dict")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    if arguments.get(0) is not None:
        merge(frame, ref, first(arguments), at)
    for name, value in arguments.keywords.items():
        set_item(frame, made, Value((const(name),)), value, at)
    if arguments.extra is not None:
        frame.state.write_any(ref.id, arguments.extra)
    return made


@handles("collections.Counter")
def call_counter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Counter(xs)`: what is counted is in its keys."""
    made = frame.make(at, Obj("dict", {COUNTS: NONE_VALUE}), "counter")
    call_method(frame, "update", made, arguments, at)
    return made


@handles("collections.defaultdict")
def call_defaultdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`defaultdict(list)`"""
    made = frame.make(at, Obj("dict", {FACTORY: first(arguments)} if arguments.positional else {}), "defaultdict")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    if arguments.get(1) is not None:
        merge(frame, ref, arguments.positional[1], at)
    return made


@handles("collections.ChainMap")
def call_chainmap(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ChainMap(first, second)`: the first mapping that has a key wins."""
    made = frame.make(at, Obj("dict"), "chainmap:none")
    for start in reversed(range(len(arguments.positional))):
        made = chained(frame, arguments.positional[start:], made, at)
    return made


@handles("builtins.dict.fromkeys", "collections.OrderedDict.fromkeys")
def call_fromkeys(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dict.fromkeys(names, x)`"""
    made = frame.make(at, Obj("dict"), "fromkeys")
    value = arguments.get(1) or NONE_VALUE
    names = iterate(frame, first(arguments), at)
    for name in names.known:
        set_item(frame, made, name, value, at)
    if names.rest is not None:
        set_item(frame, made, names.rest, value, at)
    return made
