"""Texts: what formatting makes of values.

f"tel:{user.phone}"       a text with the phone's taints
f"{HOST}/collect"         the constant where HOST is one; where a part is unknown, the text with a hole,
                          so that addresses and statements can still be matched by their known parts
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.extended import builtin_of
from flowcheck.flow.folding import HOLE
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, external_base
from flowcheck.flow.values import KEYS, NO_TAINTS, Const, Ref, Taints, Value, attr, const, derived, join, joined_taints

LONGEST = 20_000

CONVERSIONS = {
    "": ("__format__", "__str__", "__repr__"),
    "s": ("__str__", "__repr__"),
    "r": ("__repr__",),
    "a": ("__repr__",),
}


class Shown:
    """The objects that one text shows by their parts already, and how deep the one at hand lies in others."""

    __slots__ = ("depth", "seen")

    def __init__(self) -> None:
        self.seen: set[Ref] = set()
        self.depth = 0

    def enter(self, ref: Ref) -> bool:
        """Whether the parts of an object are still to be shown; then `leave` has to be called when they are."""
        if ref in self.seen:
            return False
        self.seen.add(ref)
        self.depth += 1
        return True

    def leave(self) -> None:
        """The parts of the object entered last are shown."""
        self.depth -= 1


def text_of(
    frame: Frame, value: Value, at: Span, conversion: str = "", spec: Value | None = None, shown: Shown | None = None
) -> Value:
    """`str(value)`, `format(value)`, `repr(value)`"""
    result = Value(())
    shown = shown or Shown()
    for atom in frame.constants(frame.look(value)):
        if isinstance(atom, Const):
            result = join(result, Value((const(str(atom.value)),)))
        elif isinstance(atom, Ref):
            result = join(result, text_of_object(frame, atom, at, conversion, shown, spec))
        else:
            result = join(result, Value((const(HOLE),)))
    return Value(result.atoms or (const(HOLE),), joined_taints(value.taints, result.taints))


def text_of_object(frame: Frame, ref: Ref, at: Span, conversion: str, shown: Shown, spec: Value | None = None) -> Value:
    """The text of an object: what its class's method returns, else all it holds."""
    obj = frame.object(ref)
    if obj.kind == "instance":
        for name in CONVERSIONS[conversion]:
            method = class_lookup(frame, obj.type, name)
            if method is not None:
                arguments = Arguments(
                    [Value((ref,)), spec or Value((const(""),))] if name == "__format__" else [Value((ref,))]
                )
                made = frame.machine.call(frame, method, arguments, at)
                return made if made.atoms else derived(made.taints, "str")
        if conversion != "r" and frame.machine.hides_value(frame, obj):
            return Value((const(HOLE),))
        held = builtin_of(frame, ref)
        if held is not None:
            return text_of(frame, held, at, conversion, spec, shown)
    if shown.depth < DEEPEST:
        fields = frame.machine.shown_fields(frame, ref, obj)
        if fields is not None:
            return Value((const(HOLE),), taints_of_parts(frame, ref, fields, at, shown))
    if attr("args") in obj.fields and (obj.kind == "external" or is_exception(frame, obj)):
        return Value((const(HOLE),), frame.deep_taints(obj.fields[attr("args")]))
    if obj.kind in {"function", "class", "method", "scope"} or frame.machine.hides_text(frame, obj):
        return Value((const(HOLE),))
    if obj.kind in {"list", "tuple", "dict", "set"} and obj.is_exact and obj.type is None and shown.depth < DEEPEST:
        keys = obj.fields[KEYS].taints if KEYS in obj.fields else NO_TAINTS
        return Value((const(HOLE),), joined_taints(keys, taints_of_parts(frame, ref, obj.elements(), at, shown)))
    return Value((const(HOLE),), frame.deep_taints(Value((ref,))))


def taints_of_parts(frame: Frame, ref: Ref, parts: list[Value], at: Span, shown: Shown) -> Taints:
    """What the texts of a container's elements, or of a record's fields, show."""
    taints = NO_TAINTS
    if shown.enter(ref):
        for part in parts:
            taints = joined_taints(taints, text_of(frame, part, at, "r", None, shown).taints)
        shown.leave()
    return taints


DEEPEST = 3
"""Containers and records inside one another whose elements' own texts are asked for."""


def is_exception(frame: Frame, obj: Obj) -> bool:
    """Whether an object's class is an exception class."""
    base = external_base(frame, obj.type) if obj.kind == "instance" else None
    return base is not None and base.startswith("builtins.")


def joined_text(frame: Frame, parts: list[Value], taints: Taints = NO_TAINTS) -> Value:
    """The texts of the parts put together, with holes for what is not known."""
    texts: list[str] = []
    for part in parts:
        taints = joined_taints(taints, part.taints)
        known = [atom.value for atom in part.atoms if isinstance(atom, Const) and isinstance(atom.value, str)]
        texts.append(known[0] if len(known) == 1 and len(part.atoms) == 1 else HOLE)
    text = "".join(texts)
    if len(text) > LONGEST:
        return derived(taints, "str")
    return text_value(text, taints)


def text_value(text: str, taints: Taints) -> Value:
    """A text that may have holes: one that is nothing but holes is just some text."""
    return Value((const(text),), taints) if text.strip(HOLE) else derived(taints, "str")


def has_hole(atom: Const) -> bool:
    """Whether a constant text has parts that are not known."""
    return isinstance(atom.value, str) and HOLE in atom.value


__all__ = ["HOLE", "has_hole", "joined_text", "text_of", "text_value"]
