"""Builtins and standard functions whose meaning is part of the language: they need the interpreter, not a model row.

    getattr(user, "phone")      the field                  dict(zip(names, row))     items under known keys
    sorted(rows, key=f)         calls f, any order         partial(push, "spring")   a callable
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_found, call_value, make_instance, super_lookup
from flowcheck.flow.conditions import is_instance, truth
from flowcheck.flow.containers import FACTORY, chained, constant_keys, fresh_list, get_item, merge, set_item
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.generators import CALLBACKS, next_of, send
from flowcheck.flow.heap import Obj, joined_state
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.names import imported_module, module_id
from flowcheck.flow.objects import FUNCTION, RECEIVER, WRAPPED, get_attribute, lookup, set_attribute
from flowcheck.flow.texts import text_of
from flowcheck.flow.values import (
    ABSENT_VALUE,
    ELEMENT,
    KEYS,
    NONE,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Content,
    External,
    ModuleRef,
    Ref,
    Scalar,
    Value,
    attr,
    const,
    derived,
    index,
    join,
    join_all,
    joined_taints,
    key,
)

Handler: TypeAlias = Callable[[Frame, Value, Arguments, Span], Value]

HANDLERS: dict[str, Handler] = {}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a function for the dotted names it stands for."""

    def register(handler: Handler) -> Handler:
        HANDLERS.update(dict.fromkeys(names, handler))
        return handler

    return register


def first(arguments: Arguments) -> Value:
    return arguments.get(0) or NOTHING


# --- attributes and names ------------------------------------------------------------------------


def constant_texts(frame: Frame, value: Value | None) -> list[str] | None:
    """The constant names that a value may be."""
    keys = constant_keys(frame, value) if value is not None else None
    return [each for each in keys if isinstance(each, str)] if keys is not None else None


@handles("builtins.getattr")
def call_getattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`getattr(o, "name", default)`"""
    del receiver
    target, names, default = first(arguments), constant_texts(frame, arguments.get(1)), arguments.get(2)
    if names is None:
        return join(dynamic_attribute(frame, target, at), default or NOTHING)
    result = NOTHING
    for name in names:
        found = frame.look(frame.machine.attribute(frame, target, name, at))
        result = join(result, found)
        if default is not None and (not found.atoms or ABSENT_VALUE.atoms[0] in found.atoms):
            result = join(result, default)
    return result.present()


def dynamic_attribute(frame: Frame, target: Value, at: Span) -> Value:
    """An attribute whose name is not known: any field of the object."""
    result = NOTHING
    for _, obj in frame.objects(target):
        for content, value in obj.fields.items():
            if content.kind == "attr":
                result = join(result, value.present())
    del at
    return join(result, derived(frame.deep_taints(target))) if result is NOTHING else result


@handles("builtins.setattr", "builtins.object.__setattr__")
def call_setattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`setattr(o, "name", value)`"""
    given = list(arguments.positional)
    if receiver.atoms and len(given) == 2:
        given.insert(0, receiver)
    if len(given) < 3:
        return NONE_VALUE
    target, subject, value = given[:3]
    names = constant_texts(frame, subject)
    if value.taints:
        value = value.after(frame.hop("write", at, "stored by setattr"))
    if names is None:
        for ref, obj in frame.objects(target):
            fields = {c: join(v, value) if c.kind == "attr" else v for c, v in obj.fields.items()}
            frame.own(ref)
            frame.state.heap[ref.id] = frame.object(ref).replaced(fields, rest=join(obj.rest or NOTHING, value))
        return NONE_VALUE
    for name in names:
        frame.machine.written_field(frame, target, name, value, at)
        stored = value if len(names) == 1 else join(frame.content(target, attr(name)).present(), value)
        if receiver.atoms or frame.code.name == "__setattr__":
            frame.write(target, attr(name), stored)
        else:
            set_attribute(frame, target, name, stored, at)
    return NONE_VALUE


@handles("builtins.delattr")
def call_delattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`delattr(o, "name")`"""
    del receiver, at
    names = constant_texts(frame, arguments.get(1))
    for name in names or ():
        frame.write(first(arguments), attr(name), ABSENT_VALUE)
    return NONE_VALUE


@handles("builtins.hasattr")
def call_hasattr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`hasattr(o, "name")`"""
    del receiver
    names = constant_texts(frame, arguments.get(1))
    outcomes = set()
    for name in names or ():
        for atom in frame.look(first(arguments)).atoms:
            found = frame.look(get_attribute(frame, Value((atom,)), name, at))
            is_open = isinstance(atom, Ref) and frame.object(atom).kind in {"unknown", "external"}
            is_sure = found.atoms and ABSENT_VALUE.atoms[0] not in found.atoms
            if isinstance(atom, Ref) and not is_open and (is_sure or not found.present().atoms):
                outcomes.add(bool(is_sure))
            else:
                outcomes.add(None)
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    return Value((Scalar("bool"),))


@handles("builtins.object.__getattribute__")
def call_getattribute(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__getattribute__(self, name)`"""
    given = [receiver, *arguments.positional] if receiver.atoms else arguments.positional
    names = constant_texts(frame, given[1]) if len(given) > 1 else None
    del at
    return join_all(frame.content(given[0], attr(name)).present() for name in names or ())


@handles("builtins.vars")
def call_vars(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`vars(o)` is `o.__dict__`."""
    del receiver
    target = first(arguments)
    if any(obj.kind == "instance" for _, obj in frame.objects(target)):
        return frame.machine.attribute(frame, target, "__dict__", at)
    return mapping_of_fields(frame, target, at)


def mapping_of_fields(frame: Frame, target: Value, at: Span) -> Value:
    """A dictionary with the fields of an object."""
    fields: dict[Content, Value] = {}
    rest: Value | None = None
    for _, obj in frame.objects(target):
        for content, value in obj.fields.items():
            if content.kind == "attr":
                fields[key(content.name)] = join(fields.get(key(content.name), NOTHING), value)
        if obj.kind in {"external", "unknown"} or obj.origin is not None:
            rest = join(rest or NOTHING, derived(frame.deep_taints(target)))
    for name in frame.machine.marked_fields_of(frame, target):
        value = frame.machine.attribute(frame, target, name, at)
        fields[key(name)] = join(fields.get(key(name), NOTHING), value)
    return frame.make(at, Obj("dict", fields, rest=rest), "vars")


@handles("builtins.globals", "builtins.locals")
def call_globals(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`globals()`: the names of the module as a mapping."""
    del receiver, arguments
    names = frame.machine.module_names(frame.module)
    fields = {key(name): frame.machine.module_member(frame, frame.module, name) for name in sorted(names)}
    if frame.code.kind != "module":
        fields.update({key(name): value for name, value in frame.state.variables.items()})
    return frame.make(at, Obj("dict", fields), "globals")


@handles("importlib.import_module", "builtins.__import__")
def call_import_module(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`importlib.import_module("shop.ads")`"""
    del receiver, at
    result = NOTHING
    for name in constant_texts(frame, first(arguments)) or ():
        if name.startswith("."):
            level = len(name) - len(name.lstrip("."))
            name = frame.machine.program.absolute(frame.module, level, name.lstrip("."))  # noqa: PLW2901
        result = join(result, imported_module(frame.machine.program, name))
    return result if result.atoms else UNKNOWN_VALUE


@handles("sys.modules.__getitem__")
def call_modules(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.modules["shop.ads"]`"""
    return call_import_module(frame, receiver, arguments, at)


# --- types ----------------------------------------------------------------------------------------


@handles("builtins.type")
def call_type(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`type(o)`; `type(name, bases, namespace)` makes a class."""
    del receiver
    if len(arguments.positional) == 3:
        return make_type(frame, arguments, at)
    result = NOTHING
    for atom in frame.look(first(arguments)).atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            if obj.kind in {"list", "tuple", "dict", "set"}:
                result = join(result, Value((External(f"builtins.{obj.kind}"),)))
            else:
                result = join(result, Value((obj.type,)) if obj.type is not None else UNKNOWN_VALUE)
        elif isinstance(atom, Const | Scalar) and atom.type:
            result = join(result, Value((External(f"builtins.{atom.type}"),)))
        else:
            result = join(result, UNKNOWN_VALUE)
    return result


def make_type(frame: Frame, arguments: Arguments, at: Span) -> Value:
    """`type("Row", (Base,), {"to": 1})`"""
    _, bases, namespace = arguments.positional
    fields = {Content("base", place): base for place, base in enumerate(iterate(frame, bases, at).known)}
    for _, obj in frame.objects(namespace):
        fields.update((attr(str(c.name)), v) for c, v in obj.fields.items() if c.kind == "key")
    return frame.make(at, Obj("class", fields, detail=None), "type")


@handles("builtins.isinstance", "builtins.issubclass")
def call_isinstance(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`isinstance(x, C)`"""
    del receiver, at
    classes = arguments.get(1) or NOTHING
    subject = frame.look(first(arguments))
    outcomes = {is_instance(frame, atom, classes) for atom in subject.atoms}
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    frame.machine.note_undecided(frame, subject)
    return Value((Scalar("bool"),))


@handles("builtins.callable")
def call_callable(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`callable(x)`"""
    del receiver, at
    outcomes: set[bool | None] = set()
    for atom in frame.look(first(arguments)).atoms:
        if isinstance(atom, Ref):
            kind = frame.object(atom).kind
            outcomes.add(True if kind in {"function", "class", "method", "wrapper"} else None)
        else:
            outcomes.add(False if scalar_type(atom) else None)
    if len(outcomes) == 1 and None not in outcomes:
        return Value((const(outcomes.pop()),))
    return Value((Scalar("bool"),))


@handles("builtins.bool")
def call_bool(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`bool(x)`"""
    del receiver, at
    outcome = truth(frame, first(arguments)) if arguments.positional else False
    return Value((const(outcome),)) if outcome is not None else Value((Scalar("bool"),))


@handles("builtins.len")
def call_len(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`len(x)`: a number that carries nothing."""
    del receiver
    subject = frame.look(first(arguments))
    frame.machine.note_stop(frame, "`len` counts, and carries nothing", [subject], at)
    sizes: set[int | None] = set()
    for atom in subject.atoms:
        if isinstance(atom, Const) and isinstance(atom.value, str | bytes):
            sizes.add(len(atom.value))
        elif isinstance(atom, Ref):
            obj = frame.object(atom)
            special = frame.machine.call_special(frame, Value((atom,)), "__len__", [], at) if obj.kind == "instance" else None
            if special is not None:
                return special
            is_counted = obj.kind in {"list", "tuple", "dict"} and obj.is_exact
            known = [c for c, v in obj.fields.items() if c.kind in {"index", "key"} and ABSENT_VALUE.atoms[0] not in v.atoms]
            all_known = [c for c in obj.fields if c.kind in {"index", "key"}]
            sizes.add(len(known) if is_counted and len(known) == len(all_known) else None)
        else:
            sizes.add(None)
    if len(sizes) == 1 and None not in sizes:
        return Value((const(sizes.pop()),))
    return Value((Scalar("int"),))


@handles("builtins.str")
def call_str(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`str(x)`"""
    del receiver
    if not arguments.positional:
        return Value((const(""),))
    made = text_of(frame, first(arguments), at, "s")
    made = made if any("\0" not in str(getattr(atom, "value", "\0")) for atom in made.atoms) else derived(made.taints, "str")
    return made.after(frame.hop("library", at, "made a text by `str`")) if made.taints else made


@handles("builtins.repr", "builtins.ascii")
def call_repr(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`repr(x)`"""
    del receiver
    return derived(text_of(frame, first(arguments), at, "r").taints, "str")


@handles("builtins.format")
def call_format(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`format(x, spec)`"""
    del receiver
    return derived(text_of(frame, first(arguments), at).taints, "str")


@handles("builtins.int", "builtins.float", "builtins.complex", "builtins.bytes", "builtins.bytearray", "builtins.hash")
def call_number(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`int(x)`: what it was made from passes."""
    del receiver
    taints = NOTHING.taints
    for value in arguments:
        taints = joined_taints(taints, frame.deep_taints(value))
    special = None
    for name in ("__int__", "__float__", "__bytes__", "__index__", "__hash__", "__complex__"):
        special = special or frame.machine.call_special(frame, first(arguments), name, [], at)
    return special if special is not None else folded_int(frame, first(arguments), derived(taints))


def folded_int(frame: Frame, value: Value, otherwise: Value) -> Value:
    """`int("3")`"""
    atoms = frame.constants(value) if value.atoms else ()
    if len(atoms) == 1 and isinstance(atoms[0], Const) and isinstance(atoms[0].value, int):
        return Value((const(int(atoms[0].value)),), value.taints)
    return otherwise


# --- containers --------------------------------------------------------------------------------------


@handles("builtins.list", "builtins.tuple", "builtins.set", "builtins.frozenset", "collections.deque")
def call_sequence(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`list(xs)` is replaced below by one handler for each kind."""
    del receiver
    return fresh_list(frame, iterate(frame, first(arguments), at), at)


def sequence_maker(kind: str) -> Handler:
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        del receiver
        items = iterate(frame, first(arguments), at) if arguments.get(0) is not None else Items([], None)
        return fresh_list(frame, items, at, kind, f"made:{kind}")

    return make


HANDLERS["builtins.list"] = sequence_maker("list")
HANDLERS["builtins.tuple"] = sequence_maker("tuple")
HANDLERS["builtins.set"] = sequence_maker("set")
HANDLERS["builtins.frozenset"] = sequence_maker("set")
HANDLERS["collections.deque"] = sequence_maker("list")


@handles("builtins.dict", "collections.OrderedDict", "collections.UserDict", "collections.Counter")
def call_dict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dict(other, to=x)`"""
    del receiver
    made = frame.make(at, Obj("dict"), "made:dict")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    if arguments.get(0) is not None:
        merge(frame, ref, first(arguments), at)
    for name, value in arguments.keywords.items():
        set_item(frame, made, Value((const(name),)), value, at)
    if arguments.extra is not None:
        frame.state.write_any(ref.id, arguments.extra)
    return made


@handles("collections.Counter")
def call_counter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Counter(xs)`: what is counted is in its keys."""
    elements = iterate(frame, first(arguments), at).any() if arguments.get(0) is not None else NOTHING
    is_mapping = any(obj.kind == "dict" for _, obj in frame.objects(first(arguments)))
    if is_mapping or arguments.keywords:
        return call_dict(frame, receiver, arguments, at)
    fields = {KEYS: elements} if elements.atoms else {}
    return frame.make(at, Obj("dict", fields, rest=Value((Scalar("int"),))), "counter")


@handles("collections.defaultdict")
def call_defaultdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`defaultdict(list)`"""
    del receiver
    made = frame.make(at, Obj("dict", {FACTORY: first(arguments)} if arguments.positional else {}), "defaultdict")
    (ref,) = made.atoms
    assert isinstance(ref, Ref)
    if arguments.get(1) is not None:
        merge(frame, ref, arguments.positional[1], at)
    return made


@handles("collections.ChainMap")
def call_chainmap(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`ChainMap(first, second)`: the first mapping that has a key wins."""
    del receiver
    made = frame.make(at, Obj("dict"), "chainmap:none")
    for start in reversed(range(len(arguments.positional))):
        made = chained(frame, arguments.positional[start:], made, at)
    return made


@handles("builtins.dict.fromkeys", "collections.OrderedDict.fromkeys")
def call_fromkeys(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`dict.fromkeys(names, x)`"""
    del receiver
    made = frame.make(at, Obj("dict"), "fromkeys")
    value = arguments.get(1) or NONE_VALUE
    names = iterate(frame, first(arguments), at)
    for name in names.known:
        set_item(frame, made, name, value, at)
    if names.rest is not None:
        set_item(frame, made, names.rest, value, at)
    return made


@handles("builtins.enumerate")
def call_enumerate(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`enumerate(xs)`"""
    del receiver
    items = iterate(frame, first(arguments), at)
    pairs = [
        fresh_list(frame, Items([Value((const(place),)), item], None), at, "tuple", f"enumerate:{place}")
        for place, item in enumerate(items.known)
    ]
    rest = None
    if items.rest is not None:
        rest = fresh_list(frame, Items([Value((Scalar("int"),)), items.rest], None), at, "tuple", "enumerate:*")
    return fresh_list(frame, Items(pairs, rest), at, "list", "enumerate")


@handles("builtins.zip")
def call_zip(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`zip(xs, ys)`"""
    del receiver
    columns = [iterate(frame, value, at) for value in arguments.positional]
    if not columns:
        return fresh_list(frame, Items([], arguments.more), at, "list", "zip")
    rows = min(len(column.known) for column in columns)
    pairs = [
        fresh_list(frame, Items([column.known[row] for column in columns], None), at, "tuple", f"zip:{row}")
        for row in range(rows)
    ]
    rest = None
    if all(len(column.known) > rows or column.rest is not None for column in columns):
        others = [join_all([*column.known[rows:], column.rest or NOTHING]) for column in columns]
        rest = fresh_list(frame, Items(others, None), at, "tuple", "zip:*")
    return fresh_list(frame, Items(pairs, rest), at, "list", "zip")


@handles("builtins.reversed")
def call_reversed(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`reversed(xs)`"""
    del receiver
    special = frame.machine.call_special(frame, first(arguments), "__reversed__", [], at)
    items = iterate(frame, special if special is not None else first(arguments), at)
    if special is None and items.is_exact:
        items = Items(items.known[::-1], None)
    elif special is None:
        items = Items([], items.any())
    return fresh_list(frame, items, at, "list", "reversed")


@handles("builtins.sorted")
def call_sorted(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sorted(xs, key=f)`: the elements in an order nobody knows."""
    del receiver
    items = iterate(frame, first(arguments), at)
    by = arguments.get(9, "key")
    if by is not None:
        call_value(frame, by, Arguments([items.any()]), at)
    rest = items.any() if items.known or items.rest is not None else None
    if len(items.known) == 1 and items.is_exact:
        return fresh_list(frame, items, at, "list", "sorted")
    return fresh_list(frame, Items([], rest), at, "list", "sorted")


@handles("builtins.min", "builtins.max")
def call_extreme(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`max(xs, key=f)`, `max(a, b)`"""
    del receiver
    if len(arguments.positional) == 1:
        found = iterate(frame, first(arguments), at).any()
    else:
        found = join_all(arguments.positional)
    by = arguments.get(9, "key")
    if by is not None:
        call_value(frame, by, Arguments([found]), at)
    return join(found, arguments.keywords.get("default", NOTHING))


@handles("builtins.iter", "builtins.aiter")
def call_iter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`iter(xs)`: an iterator with a cursor of its own; `iter(f, sentinel)` calls f again and again."""
    del receiver
    if len(arguments.positional) == 2:
        return fresh_list(frame, Items([], call_value(frame, first(arguments), Arguments(), at)), at, "list", "iter")
    subject = first(arguments)
    if any(obj.kind in {"generator", "instance"} for _, obj in frame.objects(subject)):
        special = frame.machine.call_special(frame, subject, "__iter__", [], at)
        return special if special is not None else subject
    return fresh_list(frame, iterate(frame, subject, at), at, "list", "iter")


@handles("builtins.next", "builtins.anext")
def call_next(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`next(iterator, default)`"""
    del receiver
    default = arguments.get(1)
    if default is None:
        return next_of(frame, first(arguments), at)
    before = frame.state.fork()
    frame.raising.append([])
    try:
        found = next_of(frame, first(arguments), at)
    except Diverges:
        frame.state, found = before, NOTHING
    frame.raising.pop()
    is_sure = bool(found.atoms) and iterate(frame, first(arguments), at).is_exact
    return found if is_sure else join(found, default)


@handles("builtins.generator.__next__", "builtins.generator.__anext__")
def call_generator_next(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.__next__()`"""
    del arguments
    return next_of(frame, receiver, at)


@handles("builtins.generator.send", "builtins.generator.asend")
def call_send(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.send(x)`"""
    return join_all(send(frame, ref, first(arguments), at) for ref, obj in frame.objects(receiver) if obj.kind == "generator")


@handles("builtins.generator.throw", "builtins.generator.athrow", "builtins.generator.close", "builtins.generator.aclose")
def call_throw(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`generator.throw(error)`"""
    del arguments
    return iterate(frame, receiver, at).any()


@handles("builtins.range")
def call_range(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`range(3)`"""
    del receiver
    bounds = [frame.constants(value) for value in arguments.positional]
    numbers = [each[0].value for each in bounds if len(each) == 1 and isinstance(each[0], Const)]
    if len(numbers) == len(bounds) and all(isinstance(number, int) for number in numbers) and 1 <= len(numbers) <= 3:
        try:
            found = range(*(int(str(int(number))) for number in numbers if isinstance(number, int)))
        except ValueError:
            return fresh_list(frame, Items([], None), at, "list", "range")
        if len(found) <= 16:
            return fresh_list(frame, Items([Value((const(number),)) for number in found], None), at, "list", "range")
    return fresh_list(frame, Items([], Value((Scalar("int"),))), at, "list", "range")


@handles("builtins.map")
def call_map(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`map(f, xs, ys)`"""
    del receiver
    function = first(arguments)
    columns = [iterate(frame, value, at) for value in arguments.positional[1:]]
    rows = min((len(column.known) for column in columns), default=0)
    known = [call_value(frame, function, Arguments([column.known[row] for column in columns]), at) for row in range(rows)]
    rest = None
    if columns and all(len(column.known) > rows or column.rest is not None for column in columns):
        others = [join_all([*column.known[rows:], column.rest or NOTHING]) for column in columns]
        rest = maybe_call(frame, function, Arguments(others), at)
    return fresh_list(frame, Items(known, rest), at, "list", "map")


def maybe_call(frame: Frame, function: Value, arguments: Arguments, at: Span) -> Value:
    """A call that may not happen, or happen many times."""
    before = frame.state.fork()
    try:
        result = call_value(frame, function, arguments, at)
    except Diverges:
        frame.state = before
        return NOTHING
    frame.state = joined_state(before, frame.state)
    return result


@handles("builtins.filter", "itertools.filterfalse", "itertools.takewhile", "itertools.dropwhile")
def call_filter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`filter(f, xs)`"""
    del receiver
    function, items = first(arguments), iterate(frame, arguments.get(1) or NOTHING, at)
    kept: list[Value] = []
    is_certain = True
    for item in items.known:
        outcome = truth(frame, item) if function.atoms == (NONE,) else truth(frame, call_value(frame, function, Arguments([item]), at))
        is_certain = is_certain and outcome is not None
        if outcome is not False:
            kept.append(item)
    if items.rest is not None:
        maybe_call(frame, function, Arguments([items.rest]), at)
    if is_certain and items.is_exact:
        return fresh_list(frame, Items(kept, None), at, "list", "filter")
    return fresh_list(frame, Items([], join_all([*kept, items.rest or NOTHING])), at, "list", "filter")


@handles("builtins.sum")
def call_sum(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sum(xs)`: made from all of them; lists are put together."""
    del receiver
    items = iterate(frame, first(arguments), at)
    start = arguments.get(1, "start")
    if start is not None and any(obj.kind in {"list", "tuple"} for _, obj in frame.objects(start)):
        inner = [iterate(frame, each, at).any() for each in [start, *items.known, *([items.rest] if items.rest else [])]]
        return fresh_list(frame, Items([], join_all(inner)), at, "list", "sum")
    return derived(frame.deep_taints(items.any()))


@handles("builtins.any", "builtins.all")
def call_any(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`any(xs)`"""
    del receiver
    iterate(frame, first(arguments), at)
    return Value((Scalar("bool"),))


@handles("builtins.slice")
def call_slice(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`slice(1, 2)`"""
    del frame, receiver, arguments, at
    return Value((Scalar("slice"),))


# --- functools, operator, contextlib -------------------------------------------------------------------


@handles("functools.partial", "functools.partialmethod")
def call_partial(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`partial(f, x, to=y)`"""
    del receiver
    fields: dict[Content, Value] = {WRAPPED: first(arguments)}
    fields.update((index(place), value) for place, value in enumerate(arguments.positional[1:]))
    fields.update((key(name), value) for name, value in arguments.keywords.items())
    if arguments.more is not None:
        fields[Content("more", None)] = arguments.more
    if arguments.extra is not None:
        fields[Content("extra", None)] = arguments.extra
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "partial")


def call_wrapper(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """Call what a decorator or maker of the standard library made."""
    del ref
    wrapped = obj.get(WRAPPED)
    if obj.detail == "partial":
        given = [value for content, value in obj.fields.items() if content.kind == "index"]
        names = {str(content.name): value for content, value in obj.fields.items() if content.kind == "key"}
        more, extra = obj.fields.get(Content("more", None)), obj.fields.get(Content("extra", None))
        if more is not None:
            merged = Arguments(given, {**names, **arguments.keywords}, join_all([more, *arguments.positional]), arguments.extra)
        else:
            merged = Arguments(
                [*given, *arguments.positional], {**names, **arguments.keywords}, arguments.more, arguments.extra or extra
            )
        return call_value(frame, wrapped, merged, at)
    if obj.detail == "itemgetter":
        return picked(frame, obj, lambda name: get_item(frame, first(arguments), name, at), at)
    if obj.detail == "attrgetter":
        return picked(frame, obj, lambda name: dotted_attribute(frame, first(arguments), name, at), at)
    if obj.detail == "methodcaller":
        return call_by_name(frame, obj, first(arguments), at)
    if obj.detail == "singledispatch":
        return dispatch(frame, obj, arguments, at)
    return call_value(frame, wrapped, arguments, at)


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
    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        del receiver
        fields: dict[Content, Value] = {index(place): value for place, value in enumerate(arguments.positional)}
        fields.update((key(name), value) for name, value in arguments.keywords.items())
        return frame.make(at, Obj("wrapper", fields, detail=detail), detail)

    return make


for _name in ("itemgetter", "attrgetter", "methodcaller"):
    HANDLERS[f"operator.{_name}"] = maker_of(_name)


def wrapper_of(detail: str) -> Handler:
    """A decorator that leaves what it decorates callable under a wrapper."""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        del receiver
        return frame.make(at, Obj("wrapper", {WRAPPED: first(arguments)}, detail=detail), detail)

    return make


for _name, _detail in (
    ("builtins.property", "property"),
    ("functools.cached_property", "cached_property"),
    ("django.utils.functional.cached_property", "cached_property"),
    ("builtins.staticmethod", "staticmethod"),
    ("builtins.classmethod", "classmethod"),
    ("functools.singledispatch", "singledispatch"),
    ("functools.singledispatchmethod", "singledispatch"),
    ("abc.abstractproperty", "property"),
    ("abc.abstractclassmethod", "classmethod"),
    ("abc.abstractstaticmethod", "staticmethod"),
):
    HANDLERS[_name] = wrapper_of(_detail)


@handles("builtins.property")
def call_property(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`property(getter, setter)`"""
    del receiver
    fields: dict[Content, Value] = {}
    for place, (name, content) in enumerate((("fget", WRAPPED), ("fset", attr("setter")))):
        value = arguments.get(place, name)
        if value is not None:
            fields[content] = value
    return frame.make(at, Obj("wrapper", fields, detail="property"), "property")


@handles("builtins.property.setter", "builtins.property.getter", "builtins.property.deleter")
def call_setter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.setter`: which of the three it is stands in the decorator's own name, kept by the caller."""
    fields: dict[Content, Value] = {}
    for _, obj in frame.objects(receiver):
        fields.update(obj.fields)
    return frame.make(at, Obj("wrapper", {**fields, attr("setter"): first(arguments)}, detail="property"), "setter")


def keep_property(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.deleter`"""
    del frame, arguments, at
    return receiver


def replace_getter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.getter`"""
    fields: dict[Content, Value] = {}
    for _, obj in frame.objects(receiver):
        fields.update(obj.fields)
    return frame.make(at, Obj("wrapper", {**fields, WRAPPED: first(arguments)}, detail="property"), "getter")


HANDLERS["builtins.property.deleter"] = keep_property
HANDLERS["builtins.property.getter"] = replace_getter


def identity(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """A decorator that changes nothing for the flow of data."""
    del frame, receiver, at
    return first(arguments)


for _name in (
    "functools.lru_cache", "functools.cache", "functools.total_ordering", "abc.abstractmethod", "typing.final",
    "typing.override", "typing.overload", "typing.no_type_check", "typing.runtime_checkable", "contextlib.contextmanager",
    "contextlib.asynccontextmanager", "atexit.register", "enum.unique", "typing.cast_identity", "builtins.frozen_identity",
    "asyncio.run", "asyncio.create_task", "asyncio.ensure_future", "asyncio.shield", "asyncio.get_event_loop_identity",
    "weakref.proxy", "types.MappingProxyType", "contextlib.closing", "contextlib.nullcontext", "contextlib.aclosing",
):  # fmt: skip
    HANDLERS[_name] = identity


@handles("functools.lru_cache")
def call_lru_cache(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@lru_cache` and `@lru_cache(maxsize=8)`"""
    del receiver
    for _, obj in frame.objects(first(arguments)):
        if obj.kind in {"function", "method", "wrapper"}:
            return first(arguments)
    return frame.make(at, Obj("external", detail="functools.lru_cache()"), "lru_cache")


@handles("functools.wraps", "functools.update_wrapper_maker")
def call_wraps(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@wraps(f)`: the decorator it makes gives back the wrapper itself, which remembers f."""
    del receiver
    return frame.make(at, Obj("wrapper", {WRAPPED: Value((External("flowcheck.identity"),))}, detail="wraps"), "wraps")


HANDLERS["flowcheck.identity"] = identity


@handles("functools.update_wrapper")
def call_update_wrapper(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`update_wrapper(wrapper, f)`"""
    return identity(frame, receiver, arguments, at)


@handles("functools.reduce")
def call_reduce(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`reduce(f, xs, start)`"""
    del receiver
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
    del receiver, at
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


# --- objects of the standard library -------------------------------------------------------------------


@handles("types.SimpleNamespace", "argparse.Namespace")
def call_namespace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`SimpleNamespace(to=x)`"""
    del receiver
    fields = {attr(name): value for name, value in arguments.keywords.items()}
    if arguments.positional:
        for _, obj in frame.objects(first(arguments)):
            fields.update((attr(str(c.name)), v) for c, v in obj.fields.items() if c.kind == "key")
    return frame.make(at, Obj("instance", fields, type=External("types.SimpleNamespace"), rest=arguments.extra), "namespace")


@handles("collections.namedtuple", "typing.NamedTuple", "dataclasses.make_dataclass")
def call_namedtuple(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`namedtuple("Row", "to city")` makes a class."""
    del receiver
    names: list[str] = []
    for text in constant_texts(frame, arguments.get(1)) or ():
        names.extend(text.replace(",", " ").split())
    for item in iterate(frame, arguments.get(1) or NOTHING, at).known if not names else ():
        inner = frame.objects(item)
        held = iterate(frame, item, at).known[0] if inner else item
        names.extend(constant_texts(frame, held) or ())
    kind = Value((const("namedtuple"),))
    listed = fresh_list(frame, Items([Value((const(name),)) for name in names], None), at, "tuple", "fields")
    fields = {
        Content("fields", None): Value(tuple(const(name) for name in names)),
        attr("__record__"): kind,
        attr("_fields"): listed,
        Content("base", 0): Value((External("typing.NamedTuple"),)),
    }
    return frame.make(at, Obj("class", fields), "namedtuple")


def call_record_decorator(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@dataclass` and `@dataclass(frozen=True)`"""
    del receiver
    classes = [ref for ref, obj in frame.objects(first(arguments)) if obj.kind == "class"]
    for ref in classes:
        frame.own(ref)
        frame.state.write(ref.id, attr("__record__"), Value((const("dataclass"),)), is_strong=True)
    if classes:
        return first(arguments)
    return frame.make(at, Obj("wrapper", {WRAPPED: Value((External("dataclasses.dataclass"),))}, detail="maker"), "record")


for _name in (
    "dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attr.frozen", "attr.mutable", "attrs.define",
    "attrs.frozen", "attrs.mutable", "pydantic.dataclasses.dataclass",
):  # fmt: skip
    HANDLERS[_name] = call_record_decorator


@handles("dataclasses.field", "attr.ib", "attr.attrib", "attr.field", "attrs.field", "pydantic.Field", "pydantic.fields.Field")
def call_field(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`field(default_factory=list)`"""
    del receiver
    fields = {attr(name): value for name, value in arguments.keywords.items()}
    if arguments.positional:
        fields[attr("default")] = arguments.positional[0]
    return frame.make(at, Obj("external", fields, detail="dataclasses.field()"), "field")


@handles("typing.NamedTuple._asdict")
def call_namedtuple_asdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`row._asdict()`"""
    del arguments
    return mapping_of_fields(frame, receiver, at)


@handles("typing.NamedTuple._replace")
def call_namedtuple_replace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`row._replace(to=x)`"""
    return call_replace(frame, NOTHING, arguments.behind(receiver), at)


@handles("typing.NamedTuple._make")
def call_namedtuple_make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Row._make(values)`"""
    items = iterate(frame, first(arguments), at)
    return call_value(frame, receiver, Arguments(items.known, more=items.rest), at)


@handles("dataclasses.replace", "attr.evolve", "attrs.evolve", "copy.replace")
def call_replace(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`replace(row, to=x)`: a copy with fields changed."""
    del receiver
    made = shallow_copy(frame, first(arguments), at)
    for name, value in arguments.keywords.items():
        frame.machine.written_field(frame, made, name, value, at)
        frame.write(made, attr(name), value)
    return made


@handles("copy.copy")
def call_copy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copy.copy(x)`"""
    del receiver
    special = frame.machine.call_special(frame, first(arguments), "__copy__", [], at)
    return special if special is not None else shallow_copy(frame, first(arguments), at)


def shallow_copy(frame: Frame, value: Value, at: Span) -> Value:
    """Fresh objects with the same contents."""
    result, value = NOTHING, frame.look(value)
    for atom in value.atoms:
        if isinstance(atom, Ref):
            obj = frame.object(atom)
            copied = Obj(obj.kind, obj.fields, type=obj.type, detail=obj.detail, rest=obj.rest, length=obj.length, origin=obj.origin)
            copied.initial = None
            result = join(result, frame.make(at, copied, f"copy:{obj.kind}"))
        else:
            result = join(result, Value((atom,)))
    return result.tainted(value.taints)


@handles("copy.deepcopy")
def call_deepcopy(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`copy.deepcopy(x)`: fresh objects all the way down."""
    del receiver
    special = frame.machine.call_special(frame, first(arguments), "__deepcopy__", [NOTHING], at)
    return special if special is not None else deep_copy(frame, first(arguments), at, {}, 0)


def deep_copy(frame: Frame, value: Value, at: Span, done: dict[Ref, Value], depth: int) -> Value:
    """A copy of a value and of what it holds."""
    result, value = NOTHING, frame.look(value)
    for atom in value.atoms:
        if not isinstance(atom, Ref) or depth > 6:
            result = join(result, Value((atom,)))
            continue
        obj = frame.object(atom)
        if obj.kind in {"function", "class", "wrapper", "method"}:
            result = join(result, Value((atom,)))
            continue
        if atom not in done:
            done[atom] = frame.make(at, Obj(obj.kind, {}, type=obj.type, detail=obj.detail), f"deep:{depth}:{len(done)}")
            (made,) = done[atom].atoms
            assert isinstance(made, Ref)
            fields = {c: deep_copy(frame, v, at, done, depth + 1) for c, v in obj.fields.items()}
            rest = deep_copy(frame, obj.rest, at, done, depth + 1) if obj.rest is not None else None
            frame.state.heap[made.id] = Obj(
                obj.kind, fields, type=obj.type, detail=obj.detail, rest=rest, length=obj.length, origin=obj.origin
            )
            frame.state.heap[made.id].initial = None
        result = join(result, done[atom])
    return result.tainted(value.taints)


@handles("dataclasses.asdict", "attr.asdict", "attrs.asdict")
def call_asdict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asdict(row)`"""
    del receiver
    return record_mapping(frame, first(arguments), at, "asdict")


def record_mapping(frame: Frame, value: Value, at: Span, tag: str) -> Value:
    """A record as a dictionary of its declared fields, records in them likewise."""
    result, looked = NOTHING, frame.look(value)
    for atom in looked.present().atoms:
        obj = frame.object(atom) if isinstance(atom, Ref) else None
        names = frame.machine.record_fields(frame, obj.type) if obj is not None and isinstance(obj.type, Ref) else []
        is_open = obj is not None and obj.kind in {"instance", "unknown", "external"}
        if obj is None or not is_open or tag.count(".") > DEEPEST_RECORD:
            result = join(result, Value((atom,)))
        elif not names:
            result = join(result, mapping_of_fields(frame, Value((atom,)), at))
        else:
            held = {name: frame.machine.attribute(frame, Value((atom,)), name, at) for name in names}
            fields = {key(name): record_mapping(frame, each, at, f"{tag}.{name}") for name, each in held.items()}
            result = join(result, frame.make(at, Obj("dict", fields), tag))
    return result.tainted(looked.taints)


DEEPEST_RECORD = 4
"""Records inside one another that `asdict` is followed into."""


@handles("dataclasses.astuple", "attr.astuple", "attrs.astuple")
def call_astuple(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`astuple(row)`"""
    del receiver
    for ref, obj in frame.objects(first(arguments)):
        if isinstance(obj.type, Ref):
            names = frame.machine.record_fields(frame, obj.type)
            held = [frame.machine.attribute(frame, Value((ref,)), name, at) for name in names]
            return fresh_list(frame, Items(held, None), at, "tuple", "astuple")
    return derived(frame.deep_taints(first(arguments)))


@handles("weakref.ref", "weakref.WeakMethod")
def call_weakref(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`weakref.ref(x)`: calling it gives x."""
    del receiver
    fields = {WRAPPED: Value((External("flowcheck.identity"),)), index(0): first(arguments)}
    return frame.make(at, Obj("wrapper", fields, detail="partial"), "weakref")


@handles("os.getenv")
def call_getenv(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`os.getenv("NAME")` reads what was put in `os.environ`."""
    del receiver, at
    found = frame.machine.item_of_external(frame, "os.environ", first(arguments))
    return join(found, arguments.get(1) or NONE_VALUE)


@handles("typing.cast")
def call_cast(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`cast(T, x)`"""
    del frame, receiver, at
    return arguments.get(1) or NOTHING


@handles("builtins.object", "builtins.object.__new__")
def call_object(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`object.__new__(cls)`, `super().__new__(cls)`"""
    candidates = [*arguments.positional[:1], receiver]
    for value in candidates:
        for ref, obj in frame.objects(value):
            if obj.kind == "class":
                return make_instance(frame, ref, at)
    return frame.make(at, Obj("external", detail="builtins.object()"), "object")


@handles("builtins.type.__call__")
def call_type_call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__call__(...)` in a metaclass"""
    if not receiver.atoms and arguments.positional:
        receiver, arguments = arguments.positional[0], Arguments(
            arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra
        )
    result = NOTHING
    for ref, obj in frame.objects(receiver):
        if obj.kind == "class":
            result = join(result, frame.machine.construct(frame, ref, arguments, at))
    return result


@handles("builtins.object.__init__", "builtins.object.__init_subclass__", "builtins.type.__init__")
def call_nothing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """Calls that do nothing."""
    del frame, receiver, arguments, at
    return NONE_VALUE


@handles("builtins.super")
def call_super_object(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super()` stored in a variable: rare enough to be taken for the receiver itself."""
    del receiver, arguments, at
    return frame.machine.super_of(frame)[1]


@handles("builtins.dict.__init__", "builtins.list.__init__", "builtins.set.__init__")
def init_container(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__init__(items)` of a class that extends a container"""
    for ref, _ in frame.objects(receiver):
        frame.own(ref)
        if arguments.get(0) is not None:
            merge(frame, ref, first(arguments), at)
        for name, value in arguments.keywords.items():
            frame.state.write(ref.id, key(name), value, is_strong=True)
    return NONE_VALUE


@handles("contextlib.ExitStack().callback", "contextlib.AsyncExitStack().callback", "contextlib.AsyncExitStack().push_async_callback")
def call_callback(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.callback(f, x)` runs at the end of the `with`."""
    later = call_partial(frame, NOTHING, arguments, at)
    for ref, obj in frame.objects(receiver):
        held = obj.fields.get(CALLBACKS)
        before = iterate(frame, held, at) if held is not None else Items([], None)
        waiting = fresh_list(frame, Items([later, *before.known], before.rest), at, "list", "callbacks")
        frame.write(Value((ref,)), CALLBACKS, waiting)
    return first(arguments)


@handles("contextlib.closing", "contextlib.aclosing")
def call_closing(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`closing(x)`: x is closed at the end of the `with`."""
    del receiver
    return frame.make(at, Obj("external", {attr("thing"): first(arguments)}, detail="contextlib.closing()"), "closing")


@handles("contextlib.ExitStack().enter_context", "contextlib.AsyncExitStack().enter_async_context")
def call_enter_context(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`stack.enter_context(manager)`"""
    del receiver
    return frame.machine.enter(frame, first(arguments), at)


@handles("sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit")
def call_exit(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`sys.exit(1)` never returns."""
    del receiver
    error = frame.make(at, Obj("external", {attr("args"): fresh_list(frame, Items(arguments.positional, None), at, "tuple")}, detail="builtins.SystemExit()"), "exit")
    frame.raising[-1].append((error, frame.state.fork()))
    raise Diverges


@handles("asyncio.gather")
def call_gather(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`asyncio.gather(a(), b())`: the results in the order of the arguments."""
    del receiver
    return fresh_list(frame, Items(arguments.positional, arguments.more), at, "list", "gather")


@handles("builtins.eval")
def call_eval(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`eval(text)`: the result carries what the text does."""
    del receiver, at
    return derived(frame.deep_taints(first(arguments)))


@handles("builtins.print", "builtins.exec", "builtins.breakpoint")
def call_print(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`print(x)`"""
    del receiver
    for value in arguments:
        text_of(frame, value, at, "s")
    return NONE_VALUE


__all__ = ["CALLBACKS", "ELEMENT", "FUNCTION", "HANDLERS", "RECEIVER", "ModuleRef", "call_wrapper", "module_id", "super_lookup"]
