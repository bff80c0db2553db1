"""Task queues: functions that a worker runs later, with what was sent to them.

deliver.delay(user.phone)                           Celery, Huey; `send` of Dramatiq
deliver.apply_async(args=[user.phone])              its arguments in a list, `kwargs` in a mapping
chain(load.s(key), deliver.s(place="x"))()          what one returns is what the next gets first
queue.enqueue(deliver, user.phone)                  RQ; the function, or its dotted name
app.send_task("ads.tasks.deliver", [user.phone])    by name

The function runs where it is sent off: its caller is the code that sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.objects import WRAPPED, Member, class_lookup
from flowcheck.flow.values import (
    ELEMENT,
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Ref,
    Value,
    attr,
    const,
    join,
    join_all,
    key,
)
from flowcheck.program.program import CodeRef

TASK = "(task)"
SIGNATURE = f"{TASK}.signature"
CHAIN, GROUP, CHORD = f"{TASK}.chain", f"{TASK}.group", f"{TASK}.chord"
RESULT = f"{TASK}.result"

FUNCTION, POSITIONAL, KEYWORDS, FIXED, BODY = (
    attr(name) for name in ("__task__", "__positional__", "__keywords__", "__fixed__", "__body__")
)

PLAIN = frozenset({"delay", "send", "delay_on_commit", "defer", "defer_async", "call_local", "kiq", "enqueue"})
"""Methods of a task that take what its function takes."""
SPREAD = frozenset({"apply_async", "apply", "send_with_options", "apply_async_on_commit", "schedule", "retry"})
"""Methods of a task that take its arguments as `args` and `kwargs`."""
SIGNED = frozenset({"s", "si", "signature", "subtask", "message", "message_with_options"})
EACH = frozenset({"map", "starmap", "chunks"})
"""Methods of a task that take a list of arguments, or of tuples of them."""
METHODS = PLAIN | SPREAD | SIGNED | EACH
"""What a function has when a task queue has decorated it."""

ENQUEUES = {"enqueue": 0, "enqueue_call": 0, "enqueue_in": 1, "enqueue_at": 1, "enqueue_job": 0, "async_task": 0}
"""Calls of a queue that take the function to run: at which position."""
QUEUES = ("rq.", "django_rq.", "arq.", "django_q.", "rq_scheduler.", "?.")

MAKERS = {
    "celery.chain": CHAIN, "celery.canvas.chain": CHAIN, "celery.group": GROUP, "celery.canvas.group": GROUP,
    "celery.chord": CHORD, "celery.canvas.chord": CHORD, "dramatiq.pipeline": CHAIN, "dramatiq.group": GROUP,
}  # fmt: skip
RUNS = frozenset({"delay", "apply_async", "apply", "run", "__call__"})


def task_member(frame: Frame, ref: Ref, name: str) -> Member | None:
    """`deliver.delay` of a function that something has decorated; None for any other attribute."""
    obj = frame.object(ref)
    is_task = name in METHODS and isinstance(obj.detail, CodeRef) and bool(frame.machine.decorators(obj.detail))
    return Member(f"{TASK}.{name}", Value((ref,))) if is_task else None


def is_of_task(name: str, method: str) -> bool:
    """Whether a dotted name is that of a method of a task class."""
    return method in METHODS and name.startswith(TASK_CLASSES)


TASK_CLASSES = ("celery.Task.", "celery.app.task.Task.", "celery.Celery().Task.")


def call_task(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """A call of a task queue; None for any other."""
    method = name.rpartition(".")[2]
    if name in MAKERS:
        return composed(frame, MAKERS[name], arguments, at)
    if receiver is not None and name.startswith((f"{TASK}.", *TASK_CLASSES)):
        return call_of_task(frame, name, method, receiver, arguments, at)
    if method == "register_task" and arguments.positional:
        return arguments.positional[0]
    if method == "send_task":
        return sent_by_name(frame, arguments, at)
    if method in ENQUEUES and name.startswith(QUEUES):
        return enqueued(frame, ENQUEUES[method], arguments, at)
    if method in INVOKES and is_of_command(frame, name):
        return invoked(frame, method, arguments, at)
    return None


INVOKES = frozenset({"invoke", "forward"})
COMMANDS = ("click.", "typer.", "rich_click.", "asyncclick.")
"""Libraries whose context calls another command with what it is given."""


def is_of_command(frame: Frame, name: str) -> bool:
    """Whether a call is one of the context of a command: by its type, or since a command's function was passed it."""
    if name.startswith(COMMANDS):
        return "Runner" not in name
    decorators = frame.machine.decorator_names(frame.ref) if name.startswith("?.") else ()
    return any(each.startswith(COMMANDS) and each.endswith("pass_context") for each in decorators)


def invoked(frame: Frame, method: str, arguments: Arguments, at: Span) -> Value | None:
    """`ctx.invoke(export, contact=user.phone)`; `ctx.forward(export)` hands on this command's own parameters too."""
    target = arguments.get(0)
    functions = list(function_named(frame, target)) if target is not None else []
    if not functions:
        return None
    results = NOTHING
    for function in functions:
        names = parameter_names(frame, function)
        own = {name: frame.state.variables[name] for name in names if name in frame.state.variables}
        keywords = {**(own if method == "forward" else {}), **arguments.keywords}
        given = Arguments(arguments.positional[1:], keywords, arguments.more, arguments.extra)
        results = join(results, call_value(frame, function, given, at))
    return results


def parameter_names(frame: Frame, function: Value) -> list[str]:
    """The parameters that a function of the code base has."""
    codes = [obj.detail for _, obj in frame.objects(function) if isinstance(obj.detail, CodeRef)]
    return [parameter.name for code in codes for parameter in frame.machine.program.code(code).parameters]


def call_of_task(frame: Frame, name: str, method: str, receiver: Value, arguments: Arguments, at: Span) -> Value | None:
    """A method of a task, or of something made of tasks."""
    kind = next((each for each in (SIGNATURE, CHAIN, GROUP, CHORD, RESULT) if f"{name}.".startswith(f"{each}.")), "")
    if kind == RESULT:
        return join_all(frame.content_of_object(obj, ELEMENT) for _, obj in frame.objects(receiver))
    if kind:
        is_run = name == kind or method in RUNS
        return finished(frame, run_composed(frame, receiver, arguments, at), at) if is_run else receiver
    if method in SIGNED:
        return signature(frame, method, receiver, arguments, at)
    if method in PLAIN:
        return finished(frame, run_task(frame, receiver, arguments, at), at)
    if method in EACH:
        return run_for_each(frame, method, receiver, arguments, at)
    if method in SPREAD:
        return finished(frame, run_task(frame, receiver, spread(frame, arguments), at), at)
    return None


def spread(frame: Frame, arguments: Arguments, start: int = 0) -> Arguments:
    """`args=[a, b], kwargs={"c": d}` as arguments of the function."""
    given = Arguments()
    listed = arguments.get(start, "args")
    if listed is not None:
        items = frame.machine.iterate(frame, listed, frame.code.body_at)
        given.positional, given.more = list(items.known), items.rest
    named = arguments.get(start + 1, "kwargs")
    if named is not None:
        frame.machine.spread_double_star(frame, given, named)
    return given


# --- running ---------------------------------------------------------------------------------------


def run_task(frame: Frame, task: Value, arguments: Arguments, at: Span) -> Value:
    """What a worker does: it calls the function, or the task's `run`, with the task itself first where it is bound."""
    result = NOTHING
    for ref, obj in frame.objects(task):
        if obj.kind == "instance":
            run = class_lookup(frame, obj.type, "run")
            if run is not None:
                result = join(result, call_value(frame, run, arguments.behind(Value((ref,))), at))
        elif obj.kind == "wrapper":
            result = join(result, run_task(frame, obj.get(WRAPPED), arguments, at))
        else:
            given = arguments.behind(UNKNOWN_VALUE) if is_bound(frame, obj) else arguments
            result = join(result, call_value(frame, Value((ref,)), given, at))
    return result


def run_for_each(frame: Frame, method: str, task: Value, arguments: Arguments, at: Span) -> Value:
    """`deliver.map(numbers)`, `deliver.starmap(pairs)`, `deliver.chunks(pairs, 10)`: once for any of them."""
    item = iterate(frame, arguments.get(0) or NOTHING, at).any()
    given = Arguments([item])
    if method != "map":
        parts = iterate(frame, item, at)
        given = Arguments(list(parts.known), more=parts.rest)
    return finished(frame, run_task(frame, task, given, at), at)


def is_bound(frame: Frame, obj: Obj) -> bool:
    """`@app.task(bind=True)`: the function's first parameter is the task."""
    if not isinstance(obj.detail, CodeRef):
        return False
    for decorator in frame.machine.decorators(obj.detail):
        for argument in decorator.arguments if isinstance(decorator, tree.Call) else ():
            if argument.name == "bind" and argument.value == tree.Constant(value=True):
                return True
    return False


def finished(frame: Frame, returned: Value, at: Span) -> Value:
    """What sending gives: the result can be asked for."""
    return frame.make(at, Obj("external", {ELEMENT: returned}, detail=RESULT), "task:result")


def enqueued(frame: Frame, place: int, arguments: Arguments, at: Span) -> Value | None:
    """`queue.enqueue(deliver, user.phone)`, `queue.enqueue("app.deliver", args=(user.phone,))`"""
    target = arguments.get(place, "func" if "func" in arguments.keywords else "f")
    function = join_all(function_named(frame, target)) if target is not None else NOTHING
    if not function.atoms:
        return None
    if "args" in arguments.keywords or "kwargs" in arguments.keywords:
        given = spread(frame, Arguments([], arguments.keywords))
    else:
        named = {name: value for name, value in arguments.keywords.items() if name not in OPTIONS}
        given = Arguments(arguments.positional[place + 1 :], named, arguments.more, arguments.extra)
    return finished(frame, run_task(frame, function, given, at), at)


OPTIONS = frozenset({"func", "f", "timeout", "job_timeout", "result_ttl", "ttl", "description", "depends_on", "job_id"})


def sent_by_name(frame: Frame, arguments: Arguments, at: Span) -> Value | None:
    """`app.send_task("ads.tasks.deliver", args=[user.phone])`"""
    function = join_all(function_named(frame, arguments.get(0, "name") or NOTHING))
    if not function.atoms:
        return None
    return finished(frame, run_task(frame, function, spread(frame, arguments, 1), at), at)


def function_named(frame: Frame, target: Value) -> Iterator[Value]:
    """The functions that a value is, or that a text names: by module and name, or by the name given to the task."""
    for atom in frame.look(target).atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind in {"function", "wrapper", "instance"}:
            yield Value((atom,))
        elif isinstance(atom, Const) and isinstance(atom.value, str):
            module, _, name = atom.value.rpartition(".")
            if module and frame.machine.program.has_module(module):
                yield frame.machine.module_member(frame, module, name)
            yield from functions_registered(frame, atom.value)


def functions_registered(frame: Frame, name: str) -> Iterator[Value]:
    """`@shared_task(name="ads.deliver")`: the functions decorated with that name."""
    program = frame.machine.program
    for module in program.modules_with(name.rpartition(".")[2]):
        for code in program.facts(module).codes:
            for decorator in frame.machine.decorators(CodeRef(module, code.index)) if code.kind == "function" else ():
                arguments = decorator.arguments if isinstance(decorator, tree.Call) else ()
                if any(each.name in {"name", "actor_name"} and is_text(each.value, name) for each in arguments):
                    yield frame.machine.module_member(frame, module, code.name)


def is_text(expression: tree.Expression, text: str) -> bool:
    """Whether an expression is a constant text."""
    return isinstance(expression, tree.Constant) and expression.value == text


# --- signatures ------------------------------------------------------------------------------------


def signature(frame: Frame, method: str, task: Value, arguments: Arguments, at: Span) -> Value:
    """`deliver.s(place="x")`: a task with some of its arguments."""
    given = spread(frame, arguments) if method in {"signature", "subtask", "message_with_options"} else arguments
    listed = fresh_list(frame, Items(given.positional, given.more), at, "tuple", "task:positional")
    named = frame.make(at, Obj("dict", {}, rest=given.extra), "task:keywords")
    for name, value in given.keywords.items():
        frame.write(named, key(name), value)
    fixed = Value((const(method == "si" or arguments.keywords.get("immutable") is not None),))
    fields = {FUNCTION: task, POSITIONAL: listed, KEYWORDS: named, FIXED: fixed}
    return frame.make(at, Obj("external", fields, detail=SIGNATURE), "task:signature")


def composed(frame: Frame, kind: str, arguments: Arguments, at: Span) -> Value:
    """`chain(a.s(), b.s())`, `group(a.s(x) for x in rows)`, `chord(group, body)`"""
    parts = arguments.positional[:1] if kind == CHORD else arguments.positional
    fields = {POSITIONAL: fresh_list(frame, Items(list(parts), arguments.more), at, "tuple", "task:parts")}
    body = arguments.get(1, "body") if kind == CHORD else None
    if body is not None:
        fields[BODY] = body
    return frame.make(at, Obj("external", fields, detail=kind), "task:composed")


def piped(frame: Frame, left: Value, right: Value, at: Span) -> Value | None:
    """`a.s() | b.s()`; None for operators on anything else."""
    if not any(str(obj.detail).startswith(f"{TASK}.") for _, obj in frame.objects(left)):
        return None
    return composed(frame, CHAIN, Arguments([left, right]), at)


def run_composed(frame: Frame, value: Value, arguments: Arguments, at: Span) -> Value:
    """What running a signature, or what is made of several, returns."""
    result = NOTHING
    for _, obj in frame.objects(value):
        run = RUNNERS.get(str(obj.detail))
        if run is not None:
            body = [obj.fields[BODY]] if BODY in obj.fields else []
            if obj.detail == CHORD and not body:
                body = arguments.positional[:1]
            given = Arguments() if obj.detail == CHORD else arguments
            done = run(frame, obj, given, at)
            for each in body:
                done = run_composed(frame, each, Arguments([done]), at)
            result = join(result, done)
    return result


def run_signature(frame: Frame, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """One task: what came before it first, unless it is fixed, then its own arguments."""
    own = spread(frame, Arguments([obj.get(POSITIONAL), obj.get(KEYWORDS)]))
    is_fixed = obj.get(FIXED).atoms == (const(True),)
    if not is_fixed:
        own.positional = [*arguments.positional, *own.positional]
        own.keywords.update({name: each for name, each in arguments.keywords.items() if name not in SETTINGS})
    return run_task(frame, obj.get(FUNCTION), own, at)


SETTINGS = frozenset({"countdown", "eta", "queue", "expires", "priority", "link", "link_error", "args", "kwargs"})


def run_chain(frame: Frame, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """One after the other, each with what the one before returned."""
    given = arguments
    result = NOTHING
    for part in parts_of(frame, obj, at):
        result = run_composed(frame, part, given, at)
        given = Arguments([result])
    return result


def run_group(frame: Frame, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """All of them; a list of what they return. The group that a chord is given is one already."""
    parts = list(parts_of(frame, obj, at))
    results = [run_composed(frame, part, arguments, at) for part in parts]
    if len(parts) == 1 and any(held.detail == GROUP for _, held in frame.objects(parts[0])):
        return results[0]
    return frame.make(at, Obj("list", rest=join_all(results)), "task:group")


def parts_of(frame: Frame, obj: Obj, at: Span) -> Iterator[Value]:
    """The parts of what is made of several; lists and generators of them are taken apart."""
    items = frame.machine.iterate(frame, obj.get(POSITIONAL), at)
    for part in [*items.known, *([items.rest] if items.rest is not None else [])]:
        if any(held.kind in {"list", "tuple", "generator"} for _, held in frame.objects(part)):
            inner = frame.machine.iterate(frame, part, at)
            yield from inner.known
            if inner.rest is not None:
                yield inner.rest
        else:
            yield part


RUNNERS: dict[str, Callable[[Frame, Obj, Arguments, Span], Value]] = {
    SIGNATURE: run_signature,
    CHAIN: run_chain,
    GROUP: run_group,
    CHORD: run_group,
}
"""What runs each kind; a chord's body follows on its group."""
