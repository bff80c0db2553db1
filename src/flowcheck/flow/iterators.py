"""Functions of itertools whose results keep positions, or call a function, in a way that no model row says.

    list(zip_longest([a], [], fillvalue=b))          [(a, b)]
    {k: list(g) for k, g in groupby(users, key)}     k from the key's calls, g with the users
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_calls import first, handles, maybe_call
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.values import NONE, NONE_VALUE, NOTHING, Value, join, join_all


@handles("itertools.zip_longest")
def call_zip_longest(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`zip_longest(xs, ys, fillvalue=z)`: as many rows as the longest has."""
    del receiver
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
    del receiver
    items = iterate(frame, first(arguments), at)
    function = arguments.get(1, "key")
    if function is None or function.atoms == (NONE,):
        names = items.any()
    else:
        called = [maybe_call(frame, function, Arguments([item]), at) for item in items.known]
        if items.rest is not None:
            called.append(maybe_call(frame, function, Arguments([items.rest]), at))
        names = join_all(called)
    if not items.known and items.rest is None:
        return fresh_list(frame, items, at, "list", "groupby")
    group = fresh_list(frame, Items([], items.any()), at, "list", "groupby:group")
    pair = fresh_list(frame, Items([names, group], None), at, "tuple", "groupby:pair")
    return fresh_list(frame, Items([], pair), at, "list", "groupby")
