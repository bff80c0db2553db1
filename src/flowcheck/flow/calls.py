"""Calls: who is called, how arguments meet parameters, what the callee's summary does to the caller.

Notifier(MetaAudience()).notify(user.phone)
    call Attribute -> Bound(function Notifier.notify, receiver)
    parameters self := the notifier, value := the phone
    its summary in this context, applied to the state
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from flowcheck.facts import tree
from flowcheck.facts.files import Code, Parameter
from flowcheck.facts.tree import Span
from flowcheck.flow.applications import take_over
from flowcheck.flow.arguments import FILLING, Arguments
from flowcheck.flow.extended import builtin_of
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.futures import held_back
from flowcheck.flow.heap import Obj, joined_state
from flowcheck.flow.objects import (
    FUNCTION,
    RECEIVER,
    Bound,
    Found,
    Member,
    class_lookup,
    external_base,
    lookup,
    note_missing,
)
from flowcheck.flow.summaries import CallView
from flowcheck.flow.values import (
    ABSENT,
    NONE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_MEMBER,
    UNKNOWN_VALUE,
    Absent,
    Atom,
    Content,
    External,
    Input,
    ModuleRef,
    Ref,
    Value,
    index,
    join,
    key,
)
from flowcheck.program.program import CodeRef

SCOPE = Content("scope", None)

MOST_UNWRAPPED = 2
"""Calls of one wrapper inside one another."""

MOST_APART = 4
"""Things found under one name whose calls are looked at apart even where they are one method's."""


def default_of(parameter: str) -> Content:
    """Where a function object keeps the default of a parameter."""
    return Content("default", parameter)


# --- evaluating a call -------------------------------------------------------------------------


def evaluate_call(frame: Frame, call: tree.Call) -> Value:
    """`func(arguments)`."""
    if isinstance(call.func, tree.Attribute):
        if is_super(call.func.value):
            return call_super(frame, call, call.func)
        receiver = frame.evaluate(call.func.value)
        arguments = evaluate_arguments(frame, call.arguments)
        if call.func.attr in FILLING and isinstance(call.func.value, tree.Attribute):
            frame.machine.filled_field(frame, call.func.value, arguments, call.at)
        found = lookup(frame, receiver, call.func.attr, call.func.at)
        if len(frame.raising) > 1 and not any(map(is_something, found)):
            note_missing(frame, call.func, receiver)
        frame.machine.note_refused(frame, found, arguments, call.at)
        return call_found(frame, found, arguments, call.at)
    function = frame.evaluate(call.func)
    arguments = evaluate_arguments(frame, call.arguments)
    frame.machine.note_refused(frame, (function,), arguments, call.at)
    return call_value(frame, function, arguments, call.at)


def is_something(found: Found) -> bool:
    """Whether a look-up found anything at all."""
    return not isinstance(found, Value) or bool(found.present().atoms or found.taints)


def evaluate_arguments(frame: Frame, arguments: tuple[tree.Argument, ...]) -> Arguments:
    """The arguments, stars spread as far as their contents are known."""
    evaluated = Arguments()
    for argument in arguments:
        value = frame.evaluate(argument.value)
        if argument.stars == 1:
            spread_star(frame, evaluated, value, argument)
        elif argument.stars == 2:
            spread_double_star(frame, evaluated, value)
        elif argument.name is not None:
            evaluated.keywords[argument.name] = value
        elif evaluated.more is not None:
            evaluated.more = join(evaluated.more, value)
        else:
            evaluated.positional.append(value)
    return evaluated


def spread_star(frame: Frame, arguments: Arguments, value: Value, argument: tree.Argument) -> None:
    """`*value`"""
    items = frame.machine.iterate(frame, value, place_of(argument.value))
    if items.is_exact and arguments.more is None:
        arguments.positional.extend(items.known)
        return
    if arguments.more is None:
        arguments.positional.extend(items.known)
        arguments.more = items.rest
    else:
        arguments.more = join(arguments.more, items.any())


def place_of(expression: tree.Expression) -> Span:
    """The place of an expression, where it has one."""
    return getattr(expression, "at", NOWHERE)


NOWHERE = Span(1, 1, 1, 2)


def spread_double_star(frame: Frame, arguments: Arguments, value: Value) -> None:
    """`**value`"""
    value = frame.look(value)
    for atom in value.atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            held = builtin_of(frame, atom)
            if held is not None:
                spread_double_star(frame, arguments, held)
                continue
            if obj.kind == "fields":
                spread_double_star(frame, arguments, frame.machine.mapping_of_fields(frame, obj.get(RECEIVER), NOWHERE))
                continue
            for content, held in obj.fields.items():
                if content.kind == "key" and isinstance(content.name, str):
                    before = arguments.keywords.get(content.name, NOTHING)
                    arguments.keywords[content.name] = join(before, held.tainted(value.taints))
            if obj.kind != "dict" or obj.rest is not None:
                rest = frame.content(Value((atom,)), Content("element", None))
                arguments.extra = join(arguments.extra or NOTHING, rest.tainted(value.taints))
        elif atom not in (NONE, ABSENT):
            arguments.extra = join(arguments.extra or NOTHING, Value(UNKNOWN_VALUE.atoms, value.taints))


# --- dispatch ------------------------------------------------------------------------------------


def call_found(frame: Frame, targets: list[Found], arguments: Arguments, at: Span) -> Value:
    """Call each thing that was found, each on a copy of the state when there are several."""
    calls: list[tuple[Atom | Member, Arguments, Value]] = []
    for found in targets if len(targets) <= MOST_APART else taken_together(targets):
        match found:
            case Bound(function, receiver):
                bound = arguments.behind(receiver)
                calls.extend((atom, bound, function) for atom in frame.look(function).atoms)
            case Member():
                calls.append((found, arguments, UNKNOWN_VALUE))
            case _:
                calls.extend((atom, arguments, found) for atom in frame.look(found).atoms)
    present = [each for each in calls if not isinstance(each[0], Absent)]
    return on_copies(frame, [partial(call_one, frame, *each, at) for each in present])


def taken_together(targets: list[Found]) -> list[Found]:
    """One call for all receivers of one method, one for each other thing that was found, by whatever receivers.

    Each receiver may be the one, which is what separate calls come to.
    """
    grouped: dict[object, Found] = {}
    other = NOTHING
    for position, found in enumerate(targets):
        match found:
            case Bound(function, receiver):
                before = grouped.get(function.atoms)
                known = before.receiver if isinstance(before, Bound) else NOTHING
                grouped[function.atoms] = Bound(function, join(known, receiver))
            case Member(name, receiver) if name.startswith(UNKNOWN_MEMBER):
                before = grouped.get(name)
                known = before.receiver if isinstance(before, Member) else NOTHING
                grouped[name] = Member(name, join(known, receiver))
            case Member():
                grouped[position] = found
            case _:
                other = join(other, found)
    return [*grouped.values(), other]


def call_value(frame: Frame, function: Value, arguments: Arguments, at: Span) -> Value:
    """Call a value."""
    function = frame.look(function)
    targets = [atom for atom in function.atoms if atom != ABSENT]
    return on_copies(frame, [partial(call_one, frame, atom, arguments, function, at) for atom in targets])


def on_copies(frame: Frame, calls: Sequence[Callable[[], Value]]) -> Value:
    """Run alternatives, each from the same state, and join what they leave."""
    if len(calls) == 1:
        result: Value = calls[0]()
        return result
    if not calls:
        return NOTHING
    before, after, result = frame.state, None, NOTHING
    frame.machine.work += len(calls) * len(before.heap) // 4
    for call in calls:
        frame.state = before.fork()
        try:
            result = join(result, call())
        except Diverges:
            continue
        after = frame.state if after is None else joined_state(after, frame.state)
    frame.state = before
    if after is None:
        raise Diverges
    before.become(after)
    return result


def call_one(frame: Frame, target: Atom | Member, arguments: Arguments, function: Value, at: Span) -> Value:
    """Call one thing."""
    if isinstance(target, Member | External):
        receiver = target.receiver if isinstance(target, Member) else None
        dropped, frame.dropped = frame.dropped, None  # what a library calls in turn, it does not drop
        made: Value = frame.machine.call_external(frame, target.name, receiver, arguments, at)
        frame.dropped = dropped
        return made
    if isinstance(target, Ref):
        obj = frame.object(target)
        return CALLABLE.get(obj.kind, call_opaque)(frame, target, obj, arguments, at)
    if isinstance(target, ModuleRef):
        return UNKNOWN_VALUE
    if isinstance(target, Input) or target == UNKNOWN_VALUE.atoms[0]:
        frame.dropped = None
        return frame.machine.call_unknown(frame, Value((target,), function.taints), arguments, at)
    return NOTHING


def call_opaque(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """Something whose call nobody knows."""
    return frame.machine.call_unknown(frame, Value((ref,)), arguments, at)


def call_method_object(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """A bound method that was stored as a value."""
    receiver = obj.get(RECEIVER)
    if isinstance(obj.detail, str):
        return frame.machine.call_external(frame, obj.detail, receiver, arguments, at)
    return call_value(frame, obj.get(FUNCTION), arguments.behind(receiver), at)


def call_instance(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`instance(...)` runs its class's `__call__`."""
    method = class_lookup(frame, obj.type, "__call__")
    if method is not None:
        return call_value(frame, method, arguments.behind(Value((ref,))), at)
    base = external_base(frame, obj.type)
    if base is not None:
        return frame.machine.call_external(frame, f"{base}.__call__", Value((ref,)), arguments, at)
    return NOTHING


def call_wrapper(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """A function that a decorator of the standard library wrapped; in a loop, `f = partial(f, x)` wraps itself."""
    if frame.unwrapping.count(ref) >= MOST_UNWRAPPED:
        return NOTHING
    frame.unwrapping.append(ref)
    try:
        return frame.machine.call_wrapper(frame, ref, obj, arguments, at)
    finally:
        frame.unwrapping.pop()


def call_external_object(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """An object that a library made, called."""
    return frame.machine.call_external(frame, str(obj.detail), Value((ref,)), arguments, at)


# --- functions of the code base --------------------------------------------------------------------


def call_function(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """Bind the arguments, find the summary for this context, take it over."""
    detail = obj.detail
    assert isinstance(detail, CodeRef)
    frame.called.add(ref.id)
    machine = frame.machine
    code = machine.program.code(detail)
    obj = with_defaults(frame, ref, obj, code)
    replaced = machine.before_call(frame, detail, code, arguments, at)
    if replaced is not None:
        return replaced
    if code.is_generator:
        return machine.make_generator(frame, ref, arguments, at)
    if is_left_open(code):
        return machine.after_call(frame, detail, code, UNKNOWN_VALUE, at)
    if code.is_async and frame.dropped == at:
        return NONE_VALUE
    if code.is_async:
        frame.coroutines[at] = (Value((ref,)), arguments)
    run = partial(run_function, frame, detail, code, obj, bind_arguments(frame, code, obj, arguments, at), at)
    result = held_back(frame, run, at) if code.is_async and frame.awaited != at else run()
    return machine.after_call(frame, detail, code, result, at)


def with_defaults(frame: Frame, ref: Ref, obj: Obj, code: Code) -> Obj:
    """The function with the defaults that were assigned to it: `f.__defaults__ = (x,)`."""
    assigned = [name for name in DEFAULTS if frame.machine.is_shadowed(name)]
    if not assigned:
        return obj
    fields = dict(obj.fields)
    for name in assigned:
        content, kinds = Content("attr", name), DEFAULTS[name]
        is_set = content in obj.fields or frame.is_rebound(ref, obj, content)
        held = frame.content(Value((ref,)), content).present() if is_set else NOTHING
        for _, given in frame.objects(held):
            parameters = [each for each in code.parameters if each.kind in kinds]
            for parameter, value in zip(reversed(parameters), reversed(given.elements()), strict=False):
                fields[default_of(parameter.name)] = given.get(key(parameter.name)) if given.kind == "dict" else value
    return obj.replaced(fields)


DEFAULTS = {"__defaults__": ("positional", "plain"), "__kwdefaults__": ("keyword",)}
"""Where a function keeps the defaults of its parameters, by their kinds."""


def is_left_open(code: Code) -> bool:
    """`raise NotImplementedError`, or nothing at all where something is to be returned: what is really called is
    somewhere else.
    """
    if not code.body:
        return code.returns is not None and code.returns != tree.Constant(value=None)
    match code.body:
        case (tree.Raise(exception=tree.Name(id="NotImplementedError")),):
            return True
        case (tree.Raise(exception=tree.Call(func=tree.Name(id="NotImplementedError"))),):
            return True
        case _:
            return False


def run_function(
    frame: Frame, ref: CodeRef, code: Code, obj: Obj, bindings: dict[str, Value], at: Span, sent: Value = NOTHING
) -> Value:
    """The body's effect and result here."""
    view = CallView(frame, bindings, obj.fields.get(SCOPE, NOTHING), at, code.name, sent)
    summary = frame.machine.summary(ref, view)
    value = take_over(view, summary)
    if value is None or never_returns(code):
        raise Diverges
    return annotated_result(frame, ref, code, value, at) if code.returns is not None else value


def never_returns(code: Code) -> bool:
    """`def fail() -> NoReturn`"""
    match code.returns:
        case tree.Name(id=name) | tree.Attribute(attr=name):
            return name in {"NoReturn", "Never"}
        case _:
            return False


def annotated_result(frame: Frame, ref: CodeRef, code: Code, value: Value, at: Span) -> Value:
    """A result of which nothing is known is what the function's annotation says it is."""
    if not all(is_opaque(frame, atom) for atom in value.atoms) or not value.atoms or code.is_generator:
        return value
    cls = frame.machine.annotated_class(ref)
    return taken_for(frame, cls, value, at, f"annotated:{code.name}") if cls is not None else value


def taken_for(frame: Frame, cls: Ref, value: Value, at: Span, tag: str) -> Value:
    """Something of which nothing is known, as an instance of the class that it is said to be of."""
    anything = Value(UNKNOWN_VALUE.atoms, frame.deep_taints(value))
    return frame.make(at, Obj("instance", type=cls, rest=anything), tag).tainted(value.taints)


def is_opaque(frame: Frame, atom: Atom) -> bool:
    """Whether nothing is known of a thing: no constant, no object of the code base."""
    if isinstance(atom, Ref):
        return frame.object(atom).kind in {"external", "unknown"}
    return atom == UNKNOWN_VALUE.atoms[0]


def bind_arguments(frame: Frame, code: Code, function: Obj, arguments: Arguments, at: Span) -> dict[str, Value]:
    """Parameters to values, as Python binds them; what is passed wrongly is dropped."""
    bindings: dict[str, Value] = {}
    keywords = dict(arguments.keywords)
    position = 0
    for parameter in code.parameters:
        if parameter.kind in {"positional", "plain"}:
            bindings[parameter.name] = positional_value(frame, function, parameter, position, arguments, keywords)
            position += 1
        elif parameter.kind == "star":
            rest = arguments.positional[position:]
            fields = {index(place): value for place, value in enumerate(rest)}
            made = Obj("tuple", fields, length=len(rest), rest=arguments.more)
            bindings[parameter.name] = frame.make(at, made, f"*{parameter.name}")
            position = len(arguments.positional) + 1
        elif parameter.kind == "keyword":
            bindings[parameter.name] = keyword_value(frame, function, parameter, arguments, keywords)
        else:
            fields = {key(name): value for name, value in keywords.items()}
            made = Obj("dict", fields, rest=arguments.extra)
            bindings[parameter.name] = frame.make(at, made, f"**{parameter.name}")
    return bindings


def positional_value(
    frame: Frame, function: Obj, parameter: Parameter, position: int, arguments: Arguments, keywords: dict[str, Value]
) -> Value:
    """The value of a parameter that may be passed by position."""
    if position < len(arguments.positional):
        return arguments.positional[position]
    if parameter.kind == "plain" and parameter.name in keywords:
        return keywords.pop(parameter.name)
    found = NOTHING
    if arguments.more is not None:
        found = join(found, arguments.more)
    if arguments.extra is not None and parameter.kind == "plain":
        found = join(found, arguments.extra)
    return join(found, default_value(frame, function, parameter))


def keyword_value(
    frame: Frame, function: Obj, parameter: Parameter, arguments: Arguments, keywords: dict[str, Value]
) -> Value:
    """The value of a keyword-only parameter."""
    if parameter.name in keywords:
        return keywords.pop(parameter.name)
    found = arguments.extra if arguments.extra is not None else NOTHING
    return join(found, default_value(frame, function, parameter))


def default_value(frame: Frame, function: Obj, parameter: Parameter) -> Value:
    """The default, as evaluated where the function was defined."""
    value = function.fields.get(default_of(parameter.name), UNKNOWN_VALUE if parameter.has_default else NOTHING)
    if not parameter.has_default and not value.atoms:
        return NOTHING
    return frame.machine.injected(frame, value, parameter.at)


# --- classes -----------------------------------------------------------------------------------------


def instantiate(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`Class(...)`: a metaclass's `__call__`, `__new__`, `__init__`, generated constructors."""
    meta_call = class_lookup(frame, obj.type, "__call__") if obj.type is not None else None
    if meta_call is not None and frame.code.name != "__call__":
        return call_value(frame, meta_call, arguments.behind(Value((ref,))), at)
    return construct(frame, ref, arguments, at)


def construct(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> Value:
    """What `type.__call__` does."""
    replaced = frame.machine.construct_special(frame, ref, arguments, at)
    if replaced is not None:
        return replaced
    maker = class_lookup(frame, ref, "__new__")
    if maker is not None:
        made = call_value(frame, maker, arguments.behind(Value((ref,))), at)
    else:
        arguments = beside_older(frame, ref, arguments, at)
        made = make_instance(frame, ref, at)
        frame.machine.start_builtin(frame, made, ref, arguments, at)
    initializer = class_lookup(frame, ref, "__init__")
    for atom in frame.look(made).atoms:
        if isinstance(atom, Ref) and initializer is not None and frame.object(atom).kind != "class":
            call_value(frame, initializer, arguments.behind(Value((atom,))), at)
    if initializer is None and maker is None:
        frame.machine.construct_by_library(frame, ref, made, arguments, at)
    return made


def make_instance(frame: Frame, cls: Ref, at: Span) -> Value:
    """A bare instance."""
    return frame.make(at, Obj("instance", type=cls), instance_tag(frame, cls))


def instance_tag(frame: Frame, cls: Ref) -> str:
    """What tells the instances that one place makes apart."""
    return f"instance:{frame.machine.code_name(frame.object(cls))}"


def beside_older(frame: Frame, cls: Ref, arguments: Arguments, at: Span) -> Arguments:
    """`head = Node(x, head)` in a loop: the instance that is passed becomes an old one before this one is made."""
    site = frame.site(at, instance_tag(frame, cls))
    return arguments.mapped(frame.state.age((site,)).value) if site in frame.state.heap else arguments


def is_super(expression: tree.Expression) -> bool:
    """`super()` or `super(A, self)`"""
    return (
        isinstance(expression, tree.Call) and isinstance(expression.func, tree.Name) and expression.func.id == "super"
    )


def call_super(frame: Frame, call: tree.Call, function: tree.Attribute) -> Value:
    """`super().method(...)`: the next class in the receiver's order that has it."""
    arguments = evaluate_arguments(frame, call.arguments)
    return call_found(frame, super_lookup(frame, function.value, function.attr, function.at), arguments, call.at)


def super_lookup(frame: Frame, expression: tree.Expression, name: str, at: Span) -> list[Found]:
    """What `super().name` or `super(A, x).name` is."""
    given = [frame.evaluate(each.value) for each in expression.arguments] if isinstance(expression, tree.Call) else []
    owner, receiver = super_owner(frame, given)
    return [
        frame.machine.lookup_above(frame, owner, atom, name, at)
        for atom in frame.look(receiver).atoms
        if isinstance(atom, Ref)
    ]


def super_owner(frame: Frame, given: list[Value]) -> tuple[Atom | None, Value]:
    """The class behind which `super` looks, and for whom: what it was given, else those of the method around."""
    if len(given) < 2:
        return frame.machine.super_of(frame)
    classes = frame.look(given[0]).atoms
    return classes[0] if len(classes) == 1 else None, given[1]


CALLABLE = {
    "function": call_function,
    "method": call_method_object,
    "class": instantiate,
    "instance": call_instance,
    "wrapper": call_wrapper,
    "external": call_external_object,
}
