"""Builtins that ask for a type, make one, or convert to one.

str(user.phone)                         a text with the phone's taints
isinstance(row, Row)                    decided where the class is known
type("Row", (Base,), {"to": x})         a class
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import is_opaque, make_instance, super_owner, taken_for
from flowcheck.flow.conditions import is_instance, is_subclass, truth
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.extended import builtin_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import OWNER, RECEIVER, mro
from flowcheck.flow.texts import HOLE, text_of
from flowcheck.flow.values import (
    ABSENT_VALUE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Atom,
    Const,
    Content,
    External,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    join,
    join_all,
    joined_taints,
)


@handles("builtins.type")
def call_type(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`type(o)`; `type(name, bases, namespace)` makes a class."""
    if len(arguments.positional) == 3:
        return make_type(frame, arguments, at)
    result = NOTHING
    for atom in frame.look(first(arguments)).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind in {"list", "tuple", "dict", "set"}:
                result = join(result, Value((External(f"builtins.{obj.kind}"),)))
            else:
                result = join(result, Value((obj.type,)) if obj.type is not None else UNKNOWN_VALUE)
        elif isinstance(atom, Const | Scalar) and atom.type:
            result = join(result, Value((External(f"builtins.{atom.type}"),)))
        else:
            result = join(result, UNKNOWN_VALUE)
    return result


def make_type(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """`type("Row", (Base,), {"to": 1})`"""
    _, bases, namespace = arguments.positional
    fields = {Content("base", place): base for place, base in enumerate(iterate(frame, bases, at).known)}
    for _, obj in frame.objects(namespace):
        fields.update((attr(str(c.name)), v) for c, v in obj.fields.items() if c.kind == "key")
    return frame.make(at, Obj("class", fields, detail=None), "type")


@handles("builtins.issubclass")
def call_issubclass(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`issubclass(C, B)`"""
    classes = arguments.get(1) or NOTHING
    outcomes = {is_subclass(frame, atom, classes) for atom in frame.look(first(arguments)).atoms}
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    frame.machine.note_undecided(frame, first(arguments))
    return Value((Scalar("bool"),))


@handles("builtins.isinstance")
def call_isinstance(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`isinstance(x, C)`"""
    classes = arguments.get(1) or NOTHING
    subject = frame.look(first(arguments))
    outcomes = {is_instance(frame, atom, classes) for atom in subject.atoms}
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    frame.machine.note_undecided(frame, subject)
    return Value((Scalar("bool"),))


@handles("builtins.callable")
def call_callable(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`callable(x)`"""
    outcomes: set[bool | None] = set()
    for atom in frame.look(first(arguments)).atoms:
        if isinstance(atom, Ref):
            kind = frame.object(atom).kind
            outcomes.add(True if kind in {"function", "class", "method", "wrapper"} else None)
        else:
            outcomes.add(False if scalar_type(atom) else None)
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    return Value((Scalar("bool"),))


@handles("builtins.bool")
def call_bool(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`bool(x)`"""
    outcome = truth(frame, first(arguments)) if arguments.positional else False
    return Value((const(outcome),)) if outcome is not None else Value((Scalar("bool"),))


@handles("builtins.len")
def call_len(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`len(x)`: a number that carries nothing."""
    subject = frame.look(first(arguments))
    frame.machine.note_stop(frame, "`len` counts, and carries nothing", [subject], at)
    sizes: set[int | None] = set()
    for atom in subject.atoms:
        if isinstance(atom, Const) and isinstance(atom.value, str | bytes):
            sizes.add(len(atom.value))
        elif isinstance(atom, Ref):
            obj = frame.object(atom)
            special = (
                frame.machine.call_special(frame, Value((atom,)), "__len__", [], at) if obj.kind == "instance" else None
            )
            if special is not None:
                return special
            held = builtin_of(frame, atom)
            if held is not None:
                return call_len(frame, receiver, Arguments([held]), at)
            is_counted = obj.kind in {"list", "tuple", "dict"} and obj.is_exact
            known = [
                c for c, v in obj.fields.items() if c.kind in {"index", "key"} and ABSENT_VALUE.atoms[0] not in v.atoms
            ]
            all_known = [c for c in obj.fields if c.kind in {"index", "key"}]
            sizes.add(len(known) if is_counted and len(known) == len(all_known) else None)
        else:
            sizes.add(None)
    if len(sizes) == 1 and None not in sizes:
        return Value((const(sizes.pop()),))
    return Value((Scalar("int"),))


@handles("builtins.str")
def call_str(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`str(x)`"""
    if not arguments.positional:
        return Value((const(""),))
    made = text_of(frame, first(arguments), at, "s")
    made = (
        made
        if any("\0" not in str(getattr(atom, "value", "\0")) for atom in made.atoms)
        else derived(made.taints, "str")
    )
    return made.after(frame.hop("library", at, "made a text by `str`")) if made.taints else made


@handles("builtins.repr", "builtins.ascii")
def call_repr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`repr(x)`"""
    return derived(text_of(frame, first(arguments), at, "r").taints, "str")


@handles("builtins.format")
def call_format(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`format(x, spec)`"""
    return derived(text_of(frame, first(arguments), at, spec=arguments.get(1, "format_spec")).taints, "str")


def refuses(frame: Frame, convert: Callable[[str], object], arguments: Arguments) -> bool:
    """Whether the text that is to be a number is known, and is none."""
    atoms = frame.constants(first(arguments)) if len(arguments.positional) == 1 else ()
    return bool(atoms) and all(isinstance(atom, Const) and is_no_number(atom.value, convert) for atom in atoms)


def is_no_number(value: object, convert: Callable[[str], object]) -> bool:
    """Whether a constant is a text that cannot be converted."""
    if not isinstance(value, str) or HOLE in value:
        return False
    try:
        convert(value)
    except ValueError:
        return True
    return False


def by_method(*methods: str, convert: Callable[[str], object] | None = None) -> Handler:
    """A builtin that asks its first argument for one of these methods; without one, what it was made from passes."""

    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        others = arguments.positional[1:]
        for name in methods:
            special = frame.machine.call_special(frame, first(arguments), name, others, at)
            if special is not None:
                return special
        taints = NOTHING.taints
        for value in arguments:
            taints = joined_taints(taints, frame.deep_taints(value))
        if convert is not None and refuses(frame, convert, arguments):
            frame.surely_raises("ValueError", at, argument=derived(taints, "str"))
        if "__index__" in methods:
            frame.may_raise("ValueError", derived(taints, "str"), at)
        return derived(taints)

    return call


handles("builtins.int")(by_method("__int__", "__index__", "__trunc__", convert=int))
handles("builtins.float")(by_method("__float__", "__index__", convert=float))
handles("builtins.complex")(by_method("__complex__", "__float__", "__index__"))
handles("builtins.bytes")(by_method("__bytes__"))
handles("builtins.hash")(by_method("__hash__"))
handles("builtins.abs")(by_method("__abs__"))
handles("builtins.round")(by_method("__round__"))
handles("math.trunc")(by_method("__trunc__"))
handles("math.floor")(by_method("__floor__"))
handles("math.ceil")(by_method("__ceil__"))
handles("operator.index")(by_method("__index__"))


@handles("builtins.divmod")
def call_divmod(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`divmod(a, b)`: the left operand's method, or the right one's; else two numbers of both."""
    left, right = first(arguments), arguments.get(1) or NOTHING
    special = frame.machine.call_special(frame, left, "__divmod__", [right], at)
    if special is None:
        special = frame.machine.call_special(frame, right, "__rdivmod__", [left], at)
    both = derived(joined_taints(frame.deep_taints(left), frame.deep_taints(right)))
    return special if special is not None else fresh_list(frame, Items([both, both], None), at, "tuple", "divmod")


@handles("typing.cast")
def call_cast(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`cast(T, x)`: x, which is a T when nothing nearer is known of it than that, or than a base of T."""
    value = arguments.get(1) or NOTHING
    classes = [ref for ref, obj in frame.objects(arguments.get(0) or NOTHING) if obj.kind == "class"]
    if len(classes) != 1 or not value.atoms or not all(is_open_to(frame, atom, classes[0]) for atom in value.atoms):
        return value
    return taken_for(frame, classes[0], value, at, "cast")


def is_open_to(frame: Frame, atom: Atom, cls: Ref) -> bool:
    """Whether a thing may be an instance of a class: nothing is known of it, or it is only said to be of a base."""
    if is_opaque(frame, atom):
        return True
    obj = frame.object(atom) if isinstance(atom, Ref) else None
    is_said = obj is not None and obj.kind == "instance" and obj.rest is not None and isinstance(obj.type, Ref)
    return obj is not None and is_said and obj.type != cls and obj.type in mro(frame, cls)


@handles("builtins.object", "builtins.object.__new__")
def call_object(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__new__(cls)`, `super().__new__(cls)`"""
    candidates = [*arguments.positional[:1], receiver]
    for value in candidates:
        for ref, obj in frame.objects(value):
            if obj.kind == "class":
                return make_instance(frame, ref, at)
    return frame.make(at, Obj("external", detail="builtins.object()"), "object")


@handles("builtins.type.__call__")
def call_type_call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__call__(...)` in a metaclass"""
    if not receiver.atoms and arguments.positional:
        receiver, arguments = (
            arguments.positional[0],
            Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra),
        )
    result = NOTHING
    for ref, obj in frame.objects(receiver):
        if obj.kind == "class":
            result = join(result, frame.machine.construct(frame, ref, arguments, at))
    return result


@handles("builtins.object.__init__", "builtins.object.__init_subclass__", "builtins.type.__init__")
def call_nothing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """Calls that do nothing."""
    return NONE_VALUE


@handles("builtins.super")
def call_super_object(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super()` stored in a variable."""
    owner, receiver = super_owner(frame, arguments.positional)
    above = join_all(Value((atom,)) for atom in frame.look(receiver).atoms if isinstance(atom, Ref))
    fields = {RECEIVER: above, OWNER: Value((owner,)) if owner is not None else NOTHING}
    return frame.make(at, Obj("super", fields), "super")


@handles("builtins.breakpoint")
def call_breakpoint(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`breakpoint()`"""
    return NONE_VALUE
