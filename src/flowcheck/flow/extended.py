"""Instances of classes that extend a class of the language: what they are as an object of that class.

class Rows(list): ...           rows = Rows([user.phone]); rows.title = "x"
                                an instance with the field `title`; beside that a list of one element
class Table(UserDict): ...      beside that the dictionary in its field `data`
class Number(str): ...          beside that the text it was made from
"""

from __future__ import annotations

from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import BUILTIN
from flowcheck.flow.objects import mro
from flowcheck.flow.values import NOTHING, Atom, Content, External, Ref, Value, attr, join

DATA = attr("data")
"""The field in which `UserDict` and its like keep what they are."""

SCALARS = ("str", "bytes", "int", "float", "complex")
FROZEN = ("tuple", "frozenset", *SCALARS)
CHANGING = ("list", "dict", "set", "bytearray")
COLLECTIONS = {"deque": "list", "OrderedDict": "dict", "defaultdict": "dict", "Counter": "dict", "ChainMap": "dict"}
TYPING = {
    "List": "list", "Dict": "dict", "Set": "set", "FrozenSet": "frozenset", "Tuple": "tuple", "Deque": "deque",
    "DefaultDict": "defaultdict", "OrderedDict": "OrderedDict", "Counter": "Counter", "ChainMap": "ChainMap",
}  # fmt: skip
ENUMS = {"StrEnum": "str", "IntEnum": "int", "IntFlag": "int"}
USER = {"UserDict": "dict", "UserList": "list", "UserString": "str"}

EXTENDED: dict[str, str] = {
    **{f"builtins.{name}": name for name in (*FROZEN, *CHANGING)},
    **{f"collections.{name}": kind for name, kind in (*COLLECTIONS.items(), *USER.items())},
    **{f"typing.{name}": COLLECTIONS.get(real, real) for name, real in TYPING.items()},
    **{f"enum.{name}": kind for name, kind in ENUMS.items()},
}
"""The classes that can be extended, and the kind of object that they are."""

KEPT_IN_DATA = frozenset(f"collections.{name}" for name in USER)


def has_method(name: str, method: str) -> bool:
    """Whether a class of the language has a method."""
    kind = REAL.get(EXTENDED.get(name, ""))
    return kind is not None and hasattr(kind, method)


REAL = {kind.__name__: kind for kind in (list, dict, set, bytearray, tuple, frozenset, str, bytes, int, float, complex)}


def real_name(name: str) -> str:
    """`builtins.list` of `typing.List`."""
    if name.startswith("enum."):
        return f"builtins.{EXTENDED[name]}" if name in EXTENDED else name
    last = TYPING.get(name.removeprefix("typing.")) if name.startswith("typing.") else None
    if last is None:
        return name
    return f"collections.{last}" if last in COLLECTIONS else f"builtins.{last}"


def extended_class(frame: Frame, cls: Atom | None) -> str | None:
    """The class of the language that a class of the code base extends."""
    for each in mro(frame, cls):
        if isinstance(each, External) and each.name in EXTENDED:
            return real_name(each.name)
    return None


def builtin_content(frame: Frame, obj: Obj) -> Content | None:
    """Where an instance keeps what it is as a builtin; None for one that extends none."""
    if BUILTIN in obj.fields:
        return BUILTIN
    name = extended_class(frame, obj.type)
    if name is None:
        return None
    return DATA if name in KEPT_IN_DATA else BUILTIN


def builtin_of(frame: Frame, atom: Atom) -> Value | None:
    """What an instance is as a builtin; None for anything that is not such an instance.

    What it wraps may be such an instance itself, in a state that joins several even the same one.
    """
    held = wrapped(frame, atom)
    seen = {atom}
    while held is not None:
        inner = next((each for each in held.atoms if each not in seen and wrapped(frame, each) is not None), None)
        if inner is None:
            plain = tuple(each for each in held.atoms if each not in seen)
            return Value(plain, held.taints) if plain else None
        seen.add(inner)
        held = join(held, wrapped(frame, inner) or NOTHING)
    return None


def wrapped(frame: Frame, atom: Atom) -> Value | None:
    """What an instance of a class that extends a builtin keeps as that builtin."""
    obj = frame.object(atom) if isinstance(atom, Ref) else None
    content = builtin_content(frame, obj) if obj is not None and obj.kind == "instance" else None
    if obj is None or content is None:
        return None
    held = frame.look(obj.get(content)).present()
    return held if held.atoms else None


def as_builtin(frame: Frame, value: Value) -> Value:
    """The value with each such instance replaced by what it is as a builtin."""
    looked = frame.look(value)
    found = [builtin_of(frame, atom) for atom in looked.atoms]
    if all(held is None for held in found):
        return looked
    result = NOTHING
    for atom, held in zip(looked.atoms, found, strict=True):
        result = join(result, held if held is not None else Value((atom,)))
    return result.tainted(looked.taints)


def overrides(frame: Frame, obj: Obj, names: tuple[str, ...]) -> bool:
    """Whether a class of the code base defines one of these methods for an instance."""
    contents = [attr(name) for name in names]
    return any(
        content in frame.object(each).fields
        for each in mro(frame, obj.type)
        if isinstance(each, Ref)
        for content in contents
    )
