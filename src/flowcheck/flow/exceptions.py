"""Exceptions: which of them a handler takes.

raise Refused(user.phone)           an object of Refused
except (OSError, ShopError) as e:   taken if Refused is surely or maybe one of these
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.objects import mro
from flowcheck.flow.pythons import builtin_exception
from flowcheck.flow.values import NOTHING, Atom, External, Ref, Value, join


def as_exception(frame: Frame, value: Value, at: Span) -> Value:
    """`raise Error` makes an instance of the class."""
    result = NOTHING
    for atom in frame.look(value).atoms:
        if isinstance(atom, External) and not atom.name.endswith("()"):
            result = join(result, frame.machine.call_external(frame, atom.name, None, Arguments(), at))
        elif isinstance(atom, Ref) and frame.object(atom).kind == "class":
            result = join(result, call_value(frame, Value((atom,)), Arguments(), at))
        else:
            result = join(result, Value((atom,), value.taints))
    return result


def is_caught(frame: Frame, ref: Ref, wanted: Value) -> bool | None:
    """Whether an exception object is of the classes that a handler names."""
    obj = frame.object(ref)
    if obj.kind == "external":
        return is_caught_by_name(frame, str(obj.detail).removesuffix("()"), wanted, is_exact=True)
    if obj.kind != "instance":
        return None
    order = mro(frame, obj.type)
    outcomes: set[bool | None] = set()
    for cls in handler_classes(frame, wanted):
        if cls in order:
            return True
        bases = [each.name for each in order if isinstance(each, External)]
        outcomes |= {
            is_subclass_by_name(base, cls, is_exact=True) if isinstance(cls, External) else False for base in bases
        } or {False}
    return True if True in outcomes else (None if None in outcomes else False)


def is_caught_by_name(frame: Frame, name: str, wanted: Value, *, is_exact: bool = False) -> bool | None:
    """Likewise for an exception of which only the class's name is known; unless that is exact, `Exception` stands for
    whatever a statement may raise.
    """
    outcomes = {
        is_subclass_by_name(name, cls, is_exact=is_exact)
        if isinstance(cls, External)
        else (None if name == "builtins.Exception" and not is_exact else False)
        for cls in handler_classes(frame, wanted)
    }
    return True if True in outcomes else (None if None in outcomes else False)


def handler_classes(frame: Frame, wanted: Value) -> list[Atom]:
    """The classes of `except (A, B)`."""
    found: list[Atom] = []
    for atom in frame.look(wanted).atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "tuple":
            for each in frame.object(atom).elements():
                found.extend(handler_classes(frame, each))
        else:
            found.append(atom)
    return found


def is_subclass_by_name(name: str, cls: External, *, is_exact: bool) -> bool | None:
    """Whether one named exception class is below another: known for the builtin ones."""
    if cls.name in (name, "builtins.BaseException"):
        return True
    one, other = builtin_exception(PARENTS.get(name, name)), builtin_exception(cls.name)
    if name == "builtins.Exception" and not is_exact:
        return True if other is Exception else None
    if one is not None and other is not None:
        return issubclass(one, other)
    return True if other is Exception and one is None else None


PARENTS = {
    "json.JSONDecodeError": "builtins.ValueError",
    "json.decoder.JSONDecodeError": "builtins.ValueError",
    "subprocess.CalledProcessError": "builtins.Exception",
    "urllib.error.URLError": "builtins.OSError",
    "re.error": "builtins.Exception",
    "dataclasses.FrozenInstanceError": "builtins.AttributeError",
}
"""The builtin exceptions above some of the standard library's."""
