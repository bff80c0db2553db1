"""Calls of methods of something unknown, whose target is guessed: the only method of that name in the code base.

def send(form):                                class User:
    form.user.notify_by_sms(form.text)             def notify_by_sms(self, text): ...

from flask_login import current_user           whoever `form.user` and `current_user` are, nothing else in the code
current_user.notify_by_sms(text)               base is notified by SMS
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import class_lookup, class_name
from flowcheck.flow.results import Hop
from flowcheck.flow.values import UNKNOWN_MEMBER, UNKNOWN_VALUE, Ref, Source, Taint, Value, with_hop
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.facts.files import Code
    from flowcheck.flow.machine import Machine

MOST_MENTIONS = 12
"""Files that may mention a method's name for it to be looked for by its name alone."""


@dataclass(frozen=True, slots=True)
class OnlyMethod:
    """The one method of a name that the code base has, and its class."""

    cls: Ref
    code: Code

    def takes(self, arguments: Arguments) -> bool:
        """Whether it can be called so, as far as one can count: not too many, and no keyword that it does not know."""
        kinds = {parameter.name: parameter.kind for parameter in self.code.parameters}
        given = list(kinds.values())[1:]
        fits = "star" in given or len(arguments.positional) <= sum(kind in {"positional", "plain"} for kind in given)
        named = {name for name, kind in kinds.items() if kind in {"plain", "keyword"}}
        return fits and ("double_star" in given or named.issuperset(arguments.keywords))


def find_only_method(machine: Machine, name: str) -> OnlyMethod | None:
    """The method whose name no other class of the code base gives to one."""
    modules = machine.program.modules_with(name)
    if (
        name.startswith("__")
        or len(modules) > MOST_MENTIONS
        or any(hasattr(kind, name) for kind in (str, list, dict, set, bytes))
    ):
        return None
    found = [
        (CodeRef(module, code.parent), code)
        for module in modules
        for codes in [machine.program.facts(module).codes]
        for code in codes
        if code.name == name and code.parent > 0 and codes[code.parent].kind == "class"
    ]
    if len(found) != 1:
        return None
    owner, code = found[0]
    heap = machine.module_state(owner.module).heap
    cls = next((Ref(id) for id, obj in heap.items() if obj.kind == "class" and obj.detail == owner), None)
    return OnlyMethod(cls, code) if cls is not None else None


def is_beyond_knowledge(frame: Frame, owner: str, receiver: Value | None) -> bool:
    """Whether a method's receiver is unknown, or something that a library handed out, of which nothing more is known.

    `current_user` of `from flask_login import current_user`, `client.user()`; what a module or an object built from
    a library's own class has is known to be the library's.
    """
    if owner.startswith(UNKNOWN_MEMBER):
        return True
    if receiver is None:
        return "." in owner
    objects = [obj for _, obj in frame.objects(receiver)]
    return bool(objects) and all(obj.kind == "external" and not is_construction(obj) for obj in objects)


def is_construction(obj: Obj) -> bool:
    """Whether a thing of a library was made by calling a class by its name: `httpx.Client()`."""
    name = str(obj.detail).removesuffix("()").rpartition(".")[2]
    return name[:1].isupper()


def call_only_method(frame: Frame, method: str, arguments: Arguments, at: Span) -> Value | None:
    """A method of something unknown that only one class of the code base has: taken to be that one's, assumed."""
    only = frame.machine.only_method(method)
    function = class_lookup(frame, only.cls, method) if only is not None and only.takes(arguments) else None
    if only is None or function is None:
        return None
    name = class_name(frame, only.cls)
    hop = frame.hop("call", at, f"taken for `{name}.{method}`, the only method of that name", assumed=True)
    receiver = frame.make(at, Obj("instance", type=only.cls, rest=UNKNOWN_VALUE), f"only:{name}")
    guessed = Arguments(
        [as_guess(value, hop) for value in arguments.positional],
        {keyword: as_guess(value, hop) for keyword, value in arguments.keywords.items()},
        arguments.more,
        arguments.extra,
    )
    return call_value(frame, function, guessed.behind(receiver), at)


def as_guess(value: Value, hop: Hop) -> Value:
    """A value handed to something that is guessed at: a caller may know better."""
    if not value.taints:
        return value
    return Value(value.atoms, {guessed_taint(taint): chain for taint, chain in with_hop(value.taints, hop).items()})


def guessed_taint(taint: Taint) -> Taint:
    """The same marked data, on a way that was guessed."""
    if not isinstance(taint.origin, Source):
        return taint
    return Taint(Source(taint.origin.index, taint.origin.owner, is_guess=True), taint.cleared, taint.carried)


__all__ = ["OnlyMethod", "call_only_method", "find_only_method", "is_beyond_knowledge"]
