"""A function under evaluation: its state, what it asked of its caller, what it found on the way.

The evaluators of expressions, statements and calls all take a frame. It knows how to look at a value
(`look` turns unread inputs into what they are), how to find an object on the heap, and how to read and
write contents; it holds what leaves the function: returned values, exceptions, events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeAlias

from flowcheck.facts.files import Code
from flowcheck.facts.tree import Comprehension, Expression, Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.folding import computed_with
from flowcheck.flow.heap import Form, Obj, State, element_of, input_value, is_local
from flowcheck.flow.inputs import CLASS, KindAnswer, Mirror, Oracle, Question, Same, answer_of
from flowcheck.flow.reachability import NOTHING_SKIPPED, deep_taints
from flowcheck.flow.results import Hop, Place
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    KEYS,
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    Atom,
    Below,
    Computed,
    Const,
    Content,
    External,
    Input,
    ModuleRef,
    ObjectId,
    Path,
    Ref,
    Scalar,
    Taints,
    Value,
    derived,
    index,
    is_global,
    join,
    key_atom,
    member_name,
)
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.flow.events import Event
    from flowcheck.flow.machine import Machine
    from flowcheck.flow.summaries import Summary

MOST_QUESTIONS, SHORT_PATH = 128, 3
"""Questions of one evaluation after which it only asks about what lies at the end of short paths."""

MOST_NAMED = 16
"""Turns of loops, all in all, whose objects have names of their own; what further turns make has the last turn's."""

Turn: TypeAlias = "tuple[int, ...]"
"""In which turn of each unrolled loop a statement runs, the outermost first; empty in the first turn of all."""

ANYTHING: KindAnswer = (UNKNOWN,)


class Diverges(Exception):  # noqa: N818 - control flow of the interpreter, no error
    """The expression under evaluation never has a value: what it calls only raises or never returns."""


class Loop:
    """Where `break` and `continue` of the innermost loop leave their states."""

    __slots__ = ("breaks", "continues", "normal_end")

    def __init__(self) -> None:
        self.normal_end = False
        self.breaks: list[State] = []
        self.continues: list[State] = []


class LoopMemo:
    """What a loop inside a repeated loop came to when it was last run, for the next turn of the outer one: its state
    after any number of turns, where `break` left it, and likewise for the loops inside it.
    """

    __slots__ = ("breaks", "inner", "settled")

    def __init__(self, settled: State, breaks: list[State], inner: LoopMemos) -> None:
        self.settled = settled
        self.breaks = breaks
        self.inner = inner


LoopMemos: TypeAlias = "dict[object, LoopMemo | LoopMemos]"
"""What is remembered of each loop in a turn of a repeated one; of an unrolled one, for each of its turns."""


class Steps:
    """One step of a generator: the `yield` behind which it goes on (None: from the start, or by now it has), what was
    sent or thrown there, and each way on which it comes to a next one: the value, the place and the state.
    """

    __slots__ = ("ends", "resume", "sent", "thrown")

    def __init__(self, resume: Span | None, sent: Value, thrown: Value | None) -> None:
        self.resume = resume
        self.sent = sent
        self.thrown = thrown
        self.ends: list[tuple[Value, Span, State]] = []


class Inline(Protocol):
    """What happens at the `yield` of a context manager: the block of the `with`."""

    def __call__(self, value: Value) -> bool:
        """Run the block with what was yielded; whether its end can be reached."""


class Frame:
    """One evaluation of one code in one context."""

    def __init__(self, machine: Machine, ref: CodeRef, oracle: Oracle, state: State) -> None:
        self.machine = machine
        self.ref = ref
        self.module = ref.module
        self.code: Code = machine.program.code(ref)
        self.oracle = oracle
        self.state = state
        self.path = machine.program.path_of(ref.module)
        self.questions: list[tuple[Question, KindAnswer]] = []
        self.answers: dict[Question, KindAnswer] = {}
        self.looked: dict[Path, list[Content]] = {}  # the contents that were asked for, of what lies at each path
        self.identified: dict[ObjectId, Ref] = {}  # the mirrors of objects whose identity was asked for
        self.events: dict[object, Event] = {}
        self.returns: list[tuple[Value, State]] = []
        self.raising: list[list[tuple[Value, State]]] = [[]]
        self.loops: list[Loop] = []
        self.last_tests: dict[int, dict[Form, int]] = {}  # of each block: the last statement that asks each test
        self.splits = 0  # how often this evaluation went on in two ways after a branch
        self.turns = 1  # how often the block under evaluation is run by the unrolled loops around it
        self.turn: Turn = ()  # which of these it is
        self.loop_memos: LoopMemos | None = None  # within a repeated loop: what its last turn left here
        self.scope: Ref | None = None  # the object that holds this code's captured variables
        self.enclosing: Value = NOTHING  # the scope object of the enclosing function
        self.handled: list[Value] = []  # the exceptions being handled, innermost last
        self.yields: ObjectId | None = None
        self.suspended: dict[Span, State] = {}  # what held when each `yield` was last reached
        self.waiting: dict[Span, Comprehension] = {}  # generator expressions that are run when they are read
        self.called: set[ObjectId] = set()
        self.exposed: set[ObjectId] = set()  # the objects that were handed to something unknown
        self.unwrapping: list[Ref] = []  # the wrappers being called, outermost first: one of a loop may hold itself
        self.comparing: list[tuple[Ref, Ref]] = []  # the records being compared, outermost first: one may hold itself
        self.written: dict[ObjectId, None] = {}  # the objects of the caller's that were written to, on some way
        self.coroutines: dict[
            Span, tuple[Value, Arguments]
        ] = {}  # the calls of `async def` functions, not awaited there
        self.awaited: Span | None = None  # the call that is awaited where it stands
        self.dropped: Span | None = None  # the call whose result nobody takes
        self.background: list[tuple[Value, Span]] = []  # the threads made here, which may still run at the end
        self.undecided: set[Path] = set()  # inputs that the last open decision rests on
        self.tests: dict[str, Expression] = {}  # the conditions that variables were assigned
        self.provisional: Summary | None = None
        self.is_recursive = False
        self.is_import = self.code.kind == "module"
        self.starred: set[Span] = set()  # the `from module import *` of a module's body that have run
        self.is_script = False  # the module is run as `__main__`, not imported
        self.prefix = ""
        self.steps: Steps | None = None  # a generator's body, run up to its next `yield`
        self.stepped: tuple[CodeRef, ...] = ()  # the generators that are run like that, outermost first
        self.instance: ObjectId | None = None  # the generator whose body this is: its objects are its own
        self.inline: Inline | None = None  # a context manager's body, run around the block of a `with`
        self.is_scratch = False  # only looks at what imports left
        self.namespace: Ref | None = None  # the class whose body this is

    def evaluate(self, node: Expression) -> Value:
        """What an expression evaluates to in the current state."""
        return self.machine.evaluators[type(node)](self, node)

    def variable(self, name: str) -> str:
        """The name under which the state keeps a local variable: a code that runs inline has names of its own."""
        return self.prefix + name if self.prefix else name

    # --- places -------------------------------------------------------------------------

    def place(self, at: Span) -> Place:
        return Place(self.path, at)

    def hop(self, kind: str, at: Span, note: str, *, assumed: bool = False) -> Hop:
        return Hop(kind, Place(self.path, at), note, assumed)

    def site(self, at: Span, tag: str = "") -> ObjectId:
        """The name of an object made here."""
        root = "G" if self.is_import else "new"
        end = (at.end_column, *self.turn) if self.turn else at.end_column
        made = (root, self.module, self.ref.index, at.line, at.column, end, tag)
        return made if self.instance is None else (*made, self.instance)

    def make(self, at: Span, obj: Obj, tag: str = "") -> Value:
        """A new object of the heap, as a value."""
        return Value((self.state.make(self.site(at, tag or obj.kind), obj),))

    def start_turn(self, outer: Turn, turn: int, around: int) -> None:
        """What is made from here on is named by its turn of a loop, which stands in a turn of others and is run by them
        `around` times.
        """
        place = min(turn, max(MOST_NAMED // around, 1) - 1)
        self.turn = (*outer, place) if outer or place else ()

    def in_turns(self, items: list[Value]) -> Iterator[Value]:
        """The items; what is made for each of the first ones has a name of its own."""
        outer = self.turn
        for place, item in enumerate(items):
            self.start_turn(outer, place, self.turns)
            yield item
        self.turn = outer

    @property
    def most_apart(self) -> int:
        """How many turns of a loop that begins here can be told apart."""
        return max(MOST_NAMED // self.turns, 1)

    def may_raise(self, name: str, argument: Value, at: Span, *, surely: bool = False) -> None:
        """Python itself raises an exception here, with this in it: noted where a `try` is around."""
        if len(self.raising) > 1 and (surely or argument.taints):
            error = self.machine.call_external(self, f"builtins.{name}", None, Arguments([argument]), at)
            self.raising[-1].append((error, self.state.fork()))

    def surely_raises(self, name: str, at: Span, ref: Ref | None = None, argument: Value = NOTHING) -> None:
        """Where a `try` is around, an operation that is sure to fail goes on in its handlers alone: on constants, or on
        an object that was made here and that nothing unknown got hold of.
        """
        if len(self.raising) <= 1 or (ref is not None and not self._is_known_whole(ref)):
            return
        given = Arguments([argument] if argument.atoms else [])
        error = self.machine.call_external(self, name if "." in name else f"builtins.{name}", None, given, at)
        self.raising[-1].append((error, self.state.fork()))
        raise Diverges

    def _is_known_whole(self, ref: Ref) -> bool:
        """Whether an object was made here, and holds what can be seen that it holds."""
        obj = self.object(ref)
        is_own = is_local(ref.id) or (self.is_import and ref.id[1] == self.module and obj.origin is None)
        return is_own and obj.is_exact and KEYS not in obj.fields and ref.id not in self.exposed

    # --- questions ----------------------------------------------------------------------

    def ask(self, question: Question) -> KindAnswer:
        """The caller's answer, remembered: it is part of this evaluation's context."""
        found = self.answers.get(question)
        if found is None:
            if len(self.questions) >= MOST_QUESTIONS and len(question.path) > SHORT_PATH:
                found = ANYTHING if question.mode in {"kind", "constant"} else ()
            else:
                found = answer_of(self.oracle, question)
                if question.mode == "kind":
                    self.looked.setdefault(question.path[:-1], []).append(question.path[-1])
                self.questions.append((question, found))
            self.answers[question] = found
        return found

    def identity(self, ref: Ref) -> ObjectId | None:
        """Which object a reference is, the same by whatever way it came in; None where it may be several."""
        if ref.id[0] != "in":
            return ref.id
        path, position = ref.id[1], ref.id[2]
        assert isinstance(path, tuple)
        assert isinstance(position, int)
        self.ask(Question("kind", path))
        answers = self.ask(Question("identity", path))
        found = answers[position] if position < len(answers) else UNKNOWN
        if not isinstance(found, Ref):
            return None
        self.identified.setdefault(found.id, ref)
        return found.id

    def field_names(self, ref: Ref) -> list[str] | None:
        """The names of the attributes that an instance has; None where it may have others."""
        obj = self.object(ref)
        if obj.kind != "instance" or obj.is_summary or obj.rest is not None:
            return None
        own = [str(content.name) for content in obj.fields if content.kind == "attr"]
        if obj.origin is None:
            return own
        answers = self.ask(Question("fields", obj.origin))
        known = [str(each.value) for each in answers if isinstance(each, Const)]
        return list(dict.fromkeys([*known, *own])) if len(known) == len(answers) else None

    def key_atom(self, name: object) -> Atom:
        """What a key of a mapping is, an object under the name it has here."""
        if isinstance(name, tuple) and name[0] == "tuple":
            return self._tuple_of_key(name[1])
        if not isinstance(name, tuple) or name[0] != "object":
            return key_atom(name)
        return Ref(name[1]) if name[1][0] != "outer" else self.identified.get(name[1], UNKNOWN)

    def _tuple_of_key(self, parts: tuple[object, ...]) -> Ref:
        """The tuple that is a mapping's key."""
        made = self.site(self.code.body_at, f"key:{parts!r}")
        if made not in self.state.heap:
            held = {index(place): Value((self.key_atom(part),)) for place, part in enumerate(parts)}
            self.state.heap[made] = Obj("tuple", held, length=len(held))
        return Ref(made)

    def canonical(self, atom: Atom) -> Atom:
        """One name for a thing that may have come in by several ways."""
        found = self.identity(atom) if isinstance(atom, Ref) else None
        return Ref(found) if found is not None else atom

    def look(self, value: Value) -> Value:
        """The value with unread inputs replaced by what they are.

        Scalars stay inputs, now with a type, so that their constants can still be asked for.
        """
        for atom in value.atoms:
            if isinstance(atom, Input) and atom.type is None:
                return self._looked(value)
        return value

    def _looked(self, value: Value) -> Value:
        atoms: dict[Atom, None] = {}
        taints = value.taints
        for atom in value.atoms:
            if not isinstance(atom, Input) or atom.type is not None:
                atoms[atom] = None
                continue
            found = self._atoms_at(atom.path)
            atoms.update(dict.fromkeys(found))
            if not any(self.may_be_marked(each) for each in found):
                taints = without_path(taints, atom.path)
        return Value(tuple(atoms), taints)

    def may_be_marked(self, atom: Atom) -> bool:
        """Whether marked data may be in a thing itself, not only in what it holds: in what a library gave.

        So it may in the attribute of such a thing, or of one that is not known: it may be a method, or data.
        """
        if isinstance(atom, Ref):
            obj = self.object(atom)
            return obj.kind == "method" or (
                obj.kind == "external" and all(content == ELEMENT for content in obj.fields)
            )
        return isinstance(atom, Input | External) or atom == UNKNOWN

    def _atoms_at(self, path: Path) -> list[Atom]:
        found: list[Atom] = []
        for position, answer in enumerate(self.ask(Question("kind", path))):
            if isinstance(answer, Mirror):
                found.append(self._mirrored(path, position, answer))
            elif isinstance(answer, Same):
                found.append(self._known(answer))
            elif isinstance(answer, Scalar):
                found.append(Input(path, answer.type))
            else:
                found.append(answer)
        return found

    def _mirrored(self, path: Path, position: int, mirror: Mirror) -> Ref:
        id: ObjectId = ("in", path, position)
        if id not in self.state.heap:
            self.state.heap[id] = mirrored_object(path, mirror)
        return Ref(id)

    def _known(self, same: Same) -> Ref:
        """The object that was first met at another path."""
        answer = self.ask(Question("kind", same.path))[same.position]
        assert isinstance(answer, Mirror)
        return self._mirrored(same.path, same.position, answer)

    def constants(self, value: Value) -> tuple[Atom, ...]:
        """The atoms of a value with the constants of its scalar inputs asked for."""
        value = self.look(value)
        atoms: dict[Atom, None] = {}
        for atom in value.atoms:
            if isinstance(atom, Input):
                answer = self.ask(Question("constant", atom.path))
                atoms.update(
                    (each, None)
                    for each in answer
                    if isinstance(each, Const | Scalar) and (each.type == atom.type or UNKNOWN in (each, atom))
                )
            elif isinstance(atom, Computed):
                options = [self.constants(Value((operand,))) for operand in atom.operands]
                atoms.update(dict.fromkeys(computed_with(atom, options)))
            else:
                atoms[atom] = None
        return tuple(atoms)

    # --- objects ------------------------------------------------------------------------

    def object(self, ref: Ref) -> Obj:
        """The object of a reference, as it is in the current state."""
        found = self.state.heap.get(ref.id)
        if found is not None:
            return found
        if is_global(ref.id):
            return self._global_object(ref)
        origin = ref.id[1]
        assert ref.id[0] == "in", ref
        position = ref.id[2]
        assert isinstance(position, int)
        assert isinstance(origin, tuple)
        answer = self.ask(Question("kind", origin))[position]
        assert isinstance(answer, Mirror)
        return self.state.heap.setdefault(ref.id, mirrored_object(origin, answer))

    def _global_object(self, ref: Ref) -> Obj:
        """An object made at import: functions and classes as they are, others as the caller sees them now."""
        known = self.machine.fixed_object(ref.id)
        if known is not None:
            return known
        path = (Content("obj", ref.id),)
        for answer in self.ask(Question("kind", path)):
            if isinstance(answer, Mirror):
                return self.state.heap.setdefault(ref.id, mirrored_object(path, answer))
        return self.state.heap.setdefault(ref.id, Obj("unknown", origin=path))

    def objects(self, value: Value) -> list[tuple[Ref, Obj]]:
        """The objects that a value may be."""
        return [(atom, self.object(atom)) for atom in self.look(value).atoms if isinstance(atom, Ref)]

    def own(self, ref: Ref) -> Obj:
        """The object, put on this state's heap so that it can be written to."""
        obj = self.object(ref)
        if ref.id not in self.written and not is_local(ref.id):
            self.written[ref.id] = None
        if ref.id not in self.state.heap:
            rebound = [content for content in self.rebound_contents(ref, obj) if self.is_rebound(ref, obj, content)]
            current = {content: self.content(Value((ref,)), content) for content in rebound}
            self.state.heap[ref.id] = mutable_copy(obj.replaced({**obj.fields, **current}), (Content("obj", ref.id),))
        return self.state.heap[ref.id]

    def rebound_contents(self, ref: Ref, obj: Obj) -> list[Content]:
        """The attributes of a class or function that code may assign after its import."""
        if obj.kind not in {"class", "function"} or not is_global(ref.id):
            return []
        names = {*self.machine.class_writes(str(ref.id[1])), *(str(c.name) for c in obj.fields if c.kind == "attr")}
        return [Content("attr", name) for name in sorted(names)]

    def is_rebound(self, ref: Ref, obj: Obj, content: Content) -> bool:
        """Whether an attribute of a class or function has to be asked for, since somebody may have assigned it."""
        if obj.kind not in {"class", "function"} or self.is_scratch or content.kind != "attr" or not is_global(ref.id):
            return False
        held = self.state.heap.get(ref.id)
        if held is not None and (held.origin is None or content in held.fields):
            return False
        return self.machine.is_attribute_set(obj, str(content.name))

    # --- contents -----------------------------------------------------------------------

    def content(self, value: Value, content: Content) -> Value:
        """What lies in a content of a value, by plain storage: no classes, no descriptors."""
        value = self.look(value)
        found = NOTHING
        for atom in value.atoms:
            found = join(found, self._content_of(atom, content))
        return found.tainted(whole_taints(value))

    def _content_of(self, atom: Atom, content: Content) -> Value:
        if isinstance(atom, Ref):
            obj = self.object(atom)
            if self.is_rebound(atom, obj, content):
                return self.look(input_value((Content("obj", atom.id), content)))
            return self.content_of_object(obj, content)
        if isinstance(atom, Input):
            return UNKNOWN_VALUE
        if isinstance(atom, External):
            return (
                Value((External(member_name(atom.name, str(content.name))),))
                if content.kind == "attr"
                else UNKNOWN_VALUE
            )
        if isinstance(atom, ModuleRef) and content.kind == "attr":
            return self.machine.module_member(self, atom.name, str(content.name))
        return NOTHING if atom == ABSENT else UNKNOWN_VALUE

    def content_of_object(self, obj: Obj, content: Content) -> Value:
        """What lies in a content of an object."""
        if content == ELEMENT:
            return (
                element_of(obj)
                if obj.origin is None or obj.kind != "unknown"
                else join(element_of(obj), input_value((*obj.origin, ELEMENT)))
            )
        if content == KEYS:
            known = tuple(self.key_atom(c.name) for c in obj.fields if c.kind == "key")
            return join(Value(known), obj.fields.get(KEYS, NOTHING))
        if content == CLASS:
            return class_value(obj)
        if content.kind == "index" and obj.kind in {"list", "tuple"}:
            position = content.name
            assert isinstance(position, int)
            if position < 0:
                position = obj.length + position if obj.rest is None else -1
            if 0 <= position < obj.length:
                return obj.get(index(position))
            if obj.rest is None:
                return NOTHING
            return element_of(obj) if position < 0 else obj.rest
        return obj.get(content)

    def write(self, target: Value, content: Content, value: Value) -> None:
        """Store a value in a content of each object the target may be; strongly if it can be only one."""
        targets = self.objects(target)
        is_strong = len(targets) == 1 and len(self.look(target).present().atoms) == 1
        for ref, _ in targets:
            self.own(ref)
            self.state.write(ref.id, content, value, is_strong=is_strong)
            self.machine.note_store(self, ref, content, value)

    def keep(self, ref: Ref, taints: Taints) -> None:
        """An object was given marked data in a way that is not known: anything in it may hold that data."""
        own = self.own(ref)
        held = join(own.fields.get(ELEMENT, NOTHING), derived(taints))
        self.state.heap[ref.id] = own.replaced({**own.fields, ELEMENT: held})

    # --- taints -------------------------------------------------------------------------

    def deep_taints(self, value: Value, without: frozenset[Content] = NOTHING_SKIPPED) -> Taints:
        """The taints of a value and of all it holds."""
        return deep_taints(self, value, without)


def whole_taints(value: Value) -> Taints:
    """The taints that every content of a value shares: not those of inputs, whose contents are inputs themselves."""
    taints = value.taints
    for atom in value.atoms:
        if isinstance(atom, Input) and atom.type is None:
            taints = without_path(taints, atom.path)
    return taints


def without_path(taints: Taints, path: Path) -> Taints:
    """The taints but for those of one input."""
    if not any(isinstance(taint.origin, Below) and taint.origin.path == path for taint in taints):
        return taints
    return {
        taint: chain
        for taint, chain in taints.items()
        if not (isinstance(taint.origin, Below) and taint.origin.path == path)
    }


def mirrored_object(path: Path, mirror: Mirror) -> Obj:
    """An object of the caller's as this function first sees it."""
    fields = {content: input_value((*path, content)) for content in mirror.known}
    fields.update((index(position), input_value((*path, index(position)))) for position in range(mirror.length))
    return Obj(
        mirror.kind,
        fields,
        type=Input((*path, CLASS)) if mirror.has_own_class else mirror.type,
        detail=mirror.detail,
        rest=input_value((*path, ELEMENT)) if mirror.is_open else None,
        length=mirror.length,
        origin=path,
        is_summary=mirror.is_summary,
    )


def mutable_copy(obj: Obj, origin: Path) -> Obj:
    """A function or class of the program, about to be written to by the function under evaluation."""
    return Obj(obj.kind, obj.fields, type=obj.type, detail=obj.detail, rest=obj.rest, length=obj.length, origin=origin)


def class_value(obj: Obj) -> Value:
    """The class of an object, as a value."""
    return Value((obj.type,)) if obj.type is not None else UNKNOWN_VALUE
