"""Functions of itertools whose results keep positions, or call a function, in a way that no model row says.

list(zip_longest([a], [], fillvalue=b))          [(a, b)]
{k: list(g) for k, g in groupby(users, key)}     k from the key's calls, g with the users
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from math import prod

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import call_value
from flowcheck.flow.conditions import truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.subscripts import bound, constant_keys, delete_item, get_item, set_item
from flowcheck.flow.values import NONE, NONE_VALUE, NOTHING, Value, const, derived, join, join_all, joined_taints


@handles("itertools.zip_longest")
def call_zip_longest(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`zip_longest(xs, ys, fillvalue=z)`: as many rows as the longest has."""
    fill = arguments.keywords.get("fillvalue", NONE_VALUE)
    columns = [iterate(frame, value, at) for value in arguments.positional]
    if not columns:
        return fresh_list(frame, Items([], arguments.more), at, "list", "zip_longest")
    longest = max(len(column.known) for column in columns)
    rows = [
        fresh_list(frame, Items([cell(each, row, fill) for each in columns], None), at, "tuple", f"zip_longest:{row}")
        for row in range(longest)
    ]
    rest = None
    if any(not column.is_exact for column in columns):
        others = [join(column.rest or NOTHING, fill) for column in columns]
        rest = fresh_list(frame, Items(others, None), at, "tuple", "zip_longest:*")
    return fresh_list(frame, Items(rows, rest), at, "list", "zip_longest")


def cell(column: Items, row: int, fill: Value) -> Value:
    """What stands in a row of one column."""
    if row < len(column.known):
        return column.known[row]
    return fill if column.rest is None else join(column.rest, fill)


@handles("itertools.groupby")
def call_groupby(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`groupby(users, key=f)`: pairs of what f gives and those it gives it for."""
    items = iterate(frame, first(arguments), at)
    function = arguments.get(1, "key")
    apart = groups_apart(frame, items, function, at)
    if apart is not None:
        return apart
    if function is None or function.atoms == (NONE,):
        names = items.any()
    else:
        called = [maybe_call(frame, function, Arguments([item]), at) for item in frame.in_turns(items.known)]
        if items.rest is not None:
            called.append(maybe_call(frame, function, Arguments([items.rest]), at))
        names = join_all(called)
    if not items.known and items.rest is None:
        return fresh_list(frame, items, at, "list", "groupby")
    group = fresh_list(frame, Items([], items.any()), at, "list", "groupby:group")
    pair = fresh_list(frame, Items([names, group], None), at, "tuple", "groupby:pair")
    return fresh_list(frame, Items([], pair), at, "list", "groupby")


def groups_apart(frame: Frame, items: Items, function: Value | None, at: Span) -> Value | None:
    """The groups in order, where the key of each element is a constant."""
    if not items.is_exact or len(items.known) > MOST_ROWS:
        return None
    is_plain = function is None or function.atoms == (NONE,)
    named = [
        item if is_plain or function is None else maybe_call(frame, function, Arguments([item]), at)
        for item in items.known
    ]
    names = [constant_keys(frame, name) for name in named]
    if any(name is None or len(name) != 1 for name in names):
        return None
    starts = [place for place, name in enumerate(names) if not place or name != names[place - 1]]
    pairs = []
    for start, end in zip(starts, [*starts[1:], len(names)], strict=False):
        group = fresh_list(frame, Items(items.known[start:end], None), at, "list", f"groupby:{start}")
        pairs.append(fresh_list(frame, Items([named[start], group], None), at, "tuple", f"groupby:pair:{start}"))
    return fresh_list(frame, Items(pairs, None), at, "list", "groupby")


# --- positions kept ------------------------------------------------------------------------------


def both(one: Items, other: Items) -> Items:
    """The elements of one behind those of the other."""
    if one.is_exact:
        return Items([*one.known, *other.known], other.rest)
    return Items(one.known, join(one.rest or NOTHING, other.any()))


@handles("itertools.chain")
def call_chain(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`chain(xs, ys)`"""
    items = Items([], None)
    for value in arguments.positional:
        items = both(items, iterate(frame, value, at))
    if arguments.more is not None:
        items = both(items, Items([], iterate(frame, arguments.more, at).any()))
    return fresh_list(frame, items, at, "list", "chain")


@handles("itertools.chain.from_iterable")
def call_chain_of(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`chain.from_iterable([xs, ys])`"""
    outer = iterate(frame, first(arguments), at)
    items = Items([], None)
    for value in outer.known:
        items = both(items, iterate(frame, value, at))
    if outer.rest is not None:
        items = both(items, Items([], iterate(frame, outer.rest, at).any()))
    return fresh_list(frame, items, at, "list", "chain")


@handles("itertools.islice")
def call_islice(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`islice(xs, 1, 3)`"""
    items = iterate(frame, first(arguments), at)
    limits = [bound(frame, value) for value in arguments.positional[1:]]
    if any(limit is True for limit in limits) or not limits:
        return fresh_list(frame, Items([], items.any()), at, "list", "islice")
    wanted = slice(*limits)
    reaches = wanted.stop is None or wanted.stop > len(items.known)
    if items.is_exact or not reaches:
        return fresh_list(frame, Items(items.known[wanted], None), at, "list", "islice")
    return fresh_list(frame, Items([], join_all([*items.known[wanted], items.rest or NOTHING])), at, "list", "islice")


@handles("itertools.compress")
def call_compress(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`compress(xs, [1, 0])`"""
    items, chosen = iterate(frame, first(arguments), at), iterate(frame, arguments.get(1, "selectors") or NOTHING, at)
    outcomes = [truth(frame, each) for each in chosen.known]
    kept = [item for item, outcome in zip(items.known, outcomes, strict=False) if outcome is not False]
    if items.is_exact and chosen.is_exact and None not in outcomes:
        return fresh_list(frame, Items(kept, None), at, "list", "compress")
    behind = items.known[len(outcomes) :] if not chosen.is_exact else []
    return fresh_list(frame, Items([], join_all([*kept, *behind, items.rest or NOTHING])), at, "list", "compress")


@handles("itertools.pairwise")
def call_pairwise(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pairwise([a, b, c])`: (a, b), (b, c)"""
    items = iterate(frame, first(arguments), at)
    pairs = [
        fresh_list(frame, Items(list(pair), None), at, "tuple", f"pairwise:{place}")
        for place, pair in enumerate(zip(items.known, items.known[1:], strict=False))
    ]
    rest = None
    if items.rest is not None:
        last = items.known[-1:] or [NOTHING]
        rest = fresh_list(frame, Items([join(last[0], items.rest), items.rest], None), at, "tuple", "pairwise:*")
    return fresh_list(frame, Items(pairs, rest), at, "list", "pairwise")


@handles("itertools.batched")
def call_batched(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`batched(xs, 2)`"""
    items = iterate(frame, first(arguments), at)
    size = bound(frame, arguments.get(1, "n"))
    if not items.is_exact or not isinstance(size, int) or size is True or size < 1:
        batch = fresh_list(frame, Items([], items.any()), at, "tuple", "batched:*")
        return fresh_list(frame, Items([], batch), at, "list", "batched")
    batches = [
        fresh_list(frame, Items(items.known[start : start + size], None), at, "tuple", f"batched:{start}")
        for start in range(0, len(items.known), size)
    ]
    return fresh_list(frame, Items(batches, None), at, "list", "batched")


@handles("itertools.tee")
def call_tee(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`first, second = tee(xs)`"""
    items = iterate(frame, first(arguments), at)
    count = bound(frame, arguments.get(1, "n")) if arguments.get(1, "n") is not None else 2
    size = count if isinstance(count, int) and count is not True and 0 < count <= MOST_ROWS else 2
    copies = [fresh_list(frame, items, at, "list", f"tee:{place}") for place in range(size)]
    return fresh_list(frame, Items(copies, None), at, "tuple", "tee")


MOST_ROWS = 16
"""Combinations that are told apart."""


@handles("itertools.product")
def call_product(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`product(xs, ys)`: one of each, in order."""
    columns = [iterate(frame, value, at) for value in arguments.positional]
    repeat = bound(frame, arguments.keywords.get("repeat"))
    is_known = repeat is not True and (repeat is None or 0 < repeat <= MOST_ROWS)
    columns = columns * (repeat or 1) if is_known else columns
    if any(not column.known and column.is_exact for column in columns):
        return fresh_list(frame, Items([], None), at, "list", "product")
    if is_known and all(column.is_exact for column in columns):
        size = prod(len(column.known) for column in columns)
        if size <= MOST_ROWS:
            return rows_of(frame, itertools.product(*(column.known for column in columns)), at, "product")
    cells = [column.any() for column in columns]
    row = fresh_list(frame, Items(cells, None if is_known else join_all(cells)), at, "tuple", "product:row")
    return fresh_list(frame, Items([], row), at, "list", "product")


def rows_of(frame: Frame, rows: Iterable[tuple[Value, ...]], at: Span, tag: str) -> Value:
    """Tuples that are told apart."""
    made = [fresh_list(frame, Items(list(row), None), at, "tuple", f"{tag}:{place}") for place, row in enumerate(rows)]
    return fresh_list(frame, Items(made, None), at, "list", tag)


def choices(name: str, choose: Callable[[list[Value], int], Iterable[tuple[Value, ...]]]) -> None:
    """`combinations(xs, 2)` and its like, in order where there are few."""

    @handles(f"itertools.{name}")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        items, given = iterate(frame, first(arguments), at), arguments.get(1, "r")
        size = bound(frame, given) if given is not None and given.atoms != (NONE,) else len(items.known)
        if items.is_exact and len(items.known) <= DEEPEST_CHOICE and isinstance(size, int) and size is not True:
            rows = list(choose(items.known, max(size, 0)))
            if len(rows) <= MOST_ROWS:
                return rows_of(frame, rows, at, name)
        row = fresh_list(frame, Items([], items.any()), at, "tuple", f"{name}:row")
        return fresh_list(frame, Items([], row), at, "list", name)


DEEPEST_CHOICE = 5
"""Elements whose combinations are listed."""

choices("combinations", itertools.combinations)
choices("combinations_with_replacement", itertools.combinations_with_replacement)
choices("permutations", itertools.permutations)


@handles("itertools.cycle")
def call_cycle(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`cycle(xs)`: the elements again and again."""
    items = iterate(frame, first(arguments), at)
    turns = MOST_ROWS // len(items.known) if items.is_exact and items.known else 0
    if not items.known and items.is_exact:
        return fresh_list(frame, items, at, "list", "cycle")
    return fresh_list(frame, Items(items.known * turns, items.any()), at, "list", "cycle")


@handles("itertools.repeat")
def call_repeat(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`repeat(x, 2)`, `repeat(x)`"""
    value, times = first(arguments), arguments.get(1, "times")
    count = bound(frame, times)
    if isinstance(count, int) and count is not True and count <= MOST_ROWS:
        return fresh_list(frame, Items([value] * max(count, 0), None), at, "list", "repeat")
    return fresh_list(frame, Items([value] * MOST_ROWS if times is None else [], value), at, "list", "repeat")


@handles("itertools.count")
def call_count(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`count(1, 2)`"""
    start, step = bound(frame, arguments.get(0, "start")), bound(frame, arguments.get(1, "step"))
    carried = derived(joined_taints(*(value.taints for value in (*arguments, NOTHING, NOTHING)[:2])), "int")
    if start is True or step is True:
        return fresh_list(frame, Items([], carried), at, "list", "count")
    numbers = [(start or 0) + (1 if step is None else step) * place for place in range(MOST_ROWS)]
    return fresh_list(frame, Items([Value((const(number),)) for number in numbers], carried), at, "list", "count")


# --- elements that a function lets through -----------------------------------------------------------


def tested(frame: Frame, arguments: Arguments, at: Span) -> tuple[Items, list[bool | None]]:
    """The elements, and what the function says of each that is known."""
    function, items = first(arguments), iterate(frame, arguments.get(1, "iterable") or NOTHING, at)
    outcomes = [
        truth(frame, item if function.atoms == (NONE,) else maybe_call(frame, function, Arguments([item]), at))
        for item in items.known
    ]
    if items.rest is not None:
        maybe_call(frame, function, Arguments([items.rest]), at)
    return items, outcomes


@handles("itertools.filterfalse")
def call_filter_false(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`filterfalse(f, xs)`"""
    items, outcomes = tested(frame, arguments, at)
    kept = [item for item, outcome in zip(items.known, outcomes, strict=True) if outcome is not True]
    return sure_or_any(frame, kept, items, at, is_sure=None not in outcomes)


@handles("itertools.takewhile")
def call_take_while(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`takewhile(f, xs)`: up to the first that f does not let through"""
    items, outcomes = tested(frame, arguments, at)
    end = outcomes.index(False) if False in outcomes else len(outcomes)
    behind = Items(items.known, None) if False in outcomes else items
    return sure_or_any(frame, items.known[:end], behind, at, is_sure=None not in outcomes[:end])


@handles("itertools.dropwhile")
def call_drop_while(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dropwhile(f, xs)`: from the first that f does not let through"""
    items, outcomes = tested(frame, arguments, at)
    start = next((place for place, outcome in enumerate(outcomes) if outcome is not True), len(outcomes))
    is_sure = start == len(outcomes) or outcomes[start] is False
    return sure_or_any(frame, items.known[start:], items, at, is_sure=is_sure)


def sure_or_any(frame: Frame, kept: list[Value], items: Items, at: Span, *, is_sure: bool) -> Value:
    """These elements, where it is sure that they are let through; else any of them."""
    if is_sure:
        return fresh_list(frame, Items(kept, items.rest), at, "list", "filtered")
    found = join_all([*kept, items.rest or NOTHING])
    return fresh_list(frame, Items([], found if found.atoms or found.taints else None), at, "list", "filtered")


@handles("itertools.accumulate")
def call_accumulate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`accumulate(xs, f, initial=x)`: every sum on the way."""
    items = iterate(frame, first(arguments), at)
    function = arguments.get(1, "func")
    initial = arguments.keywords.get("initial")
    values = [initial, *items.known] if initial is not None else list(items.known)
    sums: list[Value] = []
    for value in values:
        sums.append(accumulated(frame, function, sums[-1], value, at) if sums else value)
    rest = None
    if items.rest is not None:
        before = sums[-1] if sums else items.rest
        rest = join(items.rest if not sums else NOTHING, accumulated(frame, function, before, items.rest, at))
        rest = join(rest, accumulated(frame, function, rest, items.rest, at))
    return fresh_list(frame, Items(sums, rest), at, "list", "accumulate")


def accumulated(frame: Frame, function: Value | None, before: Value, value: Value, at: Span) -> Value:
    """One step of `accumulate`: the function, or `+`."""
    if function is not None and function.atoms != (NONE,):
        return maybe_call(frame, function, Arguments([before, value]), at)
    return derived(joined_taints(frame.deep_taints(before), frame.deep_taints(value)))


@handles("itertools.starmap")
def call_starmap(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`starmap(f, [(a, b)])`"""
    function, rows = first(arguments), iterate(frame, arguments.get(1, "iterable") or NOTHING, at)
    known = [call_value(frame, function, spread(iterate(frame, row, at)), at) for row in frame.in_turns(rows.known)]
    rest = None
    if rows.rest is not None:
        rest = maybe_call(frame, function, spread(iterate(frame, rows.rest, at)), at)
    return fresh_list(frame, Items(known, rest), at, "list", "starmap")


def spread(items: Items) -> Arguments:
    """Elements as arguments by position."""
    return Arguments(list(items.known), {}, items.rest)


# --- operators as functions ------------------------------------------------------------------------


@handles("operator.getitem", "operator.__getitem__")
def call_getitem(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`getitem(row, "to")`"""
    return get_item(frame, first(arguments), arguments.get(1) or NOTHING, at)


@handles("operator.setitem", "operator.__setitem__")
def call_setitem(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`setitem(row, "to", x)`"""
    set_item(frame, first(arguments), arguments.get(1) or NOTHING, arguments.get(2) or NOTHING, at)
    return NONE_VALUE


@handles("operator.delitem", "operator.__delitem__")
def call_delitem(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`delitem(row, "to")`"""
    delete_item(frame, first(arguments), arguments.get(1) or NOTHING, at)
    return NONE_VALUE


def in_place(name: str, symbol: str) -> None:
    """`iadd(rows, more)` is `rows += more`."""

    @handles(f"operator.{name}", f"operator.__{name}__")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return frame.machine.in_place(frame, symbol, first(arguments), arguments.get(1) or NOTHING, at)


for _name, _symbol in (("iadd", "+"), ("iconcat", "+"), ("ior", "|"), ("isub", "-"), ("iand", "&"), ("imul", "*")):
    in_place(_name, _symbol)
