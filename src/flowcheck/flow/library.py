"""Calls of what is outside the code base: sinks and sources first, then what is known of the callee, else a guess.

hashlib.sha256(phone.encode()).hexdigest()     by models (rules/): the labels pass
unheardof.twist(phone)                         nothing known: the result is taken to carry what went in,
                                               assumed, and a blind spot says so
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.container_methods import METHODS, call_method
from flowcheck.flow.containers import container_of, fresh_list
from flowcheck.flow.events import Escaped, add_event
from flowcheck.flow.extended import EXTENDED, KEPT_IN_DATA, as_builtin
from flowcheck.flow.folding import applied
from flowcheck.flow.frames import Diverges, Frame
from flowcheck.flow.guesses import call_only_method, is_beyond_knowledge
from flowcheck.flow.heap import Obj, joined_state
from flowcheck.flow.inputs import scalar_type
from flowcheck.flow.iteration import Items
from flowcheck.flow.library_errors import note_errors
from flowcheck.flow.models import apply_model
from flowcheck.flow.objects import Member, mro
from flowcheck.flow.pure_calls import folded_builtin, folded_text_method, is_plain
from flowcheck.flow.pythons import builtin_exception
from flowcheck.flow.rule_names import external_names, rules_for
from flowcheck.flow.serialization import kept_whole
from flowcheck.flow.standard_library import HANDLERS
from flowcheck.flow.values import (
    ELEMENT,
    NONE_VALUE,
    NOTHING,
    UNKNOWN_MEMBER,
    UNKNOWN_VALUE,
    Computed,
    Const,
    External,
    Input,
    Ref,
    Scalar,
    Taints,
    Value,
    attr,
    derived,
    is_global,
    join,
    join_all,
    joined_taints,
    key,
    result_name,
    with_hop,
)
from flowcheck.program.program import CodeRef


def call_external(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value:
    """Call something by its dotted name."""
    if receiver is None and arguments.positional and is_unbound_call(frame, name, arguments.positional[0]):
        receiver, arguments = (
            arguments.positional[0],
            Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra),
        )
    receiver = plain_receiver(frame, name, receiver)
    replaced = frame.machine.before_external(frame, name, receiver, arguments, at)
    if replaced is not None:
        return replaced
    note_errors(frame, name, receiver, arguments, at)
    result = external_result(frame, name, receiver, arguments, at)
    return frame.machine.after_external(frame, name, receiver, arguments, result, at)


def plain_receiver(frame: Frame, name: str, receiver: Value | None) -> Value | None:
    """An instance of a class that extends a builtin is that builtin to the builtin's methods."""
    owner, _, method = name.rpartition(".")
    if receiver is None or owner not in EXTENDED or method in {"__init__", "__new__", "__getitem__"}:
        return receiver
    if owner in KEPT_IN_DATA and name in HANDLERS:
        return receiver
    return as_builtin(frame, receiver)


UNBOUND = tuple(f"builtins.{kind}." for kind in ("str", "bytes", "list", "dict", "set", "tuple"))


def is_unbound_call(frame: Frame, name: str, subject: Value) -> bool:
    """`str.strip(x)`, `Thread.__init__(self)`: the receiver is the first argument."""
    return is_unbound_method(name) or is_own_class(frame, name.rpartition(".")[0], subject)


def is_unbound_method(name: str) -> bool:
    """`str.strip`, `dict.get`: the receiver is the first argument."""
    is_unbound = name.startswith(UNBOUND) and not name.endswith((".fromkeys", ".maketrans", ".fromhex", ".__new__"))
    return is_unbound and name not in HANDLERS


def is_own_class(frame: Frame, owner: str, subject: Value) -> bool:
    """Whether something is surely an instance of a class of the code base that extends a library's class."""
    cls = External(owner)
    objects = frame.objects(subject) if owner not in {"", "builtins.object"} else []
    return bool(objects) and all(obj.kind == "instance" and cls in mro(frame, obj.type) for _, obj in objects)


def external_result(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value:
    """What the call gives, by the first of the ways to know."""
    stored = frame.machine.call_store(frame, name, receiver, arguments, at)
    if stored is not None:
        return stored
    whole = kept_whole(frame, name, receiver, arguments, at)
    if whole is not None:
        return whole
    folded = folded_result(frame, name, receiver, arguments, at)
    if folded is not None and all(not isinstance(atom, Computed) for atom in folded.atoms):
        return folded
    handler = HANDLERS.get(name)
    if handler is not None:
        made = handler(frame, receiver if receiver is not None else NOTHING, arguments, at)
        return made.only(folded.atoms) if folded is not None else made
    if is_builtin_exception(name):
        return make_exception(frame, name, arguments, at)
    owner, _, method = name.rpartition(".")
    if owner in SESSIONS and method in {"get", "pop", "setdefault"} and arguments.positional:
        held = item_of_external(frame, owner, arguments.positional[0])
        return join(held, arguments.get(1, "default") or NONE_VALUE)
    if method == "__init__" and receiver is not None and is_builtin_exception(owner):
        args = fresh_list(frame, Items(arguments.positional, arguments.more), at, "tuple", "args")
        frame.write(receiver, attr("args"), args)
        return NONE_VALUE
    if receiver is not None and container_of(owner) is not None and method in METHODS:
        found = call_method(frame, method, receiver, arguments, at)
        if found is not None:
            return found
    modelled = apply_model(frame, name, receiver, arguments, at)
    if modelled is not None:
        return modelled.only(folded.atoms) if folded is not None else modelled
    if owner == UNKNOWN_MEMBER and receiver is not None:
        return call_member_of_unknown(frame, method, receiver, arguments, at)
    if receiver is not None and method in TESTS:
        return Value((Scalar("bool"),))
    guessed = call_only_method(frame, method, arguments, at) if is_beyond_knowledge(frame, owner, receiver) else None
    return guessed or unknown_result(frame, name, receiver, arguments, at)


TESTS = frozenset(
    {
        "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric", "isprintable",
        "isspace", "istitle", "isupper", "startswith", "endswith",
    }
)  # fmt: skip
"""Methods that only a text has: they answer a question about it."""


SESSIONS = frozenset({"flask.session", "quart.session", "request.session"})
"""Mappings of libraries that hold what one request leaves for the next."""


def is_builtin_exception(name: str) -> bool:
    """Whether a name is that of an exception class of Python's own."""
    return builtin_exception(name) is not None


def make_exception(frame: Frame, name: str, arguments: Arguments, at: Span) -> Value:
    """`ValueError(x, y)` keeps its arguments in `args`."""
    args = fresh_list(frame, Items(arguments.positional, arguments.more), at, "tuple", "args")
    fields = {attr("args"): args}
    if name in FIRST_ARGUMENTS:
        fields[attr(FIRST_ARGUMENTS[name])] = arguments.get(0) or NONE_VALUE
    return frame.make(at, Obj("external", fields, detail=result_name(name)), f"result:{name}")


FIRST_ARGUMENTS = {"builtins.SystemExit": "code", "builtins.StopIteration": "value"}
"""The attribute under which an exception keeps its first argument."""


def folded_result(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """What a pure builtin or a method of a text makes of constants, or will make of inputs."""
    owner, _, method = name.rpartition(".")
    if owner == "builtins":
        return folded_builtin(frame, method, arguments, at)
    if owner not in {"builtins.str", "builtins.bytes"} or receiver is None:
        return None
    folded = folded_call(frame, method, receiver, arguments)
    return folded if folded is not None else folded_text_method(frame, method, receiver, arguments, at)


def folded_call(frame: Frame, method: str, receiver: Value, arguments: Arguments) -> Value | None:
    """A text method on constants, or to be computed for inputs; an answer about a text carries nothing of it."""
    if not is_plain(arguments):
        return None
    made = applied(f"method {method}", [frame.look(value) for value in (receiver, *arguments.positional)])
    if made is None or all(scalar_type(atom) in {"bool", "int"} for atom in made.atoms):
        return made
    taints = receiver.taints
    for value in arguments:
        taints = joined_taints(taints, value.taints)
    return made.tainted(taints)


def call_member_of_unknown(frame: Frame, method: str, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """A method of something about which nothing is known: what its name says, if it says something."""
    for kind in ("str", "dict", "list"):
        if method in frame.machine.telling_methods(kind):
            if kind == "str":
                modelled = apply_model(frame, f"builtins.str.{method}", receiver, arguments, at)
                if modelled is not None:
                    return modelled
            elif any(True for _ in frame.objects(receiver)):
                found = call_method(frame, method, receiver, arguments, at)
                if found is not None:
                    return found
    guessed = call_only_method(frame, method, arguments, at)
    return guessed or unknown_result(frame, f"{UNKNOWN_MEMBER}.{method}", receiver, arguments, at)


def unknown_result(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value:
    """The default model of an unknown call: arguments and receiver pass to the result, arguments to the receiver."""
    call_back(frame, arguments, at)
    expose(frame, arguments, receiver)
    passed: Taints = {}
    for value in arguments:
        passed = joined_taints(passed, frame.deep_taints(value))
    taints = joined_taints(passed, frame.deep_taints(receiver)) if receiver is not None else passed
    shown = name.removeprefix(f"{UNKNOWN_MEMBER}.")
    hop = frame.hop("library", at, f"`{shown}` is not known; its result is taken to carry what went in", assumed=True)
    if passed:
        pending = frame.state.pending | {(path, True) for path in unknown_paths(receiver)}
        add_event(frame.events, Escaped("unknown-call", shown, frame.place(at), passed, pending))
        if not is_use(frame, name, receiver):
            keep_in_receiver(frame, receiver, with_hop(passed, hop))
    result = frame.make(at, Obj("external", detail=result_name(name)), f"result:{name}")
    return Value(result.atoms, with_hop(taints, hop) if taints else taints)


def is_use(frame: Frame, name: str, receiver: Value | None) -> bool:
    """Whether a rule says that a call hands its data on: what it was given is gone, its receiver keeps nothing."""
    labels = frame.machine.labels
    found = rules_for(frame, labels.rules.sinks, labels.sink_calls, external_names(frame, name, receiver))
    return any(labels.sink_of(place).trigger is None for _, place in found)


def unknown_paths(receiver: Value | None) -> list[tuple[object, ...]]:
    """The inputs that a receiver of unknown class is."""
    found: list[tuple[object, ...]] = []
    for atom in receiver.atoms if receiver is not None else ():
        if isinstance(atom, Input):
            found.append(atom.path)
        elif isinstance(atom, Ref) and atom.id[0] == "in":
            assert isinstance(atom.id[1], tuple)
            found.append(atom.id[1])
    return found


def keep_in_receiver(frame: Frame, receiver: Value | None, taints: Taints) -> None:
    """An object that was given data may keep it."""
    if receiver is None:
        return
    for ref, obj in frame.objects(receiver):
        is_made_here = frame.is_import and ref.id[1] == frame.module
        if obj.kind in {"external", "unknown", "instance"} and (is_made_here or not is_global(ref.id)):
            frame.keep(ref, taints)


def call_back(frame: Frame, arguments: Arguments, at: Span) -> None:
    """Functions handed to unknown code may be called, with anything that was handed over beside them."""
    functions = [
        (atom, obj) for value in arguments for atom, obj in frame.objects(value) if obj.kind in {"function", "method"}
    ]
    if not functions:
        return
    others: Taints = {}
    for value in arguments:
        if not any(obj.kind in {"function", "method"} for _, obj in frame.objects(value)):
            others = joined_taints(others, frame.deep_taints(value))
    hop = frame.hop("library", at, "handed to a function that unknown code may call", assumed=True)
    given = Arguments(more=derived(with_hop(others, hop) if others else others))
    is_registered = bool(frame.machine.importing) and not others
    for atom, obj in functions:
        if is_registered and speaks_for_itself(frame, obj):
            continue
        before = frame.state.fork()
        try:
            call_value(frame, Value((atom,)), given, at)
        except Diverges:
            frame.state = before
            continue
        frame.state = joined_state(before, frame.state)


def speaks_for_itself(frame: Frame, obj: Obj) -> bool:
    """Whether a function is an entry point of its own: a plain one of a module or class, which captured nothing."""
    if obj.kind != "function" or not isinstance(obj.detail, CodeRef):
        return False
    codes = frame.machine.program.facts(obj.detail.module).codes
    code = codes[obj.detail.index]
    while code.kind in {"function", "class"} and code.parent >= 0:
        code = codes[code.parent]
        if code.kind == "function":
            return False
    return str(code.kind) == "module"


def expose(frame: Frame, arguments: Arguments, receiver: Value | None = None) -> None:
    """What is handed to something unknown may be changed by it."""
    for value in (*arguments, *([receiver] if receiver is not None else [])):
        frame.exposed.update(atom.id for atom in value.atoms if isinstance(atom, Ref))


def call_unknown(frame: Frame, target: Value, arguments: Arguments, at: Span) -> Value:
    """Call a value about which nothing is known."""
    passed: Taints = target.taints if not any(isinstance(atom, Ref) for atom in target.atoms) else {}
    for value in arguments:
        passed = joined_taints(passed, frame.deep_taints(value))
    call_back(frame, arguments, at)
    expose(frame, arguments)
    name = name_of_unknown(frame, target)
    if passed:
        pending = frame.state.pending | {(path, True) for path in unknown_paths(target)}
        add_event(frame.events, Escaped("unknown-call", name, frame.place(at), passed, pending))
    hop = frame.hop("call", at, f"`{name}` is not known; its result is taken to carry what went in", assumed=True)
    return Value(UNKNOWN_VALUE.atoms, with_hop(passed, hop) if passed else passed)


def name_of_unknown(frame: Frame, target: Value) -> str:
    """How a report calls something of which nothing is known."""
    for path in unknown_paths(target):
        return ".".join(str(getattr(content, "name", content)) for content in path)
    for atom in target.atoms:
        if isinstance(atom, External):
            return atom.name
    return "the called value"


def member_of_unknown(frame: Frame, value: Value, name: str, at: Span) -> Member:
    """An attribute of something about which nothing is known."""
    return Member(f"{UNKNOWN_MEMBER}.{name}", value)


def external_object(frame: Frame, name: str) -> Ref:
    """The object behind an external name, once something is stored in it."""
    ref = Ref(("G", "external", name))
    frame.object(ref)
    return ref


GENERIC = ("builtins.", "typing.", "collections.", "contextlib.", "queue.", "asyncio.", "weakref.", "functools.", "os.")


def is_class_name(name: str) -> bool:
    """`MutableMapping[str, int]`, `list[str]`: a class with its type parameters is that class."""
    return name in LOWERED or (name[:1].isupper() and not name.isupper())


LOWERED = frozenset({"list", "dict", "set", "frozenset", "tuple", "type", "deque", "defaultdict", "partial", "ref"})


def item_of_external(frame: Frame, name: str, subscript: Value) -> Value:
    """`flask.session["segment"]`: what was stored there, else something unknown; `sys.modules[name]`: the module."""
    if name.startswith(GENERIC) and is_class_name(name.rpartition(".")[2]):
        return Value((External(name),))
    if name == "sys.modules":
        return HANDLERS["importlib.import_module"](frame, NOTHING, Arguments([subscript]), frame.code.body_at)
    if name == "django.core.cache.caches":
        return Value((External("django.core.cache.cache"),))
    ref = Ref(("G", "external", name))
    frame.object(ref)
    return frame.machine.get_item(frame, Value((ref,)), subscript)


def item_of_external_object(frame: Frame, ref: Ref, obj: Obj, subscript: Value, at: Span) -> Value:
    """An item of an object that a library made."""
    if f"{obj.detail}.__getitem__" in HANDLERS:
        return call_external(frame, f"{obj.detail}.__getitem__", Value((ref,)), Arguments([subscript]), at)
    names = [atom.value for atom in frame.constants(subscript) if isinstance(atom, Const)]
    held = NOTHING
    if obj.origin is not None and is_global(ref.id):
        held = join_all(obj.get(key(name)).present() for name in names if key(name) not in obj.fields)
    for content, value in obj.fields.items():
        if content == ELEMENT or (content.kind in {"key", "index"} and (not names or content.name in names)):
            held = join(held, value)
    if obj.rest is not None:
        held = join(held, obj.rest)
    if held.atoms or held.taints:
        return held
    modelled = apply_model(frame, f"{obj.detail}.__getitem__", Value((ref,)), Arguments([subscript]), at)
    return modelled if modelled is not None else UNKNOWN_VALUE


def element_of_external(frame: Frame, name: str) -> Value:
    """An element of an external collection."""
    return UNKNOWN_VALUE
