"""Folding: operators, text methods and tests on constants, computed as Python would, within bounds.

"2fa" + "_phone"   ->  "2fa_phone"          3 > 2  ->  True
"Phone".lower()    ->  "phone"              "a" in {"b": 1}  ->  False (keys known)
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from flowcheck.flow.values import Const, Value, const

LONGEST = 4096
"""Texts longer than this are not computed."""

Constant = None | bool | int | float | str | bytes

BINARY: dict[str, Callable[[object, object], object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}

COMPARISONS: dict[str, Callable[[object, object], object]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,  # type: ignore[dict-item]
    "<=": operator.le,  # type: ignore[dict-item]
    ">": operator.gt,  # type: ignore[dict-item]
    ">=": operator.ge,  # type: ignore[dict-item]
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda left, right: operator.contains(right, left),  # type: ignore[arg-type]
    "not in": lambda left, right: not operator.contains(right, left),  # type: ignore[arg-type]
}

TEXT_METHODS = frozenset(
    {
        "upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold", "swapcase", "replace",
        "removeprefix", "removesuffix", "startswith", "endswith", "isdigit", "isalpha", "isupper", "islower", "isalnum",
        "isspace", "zfill", "find", "count", "encode", "decode", "index", "rfind",
    }
)  # fmt: skip


def folded_binary(symbol: str, left: Const, right: Const) -> Const | None:
    """The constant that an operator makes of two; None when it fails or is too large to compute."""
    compute = BINARY.get(symbol)
    if compute is None or is_large(symbol, left.value, right.value):
        return None
    try:
        return as_const(compute(left.value, right.value))
    except (ArithmeticError, TypeError, ValueError):
        return None


def is_large(symbol: str, left: Constant, right: Constant) -> bool:
    """Whether the result would be long."""
    sizes = [len(each) for each in (left, right) if isinstance(each, str | bytes)]
    numbers = [abs(each) for each in (left, right) if isinstance(each, int | float)]
    if symbol in {"*", "<<"}:
        return any(number > LONGEST for number in numbers) or any(size > LONGEST for size in sizes)
    return any(size > LONGEST for size in sizes) or any(number > 1 << 64 for number in numbers)


def folded_comparison(symbol: str, left: Const, right: Const) -> bool | None:
    """What a comparison of two constants says; None when Python would raise."""
    if (
        symbol in {"is", "is not"}
        and isinstance(left.value, str | bytes | int | float)
        and not isinstance(left.value, bool)
    ):
        if left.type != right.type:
            return symbol == "is not"
        symbol = "==" if symbol == "is" else "!="
    try:
        return bool(COMPARISONS[symbol](left.value, right.value))
    except (TypeError, ValueError):
        return None


def folded_method(name: str, receiver: Const, arguments: list[Const]) -> Value | None:
    """What a method of a constant text returns; None when it is not computed here."""
    if name not in TEXT_METHODS or not isinstance(receiver.value, str | bytes) or len(receiver.value) > LONGEST:
        return None
    method = getattr(receiver.value, name, None)
    if method is None or any(isinstance(each.value, int) and abs(each.value) > LONGEST for each in arguments):
        return None
    try:
        made = as_const(method(*(each.value for each in arguments)))
    except (TypeError, ValueError, LookupError):
        return None
    return Value((made,)) if made is not None else None


def as_const(value: object) -> Const | None:
    """The atom of a computed value, if it is a constant of bounded size."""
    if value is None or isinstance(value, bool | int | float):
        return const(value)
    if isinstance(value, str | bytes) and len(value) <= LONGEST:
        return const(value)
    return None


def truth_of(value: Const) -> bool:
    """`bool(constant)`"""
    return bool(value.value)
