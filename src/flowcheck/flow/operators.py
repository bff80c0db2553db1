"""Operators: constants are folded, containers put together, methods of the code base called.

"tel:" + user.phone             a text with the phone's taints
rows + [user.phone]             a list with one element more
money + fee                     Money.__add__, or what the class of `fee` says
"""

from __future__ import annotations

from typing import NoReturn

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import place_of
from flowcheck.flow.conditions import outcome_of
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.extended import as_builtin
from flowcheck.flow.folding import HOLE, MOST_COMPUTED, applied
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.handlers import HANDLERS
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.objects import class_lookup, external_base, mro
from flowcheck.flow.templates import joined_templates
from flowcheck.flow.texts import text_value
from flowcheck.flow.values import (
    NOT_IMPLEMENTED,
    NOTHING,
    Atom,
    Const,
    Ref,
    Scalar,
    Taints,
    Value,
    const,
    derived,
    join,
    join_all,
    joined_taints,
)


def evaluate_unary(frame: Frame, node: tree.Unary) -> Value:
    """`-x`, `not x`"""
    if node.operator == "not":
        outcome = outcome_of(frame, node.operand)
        return Value((const(not outcome),)) if outcome is not None else Value((Scalar("bool"),))
    value = frame.evaluate(node.operand)
    folded = applied(f"unary {node.operator}", [frame.look(value)])
    if folded is not None:
        return folded.tainted(value.taints)
    special = call_special(
        frame, value, {"-": "__neg__", "+": "__pos__", "~": "__invert__"}[node.operator], [], place_of(node.operand)
    )
    return special if special is not None else derived(frame.deep_taints(value))


OPERATORS = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
}  # fmt: skip


def evaluate_binary(frame: Frame, node: tree.Binary) -> Value:
    """`left + right`; a chain of them is taken from its left end."""
    chain: list[tree.Binary] = [node]
    while isinstance(chain[-1].left, tree.Binary):
        chain.append(chain[-1].left)
    value = frame.evaluate(chain[-1].left)
    for link in reversed(chain):
        value = binary(frame, link.operator, value, frame.evaluate(link.right), link.at)
    return value


def binary(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value:
    """What an operator makes of two values."""
    left, right = frame.look(left), frame.look(right)
    if operator in {"|", "&"}:
        condition = frame.machine.combined_conditions(frame, operator, left, right, at)
        if condition is not None:
            return condition
    if operator in DIVISIONS and divides_by_zero(left, right):
        raise_error(frame, "builtins.ZeroDivisionError", at)
    folded = folded_values(frame, operator, left, right)
    if folded is not None:
        return folded
    if operator == "+" and {sole_type(left), sole_type(right)} in ({"str", "int"}, {"str", "float"}):
        frame.surely_raises("TypeError", at)
    special = operator_method(frame, operator, left, right, at)
    if special is None and operator in {"|", "&", "^"}:
        special = frame.machine.combined_flags(frame, operator, left, right, at)
    if special is not None:
        return special
    plain_left, plain_right = as_builtin(frame, left), as_builtin(frame, right)
    if plain_left is not left or plain_right is not right:
        return binary(frame, operator, plain_left, plain_right, at)
    containers = container_operator(frame, operator, left, right, at)
    if containers is not None:
        return containers
    outside = joined_templates(frame, left, right, at) if operator == "+" else None
    if outside is None:
        outside = frame.machine.external_operator(frame, operator, left, right, at)
    if outside is not None:
        return outside
    frame.machine.note_set_operation(frame, operator, left, right, at)
    if operator == "%" and is_text(left):
        return frame.machine.formatted_percent(frame, left, right, at)
    taints = joined_taints(frame.deep_taints(left), frame.deep_taints(right))
    if not is_text(left) and not is_text(right):
        return derived(taints)
    return put_together(frame, left, right, taints) if operator == "+" else derived(taints, "str")


def put_together(frame: Frame, left: Value, right: Value, taints: Taints) -> Value:
    """`"call " + name`: the texts it may be, with holes for what is not known of them."""
    ours, theirs = ([text_with_hole(atom) for atom in frame.constants(each)] for each in (left, right))
    if len(ours) * len(theirs) > MOST_COMPUTED:
        return derived(taints, "str")
    return join_all(text_value(one + other, taints) for one in ours for other in theirs)


def text_with_hole(atom: Atom) -> str:
    """A constant text, else a hole."""
    return atom.value if isinstance(atom, Const) and isinstance(atom.value, str) else HOLE


DIVISIONS = frozenset({"/", "//", "%"})


def divides_by_zero(left: Value, right: Value) -> bool:
    """Whether a number is surely divided by zero."""
    is_number = bool(left.atoms) and all(scalar_type(atom) in {"int", "float"} for atom in left.atoms)
    return is_number and bool(right.atoms) and all(is_zero(atom) for atom in right.atoms)


def sole_type(value: Value) -> str:
    """The type of a value that is one constant."""
    atom = value.atoms[0] if len(value.atoms) == 1 else None
    return atom.type if isinstance(atom, Const) else ""


def is_zero(atom: Atom) -> bool:
    """Whether a thing is the number zero."""
    return isinstance(atom, Const) and atom.type in {"int", "float"} and not atom.value


def raise_error(frame: Frame, name: str, at: Span) -> NoReturn:
    """What Python raises for an operation that surely fails."""
    error = frame.machine.call_external(frame, name, None, Arguments(), at)
    frame.raising[-1].append((error, frame.state.fork()))
    raise Diverges


def is_text(value: Value) -> bool:
    """Whether a value is surely a text."""
    return bool(value.atoms) and all(scalar_type(atom) == "str" for atom in value.atoms)


def folded_values(frame: Frame, operator: str, left: Value, right: Value) -> Value | None:
    """The constants that an operator makes of a few constants on either side, or what it will make of inputs."""
    if operator == "+" and is_text(left) and is_text(right):
        ours, theirs = Value(frame.constants(left)), Value(frame.constants(right))
        if all(isinstance(atom, Const) for atom in (*ours.atoms, *theirs.atoms)):
            made = applied("operator +", [ours, theirs])
            return made.tainted(joined_taints(left.taints, right.taints)) if made is not None else None
    made = applied(f"operator {operator}", [left, right])
    return made.tainted(joined_taints(left.taints, right.taints)) if made is not None else None


def operator_method(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`__add__` of the left operand's class, or `__radd__` of the right one's."""
    name = OPERATORS.get(operator)
    if name is None:
        return None
    found = None
    if not overrides(frame, left, right, f"__r{name}__"):
        found = call_special(frame, left, f"__{name}__", [right], at)
    if found is None or NOT_IMPLEMENTED in found.atoms:
        reflected = call_special(frame, right, f"__r{name}__", [left], at)
        if found is not None:
            found = found.only(tuple(atom for atom in found.atoms if atom != NOT_IMPLEMENTED))
        found = reflected if found is None or not found.atoms else join(found, reflected or NOTHING)
    return found if found is not None else call_inherited(frame, left, f"__{name}__", [right], at)


def overrides(frame: Frame, left: Value, right: Value, name: str) -> bool:
    """Whether the right operand's class is below the left one's and has a reflected method: that one comes first."""
    ours, theirs = frame.objects(left), frame.objects(right)
    if len(ours) != 1 or len(theirs) != 1 or ours[0][1].kind != "instance" or theirs[0][1].kind != "instance":
        return False
    cls, other = ours[0][1].type, theirs[0][1].type
    return other != cls and cls in mro(frame, other) and class_lookup(frame, other, name) is not None


def call_inherited(frame: Frame, value: Value, name: str, arguments: list[Value], at: Span) -> Value | None:
    """Call a special method that an abstract class of the library makes; None where there is none."""
    for _, obj in frame.objects(value):
        base = external_base(frame, obj.type) if obj.kind == "instance" else None
        if base is not None and f"{base}.{name}" in HANDLERS:
            return frame.machine.call_external(frame, f"{base}.{name}", value, Arguments(arguments), at)
    return None


def call_special(frame: Frame, value: Value, name: str, arguments: list[Value], at: Span) -> Value | None:
    """Call a special method of the classes a value may have; None when none defines it."""
    result: Value | None = None
    for atom in frame.look(value).atoms:
        if not isinstance(atom, Ref):
            continue
        obj = frame.object(atom)
        method = class_lookup(frame, obj.type, name) if obj.kind in {"instance", "class"} else None
        if method is not None:
            made = frame.machine.call(frame, method, Arguments([Value((atom,)), *arguments]), at)
            result = made if result is None else join(result, made)
    return result


def container_operator(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`[a] + [b]`, `[a] * 3`, `{..} | {..}`, `a - b` on sets; None when no container is involved."""
    kinds = {obj.kind for _, obj in frame.objects(left)}
    if operator == "+" and kinds and kinds <= {"list", "tuple"}:
        ours, theirs = iterate(frame, left, at), iterate(frame, right, at)
        if ours.is_exact:
            both = Items([*ours.known, *theirs.known], theirs.rest)
        else:
            both = Items(ours.known, join(ours.any(), theirs.any()))
        return fresh_list(frame, both, at, min(kinds), "+")
    if operator == "*" and kinds and kinds <= {"list", "tuple"}:
        return repeated_sequence(frame, left, right, at, min(kinds))
    if operator == "|" and kinds == {"dict"}:
        made = frame.make(at, Obj("dict"), "|")
        (ref,) = made.atoms
        assert isinstance(ref, Ref)
        merge(frame, ref, left, at)
        merge(frame, ref, right, at)
        return made
    if kinds == {"set"} and operator in {"|", "&", "-", "^"}:
        frame.machine.note_set_operation(frame, operator, left, right, at)
        ours, theirs = iterate(frame, left, at), iterate(frame, right, at)
        elements = [*ours.known, *([ours.rest] if ours.rest else [])]
        if operator != "-":
            elements += [*theirs.known, *([theirs.rest] if theirs.rest else [])]
        return fresh_list(frame, Items(elements, None), at, "set", operator)
    return None


def repeated_sequence(frame: Frame, left: Value, right: Value, at: Span, kind: str) -> Value:
    """`rows * n`"""
    items = iterate(frame, left, at)
    times = [atom.value for atom in frame.constants(right) if isinstance(atom, Const) and isinstance(atom.value, int)]
    if items.is_exact and len(times) == 1 and len(items.known) * times[0] <= 64:
        return fresh_list(frame, Items(items.known * times[0], None), at, kind, "*")
    return fresh_list(frame, Items([], items.any()), at, kind, "*")
