"""Comparisons that a class does not spell out: records by their fields, other instances by which one they are.

Job(1, user.phone) < Job(2, "x")        true: the first fields decide
Job(1, "x") == Job(1, "x")              true, without `eq=False`
Plain() == Plain()                      false: two objects
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, external_base, mro
from flowcheck.flow.records import init_variables, is_false, record_fields, record_kind
from flowcheck.flow.values import External, Ref, Value, attr, const
from flowcheck.program.program import CodeRef

SAME = {"==": True, "<=": True, ">=": True, "!=": False, "<": False, ">": False}
"""What a comparison says of two records all of whose fields are equal."""


def compared_instances(frame: Frame, operator: str, one: Ref, other: Ref, at: Span) -> bool | None:
    """What a comparison of two instances without methods of their own says; None where it is not known."""
    first, second = frame.object(one), frame.object(other)
    if first.kind != "instance" or second.kind != "instance" or first.is_summary or second.is_summary:
        return None
    if (one, other) in frame.comparing:
        return None
    fields = compared_fields(frame, first)
    if fields is not None:
        if first.type != second.type:
            return {"==": False, "!=": True}.get(operator) if compared_fields(frame, second) is not None else None
        frame.comparing.append((one, other))
        pairs = [(frame.content(Value((one,)), attr(f)), frame.content(Value((other,)), attr(f))) for f in fields]
        outcome = compared_in_order(frame, operator, pairs, at)
        frame.comparing.pop()
        return outcome
    if operator not in {"==", "!="} or not (is_by_identity(frame, first) and is_by_identity(frame, second)):
        return None
    outcome = frame.machine.compare_atoms(frame, "is", one, other)
    return outcome if outcome is None or operator == "==" else not outcome


def compared_fields(frame: Frame, obj: Obj) -> list[str] | None:
    """The fields by which instances of a dataclass are compared; None for any other object."""
    if not isinstance(obj.type, Ref) or record_kind(frame, obj.type) != "dataclass":
        return None
    if is_declared(frame, obj.type, "eq", default=True) is not True or has_foreign_base(frame, obj.type):
        return None
    passed = init_variables(frame, obj.type)
    return [
        name for name in record_fields(frame, obj.type) if name not in passed and is_compared(frame, obj.type, name)
    ]


def is_declared(frame: Frame, cls: Ref, option: str, *, default: bool) -> bool | None:
    """An option of the decorator that made a class a record; None where it is no constant."""
    detail = frame.object(cls).detail
    statement = frame.machine.definition_of(detail) if isinstance(detail, CodeRef) else None
    for decorator in statement.decorators if statement is not None else ():
        for argument in decorator.arguments if isinstance(decorator, tree.Call) else ():
            if argument.name == option:
                value = argument.value
                return value.value if isinstance(value, tree.Constant) and isinstance(value.value, bool) else None
    return default


def has_foreign_base(frame: Frame, cls: Ref) -> bool:
    """Whether a class of a library is among the bases: it may compare otherwise."""
    return external_base(frame, cls) is not None


def is_compared(frame: Frame, cls: Ref, name: str) -> bool:
    """Not for `field(compare=False)`."""
    held = class_lookup(frame, cls, name)
    return held is None or not any(
        is_false(frame, obj.fields.get(attr("compare"))) for _, obj in frame.objects(held) if obj.kind == "external"
    )


def compared_in_order(frame: Frame, operator: str, pairs: list[tuple[Value, Value]], at: Span) -> bool | None:
    """What a comparison of two rows of values says: the first two that differ decide."""
    is_open = False
    for left, right in pairs:
        is_equal = known_outcome(frame, "==", left, right, at)
        if is_equal is True:
            continue
        if operator in {"==", "!="}:
            if is_equal is False:
                return operator == "!="
            is_open = True
        elif is_equal is None:
            return None
        else:
            return known_outcome(frame, operator, left, right, at)
    return None if is_open else SAME[operator]


def known_outcome(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> bool | None:
    """What a comparison of two values says."""
    atoms = frame.machine.compare(frame, operator, left, right, at).atoms
    return True if atoms == (const(True),) else False if atoms == (const(False),) else None


def is_by_identity(frame: Frame, obj: Obj) -> bool:
    """Whether an instance equals nothing but itself: no class of its own says otherwise."""
    if not isinstance(obj.type, Ref) or class_lookup(frame, obj.type, "__eq__") is not None:
        return False
    if any(isinstance(each, External) and each.name not in PLAIN for each in mro(frame, obj.type)):
        return False
    kind = record_kind(frame, obj.type)
    return kind == "" or (kind == "dataclass" and is_declared(frame, obj.type, "eq", default=True) is False)


PLAIN = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases that add no comparison."""
