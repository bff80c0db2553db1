"""Conditions: whether a test folds, and what each of its outcomes says about the values tested.

if number is None: return        below, `number` is not None
if kind == "sms": ...            decided where the caller passed a constant
if isinstance(who, Admin): ...   inside, `who` is only what can be an Admin
"""

from __future__ import annotations

from collections.abc import Callable

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.correlations import known_outcome, note_outcome
from flowcheck.flow.extended import EXTENDED, builtin_of
from flowcheck.flow.folding import folded_comparison, has_hole, may_equal, truth_of
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.names import read_name
from flowcheck.flow.objects import class_lookup, external_base, mro
from flowcheck.flow.pure_calls import compared
from flowcheck.flow.reachability import are_apart
from flowcheck.flow.values import (
    ABSENT,
    NONE,
    NOT_IMPLEMENTED,
    UNKNOWN,
    Atom,
    Computed,
    Const,
    External,
    Input,
    ModuleRef,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    is_global,
    join,
    key,
)

NOWHERE = Span(1, 1, 1, 2)

DEEPEST_DECISION = 3
"""A decision on an input is put down to the caller when the input is a parameter or lies this close below one."""


# --- truth ---------------------------------------------------------------------------------------


def truth(frame: Frame, value: Value) -> bool | None:
    """Whether a value is true, as far as every way here agrees; notes the inputs it rests on otherwise."""
    looked = frame.look(value).present()
    is_open = any(isinstance(atom, Input | Computed) for atom in looked.atoms)
    atoms = frame.constants(looked) if is_open else looked.atoms
    outcomes = {truth_of_atom(frame, atom) for atom in atoms if atom != ABSENT}
    if len(outcomes) == 1 and None not in outcomes:
        return outcomes.pop()
    note_undecided(frame, value)
    return None


def outcome_of(frame: Frame, test: tree.Expression) -> bool | None:
    """Evaluate a test, unless its outcome is known from before; whether it holds on every way here."""
    known = known_outcome(frame, test)
    return known if known is not None else truth(frame, frame.evaluate(test))


def note_undecided(frame: Frame, value: Value) -> None:
    """Remember which inputs an open decision rests on."""
    for atom in value.atoms:
        if isinstance(atom, Input) and len(atom.path) <= DEEPEST_DECISION:
            frame.undecided.add(atom.path)
        elif isinstance(atom, Ref) and atom.id[0] == "in":
            path = atom.id[1]
            assert isinstance(path, tuple)
            if len(path) <= DEEPEST_DECISION:
                frame.undecided.add(path)
        elif isinstance(atom, Computed):
            note_undecided(frame, Value(atom.operands))


def truth_of_atom(frame: Frame, atom: Atom) -> bool | None:
    """Whether one thing is true."""
    if isinstance(atom, Const):
        return truth_of(atom)
    if isinstance(atom, ModuleRef):
        return True
    if isinstance(atom, External):
        return True if atom.name.startswith("builtins.") else frame.machine.truth_of_external(atom.name)
    if isinstance(atom, Ref):
        return truth_of_object(frame, atom, frame.object(atom))
    return None


def truth_of_object(frame: Frame, ref: Ref, obj: Obj) -> bool | None:
    """Whether an object is true: by `__bool__`, by its length, else yes."""
    if is_unseen_member(obj):
        return None
    if obj.kind in {"function", "class", "method", "wrapper", "generator"}:
        return True
    if obj.kind in {"list", "tuple"}:
        return True if obj.length else (False if obj.is_exact else None)
    if obj.kind == "dict":
        known = [value for content, value in obj.fields.items() if content.kind == "key"]
        if any(ABSENT not in value.atoms for value in known):
            return True
        return False if obj.is_exact and not known else None
    if obj.kind == "instance":
        for name in ("__bool__", "__len__"):
            method = class_lookup(frame, obj.type, name)
            if method is not None:
                result = frame.machine.call(frame, method, Arguments([Value((ref,))]), Span(1, 1, 1, 2))
                return truth(frame, result)
        held = builtin_of(frame, ref)
        if held is not None:
            return truth(frame, held)
        return True if external_base(frame, obj.type) is None else None
    return None


def is_unseen_member(obj: Obj) -> bool:
    """Whether an object stands for a member of something that a library made: a method, or data as well."""
    return obj.kind == "method" and isinstance(obj.detail, str) and not obj.detail.startswith("builtins.")


# --- comparisons ---------------------------------------------------------------------------------

SPECIAL = {"==": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}


def compare(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value:
    """What a comparison says: a constant where it folds, else some bool."""
    frame.machine.note_comparison(frame, operator, left, right, at)
    special = special_comparison(frame, operator, left, right, at)
    if special is not None:
        return special
    if operator == "==" and frame.machine.is_column_that_is_true(frame, left, right):
        return left
    ours, theirs = frame.constants(left), frame.constants(right)
    outcomes: set[bool | None] = {
        compare_atoms(frame, operator, one, other)
        for one in ours
        if one != ABSENT
        for other in theirs
        if other != ABSENT
    }
    if len(outcomes) == 1:
        outcome = outcomes.pop()
        if outcome is not None:
            return Value((const(outcome),))
    note_undecided(frame, left)
    note_undecided(frame, right)
    return Value((Scalar("bool"),))


def special_comparison(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """The comparison methods that the code base defines."""
    if operator in {"in", "not in"}:
        owner, name, other = right, "__contains__", left
    elif operator in SPECIAL:
        owner, name, other = left, SPECIAL[operator], right
    else:
        return None
    derived_from = by_other_comparison(frame, operator, left, right, at)
    if derived_from is not None:
        return derived_from
    result: Value | None = frame.machine.flag_contains(frame, right, left) if name == "__contains__" else None
    for ref, obj in frame.objects(owner):
        method = class_lookup(frame, obj.type, name) if obj.kind in {"instance", "class"} else None
        if method is not None:
            made = frame.machine.call(frame, method, Arguments([Value((ref,)), other]), at)
            result = made if result is None else join(result, made)
    if operator in SWAPPED and (result is None or NOT_IMPLEMENTED in result.atoms):
        result = reflected_comparison(frame, operator, result, left, right, at)
    if result is None and operator == "!=":
        result = special_comparison(frame, "==", left, right, at)
    elif operator != "not in":
        return result
    if result is not None:
        outcome = truth(frame, result)
        return Value((const(not outcome),)) if outcome is not None else Value((Scalar("bool"),))
    return result


SWAPPED = {"==": "__eq__", "!=": "__ne__", "<": "__gt__", "<=": "__ge__", ">": "__lt__", ">=": "__le__"}
"""The method of the right operand that decides where the left one's does not."""


def reflected_comparison(
    frame: Frame, operator: str, found: Value | None, left: Value, right: Value, at: Span
) -> Value | None:
    """What a comparison is where the method of the left operand is missing or leaves it to the right one's."""
    if found is not None:
        found = found.only(tuple(atom for atom in found.atoms if atom != NOT_IMPLEMENTED))
    for ref, obj in frame.objects(right):
        method = class_lookup(frame, obj.type, SWAPPED[operator]) if obj.kind == "instance" else None
        if method is not None:
            made = frame.machine.call(frame, method, Arguments([Value((ref,)), left]), at)
            found = made if found is None else join(found, made)
    return found if found is None or found.atoms else Value((Scalar("bool"),))


DERIVED = {
    "<": ((">", True, False), (">=", False, True), ("<=", True, True)),
    ">": (("<", True, False), ("<=", False, True), (">=", True, True)),
    "<=": ((">=", True, False), (">", False, True), ("<", True, True)),
    ">=": (("<=", True, False), ("<", False, True), (">", True, True)),
}
"""By which other comparison one is decided where its own method is missing: operator, operands swapped, negated."""


def by_other_comparison(frame: Frame, operator: str, left: Value, right: Value, at: Span) -> Value | None:
    """`a > b` by `b < a`, and what `total_ordering` derives; None where the class has the method, or no other."""
    if operator not in DERIVED or defines(frame, left, SPECIAL[operator]):
        return None
    for other, is_swapped, is_negated in DERIVED[operator]:
        if not defines(frame, left, SPECIAL[other]):
            continue
        outcome = compare(frame, other, *((right, left) if is_swapped else (left, right)), at)
        known = truth(frame, outcome) if is_negated else None
        return (
            Value((const(not known),)) if known is not None else (Value((Scalar("bool"),)) if is_negated else outcome)
        )
    return None


def defines(frame: Frame, value: Value, name: str) -> bool:
    """Whether a value is an instance of classes of the code base that define a method."""
    found = frame.objects(value)
    return bool(found) and all(
        obj.kind == "instance" and class_lookup(frame, obj.type, name) is not None for _, obj in found
    )


def compare_atoms(frame: Frame, operator: str, one: Atom, other: Atom) -> bool | None:
    """What a comparison of two things says; None when it cannot be known."""
    if isinstance(one, External) and one.name == "sys.version_info":
        return version_comparison(frame, operator, other)
    if operator not in {"is", "is not"}:
        one, other = plain_atom(frame, one), plain_atom(frame, other)
    if operator in {"in", "not in"}:
        found = contains(frame, other, one)
        return found if found is None or operator == "in" else not found
    if isinstance(one, Const) and isinstance(other, Const):
        return folded_comparison(operator, one, other)
    if isinstance(one, Ref) and isinstance(other, Ref) and operator not in {"is", "is not"}:
        decided = compared(frame, operator, one, other)
        if decided is None:
            decided = frame.machine.compared_instances(frame, operator, one, other, NOWHERE)
        if decided is not None:
            return decided
    if operator not in {"==", "!=", "is", "is not"}:
        return None
    same = is_same_thing(frame, one, other)
    if same is None and operator in {"is", "is not"} and isinstance(one, Ref) and isinstance(other, Ref):
        same = False if are_apart(frame, one, other) else None
    return same if same is None or operator in {"==", "is"} else not same


def plain_atom(frame: Frame, atom: Atom) -> Atom:
    """An instance of a class that extends a builtin compares as that builtin."""
    held = builtin_of(frame, atom) if isinstance(atom, Ref) else None
    atoms = frame.constants(held) if held is not None else ()
    return atoms[0] if len(atoms) == 1 else atom


VERSIONS = tuple((3, minor) for minor in range(8, 15))
"""The versions of Python that analysed code may run on."""


def version_comparison(frame: Frame, operator: str, other: Atom) -> bool | None:
    """`sys.version_info >= (3, 8)`: decided where all versions agree."""
    obj = frame.object(other) if isinstance(other, Ref) else None
    if obj is None or obj.kind != "tuple" or not obj.is_exact or operator not in FOLDED_TUPLES:
        return None
    parts = [frame.constants(value) for value in obj.elements()]
    wanted = tuple(
        part[0].value
        for part in parts
        if len(part) == 1 and isinstance(part[0], Const) and isinstance(part[0].value, int)
    )
    if len(wanted) != len(parts):
        return None
    outcomes = {FOLDED_TUPLES[operator](version, wanted) for version in VERSIONS}
    return outcomes.pop() if len(outcomes) == 1 else None


FOLDED_TUPLES: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left[: len(right)] <= right,
    ">": lambda left, right: left[: len(right)] > right,
    ">=": lambda left, right: left >= right,
}


def is_same_thing(frame: Frame, one: Atom, other: Atom) -> bool | None:
    """Whether two things are one; None when it cannot be known."""
    if NONE in (one, other):
        return is_none_like(frame, one if other == NONE else other)
    if isinstance(one, Ref) and isinstance(other, Ref):
        first, second = frame.object(one), frame.object(other)
        if one == other:
            return True if not first.is_summary and first.kind != "unknown" else None
        if all(is_identified(each) or frame.machine.is_enum_member(frame, each) for each in (first, second)):
            return is_one_object(frame, one, other)
        return None
    if isinstance(one, External) and isinstance(other, External):
        return True if one == other else (False if both_builtin(one, other) else None)
    if isinstance(one, Ref | Const | Input | Scalar) and isinstance(other, Ref | Const | Input | Scalar):
        return is_object_and_scalar(frame, one, other)
    return None


def is_object_and_scalar(frame: Frame, one: Atom, other: Atom) -> bool | None:
    """Whether an object may be equal to a scalar: one that code or a library made may say so."""
    objects = [frame.object(atom) for atom in (one, other) if isinstance(atom, Ref)]
    if len(objects) != 1 or not all(isinstance(atom, Ref) or scalar_type(atom) for atom in (one, other)):
        return None
    if is_unseen_member(objects[0]):
        return None
    return None if objects[0].kind in {"unknown", "external", "instance"} and not is_identified(objects[0]) else False


def is_identified(obj: Obj) -> bool:
    """Whether an object equals nothing but itself: functions, classes, `object()`."""
    return obj.kind in {"class", "function"} or obj.detail == "builtins.object()"


def is_one_object(frame: Frame, one: Ref, other: Ref) -> bool | None:
    """Whether two references, of which one or both may have come in, are to the same object."""
    if is_global(one.id) and is_global(other.id):
        return False
    ours, theirs = frame.identity(one), frame.identity(other)
    if ours is not None and theirs is not None:
        return ours == theirs
    return None if frame.object(one).detail == frame.object(other).detail else False


def both_builtin(one: External, other: External) -> bool:
    """Whether both are classes of the language."""
    return one.name.startswith("builtins.") and other.name.startswith("builtins.")


def is_none_like(frame: Frame, atom: Atom) -> bool | None:
    """Whether a thing compared with None is None."""
    if isinstance(atom, Const):
        return atom == NONE
    if isinstance(atom, Input | External):
        return None
    if isinstance(atom, Scalar):
        return None if atom == UNKNOWN else False
    obj = frame.object(atom) if isinstance(atom, Ref) else None
    if obj is not None and is_unseen_member(obj):
        return None
    return None if obj is not None and obj.kind in {"unknown", "external"} and not is_identified(obj) else False


def contains(frame: Frame, container: Atom, item: Atom) -> bool | None:
    """Whether a container holds a constant."""
    if isinstance(container, Const) and isinstance(item, Const):
        return folded_comparison("in", item, container)
    if not isinstance(container, Ref) or not isinstance(item, Const):
        return None
    obj = frame.object(container)
    if has_hole(item.value):
        return None if may_contain(frame, obj, str(item.value)) else False
    if obj.kind == "dict":
        held = obj.fields.get(key(item.value))
        if held is not None:
            return None if ABSENT in held.atoms else True
        return False if obj.is_exact else None
    if obj.kind in {"list", "tuple", "set"}:
        return contained(frame, obj, item)
    return None


def may_contain(frame: Frame, obj: Obj, text: str) -> bool:
    """Whether a container may hold a text of which a part is not known."""
    if obj.kind not in {"dict", "list", "tuple", "set"} or (obj.rest is not None and obj.kind != "set"):
        return True
    if obj.kind == "dict":
        return any(may_equal(str(content.name), text) for content in obj.fields if content.kind == "key")
    atoms = [atom for value in obj.elements() for atom in frame.constants(value)]
    return any(not isinstance(atom, Const) or may_equal(str(atom.value), text) for atom in atoms)


def contained(frame: Frame, obj: Obj, item: Const) -> bool | None:
    """Whether a sequence or set of constants holds one of them."""
    elements = [frame.constants(value) for value in obj.elements()]
    if any(len(atoms) == 1 and atoms[0] == item for atoms in elements) and obj.kind != "set":
        return True
    if obj.kind == "set" and elements == [(item,)]:
        return True
    if obj.rest is not None and obj.kind != "set":
        return None
    if all(isinstance(atom, Const) and atom.value != item.value for atoms in elements for atom in atoms):
        return False
    return None


# --- what an outcome says ------------------------------------------------------------------------


def assume(frame: Frame, test: tree.Expression, *, outcome: bool) -> bool:
    """Narrow the state to a test's outcome; False when that cannot be."""
    note = frame.undecided
    frame.state.pending |= {(path, outcome) for path in note}
    return narrow(frame, test, outcome)


def narrow(frame: Frame, test: tree.Expression, outcome: bool) -> bool:
    """The form of the test decides what its outcome says."""
    frame.machine.note_guard(frame, test, outcome)
    note_outcome(frame, test, outcome)
    match test:
        case tree.Unary(operator="not", operand=operand):
            return narrow(frame, operand, not outcome)
        case tree.Boolean(operator=operator, values=values) if (operator == "and") is outcome:
            return all(narrow(frame, each, outcome) for each in values)
        case tree.Comparison(operator=operator, left=left, right=right):
            return narrow_comparison(frame, operator, left, right, outcome)
        case tree.Call(func=tree.Name(id="isinstance"), arguments=(subject, cls)):
            return narrow_instance(frame, subject.value, cls.value, outcome)
        case tree.Name() | tree.Attribute():
            return narrow_atoms(frame, test, lambda atom: may_be(frame, atom, outcome), is_empty=not outcome)
        case tree.Walrus(target=tree.Name() as target):
            return narrow_atoms(frame, target, lambda atom: may_be(frame, atom, outcome))
        case _:
            return True


def may_be(frame: Frame, atom: Atom, outcome: bool) -> bool:
    """Whether an atom may have this truth."""
    known = truth_of_atom(frame, atom)
    return known is None or known is outcome


def narrow_comparison(
    frame: Frame, operator: str, left: tree.Expression, right: tree.Expression, outcome: bool
) -> bool:
    """`x is None`, `x == "sms"`, `x != 3`"""
    if operator not in {"is", "is not", "==", "!="} or not isinstance(left, tree.Name | tree.Attribute):
        return True
    holds = outcome is (operator in {"is", "=="})
    if not isinstance(right, tree.Constant):
        return True
    wanted = const(right.value)

    def keeps(atom: Atom) -> bool:
        same = compare_atoms(frame, "==", atom, wanted)
        return same is None or same is holds

    return narrow_atoms(frame, left, keeps)


def narrow_instance(frame: Frame, subject: tree.Expression, cls: tree.Expression, outcome: bool) -> bool:
    """`isinstance(x, C)`"""
    if not isinstance(subject, tree.Name):
        return True
    classes = frame.evaluate(cls)

    def keeps(atom: Atom) -> bool:
        known = is_instance(frame, atom, classes)
        return known is None or known is outcome

    return narrow_atoms(frame, subject, keeps)


def without_data(value: Value) -> Value:
    """A value that is false: a scalar that is false, or None, holds nothing of what it was made from."""
    if value.taints and not any(isinstance(atom, Ref) for atom in value.atoms):
        return Value(value.atoms)
    return value


def narrow_atoms(
    frame: Frame, target: tree.Name | tree.Attribute, keeps: Callable[[Atom], bool], *, is_empty: bool = False
) -> bool:
    """Keep only some of the things that a variable or a field may be."""
    if isinstance(target, tree.Name):
        value = frame.look(read_name(frame, target))
        kept = tuple(atom for atom in value.atoms if keeps(atom))
        if value.atoms and not kept:
            return False
        narrowed = without_data(value.only(kept)) if is_empty else value.only(kept)
        is_narrower = len(kept) < len(value.atoms) or len(narrowed.taints) < len(value.taints)
        if is_narrower and target.scope == tree.LOCAL and frame.namespace is None:
            frame.state.variables[frame.variable(target.id)] = narrowed
        return True
    return narrow_field(frame, target, keeps)


def narrow_field(frame: Frame, target: tree.Attribute, keeps: Callable[[Atom], bool]) -> bool:
    """Likewise for a field of the one object that a variable holds."""
    if not isinstance(target.value, tree.Name):
        return True
    owners = frame.objects(read_name(frame, target.value))
    if len(owners) != 1 or owners[0][1].kind != "instance":
        return True
    ref, obj = owners[0]
    held = obj.fields.get(attr(target.attr))
    if held is None or ABSENT in held.atoms:
        return True
    value = frame.look(held)
    kept = tuple(atom for atom in value.atoms if keeps(atom))
    if value.atoms and not kept:
        return False
    if len(kept) < len(value.atoms) and not obj.is_summary:
        own = frame.own(ref)
        frame.state.heap[ref.id] = own.replaced({**own.fields, attr(target.attr): value.only(kept)})
    return True


# --- isinstance ----------------------------------------------------------------------------------

CONTAINER_BASES = {
    "list": {"list", "Sequence", "MutableSequence", "Iterable", "Collection", "Sized", "Container", "Reversible"},
    "tuple": {"tuple", "Sequence", "Iterable", "Collection", "Sized", "Container", "Reversible"},
    "dict": {"dict", "Mapping", "MutableMapping", "Iterable", "Collection", "Sized", "Container"},
    "set": {"set", "Set", "MutableSet", "frozenset", "Iterable", "Collection", "Sized", "Container"},
    "str": {"str", "Sequence", "Iterable", "Hashable"},
    "bytes": {"bytes", "Sequence", "Iterable"},
    "int": {"int", "Number", "Integral", "Real"},
    "bool": {"bool", "int"},
    "float": {"float", "Number", "Real"},
}


def is_subclass(frame: Frame, atom: Atom, classes: Value) -> bool | None:
    """Whether a class is one of some classes or below it."""
    outcomes = [is_subclass_of(frame, atom, cls) for cls in flattened_classes(frame, classes)]
    if True in outcomes:
        return True
    return False if outcomes and all(outcome is False for outcome in outcomes) else None


def is_subclass_of(frame: Frame, atom: Atom, cls: Atom) -> bool | None:
    """Whether a class is another one or below it."""
    told = told_by_metaclass(frame, "__subclasscheck__", cls, atom) if isinstance(cls, Ref) else None
    if told is not None:
        return truth(frame, told)
    if isinstance(atom, External):
        known = BUILTIN_CLASSES
        if atom in known and cls in known and isinstance(cls, External):
            return cls.name.rpartition(".")[2] in CONTAINER_BASES[atom.name.rpartition(".")[2]]
        return True if atom == cls else None
    if not isinstance(atom, Ref) or frame.object(atom).kind != "class":
        return None
    return is_below(frame, mro(frame, atom), cls)


def is_instance(frame: Frame, atom: Atom, classes: Value) -> bool | None:
    """Whether a thing is an instance of any of the classes; None when it cannot be known."""
    wanted = flattened_classes(frame, classes)
    outcomes = [is_instance_of(frame, atom, cls) for cls in wanted]
    if True in outcomes:
        return True
    return False if outcomes and all(outcome is False for outcome in outcomes) else None


def flattened_classes(frame: Frame, classes: Value) -> list[Atom]:
    """The classes named by the second argument of isinstance: one, or tuples of them."""
    found: list[Atom] = []
    for atom in frame.look(classes).atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        if obj is not None and obj.kind == "tuple":
            for each in obj.elements():
                found.extend(flattened_classes(frame, each))
        else:
            found.append(atom)
    return found


def is_instance_of(frame: Frame, atom: Atom, cls: Atom) -> bool | None:
    """Whether a thing is an instance of one class."""
    name = cls.name.rpartition(".")[2] if isinstance(cls, External) else ""
    if name == "object":
        return True
    told = told_by_metaclass(frame, "__instancecheck__", cls, atom) if isinstance(cls, Ref) else None
    if told is not None:
        return truth(frame, told)
    if isinstance(atom, Const | Scalar) and atom != UNKNOWN:
        return name in CONTAINER_BASES.get(atom.type, {atom.type}) if isinstance(cls, External) else False
    if isinstance(atom, Input) and atom.type:
        return name in CONTAINER_BASES.get(atom.type, {atom.type}) if isinstance(cls, External) else False
    if not isinstance(atom, Ref):
        return None
    obj = frame.object(atom)
    if obj.kind in CONTAINER_BASES:
        return name in CONTAINER_BASES[obj.kind] if isinstance(cls, External) else False
    if is_unseen_member(obj):
        return None
    if obj.kind in {"function", "method"}:
        return name in {"Callable", "FunctionType", "MethodType"}
    if obj.kind == "class":
        return name == "type" or None
    if obj.kind != "instance":
        return None
    return is_below(frame, mro(frame, obj.type), cls)


def is_below(frame: Frame, order: tuple[Atom, ...], cls: Atom) -> bool | None:
    """Whether a class is in a resolution order, or behind a base outside the code base."""
    if cls in order:
        return True
    same = [is_one_object(frame, each, cls) for each in order if isinstance(each, Ref) and isinstance(cls, Ref)]
    if True in same:
        return True
    name = cls.name.rpartition(".")[2] if isinstance(cls, External) else ""
    bases = [each.name for each in order if isinstance(each, External) and each.name not in PLAIN]
    if name and any(name in CONTAINER_BASES.get(EXTENDED.get(base, base.rpartition(".")[2]), ()) for base in bases):
        return True
    if any(base not in EXTENDED for base in bases):
        return None
    if None in same:
        return None
    return False if isinstance(cls, Ref) or cls in BUILTIN_CLASSES else None


def told_by_metaclass(frame: Frame, hook: str, cls: Ref, subject: Atom) -> Value | None:
    """What `__instancecheck__` or `__subclasscheck__` of a class's metaclass says; None where there is none."""
    meta = frame.object(cls).type if frame.machine.is_mentioned(hook) else None
    method = class_lookup(frame, meta, hook) if meta is not None else None
    if method is None:
        return None
    return frame.machine.call(frame, method, Arguments([Value((cls,)), Value((subject,))]), Span(1, 1, 1, 2))


PLAIN = frozenset({"builtins.object", "abc.ABC"})

BUILTIN_CLASSES = frozenset(External(f"builtins.{name}") for name in CONTAINER_BASES)
