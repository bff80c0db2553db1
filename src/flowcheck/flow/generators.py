"""Generators, context managers, coroutines.

def numbers(users):                 calling it makes a generator that holds its arguments;
    for user in users:              iterating runs the body, whose yields fill a list;
        yield user.phone            `with` on a @contextmanager binds the first of them
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import SCOPE, bind_arguments, call_found, call_value, run_function
from flowcheck.flow.conditions import truth
from flowcheck.flow.containers import set_items
from flowcheck.flow.frames import Diverges, Frame, Inline
from flowcheck.flow.futures import settled
from flowcheck.flow.heap import Obj, State, input_value, joined_states
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.names import scope_object
from flowcheck.flow.objects import FUNCTION, class_lookup, lookup
from flowcheck.flow.sequence_methods import append, extend
from flowcheck.flow.statements import execute
from flowcheck.flow.stepping import (
    RETURNED,
    STARTED,
    advance,
    context_name,
    drain,
    element,
    holds_yield,
    is_steppable,
    is_suspended,
    raise_stop,
    take,
)
from flowcheck.flow.targets import assign_target
from flowcheck.flow.try_statements import IMPLICIT, exception_matches, exits_of, on_exits
from flowcheck.flow.values import (
    NONE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN,
    Atom,
    Content,
    External,
    Ref,
    Value,
    attr,
    index,
    join,
    join_all,
)
from flowcheck.program.program import CodeRef

SENT = Content("sent", None)


def make_generator(frame: Frame, ref: Ref, arguments: Arguments, at: Span) -> Value:
    """Calling a generator function: nothing runs yet."""
    function = frame.object(ref)
    assert isinstance(function.detail, CodeRef)
    code = frame.machine.program.code(function.detail)
    bound = bind_arguments(frame, code, function, arguments, at)
    fields = {Content("bound", name): value for name, value in bound.items()}
    fields[FUNCTION] = Value((ref,))
    return frame.make(at, Obj("generator", fields))


def run_generator(frame: Frame, ref: Ref, at: Span) -> None:
    """Run the body, unless that was done with all that was sent: what it yields becomes its elements."""
    obj = frame.object(ref)
    if STARTED in obj.fields or FUNCTION not in obj.fields:
        return
    if is_suspended(frame, obj) and is_steppable(frame, ref):
        drain(frame, ref, at)
        return
    bindings = contents_of(obj, "bound")
    results = NOTHING
    for function_ref, function in frame.objects(obj.fields[FUNCTION]):
        if not isinstance(function.detail, CodeRef):  # a caller that is seen coarsely does not say which it is
            results = join(results, Value((UNKNOWN,), frame.deep_taints(Value((ref,)))))
            continue
        code = frame.machine.program.code(function.detail)
        frame.called.add(function_ref.id)
        try:
            made = run_function(frame, function.detail, code, function, bindings, at, obj.fields.get(SENT, NONE_VALUE))
        except Diverges:
            continue
        results = join(results, made)
    items = iterate(frame, results, at)
    returned = frame.content(results, RETURNED)
    obj = frame.own(ref)
    kept = {content: value for content, value in obj.fields.items() if content.kind != "index"}
    fields = {
        **kept,
        **{index(place): value for place, value in enumerate(items.known)},
        STARTED: NONE_VALUE,
        RETURNED: returned,
    }
    fresh = Obj(
        "generator", fields, rest=items.rest, length=len(items.known), origin=obj.origin, is_summary=obj.is_summary
    )
    fresh.initial = obj.initial
    frame.state.heap[ref.id] = fresh


def send(frame: Frame, ref: Ref, value: Value, at: Span) -> Value:
    """`generator.send(value)`"""
    if is_steppable(frame, ref):
        return element(frame, ref, at, value)
    obj = frame.own(ref)
    sent = join(obj.fields.get(SENT, NONE_VALUE), value)
    fields = {content: held for content, held in obj.fields.items() if content != STARTED}
    frame.state.heap[ref.id] = obj.replaced({**fields, SENT: sent})
    run_generator(frame, ref, at)
    return iterate(frame, Value((ref,)), at).any()


def throw(frame: Frame, ref: Ref, error: Value, at: Span) -> Value:
    """`generator.throw(error)`"""
    if is_steppable(frame, ref):
        return element(frame, ref, at, thrown=error)
    return iterate(frame, Value((ref,)), at).any()


def close(frame: Frame, ref: Ref, at: Span) -> None:
    """`generator.close()`: GeneratorExit is raised where it stands, and ends there unless it is handled."""
    if not is_steppable(frame, ref):
        iterate(frame, Value((ref,)), at)
        return
    frame.raising.append([])
    step = advance(frame, ref, at, thrown=Value((GENERATOR_EXIT,)))
    raised = frame.raising.pop()
    ends = [state for error, state in raised if error.atoms == (GENERATOR_EXIT,)]
    frame.raising[-1].extend((error, state) for error, state in raised if error.atoms != (GENERATOR_EXIT,))
    take(frame, [*step.stops, *((NONE_VALUE, state) for state in ends)])


GENERATOR_EXIT = External("builtins.GeneratorExit()")


def next_of(frame: Frame, iterator: Value, at: Span) -> Value:
    """`next(iterator)`: element by element as long as the position is known."""
    result = NOTHING
    for atom in frame.look(iterator).present().atoms:
        if not isinstance(atom, Ref):
            result = join(result, iterate(frame, Value((atom,), iterator.taints), at).any())
            continue
        obj = frame.object(atom)
        if obj.kind == "instance":
            method = class_lookup(frame, obj.type, "__next__") or class_lookup(frame, obj.type, "__anext__")
            if method is not None:
                result = join(result, call_value(frame, method, Arguments([Value((atom,))]), at))
                continue
        if is_steppable(frame, atom):
            result = join(result, element(frame, atom, at))
            continue
        items = iterate(frame, Value((atom,)), at)
        result = join(result, next_known(frame, atom, items))
    return result


def next_known(frame: Frame, ref: Ref, items: Items) -> Value:
    """The next element of an iterator, which has it no longer."""
    if frame.object(ref).is_summary:
        return items.any()
    if items.known:
        set_items(frame, ref, Items(items.known[1:], items.rest))
        return items.known[0]
    return items.rest if items.rest is not None else exhausted(frame, frame.own(ref))


def exhausted(frame: Frame, obj: Obj) -> Value:
    """`StopIteration`, which carries what a generator returned."""
    raise_stop(frame, obj.fields.get(RETURNED, NONE_VALUE))
    raise Diverges


# --- inside a generator ----------------------------------------------------------------------------


def start_yields(frame: Frame) -> None:
    """The list that a generator's body fills."""
    made = frame.make(frame.code.body_at, Obj("list"), "yields")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    frame.yields = ref.id


def yielded(frame: Frame, value: Value, at: Span) -> Value:
    """`yield value`"""
    if frame.state.guards:
        value = frame.machine.agreed_here(frame, value, at)
    if frame.inline is not None:
        if not frame.inline(value):
            raise Diverges
        return NONE_VALUE
    if frame.yields is None:
        return NONE_VALUE
    value = value.after(frame.hop("yield", at, "yielded")) if value.taints else value
    ref = Ref(frame.yields)
    append(frame, ref, frame.object(ref), Arguments([value]), at)
    frame.suspended[at] = frame.state.fork()
    return input_value((SENT,))


def yielded_from(frame: Frame, value: Value, at: Span) -> Value:
    """`yield from value`"""
    if frame.yields is None:
        return NONE_VALUE
    for inner, obj in frame.objects(value):
        if obj.kind == "generator" and STARTED not in obj.fields:
            own = frame.own(inner)
            frame.state.heap[inner.id] = own.replaced({**own.fields, SENT: join(NONE_VALUE, input_value((SENT,)))})
    ref = Ref(frame.yields)
    extend(frame, ref, frame.object(ref), Arguments([value]), at)
    frame.suspended[at] = frame.state.fork()
    returned = NOTHING
    for _, obj in frame.objects(value):
        if obj.kind == "generator":
            returned = join(returned, obj.fields.get(RETURNED, NONE_VALUE))
    return returned if returned.atoms or returned.taints else NONE_VALUE


def close_generator(frame: Frame) -> None:
    """Turn what a generator's body returned into the list it yielded, which remembers the returned value.

    A body that never ends, `while True: yield x`, is left where it was last suspended.
    """
    assert frame.yields is not None
    ref = Ref(frame.yields)
    ends = []
    for value, state in frame.returns or [(NONE_VALUE, state) for state in frame.suspended.values()]:
        frame.state = state
        if frame.yields in state.heap:
            frame.write(Value((ref,)), RETURNED, value)
        ends.append((Value((ref,)), frame.state))
    frame.returns = ends


def awaited(frame: Frame, value: Value, at: Span) -> Value:
    """`await value`: objects with `__await__` are asked, anything else is already its result."""
    result = NOTHING
    value = settled(frame, value)
    for atom in value.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and obj.kind == "instance":
            method = class_lookup(frame, obj.type, "__await__")
            if method is not None:
                made = call_value(frame, method, Arguments([Value((atom,))]), at)
                for ref, each in frame.objects(made):
                    if each.kind == "generator":
                        run_generator(frame, ref, at)
                        result = join(result, frame.object(ref).fields.get(RETURNED, NOTHING))
                continue
        result = join(result, Value((atom,), value.taints))
    return result


# --- with ----------------------------------------------------------------------------------------------


def run_with(frame: Frame, node: tree.With) -> bool:
    """`with context as target: body`"""
    context = frame.evaluate(node.context)
    manager = sole_generator(frame, context) if frame.steps is None or not holds_yield(node.body) else None
    if manager is not None:
        return run_around(frame, node, manager)
    entered = enter(frame, context, node.at, is_async=node.is_async)
    if node.target is not None:
        assign_target(frame, node.target, entered, node.at)
    if frame.steps is not None:
        frame.state.variables[context_name(frame, node.at)] = context
    return run_block(frame, context, node, partial(execute, frame, node.body))


def run_block(frame: Frame, context: Value, node: tree.With, block: Callable[[], bool]) -> bool:
    """The block of a `with`, and its manager's `__exit__` on the ways out."""
    before = exits_of(frame)
    frame.raising.append([])
    goes_on = block()
    raised = frame.raising.pop()
    on_exits(frame, before, partial(exit_normally, frame, context, node))
    return leave(frame, context, raised, node, goes_on=goes_on)


def sole_generator(frame: Frame, context: Value) -> Ref | None:
    """The generator of a context manager, where that is all the context can be."""
    targets = frame.objects(context)
    if len(targets) != 1 or len(frame.look(context).present().atoms) != 1:
        return None
    ref, obj = targets[0]
    functions = frame.objects(obj.fields.get(FUNCTION, NOTHING)) if obj.kind == "generator" else []
    return ref if len(functions) == 1 and STARTED not in obj.fields and not is_suspended(frame, obj) else None


def run_around(frame: Frame, node: tree.With, manager: Ref) -> bool:
    """Run a context manager's body inline: its `yield` is the block of the `with`, which may change what it holds."""
    obj = frame.object(manager)
    ((function_ref, function),) = frame.objects(obj.fields[FUNCTION])
    assert isinstance(function.detail, CodeRef)
    frame.called.add(function_ref.id)
    prefix = f"{frame.prefix}@{node.at.line}.{node.at.column}."
    inner = inline_frame(frame, prefix, function.detail, function.fields.get(SCOPE, NOTHING))
    bind_inline(inner, node.at, contents_of(obj, "bound"))

    start, before = inner.state.fork(), exits_of(frame)

    def block(value: Value) -> bool:
        frame.state = inner.state
        if node.target is not None:
            assign_target(frame, node.target, value, node.at)
        goes_on = execute(frame, node.body)
        inner.state = frame.state
        return goes_on

    def behind() -> bool:
        left = frame.state

        def leave_block(value: Value) -> bool:
            left.heap.update({id: obj for id, obj in inner.state.heap.items() if id not in left.heap})
            inner.state = left
            return True

        inner.state = start.fork()
        return run_inline(frame, inner, leave_block)

    goes_on = run_inline(frame, inner, block)
    on_exits(frame, before, behind)
    return goes_on


def run_inline(frame: Frame, inner: Frame, block: Inline) -> bool:
    """Run a context manager's body with something in place of its `yield`; whether its end can be reached."""
    inner.inline = block
    inner.returns.clear()
    ends = [inner.state] if execute(inner, inner.code.body) else []
    ends.extend(state for _, state in inner.returns)
    joined = joined_states(ends)
    if joined is None:
        frame.state = inner.state
        return False
    kept = {name: value for name, value in joined.variables.items() if not name.startswith(inner.prefix)}
    frame.state = State(kept, joined.heap, joined.pending, joined.guards, joined.known)
    return True


def inline_frame(frame: Frame, prefix: str, ref: CodeRef, enclosing: Value) -> Frame:
    """A frame for a code that runs within another's state, under variable names of its own."""
    inner = Frame(frame.machine, ref, frame.oracle, frame.state)
    inner.questions, inner.answers, inner.events = frame.questions, frame.answers, frame.events
    inner.looked, inner.coroutines, inner.background = frame.looked, frame.coroutines, frame.background
    inner.written, inner.identified = frame.written, frame.identified
    inner.raising, inner.called, inner.handled = frame.raising, frame.called, frame.handled
    inner.is_import, inner.is_scratch = frame.is_import, frame.is_scratch
    inner.stepped, inner.instance = frame.stepped, frame.instance
    inner.prefix, inner.enclosing = prefix, enclosing
    return inner


def bind_inline(inner: Frame, at: Span, bound: Mapping[str, Value]) -> None:
    """Make the scope of a code that runs inline, and bind its parameters."""
    if inner.code.cells:
        made = inner.make(at, scope_object(inner.enclosing), "scope")
        inner.scope = next(atom for atom in made.atoms if isinstance(atom, Ref))
    for name, value in bound.items():
        if name in inner.code.cells and inner.scope is not None:
            inner.state.write(inner.scope.id, attr(name), value, is_strong=True)
        else:
            inner.state.variables[inner.variable(name)] = value


def contents_of(generator: Obj, kind: str) -> dict[str, Value]:
    """What a generator keeps by name: the arguments it was made with, or the variables it was left with."""
    return {str(content.name): value for content, value in generator.fields.items() if content.kind == kind}


def enter(frame: Frame, context: Value, at: Span, *, is_async: bool) -> Value:
    """What `as` binds."""
    result = NOTHING
    name = "__aenter__" if is_async else "__enter__"
    for atom in frame.look(context).present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is None or not isinstance(atom, Ref):
            result = join(result, Value((atom,), context.taints))
        elif obj.kind == "generator":
            items = iterate(frame, Value((atom,)), at)
            result = join(result, items.known[0] if items.known else items.any())
        elif obj.detail == "contextlib.closing()":
            result = join(result, obj.get(attr("thing")))
        else:
            method = class_lookup(frame, obj.type, name) if obj.kind == "instance" else None
            entered = call_value(frame, method, Arguments([Value((atom,))]), at) if method is not None else None
            result = join(result, entered if entered is not None else Value((atom,), context.taints))
    return result


def leave(frame: Frame, context: Value, raised: list[tuple[Value, State]], node: tree.With, *, goes_on: bool) -> bool:
    """Run `__exit__` on the ways out; exceptions go on unless it swallows them."""
    explicit = [(error, state) for error, state in raised if error is not IMPLICIT]
    ends: list[State] = []
    before = frame.state
    if goes_on:
        exit_context(frame, context, NONE_VALUE, node)
        ends.append(frame.state)
    suppressed = suppressed_classes(frame, context)
    for error, state in explicit or (raised if suppressed is not None else []):
        frame.state = state.fork()
        outcome = exit_context(frame, context, error, node)
        if suppressed is not None:
            outcome = is_suppressed(frame, error, suppressed)
        if outcome is not False:
            ends.append(frame.state)
        if outcome is not True and error is not IMPLICIT:
            frame.raising[-1].append((error, frame.state))
    joined = joined_states(ends)
    if joined is None:
        frame.state = before
        return False
    frame.state = joined
    return True


def exit_normally(frame: Frame, context: Value, node: tree.With) -> bool:
    """The block was left without an exception."""
    exit_context(frame, context, NONE_VALUE, node)
    return True


def exit_context(frame: Frame, context: Value, error: Value, node: tree.With) -> bool | None:
    """Call `__exit__`; whether it says that the exception is dealt with."""
    outcomes: set[bool | None] = set()
    if node.is_async:
        frame.machine.let_others_run(frame, node.at)
    name = "__aexit__" if node.is_async else "__exit__"
    for ref, obj in frame.objects(context):
        method = class_lookup(frame, obj.type, name) if obj.kind == "instance" else None
        if method is not None:
            try:
                result = call_value(
                    frame, method, Arguments([Value((ref,)), class_of_error(frame, error), error, NONE_VALUE]), node.at
                )
            except Diverges:
                continue
            outcomes.add(truth(frame, result))
        elif obj.kind == "external":
            run_callbacks(frame, ref, obj, node.at)
            if obj.detail == "contextlib.closing()":
                call_found(frame, lookup(frame, obj.get(attr("thing")), "close", node.at), Arguments(), node.at)
            if str(obj.detail).startswith("contextlib.redirect_"):
                frame.machine.call_external(frame, f"{obj.detail}.__exit__", Value((ref,)), Arguments(), node.at)
    return outcomes.pop() if len(outcomes) == 1 else (None if outcomes else False)


def class_of_error(frame: Frame, error: Value) -> Value:
    """The class of an exception, as `__exit__` is given it."""
    classes: dict[Atom, None] = {}
    for atom in error.atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and obj.kind == "instance" and obj.type is not None:
            classes[obj.type] = None
        elif obj is not None and obj.kind == "external":
            classes[External(str(obj.detail).removesuffix("()"))] = None
        else:
            classes[NONE if atom == NONE else UNKNOWN] = None
    return Value(tuple(classes))


CALLBACKS = Content("callbacks", None)


def run_callbacks(frame: Frame, ref: Ref, obj: Obj, at: Span) -> None:
    """What an ExitStack was given runs at its end."""
    held = obj.fields.get(CALLBACKS)
    if held is None:
        return
    for each in iterate(frame, held, at).known:
        call_value(frame, each, Arguments(), at)


def suppressed_classes(frame: Frame, context: Value) -> Value | None:
    """The classes of `contextlib.suppress(...)`; None for any other manager."""
    found = [obj for _, obj in frame.objects(context) if obj.detail == "contextlib.suppress()"]
    return join_all(obj.get(attr("caught")) for obj in found) if found else None


def is_suppressed(frame: Frame, error: Value, classes: Value) -> bool | None:
    """Whether an exception is of the classes that are suppressed."""
    outcomes = {exception_matches(frame, atom, classes) for atom in error.atoms}
    return outcomes.pop() if len(outcomes) == 1 else None
