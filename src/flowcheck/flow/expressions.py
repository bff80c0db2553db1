"""Expressions: what each form evaluates to, one function a form.

f"tel:{user.phone}"             Format     a str with the taints of what is formatted
user.phone or "+1"              Boolean    the phone, or the constant where the phone is falsy
{"to": user.phone, **row}       DictDisplay    a dict with an item under a constant key
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.calls import SCOPE, default_of, evaluate_call, is_super, super_lookup
from flowcheck.flow.comprehensions import evaluate_comprehension
from flowcheck.flow.conditions import assume, compare, outcome_of, truth, without_data
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.correlations import known_outcome
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.heap import Obj, State, joined_state
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.mapping_methods import merge
from flowcheck.flow.names import read_name, scope_value
from flowcheck.flow.objects import as_value, get_attribute, note_missing
from flowcheck.flow.operators import evaluate_binary, evaluate_unary
from flowcheck.flow.subscripts import get_item, get_slice, note_keys, set_item
from flowcheck.flow.targets import assign_target
from flowcheck.flow.templates import make_template
from flowcheck.flow.values import (
    NONE_VALUE,
    NOTHING,
    Const,
    Ref,
    Scalar,
    Value,
    const,
    derived,
    join,
    joined_taints,
)
from flowcheck.program.program import CodeRef

Evaluator: TypeAlias = Callable[[Frame, tree.Expression], Value]


def evaluate_constant(frame: Frame, node: tree.Constant) -> Value:
    """`12`, `"text"`, `None`"""
    return Value((const(node.value),))


def evaluate_bytes(frame: Frame, node: tree.Bytes) -> Value:
    """`b"bytes"`"""
    return Value((const(node.value),))


def evaluate_opaque(frame: Frame, node: tree.Opaque) -> Value:
    """`...`"""
    return Value((Scalar(node.type_name),))


def evaluate_name(frame: Frame, node: tree.Name) -> Value:
    """`x`"""
    return frame.machine.read_variable(frame, node, read_name(frame, node))


def evaluate_attribute(frame: Frame, node: tree.Attribute) -> Value:
    """`value.attr`"""
    if is_super(node.value):
        result = NOTHING
        for found in super_lookup(frame, node.value, node.attr, node.at):
            result = join(result, as_value(frame, found, node.attr, node.at))
        return result
    value = frame.evaluate(node.value)
    found = get_attribute(frame, value, node.attr, node.at)
    if len(frame.raising) > 1 and not found.present().atoms and not found.taints:
        note_missing(frame, node, value)
    return frame.machine.read_field(frame, value, node.attr, found, node.at)


def evaluate_subscript(frame: Frame, node: tree.Subscript) -> Value:
    """`value[index]`, `value[a:b]`"""
    value = frame.evaluate(node.value)
    if isinstance(node.index, tree.Slice):
        bounds = [
            frame.evaluate(each) if each is not None else None
            for each in (node.index.lower, node.index.upper, node.index.step)
        ]
        return get_slice(frame, value, bounds[0], bounds[1], bounds[2], node.at)
    subscript = frame.evaluate(node.index)
    return frame.machine.read_item(frame, value, subscript, get_item(frame, value, subscript, node.at), node.at)


def evaluate_slice(frame: Frame, node: tree.Slice) -> Value:
    """A slice inside a tuple subscript: `frame[:, "phone"]`."""
    return Value((Scalar("slice"),))


def evaluate_comparison(frame: Frame, node: tree.Comparison) -> Value:
    """`left == right`: a bool that carries nothing of what was compared."""
    left, right = frame.evaluate(node.left), frame.evaluate(node.right)
    return compare(frame, node.operator, left, right, node.at)


def evaluate_boolean(frame: Frame, node: tree.Boolean) -> Value:
    """`a and b`, `a or b`: operands run only where the ones before let them."""
    stops_at = node.operator == "or"
    result = NOTHING
    ends: list[State] = []
    for position, operand in enumerate(node.values):
        try:
            value = frame.evaluate(operand)
        except Diverges:
            if not ends:
                raise
            break
        if position == len(node.values) - 1:
            result = join(result, value)
            ends.append(frame.state)
            break
        outcome = known_outcome(frame, operand)
        if outcome is None:
            outcome = truth(frame, value)
        if outcome is None:
            kept = frame.state.fork()
            stopped = on_state(frame, kept, partial(assume, frame, operand, outcome=stops_at))
            result = join(result, on_state_value(frame, kept, value, keeps=stops_at))
            if stopped:
                ends.append(kept)
            if not assume(frame, operand, outcome=not stops_at):
                break
        elif outcome is stops_at:
            result = join(result, value)
            ends.append(frame.state)
            break
    rejoin(frame, ends)
    return result


def on_state(frame: Frame, state: State, action: Callable[[], bool]) -> bool:
    """Do something on another state."""
    before = frame.state
    frame.state = state
    done = action()
    frame.state = before
    return done


def on_state_value(frame: Frame, state: State, value: Value, *, keeps: bool) -> Value:
    """The value an operand has where it decides the whole: constants of the other truth are not it."""
    atoms = tuple(atom for atom in value.atoms if not isinstance(atom, Const) or bool(atom.value) is keeps)
    return value.only(atoms) if keeps else without_data(value.only(atoms))


def rejoin(frame: Frame, ends: list[State]) -> None:
    """Go on from wherever the alternatives ended."""
    joined = ends[0]
    for state in ends[1:]:
        joined = joined_state(joined, state)
    frame.state = joined


def evaluate_conditional(frame: Frame, node: tree.Conditional) -> Value:
    """`body if test else orelse`"""
    outcome = outcome_of(frame, node.test)
    if outcome is not None:
        return frame.evaluate(node.body if outcome else node.orelse)
    before = frame.state
    result, ends = NOTHING, []
    for branch, holds in ((node.body, True), (node.orelse, False)):
        frame.state = before.fork()
        if not assume(frame, node.test, outcome=holds):
            continue
        try:
            result = join(result, frame.evaluate(branch))
        except Diverges:
            continue
        ends.append(frame.state)
    frame.state = before
    if not ends:
        raise Diverges
    rejoin(frame, ends)
    return result


def evaluate_starred(frame: Frame, node: tree.Starred) -> Value:
    """`*x` where no display takes it apart."""
    return frame.evaluate(node.value)


def evaluate_display(frame: Frame, node: tree.Display) -> Value:
    """`[a, *b]`, `(a, b)`, `{a, b}`"""
    known: list[Value] = []
    rest: Value | None = None
    for item in node.items:
        if isinstance(item, tree.Starred):
            spread = iterate(frame, frame.evaluate(item.value), node.at)
        else:
            spread = Items([put_in(frame, frame.evaluate(item), node.kind, node.at)], None)
        if rest is None:
            known.extend(spread.known)
            rest = spread.rest
        else:
            rest = join(rest, spread.any())
    return fresh_list(frame, Items(known, rest), node.at, node.kind)


def put_in(frame: Frame, value: Value, kind: str, at: Span) -> Value:
    """A value on its way into a container."""
    return value.after(frame.hop("write", at, f"put in a {kind}")) if value.taints else value


def evaluate_dict(frame: Frame, node: tree.DictDisplay) -> Value:
    """`{k: v, **more}`"""
    items = []
    for item in node.items:
        name = frame.evaluate(item.key) if item.key is not None else None
        value = frame.evaluate(item.value)
        items.append((name, put_in(frame, value, "dict", node.at) if name is not None else value))
    made = frame.make(node.at, Obj("dict"))
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    for name, value in items:
        if name is None:
            merge(frame, ref, value, node.at)
        else:
            set_item(frame, made, name, value, node.at)
            if name.taints:
                note_keys(frame, ref, name)
    return made


def evaluate_format(frame: Frame, node: tree.Format) -> Value:
    """`f"tel:{phone!r:>20}"`"""
    if node.is_template:
        return make_template(frame, node)
    parts = [format_part(frame, part, node.at) for part in node.parts]
    taints = parts[0].taints if parts else NOTHING.taints
    for part in parts[1:]:
        taints = joined_taints(taints, part.taints)
    return frame.machine.joined_text(frame, parts, taints)


def format_part(frame: Frame, part: tree.Constant | tree.Interpolation, at: Span) -> Value:
    """A literal, or a value made text: its `__format__`, `__str__` or `__repr__`, else whatever it holds."""
    if isinstance(part, tree.Constant):
        return Value((const(part.value),))
    value = frame.evaluate(part.value)
    if part.spec is not None:
        spec = frame.evaluate(part.spec)
        value_text = frame.machine.text_of(frame, value, at, part.conversion, spec)
        if not part.conversion and formats_itself(frame, value):
            return value_text
        return derived(joined_taints(value_text.taints, spec.taints), "str")
    return frame.machine.text_of(frame, value, at, part.conversion)


def formats_itself(frame: Frame, value: Value) -> bool:
    """Whether a value's class says what a format does."""
    objects = frame.objects(value)
    return bool(objects) and all(
        obj.kind == "instance" and frame.machine.class_lookup(frame, obj.type, "__format__") is not None
        for _, obj in objects
    )


def evaluate_lambda(frame: Frame, node: tree.Lambda) -> Value:
    """`lambda x=d: body`"""
    return make_function(frame, node.code, node.defaults, node.at)


def make_function(frame: Frame, code: int, defaults: tuple[tree.Default, ...], at: Span) -> Value:
    """A function object: its code, the scope it closes over, its defaults."""
    fields = {default_of(default.parameter): frame.evaluate(default.value) for default in defaults}
    fields[SCOPE] = scope_value(frame)
    return frame.make(at, Obj("function", fields, detail=CodeRef(frame.module, code)), f"function:{code}")


def evaluate_await(frame: Frame, node: tree.Await) -> Value:
    """`await x`: coroutines are evaluated where they are called, so what is awaited is already the value."""
    frame.awaited = node.value.at if isinstance(node.value, tree.Call) else None
    value = frame.evaluate(node.value)
    if isinstance(node.value, tree.Call):
        frame.coroutines.pop(node.value.at, None)
    frame.machine.let_others_run(frame, node.at, value)
    return frame.machine.awaited(frame, value, node.at)


def evaluate_yield(frame: Frame, node: tree.Yield) -> Value:
    """`yield x`: its own value is what `send` brings."""
    if frame.steps is not None:
        return frame.machine.yield_step(frame, node, frame.steps)
    value = frame.evaluate(node.value) if node.value is not None else NONE_VALUE
    return frame.machine.yielded(frame, value, node.at)


def evaluate_yield_from(frame: Frame, node: tree.YieldFrom) -> Value:
    """`yield from x`: yields what x yields, and is what x returns."""
    if frame.steps is not None:
        return frame.machine.yield_from_step(frame, node, frame.steps)
    return frame.machine.yielded_from(frame, frame.evaluate(node.value), node.at)


def evaluate_walrus(frame: Frame, node: tree.Walrus) -> Value:
    """`target := value`"""
    value = frame.evaluate(node.value)
    assign_target(frame, node.target, value, node.at)
    return value


EVALUATORS: dict[type, Callable[..., Value]] = {
    tree.Constant: evaluate_constant,
    tree.Bytes: evaluate_bytes,
    tree.Opaque: evaluate_opaque,
    tree.Name: evaluate_name,
    tree.Attribute: evaluate_attribute,
    tree.Subscript: evaluate_subscript,
    tree.Slice: evaluate_slice,
    tree.Call: evaluate_call,
    tree.Unary: evaluate_unary,
    tree.Binary: evaluate_binary,
    tree.Comparison: evaluate_comparison,
    tree.Boolean: evaluate_boolean,
    tree.Conditional: evaluate_conditional,
    tree.Starred: evaluate_starred,
    tree.Display: evaluate_display,
    tree.DictDisplay: evaluate_dict,
    tree.Format: evaluate_format,
    tree.Lambda: evaluate_lambda,
    tree.Comprehension: evaluate_comprehension,
    tree.Await: evaluate_await,
    tree.Yield: evaluate_yield,
    tree.YieldFrom: evaluate_yield_from,
    tree.Walrus: evaluate_walrus,
}
