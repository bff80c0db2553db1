"""What the abstract classes of `collections.abc`, and `UserDict`, make of the methods a class defines itself.

class Store(MutableMapping):                store.get("to"), store.pop("to"), store.items() call its `__getitem__`
    def __getitem__(self, name): ...        store.update(to=x) calls its `__setitem__`
class Queue(MutableSequence): ...           queue.append(x) calls its `insert`
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_found, call_value
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj, joined_state
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.objects import lookup
from flowcheck.flow.subscripts import delete_item, get_item, set_item
from flowcheck.flow.values import (
    ABSENT,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Ref,
    Scalar,
    Value,
    const,
    join,
)


def methods_of(classes: tuple[str, ...], *names: str) -> list[str]:
    """The dotted names of methods of abstract classes; `UserDict` stands in `collections` itself."""
    modules = ("collections.abc", "typing")
    found = [f"{module}.{cls}.{name}" for module in modules for cls in classes if cls != "UserDict" for name in names]
    return [*found, *(f"collections.UserDict.{name}" for name in names if "UserDict" in classes)]


MAPPINGS = ("Mapping", "MutableMapping", "UserDict")
CHANGING_MAPPINGS = ("MutableMapping", "UserDict")
SEQUENCES = ("Sequence", "MutableSequence")
SETS = ("Set", "AbstractSet", "MutableSet")


def attempt(frame: Frame, receiver: Value, name: Value, at: Span) -> tuple[Value, bool]:
    """`receiver[name]`, and whether that surely has a value."""
    before = frame.state.fork()
    frame.raising.append([])
    try:
        found = get_item(frame, receiver, name, at)
    except Diverges:
        frame.state, found = before, NOTHING
    raised = frame.raising.pop()
    return found.present(), bool(found.atoms) and ABSENT not in found.atoms and not raised


def call_own(frame: Frame, receiver: Value, name: str, arguments: list[Value], at: Span) -> Value:
    """Call a method that the class has to have."""
    return call_found(frame, lookup(frame, receiver, name, at), Arguments(arguments), at)


# --- mappings --------------------------------------------------------------------------------------


@handles(*methods_of(MAPPINGS, "get"))
def call_get(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.get("to", default)`"""
    found, is_sure = attempt(frame, receiver, first(arguments), at)
    return found if is_sure else join(found, arguments.get(1, "default") or NONE_VALUE)


@handles(*methods_of(MAPPINGS, "__contains__"))
def call_contains(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`"to" in store`"""
    _, is_sure = attempt(frame, receiver, first(arguments), at)
    return Value((const(True),)) if is_sure else Value((Scalar("bool"),))


@handles(*methods_of(MAPPINGS, "keys"))
def call_keys(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.keys()`"""
    return fresh_list(frame, iterate(frame, receiver, at), at, "list", "keys")


@handles(*methods_of(MAPPINGS, "values"))
def call_values(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.values()`"""
    names = iterate(frame, receiver, at)
    known = [attempt(frame, receiver, name, at)[0] for name in names.known]
    rest = attempt(frame, receiver, names.rest, at)[0] if names.rest is not None else None
    return fresh_list(frame, Items(known, rest), at, "list", "values")


@handles(*methods_of(MAPPINGS, "items"))
def call_items(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.items()`"""
    names = iterate(frame, receiver, at)
    known = [item_of(frame, receiver, name, at, str(place)) for place, name in enumerate(names.known)]
    rest = item_of(frame, receiver, names.rest, at, "*") if names.rest is not None else None
    return fresh_list(frame, Items(known, rest), at, "list", "items")


def item_of(frame: Frame, receiver: Value, name: Value, at: Span, tag: str) -> Value:
    """A key with its value."""
    found, _ = attempt(frame, receiver, name, at)
    return fresh_list(frame, Items([name, found], None), at, "tuple", f"item:{tag}")


@handles(*methods_of(CHANGING_MAPPINGS, "pop"))
def call_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.pop("to", default)`"""
    found = call_get(frame, receiver, Arguments(arguments.positional, arguments.keywords), at)
    take_out(frame, receiver, first(arguments), at)
    return found


def take_out(frame: Frame, receiver: Value, name: Value, at: Span) -> None:
    """`del receiver[name]`, where that can be done."""
    before = frame.state.fork()
    try:
        delete_item(frame, receiver, name, at)
    except Diverges:
        frame.state = before


@handles(*methods_of(CHANGING_MAPPINGS, "popitem"))
def call_pop_item(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.popitem()`: the first item."""
    names = iterate(frame, receiver, at)
    name = names.known[0] if names.known else names.any()
    item = item_of(frame, receiver, name, at, "popitem")
    take_out(frame, receiver, name, at)
    return item


@handles(*methods_of(CHANGING_MAPPINGS, "clear"))
def call_clear(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.clear()`"""
    for name in iterate(frame, receiver, at).known:
        take_out(frame, receiver, name, at)
    return NONE_VALUE


@handles(*methods_of(CHANGING_MAPPINGS, "update"))
def call_update(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.update(other, to=x)`: item by item."""
    made = frame.make(at, Obj("dict"), "update")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    for other in arguments.positional:
        merge(frame, ref, other, at)
    items = frame.object(ref)
    for content, value in items.fields.items():
        if content.kind == "key":
            set_item(frame, receiver, Value((frame.key_atom(content.name),)), value.present(), at)
    rest = [each for each in (items.rest, arguments.extra) if each is not None]
    for value in rest:
        set_item(frame, receiver, UNKNOWN_VALUE, value, at)
    for name, value in arguments.keywords.items():
        set_item(frame, receiver, Value((const(name),)), value, at)
    return NONE_VALUE


@handles(*methods_of(CHANGING_MAPPINGS, "setdefault"))
def call_set_default(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`store.setdefault("to", x)`"""
    found, is_sure = attempt(frame, receiver, first(arguments), at)
    if is_sure:
        return found
    default = arguments.get(1, "default") or NONE_VALUE
    before = frame.state.fork()
    set_item(frame, receiver, first(arguments), default, at)
    if found.atoms:
        frame.state = joined_state(before, frame.state)
    return join(found, default)


# --- sequences ---------------------------------------------------------------------------------------


@handles(*methods_of(SEQUENCES, "index", "count"))
def call_index(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`window.index(x)`: a number that carries nothing."""
    return Value((Scalar("int"),))


@handles(*methods_of(SEQUENCES, "__contains__"))
def call_sequence_contains(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`x in window`"""
    return Value((Scalar("bool"),))


@handles(*methods_of((*SEQUENCES, *MAPPINGS), "__iter__"))
def call_iter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__iter__()`"""
    return fresh_list(frame, iterate(frame, receiver, at), at, "list", "iter")


@handles(*methods_of(("MutableSequence",), "append"))
def call_append(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`queue.append(x)` inserts at the end."""
    end = frame.machine.call_external(frame, "builtins.len", None, Arguments([receiver]), at)
    return call_own(frame, receiver, "insert", [end, first(arguments)], at)


@handles(*methods_of(("MutableSequence",), "extend", "__iadd__"))
def call_extend(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`queue.extend(xs)` appends each."""
    each_to("append")(frame, receiver, arguments, at)
    return receiver


def each_to(method: str) -> Handler:
    """A method that calls another of the same object with each element."""

    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        items = iterate(frame, first(arguments), at)
        for value in items.known:
            call_own(frame, receiver, method, [value], at)
        if items.rest is not None:
            before = frame.state.fork()
            call_own(frame, receiver, method, [items.rest], at)
            frame.state = joined_state(before, frame.state)
        return receiver

    return call


@handles(*methods_of(("MutableSequence",), "pop"))
def call_sequence_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`queue.pop(0)`"""
    position = arguments.get(0, "index") or Value((const(-1),))
    found, _ = attempt(frame, receiver, position, at)
    take_out(frame, receiver, position, at)
    return found


@handles(*methods_of(("MutableSequence",), "clear"))
def call_sequence_clear(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`queue.clear()` takes out one by one."""
    for _ in iterate(frame, receiver, at).known:
        take_out(frame, receiver, Value((const(-1),)), at)
    return NONE_VALUE


@handles(*methods_of(("MutableSequence",), "remove", "reverse"))
def call_sequence_remove(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`queue.remove(x)`: which element goes, nobody knows."""
    return NONE_VALUE


# --- sets ----------------------------------------------------------------------------------------------


def combined(takes_other: bool) -> Handler:
    """An operator of two sets: the class is called with what is in the result."""

    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        ours, theirs = iterate(frame, receiver, at), iterate(frame, first(arguments), at)
        held = join(ours.any(), theirs.any()) if takes_other else ours.any()
        result = NOTHING
        for _, obj in frame.objects(receiver):
            elements = fresh_list(frame, Items([], held), at, "list", "combined")
            cls = Value((obj.type,)) if obj.type is not None else NOTHING
            result = join(result, call_value(frame, cls, Arguments([elements]), at))
        return result

    return call


handles(*methods_of(SETS, "__or__", "__xor__", "__ror__", "__rxor__"))(combined(takes_other=True))
handles(*methods_of(SETS, "__and__", "__sub__", "__rand__"))(combined(takes_other=False))
handles(*methods_of(("MutableSet",), "__ior__"))(each_to("add"))


@handles(*methods_of(("MutableSet",), "remove"))
def call_remove(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tags.remove(x)` discards it."""
    return call_own(frame, receiver, "discard", arguments.positional, at)


@handles(*methods_of(("MutableSet",), "pop"))
def call_set_pop(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tags.pop()`: any of them, which is then discarded."""
    items = iterate(frame, receiver, at)
    value = items.known[0] if items.known else items.any()
    call_own(frame, receiver, "discard", [value], at)
    return value


@handles(*methods_of(("MutableSet",), "clear"))
def call_set_clear(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`tags.clear()` discards each."""
    for value in iterate(frame, receiver, at).known:
        call_own(frame, receiver, "discard", [value], at)
    return NONE_VALUE


@handles(*methods_of(("Iterator", "Generator", "AsyncIterator"), "__iter__", "__aiter__"))
def call_iterator(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`iter(iterator)` is the iterator."""
    return receiver
