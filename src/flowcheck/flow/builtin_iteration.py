"""Builtins that go over elements, one by one where they are known apart.

list(zip(names, phones))[0][1]          the first phone
sorted(rows, key=f)                     calls f; any order, unless what f gives is constant
max(rows, default=user.phone)           one of the rows, or the phone
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.conditions import truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.extended import as_builtin
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.generators import close, next_of, send, throw
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj, State, joined_state, joined_states
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.operators import binary
from flowcheck.flow.pure_calls import decided, ranked, truths
from flowcheck.flow.stepping import as_iterator, sole_iterator, sole_steppable
from flowcheck.flow.values import (
    NONE,
    NONE_VALUE,
    NOTHING,
    Const,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
)


@handles("builtins.enumerate")
def call_enumerate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`enumerate(xs, start=1)`"""
    items = iterate(frame, first(arguments), at)
    starts = frame.constants(arguments.get(1, "start") or Value((const(0),)))
    start = starts[0].value if len(starts) == 1 and isinstance(starts[0], Const) else None
    pairs = [
        fresh_list(frame, Items([numbered(start, place), item], None), at, "tuple", f"enumerate:{place}")
        for place, item in enumerate(items.known)
    ]
    rest = None
    if items.rest is not None:
        rest = fresh_list(frame, Items([Value((Scalar("int"),)), items.rest], None), at, "tuple", "enumerate:*")
    return fresh_list(frame, Items(pairs, rest), at, "list", "enumerate")


def numbered(start: object, place: int) -> Value:
    """The number of an element, counted from what may not be known."""
    return Value((const(start + place) if isinstance(start, int) else Scalar("int"),))


@handles("builtins.zip")
def call_zip(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`zip(xs, ys)`"""
    columns = dealt_out(frame, arguments, at) or [iterate(frame, value, at) for value in arguments.positional]
    if not columns:
        return fresh_list(frame, Items([], arguments.more), at, "list", "zip")
    rows = min(len(column.known) for column in columns)
    pairs = [
        fresh_list(frame, Items([column.known[row] for column in columns], None), at, "tuple", f"zip:{row}")
        for row in range(rows)
    ]
    rest = None
    if all(len(column.known) > rows or column.rest is not None for column in columns):
        others = [join_all([*column.known[rows:], column.rest or NOTHING]) for column in columns]
        rest = fresh_list(frame, Items(others, None), at, "tuple", "zip:*")
    return fresh_list(frame, Items(pairs, rest), at, "list", "zip")


def dealt_out(frame: Frame, arguments: Arguments, at: Span) -> list[Items] | None:
    """`zip(it, it)`: each takes the next element of the one iterator."""
    width = len(arguments.positional)
    iterators = {sole_steppable(frame, each) or sole_iterator(frame, each) for each in arguments.positional}
    if width == 1 or len(iterators) != 1 or None in iterators:
        return None
    items = iterate(frame, arguments.positional[0], at)
    return [Items(items.known[place::width], items.rest) for place in range(width)]


@handles("builtins.reversed")
def call_reversed(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`reversed(xs)`"""
    special = frame.machine.call_special(frame, first(arguments), "__reversed__", [], at)
    items = iterate(frame, special if special is not None else first(arguments), at)
    if special is None and items.is_exact:
        items = Items(items.known[::-1], None)
    elif special is None:
        items = Items([], items.any())
    return fresh_list(frame, items, at, "list", "reversed")


@handles("builtins.sorted")
def call_sorted(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sorted(xs, key=f)`: the elements in their order where what they are compared by is constant, else in any."""
    items = iterate(frame, first(arguments), at)
    return fresh_list(frame, sorted_items(frame, items, arguments, at), at, "list", "sorted")


def sorted_items(frame: Frame, items: Items, arguments: Arguments, at: Span) -> Items:
    """Elements as sorting leaves them."""
    by = arguments.get(9, "key")
    is_reversed = truth(frame, arguments.keywords["reverse"]) if "reverse" in arguments.keywords else False
    if is_reversed is not None:
        order = ranked(frame, items, key_function(frame, by, at), is_reversed=is_reversed)
        if order is not None:
            return Items(order, None)
    if by is not None and by.atoms != (NONE,):
        call_value(frame, by, Arguments([items.any()]), at)
    if len(items.known) == 1 and items.is_exact:
        return items
    return Items([], items.any() if items.known or items.rest is not None else None)


def key_function(frame: Frame, by: Value | None, at: Span) -> Callable[[Value], Value]:
    """What elements are compared by."""
    if by is None or by.atoms == (NONE,):
        return lambda item: item
    return lambda item: call_value(frame, by, Arguments([item]), at)


@handles("builtins.min")
def call_min(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`min(xs, key=f)`, `min(a, b)`"""
    return extreme(frame, arguments, at, is_largest=False)


@handles("builtins.max")
def call_max(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`max(xs, key=f)`, `max(a, b)`"""
    return extreme(frame, arguments, at, is_largest=True)


def extreme(frame: Frame, arguments: Arguments, at: Span, *, is_largest: bool) -> Value:
    """The first of the elements that is the least or the greatest; any of them where that is not known."""
    if len(arguments.positional) == 1:
        items = iterate(frame, first(arguments), at)
    else:
        items = Items(arguments.positional, arguments.more)
    default = arguments.keywords.get("default", NOTHING)
    by = arguments.get(9, "key")
    order = ranked(frame, items, key_function(frame, by, at), is_reversed=is_largest)
    if order is not None:
        return order[0] if order else default
    found = items.any()
    if by is not None and by.atoms != (NONE,):
        call_value(frame, by, Arguments([found]), at)
    return join(found, default)


@handles("builtins.iter", "builtins.aiter")
def call_iter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`iter(xs)`: what is still to come of it; `iter(f, sentinel)` calls f again and again."""
    if len(arguments.positional) == 2:
        return fresh_list(frame, Items([], call_value(frame, first(arguments), Arguments(), at)), at, "list", "iter")
    subject = first(arguments)
    if any(obj.kind in {"generator", "instance"} for _, obj in frame.objects(subject)):
        special = frame.machine.call_special(frame, subject, "__iter__", [], at)
        if special is not None or as_builtin(frame, subject) is frame.look(subject):
            return special if special is not None else subject
    return as_iterator(frame, subject, at)


@handles("builtins.next", "builtins.anext")
def call_next(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`next(iterator, default)`"""
    default = arguments.get(1)
    if default is None:
        return next_of(frame, first(arguments), at)
    return next_or(frame, first(arguments), default, at)


def next_or(frame: Frame, iterator: Value, default: Value, at: Span) -> Value:
    """`next(iterator, default)`: the default where the iterator has ended."""
    is_one_by_one = sole_steppable(frame, iterator) is not None
    before = frame.state.fork()
    frame.raising.append([])
    found: Value | None = None
    try:
        found = next_of(frame, iterator, at)
    except Diverges:
        frame.state = before
    raised = frame.raising.pop()
    ended = [state for error, state in raised if is_stop(state, error)]
    frame.raising[-1].extend((error, state) for error, state in raised if not is_stop(state, error))
    if found is None:
        frame.state = joined_states(ended) or frame.state
        return default
    if is_one_by_one:
        frame.state = joined_states([frame.state, *ended]) or frame.state
        return join(found, default) if ended else found
    is_sure = bool(found.atoms) and iterate(frame, iterator, at).is_exact
    return found if is_sure else join(found, default)


def is_stop(state: State, error: Value) -> bool:
    """Whether an exception is the end of an iterator."""
    held = [state.heap.get(atom.id) for atom in error.atoms if isinstance(atom, Ref)]
    return any(obj is not None and obj.detail == "builtins.StopIteration()" for obj in held)


@handles("builtins.generator.__next__", "builtins.generator.__anext__")
def call_generator_next(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.__next__()`"""
    return next_of(frame, receiver, at)


@handles("builtins.generator.send", "builtins.generator.asend")
def call_send(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.send(x)`"""
    return join_all(
        send(frame, ref, first(arguments), at) for ref, obj in frame.objects(receiver) if obj.kind == "generator"
    )


@handles("builtins.generator.throw", "builtins.generator.athrow")
def call_throw(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.throw(error)`"""
    error = frame.machine.as_exception(frame, first(arguments), at)
    return join_all(throw(frame, ref, error, at) for ref, obj in frame.objects(receiver) if obj.kind == "generator")


@handles("builtins.generator.close", "builtins.generator.aclose")
def call_close(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.close()`"""
    for ref, obj in frame.objects(receiver):
        if obj.kind == "generator":
            close(frame, ref, at)
    return NONE_VALUE


@handles("builtins.range")
def call_range(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`range(3)`"""
    bounds = [frame.constants(value) for value in arguments.positional]
    numbers = [each[0].value for each in bounds if len(each) == 1 and isinstance(each[0], Const)]
    if len(numbers) == len(bounds) and all(isinstance(number, int) for number in numbers) and 1 <= len(numbers) <= 3:
        try:
            found = range(*(int(str(int(number))) for number in numbers if isinstance(number, int)))
        except ValueError:
            return fresh_list(frame, Items([], None), at, "list", "range")
        if len(found) <= 16:
            return fresh_list(frame, Items([Value((const(number),)) for number in found], None), at, "list", "range")
    return fresh_list(frame, Items([], Value((Scalar("int"),))), at, "list", "range")


@handles("builtins.map")
def call_map(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`map(f, xs, ys)`"""
    function = first(arguments)
    columns = [iterate(frame, value, at) for value in arguments.positional[1:]]
    rows = min((len(column.known) for column in columns), default=0)
    rows = min(rows, frame.most_apart) if columns and columns[0].known else rows
    known = [
        call_value(frame, function, Arguments([one, *(column.known[row] for column in columns[1:])]), at)
        for row, one in enumerate(frame.in_turns(columns[0].known[:rows] if columns else []))
    ]
    rest = None
    if columns and all(len(column.known) > rows or column.rest is not None for column in columns):
        others = [join_all([*column.known[rows:], column.rest or NOTHING]) for column in columns]
        rest = maybe_call(frame, function, Arguments(others), at)
    return fresh_list(frame, Items(known, rest), at, "list", "map")


def maybe_call(frame: Frame, function: Value, arguments: Arguments, at: Span) -> Value:
    """A call that may not happen, or happen many times."""
    before = frame.state.fork()
    try:
        result = call_value(frame, function, arguments, at)
    except Diverges:
        frame.state = before
        return NOTHING
    frame.state = joined_state(before, frame.state)
    return result


@handles("builtins.filter")
def call_filter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`filter(f, xs)`"""
    function, items = first(arguments), iterate(frame, arguments.get(1) or NOTHING, at)
    kept: list[Value] = []
    is_certain = True
    for item in items.known:
        outcome = (
            truth(frame, item)
            if function.atoms == (NONE,)
            else truth(frame, call_value(frame, function, Arguments([item]), at))
        )
        is_certain = is_certain and outcome is not None
        if outcome is not False:
            kept.append(frame.machine.agreed_by(frame, function, item, at))
    if items.rest is not None:
        maybe_call(frame, function, Arguments([items.rest]), at)
        items = Items(items.known, frame.machine.agreed_by(frame, function, items.rest, at))
    if is_certain and items.is_exact:
        return fresh_list(frame, Items(kept, None), at, "list", "filter")
    return fresh_list(frame, Items([], join_all([*kept, items.rest or NOTHING])), at, "list", "filter")


@handles("builtins.sum")
def call_sum(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sum(xs)`: made from all of them; lists are put together."""
    items = iterate(frame, first(arguments), at)
    start = arguments.get(1, "start")
    if items.is_exact and 0 < len(items.known) <= frame.most_apart:
        total = start if start is not None else Value((const(0),))
        for item in frame.in_turns(items.known):
            total = binary(frame, "+", total, item, at)
        return total
    if start is not None and any(obj.kind in {"list", "tuple"} for _, obj in frame.objects(start)):
        inner = [
            iterate(frame, each, at).any() for each in [start, *items.known, *([items.rest] if items.rest else [])]
        ]
        return fresh_list(frame, Items([], join_all(inner)), at, "list", "sum")
    return derived(frame.deep_taints(items.any()))


@handles("builtins.any")
def call_any(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`any(xs)`"""
    found = truths(frame, first(arguments), truth, at)
    return decided(True if True in found else None if None in found else False) or Value((Scalar("bool"),))


@handles("builtins.all")
def call_all(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`all(xs)`"""
    found = truths(frame, first(arguments), truth, at)
    return decided(False if False in found else None if None in found else True) or Value((Scalar("bool"),))


BOUNDS = ("start", "stop", "step")


@handles("builtins.slice")
def call_slice(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`slice(1, 2)`; of `slice(*bounds)` with bounds nobody knows, any may be any of them."""
    given, more = arguments.positional, arguments.more
    bounds = [NONE_VALUE, *given] if len(given) == 1 else given
    missing = NONE_VALUE if more is None else join(NONE_VALUE, more)
    fields = {attr(name): value for name, value in zip(BOUNDS, [*bounds, missing, missing, missing], strict=False)}
    return frame.make(at, Obj("external", fields, detail="builtins.slice()"), "slice")
