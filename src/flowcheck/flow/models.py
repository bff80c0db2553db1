"""Models: how data passes through a library call, as the rule packs say it.

flow = ["arg:0 -> return[*]"]      the argument becomes an element of what the call returns
flow = ["self ~> return"]          the result is made from the receiver: it carries its labels
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.results import Hop
from flowcheck.flow.values import (
    ELEMENT,
    KEYS,
    NOTHING,
    Content,
    Ref,
    Scalar,
    Value,
    attr,
    derived,
    index,
    join,
    join_all,
    key,
    result_name,
    with_hop,
)
from flowcheck.rules import access, flows
from flowcheck.rules.model import ModelRule, ReturnType

SCALARS = frozenset({"str", "bytes", "int", "float", "bool", "bytearray"})


def apply_model(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """What a modelled call returns; None when no model speaks of it."""
    rules = frame.machine.models_of(name)
    if not rules:
        return None
    rule = rules[0]
    call = ModelledCall(frame, rule, name, receiver, arguments, at)
    if rule.is_clean:
        call.note_clean()
    return call.run()


class ModelledCall:
    """One call, interpreted by one model."""

    def __init__(
        self, frame: Frame, rule: ModelRule, name: str, receiver: Value | None, arguments: Arguments, at: Span
    ) -> None:
        self.frame = frame
        self.rule = rule
        self.name = name
        self.receiver = receiver
        self.arguments = arguments
        self.at = at
        self.whole = NOTHING  # what the result itself is
        self.below = NOTHING  # what lies somewhere below the result
        self.parts: list[tuple[tuple[Content, ...], Value]] = []  # what lies in its contents

    def run(self) -> Value:
        """Let every flow happen; the result."""
        for flow in self.rule.flows:
            for value in self.values(flow.source):
                self.deliver(flow.target, self.passed(value, is_copy=flow.kind == "->"))
        return self.result()

    def hop(self) -> Hop:
        return self.frame.hop("library", self.at, f"passes through `{self.name.removeprefix('builtins.')}`")

    def passed(self, value: Value, *, is_copy: bool) -> Value:
        """A value on its way through: itself, or something made from it."""
        if is_copy:
            return value.after(self.hop())
        taints = self.frame.deep_taints(value)
        return derived(with_hop(taints, self.hop()) if taints else taints)

    def note_clean(self) -> None:
        self.frame.machine.note_stop(self.frame, f"`{self.name}` carries nothing of it", [*self.arguments], self.at)

    # --- the left side ------------------------------------------------------------------

    def values(self, term: flows.Term) -> list[Value]:
        """The values that a term on the left stands for."""
        match term:
            case flows.ArgumentTerm(path):
                value = self.argument(path)
                return [self.taken(value, path.steps)] if value is not None else []
            case flows.EveryArgument(steps):
                return [self.taken(value, steps) for value in self.arguments]
            case flows.Application(callee, given, steps):
                return [self.taken(self.applied(callee, given), steps)]
            case _:
                return []

    def argument(self, path: access.ArgumentPath) -> Value | None:
        if path.is_receiver:
            return self.receiver
        if path.position is not None:
            return self.arguments.get(path.position, path.name or "")
        return self.arguments.get(len(self.arguments.positional), path.name or "")

    def taken(self, value: Value, steps: tuple[access.AccessStep, ...]) -> Value:
        """What access steps take of a value."""
        for step in steps:
            if isinstance(step, access.AnyBelow):
                return derived(self.frame.deep_taints(value))
            if isinstance(step, access.AnyElement):
                value = self.frame.machine.iterate_values(self.frame, value, self.at)
            elif isinstance(step, access.Keys):
                value = self.frame.machine.iterate(self.frame, value, self.at).any()
            else:
                value = self.frame.content(value, content_of(step)).present()
        return value

    def applied(self, callee: flows.Term, given: tuple[flows.Given, ...]) -> Value:
        """What calling an argument gives."""
        functions = self.values(callee)
        if not functions:
            return NOTHING
        passed = Arguments()
        for each in given:
            if isinstance(each.term, flows.Rest):
                passed.positional.extend(self.arguments.positional[each.term.start :])
                passed.more = self.arguments.more
                passed.keywords.update(self.arguments.keywords)
                continue
            value = join_all(self.values(each.term))
            if each.stars == 1:
                items = self.frame.machine.iterate(self.frame, value, self.at)
                passed.positional.extend(items.known)
                passed.more = items.rest
            elif each.stars == 2:
                self.frame.machine.spread_double_star(self.frame, passed, value)
            elif each.name:
                passed.keywords[each.name] = value
            else:
                passed.positional.append(value)
        try:
            return call_value(self.frame, join_all(functions), passed, self.at)
        except Diverges:
            return NOTHING

    # --- the right side -----------------------------------------------------------------

    def deliver(self, target: flows.Term, value: Value) -> None:
        """Put a value where a flow sends it."""
        match target:
            case flows.ReturnTerm(steps):
                if steps and isinstance(steps[-1], access.AnyBelow):
                    self.below = join(self.below, value)
                    return
                contents = tuple(content_of(step) for step in steps)
                if contents:
                    self.parts.append((contents, value))
                else:
                    self.whole = join(self.whole, value)
            case flows.ArgumentTerm(path):
                holder = self.argument(path)
                if holder is not None:
                    self.put(holder, path.steps, value)
            case _:
                pass

    def put(self, holder: Value, steps: tuple[access.AccessStep, ...], value: Value) -> None:
        """Store a value below an argument or the receiver."""
        for step in steps[:-1]:
            holder = self.inner_holder(holder, content_of(step))
        content = content_of(steps[-1]) if steps else ELEMENT
        for ref, obj in self.frame.objects(holder):
            self.frame.own(ref)
            if content == ELEMENT:
                self.frame.machine.append(self.frame, ref, value, self.at)
            else:
                before = obj.get(content)
                self.frame.write(Value((ref,)), content, join(before.present(), value))

    def inner_holder(self, holder: Value, content: Content) -> Value:
        """What a content holds; a fresh object where nothing is known to be there."""
        inner = self.frame.content(holder, content).present()
        if not self.frame.objects(inner) and self.frame.objects(holder):
            inner = self.frame.make(self.at, Obj("external", detail=f"{self.name}()"), f"model:{self.name}:{content}")
            self.frame.write(holder, content, inner)
        return inner

    # --- the result ---------------------------------------------------------------------

    def result(self) -> Value:
        """What the call returns: what was copied to it, in a fresh object where parts or a type ask for one."""
        returns = self.rule.returns
        if self.below.atoms or self.below.taints:
            self.parts.append(((ELEMENT,), self.below))
        if not self.parts and returns is None:
            if self.whole.atoms or self.whole.taints:
                return self.whole
            return self.frame.make(self.at, Obj("external", detail=result_name(self.name)), f"model:{self.name}")
        if not self.parts and returns is not None and is_scalar(returns):
            return Value((Scalar(returns.name.removeprefix("builtins.")),), self.whole.taints)
        if not self.parts and any(isinstance(atom, Ref) for atom in self.whole.atoms):
            return self.whole
        made = self.frame.make(self.at, self.holder(returns), f"model:{self.name}")
        for contents, value in self.parts:
            self.place(made, contents, value)
        return Value(made.atoms, self.whole.taints)

    def holder(self, returns: ReturnType | None) -> Obj:
        """An empty object of the type returned."""
        name = returns.name.removeprefix("builtins.") if returns is not None else ""
        if name in {"list", "tuple", "dict", "set"}:
            rest = None
            if returns is not None and returns.arguments and self.whole.taints:
                rest = Value((Scalar(returns.arguments[-1].name.removeprefix("builtins.")),), self.whole.taints)
            elif returns is not None and returns.arguments and not is_scalar(returns.arguments[-1]):
                element = Obj("external", detail=returns.arguments[-1].name)
                rest = self.frame.make(self.at, element, f"model:{self.name}:element")
            elif not self.parts:
                rest = derived(self.whole.taints)
            return Obj(name, rest=rest)
        if not name and self.parts:
            kinds = {contents[0].kind for contents, _ in self.parts}
            if not self.below.atoms and not self.below.taints and "attr" not in kinds:
                return Obj("dict" if "key" in kinds else "list")
        return Obj("external", detail=returns.name if returns is not None else result_name(self.name))

    def place(self, made: Value, contents: tuple[Content, ...], value: Value) -> None:
        """Put a value in a content of the result, through fresh objects in between."""
        for content in contents[:-1]:
            inner = self.frame.content(made, content).present()
            if not inner.atoms:
                inner = self.frame.make(self.at, Obj("list"), f"model:{self.name}:{content}")
                self.store(made, content, inner)
            made = inner
        self.store(made, contents[-1], value)

    def store(self, made: Value, content: Content, value: Value) -> None:
        for ref, obj in self.frame.objects(made):
            if content == ELEMENT and obj.kind != "external":
                self.frame.state.write_any(ref.id, value)
            elif content.kind == "index" and obj.kind in {"list", "tuple"} and content.name == obj.length:
                fields = {**obj.fields, content: value}
                self.frame.state.heap[ref.id] = obj.replaced(fields, length=obj.length + 1)
            else:
                self.frame.state.write(ref.id, content, join(obj.get(content).present(), value), is_strong=True)


def is_scalar(returns: ReturnType) -> bool:
    """Whether a model says that a call gives nothing worth following into."""
    return returns.name.removeprefix("builtins.") in SCALARS


def content_of(step: access.AccessStep) -> Content:
    """The content that an access step names."""
    match step:
        case access.Attribute(name):
            return attr(name)
        case access.Key(name):
            return key(name)
        case access.Index(position):
            return index(position)
        case access.Keys():
            return KEYS
        case _:
            return ELEMENT
