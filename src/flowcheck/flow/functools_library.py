"""`functools` and `operator`: callables that are made from others.

partial(push, user.phone)()             push(user.phone)
attrgetter("owner.phone")(row)          row.owner.phone
reduce(f, phones, "")                   f(f("", phones[0]), phones[1])
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.builtin_iteration import maybe_call
from flowcheck.flow.calls import call_found, call_value
from flowcheck.flow.conditions import is_instance
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import FUNCTION, RECEIVER, WRAPPED, lookup
from flowcheck.flow.subscripts import get_item
from flowcheck.flow.values import NONE_VALUE, NOTHING, Content, External, Ref, Value, index, join, join_all, key


@handles("functools.partial")
def call_partial(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`partial(f, x, to=y)`"""
    inner = frame.objects(first(arguments))
    if len(inner) == 1 and inner[0][1].detail == "partial":
        arguments = merged_arguments(inner[0][1], without_first(arguments)).behind(inner[0][1].get(WRAPPED))
    fields: dict[Content, Value] = {WRAPPED: first(arguments)}
    fields.update((index(place), value) for place, value in enumerate(arguments.positional[1:]))
    fields.update((key(name), value) for name, value in arguments.keywords.items())
    if arguments.more is not None:
        fields[Content("more", None)] = arguments.more
    if arguments.extra is not None:
        fields[Content("extra", None)] = arguments.extra
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "partial")


@handles("functools.partialmethod")
def call_partial_method(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`send_sms = partialmethod(send, "sms")`: what it is given stands behind the receiver."""
    made = call_partial(frame, receiver, arguments, at)
    return frame.make(at, Obj("wrapper", frame.objects(made)[0][1].fields, detail="partialmethod"), "partialmethod")


def call_wrapper(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """Call what a decorator or maker of the standard library made."""
    wrapped = obj.get(WRAPPED)
    if obj.detail == "partialmethod":
        inner = Obj("wrapper", obj.fields, detail="partial")
        owner = arguments.positional[:1]
        behind = without_first(arguments)
        bound = frame.make(at, Obj("method", {FUNCTION: wrapped, RECEIVER: join_all(owner)}), "partialmethod:bound")
        return call_wrapper(frame, ref, inner.replaced({**obj.fields, WRAPPED: bound}), behind, at)
    if obj.detail == "partial":
        return call_value(frame, wrapped, merged_arguments(obj, arguments), at)
    if obj.detail == "managed":
        return call_managed(frame, obj, arguments, at)
    if obj.detail == "itemgetter":
        return picked(frame, obj, lambda name: get_item(frame, first(arguments), name, at), at)
    if obj.detail == "attrgetter":
        return picked(frame, obj, lambda name: dotted_attribute(frame, first(arguments), name, at), at)
    if obj.detail == "methodcaller":
        return call_by_name(frame, obj, first(arguments), at)
    if obj.detail == "singledispatch":
        return dispatch(frame, obj, arguments, at)
    return call_value(frame, wrapped, arguments, at)


def without_first(arguments: Arguments) -> Arguments:
    """What is passed behind the first argument."""
    return Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)


PLACEHOLDER = External("functools.Placeholder")


def merged_arguments(obj: Obj, arguments: Arguments) -> Arguments:
    """What a partial was given, its placeholders filled in order, and what it is called with."""
    later = list(arguments.positional)
    given = []
    for content, value in obj.fields.items():
        if content.kind == "index":
            given.append(later.pop(0) if PLACEHOLDER in value.atoms and later else value)
    names = {str(content.name): value for content, value in obj.fields.items() if content.kind == "key"}
    keywords = {**names, **arguments.keywords}
    more, extra = obj.fields.get(Content("more", None)), obj.fields.get(Content("extra", None))
    if more is not None:
        return Arguments(given, keywords, join_all([more, *later]), arguments.extra)
    return Arguments([*given, *later], keywords, arguments.more, arguments.extra or extra)


def call_managed(frame: Frame, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """A function that a context manager decorates."""
    manager = obj.get(index(0))
    frame.machine.enter(frame, manager, at)
    found = call_value(frame, obj.get(WRAPPED), arguments, at)
    for ref, _ in frame.objects(manager):
        leaves = lookup(frame, Value((ref,)), "__exit__", at)
        call_found(frame, leaves, Arguments([NONE_VALUE] * 3), at)
    return found


def part_of_partial(frame: Frame, obj: Obj, name: str, at: Span) -> Value:
    """`partial(f, x).args`, `.keywords`, `.func`"""
    if name == "func":
        return obj.get(WRAPPED)
    if name == "args":
        held = [value for content, value in obj.fields.items() if content.kind == "index"]
        return fresh_list(frame, Items(held, obj.fields.get(Content("more", None))), at, "tuple", "partial:args")
    fields = {content: value for content, value in obj.fields.items() if content.kind == "key"}
    return frame.make(at, Obj("dict", fields, rest=obj.fields.get(Content("extra", None))), "partial:keywords")


def picked(frame: Frame, obj: Obj, pick: Callable[[Value], Value], at: Span) -> Value:
    """One item, or a tuple of them."""
    found = [pick(value) for content, value in obj.fields.items() if content.kind == "index"]
    return found[0] if len(found) == 1 else fresh_list(frame, Items(found, None), at, "tuple", "getter")


def dotted_attribute(frame: Frame, target: Value, name: Value, at: Span) -> Value:
    """`attrgetter("owner.phone")`"""
    result = NOTHING
    for text in constant_texts(frame, name) or ():
        value = target
        for part in text.split("."):
            value = frame.machine.attribute(frame, value, part, at)
        result = join(result, value)
    return result


def call_by_name(frame: Frame, obj: Obj, target: Value, at: Span) -> Value:
    """`methodcaller("send", x)(o)`"""
    given = [value for content, value in obj.fields.items() if content.kind == "index"]
    keywords = {str(content.name): value for content, value in obj.fields.items() if content.kind == "key"}
    result = NOTHING
    for name in constant_texts(frame, given[0]) or ():
        result = join(result, call_found(frame, lookup(frame, target, name, at), Arguments(given[1:], keywords), at))
    return result


def maker_of(detail: str) -> Handler:
    """`itemgetter("to")`, `methodcaller("send", x)`: a callable that keeps what it was given."""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        fields: dict[Content, Value] = {index(place): value for place, value in enumerate(arguments.positional)}
        fields.update((key(name), value) for name, value in arguments.keywords.items())
        return frame.make(at, Obj("wrapper", fields, detail=detail), detail)

    return make


handles("operator.itemgetter")(maker_of("itemgetter"))
handles("operator.attrgetter")(maker_of("attrgetter"))
handles("operator.methodcaller")(maker_of("methodcaller"))


@handles("functools.reduce")
def call_reduce(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`reduce(f, xs, start)`"""
    function, items = first(arguments), iterate(frame, arguments.get(1) or NOTHING, at)
    start = arguments.get(2)
    values = [start, *items.known] if start is not None else list(items.known)
    if not values and items.rest is not None:
        values = [items.rest]
    result = values[0] if values else NOTHING
    for value in values[1:]:
        result = call_value(frame, function, Arguments([result, value]), at)
    if items.rest is not None:
        for _ in range(2):
            result = join(result, maybe_call(frame, function, Arguments([result, items.rest]), at))
    return result


@handles("singledispatch.register")
def call_register(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@f.register(int)`, `@f.register` on a function whose first parameter is annotated"""
    given = first(arguments)
    if any(obj.kind == "function" for _, obj in frame.objects(given)):
        cls = frame.machine.first_annotation(frame, given)
        return registered(frame, receiver, cls, given)
    if len(arguments.positional) == 2:
        return registered(frame, receiver, given, arguments.positional[1])
    fields = {WRAPPED: Value((External("flowcheck.register"),)), index(0): receiver, index(1): given}
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "register")


@handles("flowcheck.register")
def finish_register(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """The second half of `@f.register(int)`."""
    owner, cls, function = arguments.positional[:3]
    return registered(frame, owner, cls, function)


def registered(frame: Frame, owner: Value, cls: Value, function: Value) -> Value:
    """Note an implementation for a class."""
    for ref, obj in frame.objects(owner):
        count = sum(content.kind == "class" for content in obj.fields)
        frame.own(ref)
        frame.state.write(ref.id, Content("class", count), cls, is_strong=True)
        frame.state.write(ref.id, Content("implementation", count), function, is_strong=True)
    return function


def dispatch(frame: Frame, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """Choose an implementation by the class of the first argument (the second for methods)."""
    subject = frame.look(first(arguments))
    if frame.machine.is_bound_dispatch(frame, obj) and len(arguments.positional) > 1:
        subject = frame.look(arguments.positional[1])
    chosen: list[Value] = []
    is_settled = False
    count = sum(content.kind == "class" for content in obj.fields)
    for place in reversed(range(count)):
        outcomes = {is_instance(frame, atom, obj.fields[Content("class", place)]) for atom in subject.atoms}
        if outcomes != {False}:
            chosen.append(obj.fields[Content("implementation", place)])
        if outcomes == {True}:
            is_settled = True
            break
    if not is_settled:
        chosen.append(obj.get(WRAPPED))
    return call_value(frame, join_all(chosen), arguments, at)
