"""Pure builtins and methods of constants, carried out on what the program's constants are.

max([("a", 1), ("b", 2)], key=f)     the second pair, since what f gives for each is known
"a,b".split(",")                     a list of two constants
any([False, flag])                   decided where the truth of each element is

Nothing of the analysed code is called: only functions of the tables below, on constants of bounded size.
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.folding import COMPARISONS, LONGEST, SCALAR_BUILTINS, applied, as_const
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.texts import HOLE
from flowcheck.flow.values import ABSENT, NO_TAINTS, Atom, Const, Ref, Taints, Value, const, index, joined_taints

MOST_ELEMENTS = 64
"""Elements of a container that is taken for a constant."""

DEEPEST = 4
"""Levels of containers inside one another that are taken for a constant."""

CONTAINER_METHODS: dict[str, Callable[..., object]] = {
    "split": str.split, "rsplit": str.rsplit, "splitlines": str.splitlines, "partition": str.partition,
    "rpartition": str.rpartition, "join": str.join, "center": str.center, "ljust": str.ljust, "rjust": str.rjust,
    "expandtabs": str.expandtabs, "isidentifier": str.isidentifier, "isnumeric": str.isnumeric,
    "isdecimal": str.isdecimal, "isascii": str.isascii, "istitle": str.istitle, "isprintable": str.isprintable,
    "startswith": str.startswith, "endswith": str.endswith,
}  # fmt: skip
"""Methods of a text that take or give more than scalars."""

CONTAINER_BUILTINS: dict[str, Callable[..., object]] = {
    "divmod": divmod, "repr": repr, "str": str, "ascii": ascii,
}  # fmt: skip
"""Builtins that take or give more than scalars."""

COUNTING = frozenset({"len"})
"""Builtins whose result carries nothing."""


class NotConstant(Exception):  # noqa: N818 - no error: the answer is that the value is not known
    """Something in a value is not a constant."""


def python_value(frame: Frame, value: Value, depth: int = 0) -> object:
    """The constant that a value surely is, as Python has it; raises NotConstant."""
    atoms = frame.constants(frame.look(value))
    if len(atoms) != 1 or depth > DEEPEST:
        raise NotConstant
    atom = atoms[0]
    if isinstance(atom, Const):
        if isinstance(atom.value, str) and HOLE in atom.value:
            raise NotConstant
        return atom.value
    obj = frame.object(atom) if isinstance(atom, Ref) else None
    if obj is None or obj.kind not in CONSTRUCTORS or not obj.is_exact or len(obj.fields) > MOST_ELEMENTS:
        raise NotConstant
    if obj.type is not None or obj.detail is not None:
        raise NotConstant
    return CONSTRUCTORS[obj.kind](frame, obj, depth)


def list_of(frame: Frame, obj: Obj, depth: int) -> object:
    """A list whose elements are all constant."""
    return [python_value(frame, obj.fields[index(place)], depth + 1) for place in range(obj.length)]


def tuple_of(frame: Frame, obj: Obj, depth: int) -> object:
    """A tuple whose elements are all constant."""
    return tuple(python_value(frame, obj.fields[index(place)], depth + 1) for place in range(obj.length))


def dict_of(frame: Frame, obj: Obj, depth: int) -> object:
    """A dictionary whose keys and values are all constant."""
    found: dict[object, object] = {}
    for content, value in obj.fields.items():
        if content.kind != "key" or isinstance(content.name, tuple) or ABSENT in value.atoms:
            raise NotConstant
        found[content.name] = python_value(frame, value, depth + 1)
    return found


CONSTRUCTORS = {"list": list_of, "tuple": tuple_of, "dict": dict_of}


def compared(frame: Frame, operator: str, one: Atom, other: Atom) -> bool | None:
    """What a comparison of two constant containers says; None where they are not, or cannot be compared."""
    try:
        return bool(COMPARISONS[operator](python_value(frame, Value((one,))), python_value(frame, Value((other,)))))
    except (NotConstant, TypeError):
        return None


def abstract_value(frame: Frame, made: object, at: Span, taints: Taints, tag: str) -> Value | None:
    """A computed constant as a value of the program; None when it is too large."""
    if isinstance(made, list | tuple):
        parts = [abstract_value(frame, each, at, taints, f"{tag}:{place}") for place, each in enumerate(made)]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts) or len(known) > MOST_ELEMENTS:
            return None
        return fresh_list(frame, Items(known, None), at, type(made).__name__, tag)
    folded = as_const(made)
    return Value((folded,), taints) if folded is not None else None


def is_plain(arguments: Arguments) -> bool:
    """Whether a call passes nothing but known positions."""
    return not arguments.keywords and arguments.more is None and arguments.extra is None


def folded_builtin(frame: Frame, name: str, arguments: Arguments, at: Span) -> Value | None:
    """`abs(-1)`, `int("3")`; None where that is not a constant, nor will be one for inputs."""
    if not is_plain(arguments) or not arguments.positional:
        return None
    taints: Taints = NO_TAINTS
    for value in arguments if name not in COUNTING else ():
        taints = joined_taints(taints, value.taints)
    if name in SCALAR_BUILTINS:
        made = applied(f"builtin {name}", [frame.look(value) for value in arguments.positional])
        if made is not None:
            return made.tainted(taints)
    return carried_out(frame, CONTAINER_BUILTINS.get(name), arguments.positional, at, f"pure:{name}")


def folded_text_method(frame: Frame, name: str, receiver: Value, arguments: Arguments, at: Span) -> Value | None:
    """`"a,b".split(",")`, `",".join(["a", "b"])` on constants."""
    if not is_plain(arguments) or not all(isinstance(atom, Const) for atom in frame.look(receiver).atoms):
        return None
    return carried_out(frame, CONTAINER_METHODS.get(name), [receiver, *arguments.positional], at, f"pure:{name}")


def carried_out(
    frame: Frame, function: Callable[..., object] | None, values: list[Value], at: Span, tag: str
) -> Value | None:
    """A function of the tables on constants; None when one of them is not, or Python would raise."""
    if function is None:
        return None
    taints: Taints = NO_TAINTS
    for value in values:
        taints = joined_taints(taints, frame.deep_taints(value))
    try:
        constants = [python_value(frame, value) for value in values]
        if any(isinstance(each, int) and abs(each) > LONGEST for each in constants):
            return None
        made = function(*constants)
    except (NotConstant, ArithmeticError, TypeError, ValueError, LookupError):
        return None
    return abstract_value(frame, made, at, NO_TAINTS if isinstance(made, bool) else taints, tag)


def ranks(frame: Frame, items: Items, by: Callable[[Value], Value]) -> list[object] | None:
    """What each of the elements is compared by, where all of it is constant and can be compared."""
    if not items.is_exact or len(items.known) > MOST_ELEMENTS:
        return None
    try:
        found = [rank(frame, by(item)) for item in items.known]
        sorted(found)  # type: ignore[type-var]
    except (NotConstant, TypeError):
        return None
    return found if all(map(is_told_apart, found, [found] * len(found))) else None


class Leading(tuple[object, ...]):
    """The leading constants of a tuple whose further parts are not known."""

    __slots__ = ()


def rank(frame: Frame, value: Value) -> object:
    """What a value is compared by: itself, or of a tuple the constants that it begins with; raises NotConstant."""
    found = frame.objects(value)
    if len(found) != 1 or found[0][1].kind != "tuple" or not found[0][1].is_exact or len(frame.look(value).atoms) != 1:
        return python_value(frame, value)
    parts: list[object] = []
    for part in found[0][1].elements():
        try:
            parts.append(python_value(frame, part))
        except NotConstant:
            return Leading(parts)
    return tuple(parts)


def is_told_apart(one: object, others: list[object]) -> bool:
    """Whether leading constants suffice to compare them with all others."""
    if not isinstance(one, Leading):
        return True
    same = [each for each in others if isinstance(each, tuple) and each[: len(one)] == one[: len(each)]]
    return len(same) == 1


def ranked(
    frame: Frame, items: Items, by: Callable[[Value], Value], *, is_reversed: bool = False
) -> list[Value] | None:
    """The elements in the order that sorting gives them; None where that is not known."""
    found = ranks(frame, items, by)
    if found is None:
        return ranked_by_comparing(frame, items, by, is_reversed=is_reversed)
    places = sorted(range(len(found)), key=lambda place: found[place], reverse=is_reversed)  # type: ignore[arg-type, return-value]
    return [items.known[place] for place in places]


MOST_COMPARED = 8
"""Instances that are put in order by comparing them with one another."""


def ranked_by_comparing(
    frame: Frame, items: Items, by: Callable[[Value], Value], *, is_reversed: bool
) -> list[Value] | None:
    """Instances in the order that their class's `<` gives them; None where it is not known of all."""
    if not items.is_exact or not 1 < len(items.known) <= MOST_COMPARED:
        return None
    compared = [(by(item), item) for item in items.known]
    if not all(is_instance_alone(frame, rank) for rank, _ in compared):
        return None
    ordered: list[tuple[Value, Value]] = []
    for each in reversed(compared) if is_reversed else compared:
        place = len(ordered)
        while place:
            outcome = frame.machine.compare(frame, "<", each[0], ordered[place - 1][0], NO_PLACE).atoms
            if outcome not in ((const(True),), (const(False),)):
                return None
            if outcome == (const(False),):
                break
            place -= 1
        ordered.insert(place, each)
    return [item for _, item in (reversed(ordered) if is_reversed else ordered)]


def is_instance_alone(frame: Frame, value: Value) -> bool:
    """Whether a value is one instance of a class of the code base."""
    found = frame.objects(value)
    return len(found) == 1 == len(frame.look(value).present().atoms) and found[0][1].kind == "instance"


NO_PLACE = Span(1, 1, 1, 2)


def truths(frame: Frame, value: Value, truth: Callable[[Frame, Value], bool | None], at: Span) -> list[bool | None]:
    """The truth of each element, an unknown one standing for any further ones."""
    items = iterate(frame, value, at)
    found = [truth(frame, item) for item in items.known]
    return found if items.is_exact else [*found, None]


def decided(outcome: bool | None) -> Value | None:
    """A constant bool."""
    return Value((const(outcome),)) if outcome is not None else None
