"""Folding: operators, text methods and tests on constants, computed as Python would, within bounds.

"2fa" + "_phone"   ->  "2fa_phone"          3 > 2  ->  True
"Phone".lower()    ->  "phone"              "a" in {"b": 1}  ->  False (keys known)
n % 2              ->  Computed("int", "operator %", (n, 2)) while n is an input: carried out when it is asked for
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from itertools import product
from math import prod

from flowcheck.flow.values import Atom, Computed, Const, Input, Scalar, Value, const

LONGEST = 4096
"""Texts longer than this are not computed."""

MOST_POWER = 64
"""Bases and exponents beyond this are not computed."""

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
    "**": operator.pow,
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
    if symbol == "**":
        return any(number > MOST_POWER for number in numbers)
    if symbol in {"*", "<<"}:
        return any(number > LONGEST for number in numbers) or any(size > LONGEST for size in sizes)
    return any(size > LONGEST for size in sizes) or any(number > 1 << 64 for number in numbers)


HOLE = "\0"
"""Stands in a constant text for a part that is not known."""


def has_hole(text: object) -> bool:
    """Whether a constant is a text of which a part is not known."""
    return isinstance(text, str) and HOLE in text


def may_equal(one: str, other: str) -> bool:
    """Whether two texts may be the same, whatever their holes stand for."""
    if HOLE not in other:
        return re.fullmatch(".*".join(map(re.escape, one.split(HOLE))), other, re.DOTALL) is not None
    if HOLE not in one:
        return may_equal(other, one)
    heads = [text.split(HOLE)[0] for text in (one, other)]
    tails = [text.split(HOLE)[-1][::-1] for text in (one, other)]
    return all(two[0].startswith(two[1]) or two[1].startswith(two[0]) for two in (heads, tails))


def comparison_with_hole(symbol: str, left: Const, right: Const) -> bool | None:
    """What a comparison says where a part of a text is not known."""
    if symbol not in {"==", "!=", "is", "is not"}:
        return None
    if isinstance(left.value, str) and isinstance(right.value, str) and may_equal(left.value, right.value):
        return None
    return symbol in {"!=", "is not"}


def folded_comparison(symbol: str, left: Const, right: Const) -> bool | None:
    """What a comparison of two constants says; None when Python would raise."""
    if has_hole(left.value) or has_hole(right.value):
        return comparison_with_hole(symbol, left, right)
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


def folded_method(name: str, receiver: Const, arguments: Sequence[Const]) -> Const | None:
    """What a method of a constant text returns; None when it is not computed here."""
    if name not in TEXT_METHODS or not isinstance(receiver.value, str | bytes) or len(receiver.value) > LONGEST:
        return None
    method = getattr(receiver.value, name, None)
    if method is None or any(isinstance(each.value, int) and abs(each.value) > LONGEST for each in arguments):
        return None
    try:
        return as_const(method(*(each.value for each in arguments)))
    except (TypeError, ValueError, LookupError):
        return None


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


# --- operations on what may still be open ----------------------------------------------------------

UNARY: dict[str, Callable[[object], object]] = {
    "-": operator.neg,  # type: ignore[dict-item]
    "+": operator.pos,  # type: ignore[dict-item]
    "~": operator.invert,  # type: ignore[dict-item]
}

SCALAR_BUILTINS: dict[str, tuple[Callable[..., object], str]] = {
    "abs": (abs, ""), "round": (round, ""), "pow": (pow, ""), "len": (len, "int"), "ord": (ord, "int"),
    "chr": (chr, "str"), "hex": (hex, "str"), "oct": (oct, "str"), "bin": (bin, "str"), "int": (int, "int"),
    "float": (float, "float"), "str": (str, "str"), "repr": (repr, "str"), "format": (format, "str"),
    "min": (min, ""), "max": (max, ""),
}  # fmt: skip
"""Builtins of scalars, with the type of their result where it is not that of the first argument."""

NUMBERS = ("int", "float")

MOST_COMPUTED = 8
"""Combinations of operands for which an operation is carried out."""

DEEPEST_COMPUTED = 4
"""Operations inside one another that are remembered for inputs."""


def applied(operation: str, operands: Sequence[Value]) -> Value | None:
    """What a pure operation makes of values that were looked at, without their taints: constants, or what is still
    to be computed for inputs; None where something else may be among them.
    """
    if not all(value.atoms for value in operands) or prod(len(value.atoms) for value in operands) > MOST_COMPUTED:
        return None
    atoms: dict[Atom, None] = {}
    for each in product(*(value.atoms for value in operands)):
        made = carried_out(operation, each)
        if made is None:
            return None
        atoms[made] = None
    return Value(tuple(atoms))


def carried_out(operation: str, operands: tuple[Atom, ...]) -> Atom | None:
    """One operation on constants, or remembered for inputs."""
    constants = [atom for atom in operands if isinstance(atom, Const)]
    if len(constants) == len(operands):
        return compute(operation, constants)
    if operation == "operator +" and all(type(atom) in {Const, Scalar} and atom.type == "str" for atom in operands):  # type: ignore[union-attr]
        return text_of_both(operands) if constants else None
    if not all(isinstance(atom, Const | Computed) or (isinstance(atom, Input) and atom.type) for atom in operands):
        return None
    type_name = type_of_result(operation, [str(getattr(atom, "type", "")) for atom in operands])
    if not type_name or max(map(depth_of, operands)) >= DEEPEST_COMPUTED:
        return None
    return Computed(type_name, operation, operands)


def text_of_both(operands: tuple[Atom, ...]) -> Const | None:
    """Two texts put together, of which one is not known."""
    return as_const("".join(str(atom.value) if isinstance(atom, Const) else HOLE for atom in operands))


def compute(operation: str, constants: Sequence[Const]) -> Const | None:
    """Carry out an operation; None where Python would raise, or the result is too large."""
    form, _, name = operation.partition(" ")
    if operation != "operator +" and any(has_hole(each.value) for each in constants):
        return test_of_end(name, constants) if form == "method" else None
    if form == "operator":
        return folded_binary(name, constants[0], constants[1])
    if form == "method":
        return folded_method(name, constants[0], constants[1:])
    if any(isinstance(each.value, int) and abs(each.value) > 1 << 64 for each in constants):
        return None
    function = UNARY[name] if form == "unary" else SCALAR_BUILTINS[name][0]
    try:
        return as_const(function(*(each.value for each in constants)))
    except (ArithmeticError, TypeError, ValueError):
        return None


def test_of_end(name: str, constants: Sequence[Const]) -> Const | None:
    """`startswith` and `endswith` of a text of which a part is not known, decided where the known end tells."""
    texts = [each.value for each in constants]
    if name not in {"startswith", "endswith"} or len(texts) != 2 or has_hole(texts[1]):
        return None
    text, wanted = (str(each) if name == "startswith" else str(each)[::-1] for each in texts)
    known = text.split(HOLE)[0]
    if known.startswith(wanted):
        return const(True)
    return None if wanted.startswith(known) else const(False)


def type_of_result(operation: str, types: Sequence[str]) -> str:
    """The type of what an operation makes of values of these types; empty when that depends."""
    form, _, name = operation.partition(" ")
    if form == "method":
        return type_of_method(name, types[0])
    if form == "builtin":
        return SCALAR_BUILTINS[name][1] or (types[0] if len(set(types)) == 1 and types[0] in NUMBERS else "")
    if all(each in NUMBERS for each in types):
        return "float" if name == "/" or "float" in types else "int"
    return "str" if name == "+" and set(types) == {"str"} else ""


def type_of_method(name: str, receiver: str) -> str:
    """The type of what a method of a text returns."""
    if name not in TEXT_METHODS or receiver not in {"str", "bytes"}:
        return ""
    if name.startswith("is") or name in {"startswith", "endswith"}:
        return "bool"
    if name in {"find", "rfind", "index", "count"}:
        return "int"
    return {"encode": "bytes", "decode": "str"}.get(name, receiver)


def depth_of(atom: Atom) -> int:
    """How many operations are inside one another."""
    return 1 + max(map(depth_of, atom.operands)) if isinstance(atom, Computed) else 0


def computed_with(atom: Computed, options: Sequence[tuple[Atom, ...]]) -> tuple[Atom, ...]:
    """What is computed when each operand is one of some things: constants where these are, else any of the type."""
    made = applied(atom.operation, [Value(each) for each in options])
    return made.atoms if made is not None else (Scalar(atom.type),)
