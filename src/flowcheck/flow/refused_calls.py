"""Calls that Python refuses: too many arguments, one that is missing, a keyword that nobody takes.

def push(rows, campaign): ...
try:
    push(rows)                  raises TypeError; what stands behind it in the block does not run
except TypeError: ...
"""

from __future__ import annotations

from collections.abc import Sequence

from flowcheck.facts.files import Code, Parameter
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.objects import Bound, Found
from flowcheck.flow.values import Ref, Value
from flowcheck.program.program import CodeRef


def note_refused(frame: Frame, targets: Sequence[Found], arguments: Arguments, at: Span) -> None:
    """Where a `try` is around, a call whose only callee is sure to refuse it goes on in the handlers alone."""
    if len(frame.raising) <= 1 or len(targets) != 1 or arguments.more is not None or arguments.extra is not None:
        return
    (target,) = targets
    given = arguments
    if isinstance(target, Bound):
        given = arguments.behind(target.receiver)
        target = target.function
    code = sole_function(frame, target) if isinstance(target, Value) else None
    if code is not None and is_refused(code.parameters, given):
        frame.surely_raises("TypeError", at)


def sole_function(frame: Frame, value: Value) -> Code | None:
    """The code of the only function that a value can be."""
    atoms = frame.look(value).present().atoms
    obj = frame.object(atoms[0]) if len(atoms) == 1 and isinstance(atoms[0], Ref) else None
    if obj is None or obj.kind != "function" or not isinstance(obj.detail, CodeRef) or obj.is_summary:
        return None
    if frame.machine.is_shadowed("__defaults__") or frame.machine.is_shadowed("__kwdefaults__"):
        return None
    return frame.machine.program.code(obj.detail)


def is_refused(parameters: Sequence[Parameter], arguments: Arguments) -> bool:
    """Whether arguments, all of them known, do not fit."""
    places = [each for each in parameters if each.kind in {"positional", "plain"}]
    kinds = {each.kind for each in parameters}
    if len(arguments.positional) > len(places) and "star" not in kinds:
        return True
    filled = {each.name for each in places[: len(arguments.positional)]}
    named = {each.name for each in parameters if each.kind in {"plain", "keyword"}}
    if "double_star" not in kinds and not arguments.keywords.keys() <= named:
        return True
    if any(each.name in filled and each.kind == "plain" for each in places if each.name in arguments.keywords):
        return True
    needed = {
        each.name for each in parameters if each.kind in {"positional", "plain", "keyword"} and not each.has_default
    }
    by_name = {name for name in arguments.keywords if name in named}
    return not needed <= filled | by_name
