"""Statements that cannot raise: what they leave behind does not reach the handlers of a `try`.

try:
    number = user.phone         may raise, if nobody knows what `user` is
    number = "+1"               cannot: the handler starts from the phone, or from what was there before
    row = {"to": number}["to"]  cannot: the key is there
except ValueError: ...
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.flow.frames import Frame
from flowcheck.flow.names import read_name
from flowcheck.flow.values import ABSENT, Value, attr, key


def may_raise(frame: Frame, statement: tree.Statement) -> bool:
    """Whether a statement may raise before it has done anything: compound ones ask their parts themselves."""
    match statement:
        case tree.Assign(targets=targets, value=value):
            return any(not isinstance(each, tree.Name) for each in targets) or not is_quiet(frame, value)
        case tree.Evaluate(value=value):
            return not is_quiet(frame, value)
        case tree.Return(value=value):
            return value is not None and not is_quiet(frame, value)
        case tree.Break() | tree.Continue() | tree.Raise() | tree.Try() | tree.Declare() | tree.DefineFunction():
            return False
        case tree.If(test=test) | tree.While(test=test):
            return not is_quiet(frame, test)
        case _:
            return True


QUIET = (tree.Constant, tree.Bytes, tree.Opaque, tree.Name, tree.Lambda)
"""Expressions whose evaluation raises nothing, names taken to be bound."""


def is_quiet(frame: Frame, expression: tree.Expression) -> bool:
    """Whether an expression surely raises nothing."""
    match expression:
        case tree.Display(kind=kind, items=items):
            return kind != "set" and all(is_quiet(frame, item) for item in items)
        case tree.DictDisplay(items=items):
            return all(isinstance(item.key, tree.Constant) and is_quiet(frame, item.value) for item in items)
        case tree.Comparison(operator="is" | "is not", left=left, right=right):
            return is_quiet(frame, left) and is_quiet(frame, right)
        case tree.Unary(operator="not", operand=operand):
            return is_quiet(frame, operand)
        case tree.Boolean(values=values):
            return all(is_quiet(frame, value) for value in values)
        case tree.Conditional(test=test, body=body, orelse=orelse):
            return all(is_quiet(frame, part) for part in (test, body, orelse))
        case tree.Subscript(value=tree.Name() as owner, index=tree.Constant(value=name)):
            return has_item(frame, read_name(frame, owner), name)
        case tree.Attribute(value=tree.Name() as owner, attr=name):
            return has_field(frame, read_name(frame, owner), name)
        case _:
            return isinstance(expression, QUIET)


def has_item(frame: Frame, owner: Value, name: object) -> bool:
    """Whether all that a value may be are containers with an item under a constant."""
    found = frame.objects(owner)
    if not found or len(found) < len(frame.look(owner).atoms):
        return False
    for _, obj in found:
        if obj.kind in {"list", "tuple"}:
            if not isinstance(name, int) or obj.type is not None or not -obj.length <= name < obj.length:
                return False
            if name < 0 and obj.rest is not None:
                return False
        elif obj.kind != "dict" or obj.type is not None or ABSENT in obj.fields.get(key(name), MISSING).atoms:
            return False
    return True


MISSING = Value((ABSENT,))


def has_field(frame: Frame, owner: Value, name: str) -> bool:
    """Whether all that a value may be are objects made here, with a field of that name."""
    found = frame.objects(owner)
    return (
        bool(found)
        and len(found) == len(frame.look(owner).atoms)
        and all(
            obj.kind == "instance" and obj.origin is None and ABSENT not in obj.fields.get(attr(name), MISSING).atoms
            for _, obj in found
        )
    )
