"""What is known of inputs when nobody calls: a function evaluated as an entry point.

def nightly(user: User, dry_run=False):     user is some User, by its annotation; dry_run is unknown
    self.channel.send(...)                  self.channel is what `__init__` leaves there
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.flow.inputs import BUILTIN, CLASS, ConstantAnswer, KindAnswer, Mirror, Question
from flowcheck.flow.values import (
    ABSENT,
    ELEMENT,
    KEYS,
    NONE,
    UNKNOWN,
    Atom,
    Const,
    Content,
    External,
    Input,
    Path,
    Ref,
    Scalar,
    Value,
)
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.flow.frames import Frame
    from flowcheck.flow.machine import Machine


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is by its type: kind instance (of `cls`), class, list, set, tuple, dict, scalar, external, none or
    unknown; `parts` are what its elements (of a dict: its values; of a tuple: each position) may be.
    """

    kind: str
    cls: Atom | None = None
    name: str = ""
    parts: tuple[tuple[Shape, ...], ...] = ()
    keys: tuple[Shape, ...] = ()


UNKNOWN_SHAPE = Shape("unknown")
ANYTHING = (UNKNOWN_SHAPE,)

SEQUENCES = {
    "list": "list", "List": "list", "Sequence": "list", "Iterable": "list", "Iterator": "list", "Collection": "list",
    "set": "set", "Set": "set", "frozenset": "set", "FrozenSet": "set", "AbstractSet": "set", "MutableSequence": "list",
    "Generator": "list", "AsyncIterator": "list", "AsyncIterable": "list", "AsyncGenerator": "list", "Deque": "list",
    "deque": "list", "QuerySet": "list", "Container": "list",
}  # fmt: skip
MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "DefaultDict", "OrderedDict", "defaultdict"})
TRANSPARENT = frozenset(
    {
        "Annotated",
        "Final",
        "ClassVar",
        "Required",
        "NotRequired",
        "ReadOnly",
        "InitVar",
        "Mapped",
        "Awaitable",
        "Coroutine",
    }
)
SCALARS = frozenset({"str", "bytes", "int", "float", "bool", "complex"})


def shapes_of_annotation(frame: Frame, annotation: tree.Expression | None) -> tuple[Shape, ...]:
    """What an annotation says."""
    match annotation:
        case None:
            return ANYTHING
        case tree.Constant(value=None):
            return (Shape("none"),)
        case tree.Binary(operator="|", left=left, right=right):
            return shapes_of_annotation(frame, left) + shapes_of_annotation(frame, right)
        case tree.Subscript(value=base, index=inner):
            return shapes_of_generic(frame, base, inner)
        case tree.Name() | tree.Attribute():
            return shapes_of_class(frame, annotation)
        case _:
            return ANYTHING


def last_name(expression: tree.Expression) -> str:
    """`Sequence` of `typing.Sequence`."""
    if isinstance(expression, tree.Attribute):
        return expression.attr
    return expression.id if isinstance(expression, tree.Name) else ""


def shapes_of_generic(frame: Frame, base: tree.Expression, inner: tree.Expression) -> tuple[Shape, ...]:
    """`list[User]`, `Optional[User]`, `dict[str, User]`, `type[User]`"""
    name = last_name(base)
    parts = inner.items if isinstance(inner, tree.Display) else (inner,)
    if name == "Optional":
        return (*shapes_of_annotation(frame, parts[0]), Shape("none"))
    if name == "Union":
        return tuple(shape for part in parts for shape in shapes_of_annotation(frame, part))
    if name in TRANSPARENT:
        return shapes_of_annotation(frame, parts[-1] if name == "Coroutine" else parts[0])
    if name in SEQUENCES:
        return (Shape(SEQUENCES[name], parts=(shapes_of_annotation(frame, parts[0]),)),)
    if name in MAPPINGS:
        held = shapes_of_annotation(frame, parts[1]) if len(parts) > 1 else ANYTHING
        return (Shape("dict", parts=(held,), keys=shapes_of_annotation(frame, parts[0])),)
    if name in {"tuple", "Tuple"}:
        return shapes_of_tuple(frame, parts)
    if name in {"type", "Type"}:
        return (
            tuple(Shape("class", shape.cls) for shape in shapes_of_annotation(frame, parts[0]) if shape.cls is not None)
            or ANYTHING
        )
    return shapes_of_class(frame, base)


def shapes_of_tuple(frame: Frame, parts: tuple[tree.Expression, ...]) -> tuple[Shape, ...]:
    """`tuple[User, ...]`, `tuple[str, User]`"""
    if len(parts) == 2 and isinstance(parts[1], tree.Opaque):
        return (Shape("list", parts=(shapes_of_annotation(frame, parts[0]),)),)
    return (Shape("tuple", parts=tuple(shapes_of_annotation(frame, part) for part in parts)),)


def shapes_of_class(frame: Frame, annotation: tree.Expression) -> tuple[Shape, ...]:
    """A class by name."""
    name = last_name(annotation)
    if name in SCALARS:
        return (Shape("scalar", name=name),)
    found: list[Shape] = []
    named = frame.look(frame.evaluate(annotation))
    if not named.atoms and isinstance(annotation, tree.Name):
        named = frame.look(frame.machine.import_for_types(frame.module, annotation.id))
    for atom in named.atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "class":
            found.append(Shape("instance", atom))
        elif isinstance(atom, External):
            found.append(shape_of_external(atom.name))
    return tuple(found) or ANYTHING


def shape_of_external(name: str) -> Shape:
    """A class outside the code base."""
    last = name.rpartition(".")[2]
    if name.startswith("builtins.") and last in {"list", "tuple", "dict", "set", "frozenset"}:
        return Shape("set" if last == "frozenset" else "list" if last == "tuple" else last, parts=(ANYTHING,))
    if last in SEQUENCES:
        return Shape(SEQUENCES[last], parts=(ANYTHING,))
    if last in MAPPINGS:
        return Shape("dict", parts=(ANYTHING,))
    if name in {"builtins.object", "typing.Any", "typing_extensions.Any"}:
        return UNKNOWN_SHAPE
    return Shape("external", name=name)


class EntryOracle:
    """Answers for a function (or a module's body) that is evaluated on its own."""

    def __init__(self, machine: Machine, ref: CodeRef) -> None:
        self.machine = machine
        self.ref = ref
        self.code: Code = machine.program.code(ref)
        self._shapes: dict[Path, tuple[Shape, ...]] = {}
        self._busy: set[Path] = set()

    # --- Oracle -------------------------------------------------------------------------

    def kind(self, path: Path) -> KindAnswer:
        if path[0].kind == "obj":
            return self.machine.global_kind(path) if self.code.kind == "module" else self.machine.open_kind(path)
        answers = dict.fromkeys(answer for shape in self.shapes(path) for answer in self.answers_for(shape))
        return tuple(answers)

    def constants(self, path: Path) -> ConstantAnswer:
        if path[0].kind == "obj":
            return self.machine.global_constants(path)
        return tuple(
            dict.fromkeys(
                Scalar(s.name) if s.kind == "scalar" else UNKNOWN for s in self.shapes(path) if s.kind != "none"
            )
        )

    def identities(self, path: Path) -> ConstantAnswer:
        return ()

    def fields(self, path: Path) -> ConstantAnswer:
        return (UNKNOWN,)

    def apart(self, question: Question) -> tuple[Atom, ...]:
        return ()

    def holds(self, question: Question) -> tuple[Ref, ...]:
        """None: what strangers pass are objects apart."""
        return ()

    # --- shapes -------------------------------------------------------------------------

    def answers_for(self, shape: Shape) -> list[Atom | Mirror]:
        """How a shape looks to the function."""
        if shape.kind == "none":
            return [NONE]
        if shape.kind == "absent":
            return [ABSENT]
        if shape.kind == "scalar":
            return [Scalar(shape.name)]
        if shape.kind == "atom" and shape.cls is not None:
            return [shape.cls]
        if shape.kind == "class":
            return [shape.cls] if shape.cls is not None else [UNKNOWN]
        if shape.kind == "tuple":
            return [Mirror("tuple", None, None, len(shape.parts), False, (), False)]
        if shape.kind in {"list", "set", "dict"}:
            return [Mirror(shape.kind, None, None, 0, True, (), False)]
        if shape.kind == "instance":
            return [Mirror("instance", shape.cls, None, 0, False, (), False)]
        if shape.kind == "external":
            return [Mirror("external", None, f"{shape.name}()", 0, True, (), False)]
        return [Mirror("unknown", None, None, 0, False, (), False)]

    def shapes(self, path: Path) -> tuple[Shape, ...]:
        """What the value at a path is by its type."""
        found = self._shapes.get(path)
        if found is not None:
            return found
        if path in self._busy:
            return ANYTHING
        self._busy.add(path)
        found = self._root(path[0]) if len(path) == 1 else self._below(path)
        found = tuple(dict.fromkeys(each for shape in found for each in (shape, *self._derived(shape))))
        self._busy.discard(path)
        self._shapes[path] = found
        return found

    def _derived(self, shape: Shape) -> tuple[Shape, ...]:
        """The subclasses that can stand for an abstract class."""
        if shape.kind != "instance" or not isinstance(shape.cls, Ref):
            return ()
        return tuple(Shape("instance", each) for each in self.machine.hierarchy.concrete_subclasses(shape.cls))

    def _root(self, root: Content) -> tuple[Shape, ...]:
        if root.kind == "sent":
            return (Shape("none"), UNKNOWN_SHAPE)
        parameter = next((each for each in self.code.parameters if each.name == root.name), None)
        if parameter is None:
            return ANYTHING
        frame = self.machine.scratch_frame(self.ref.module)
        if parameter.kind == "star":
            return (Shape("list", parts=(shapes_of_annotation(frame, parameter.annotation),)),)
        if parameter.kind == "double_star":
            return (Shape("dict", parts=(shapes_of_annotation(frame, parameter.annotation),)),)
        own = self.machine.class_around(self.ref)
        if own is not None and parameter is self.code.parameters[0] and parameter.annotation is None:
            kind = self.machine.method_kind(self.ref)
            if kind != "staticmethod":
                return (Shape("class" if kind == "classmethod" else "instance", own),)
        return shapes_of_annotation(frame, parameter.annotation)

    def _below(self, path: Path) -> tuple[Shape, ...]:
        found: dict[Shape, None] = {}
        for shape in self.shapes(path[:-1]):
            found.update(dict.fromkeys(self.part(shape, path[-1])))
        return tuple(found) or ANYTHING

    def part(self, shape: Shape, content: Content) -> tuple[Shape, ...]:
        """What lies in a content of a shape."""
        if content == CLASS:
            return (Shape("class", shape.cls),) if shape.cls is not None else ANYTHING
        if shape.kind == "instance" and content.kind == "attr":
            return self.machine.field_shapes(shape, str(content.name))
        if shape.kind == "instance" and content == BUILTIN:
            return self.machine.builtin_shapes(self.machine.scratch_frame(self.ref.module), shape)
        if (
            shape.kind == "tuple"
            and content.kind == "index"
            and isinstance(content.name, int)
            and content.name < len(shape.parts)
        ):
            return shape.parts[content.name]
        if content == KEYS and shape.kind == "dict":
            return shape.keys or ANYTHING
        if (
            shape.kind in {"list", "set", "dict"}
            and shape.parts
            and (content == ELEMENT or content.kind in {"index", "key"})
        ):
            return shape.parts[0]
        return ANYTHING


def shapes_of_value(frame: Frame, value: Value, oracle: EntryOracle) -> tuple[Shape, ...]:
    """The shapes of a value that an evaluated constructor left in a field."""
    found: list[Shape] = []
    for atom in value.atoms:
        if isinstance(atom, Input):
            if atom.path[0].kind == "obj":
                found.extend(shape_of_atom(frame, each) for each in frame.look(Value((atom,))).atoms)
            else:
                found.extend(oracle.shapes(atom.path))
        elif atom != ABSENT:
            found.append(shape_of_atom(frame, atom))
    return tuple(dict.fromkeys(found)) or ANYTHING


def shape_of_atom(frame: Frame, atom: Atom) -> Shape:
    """The shape of one thing."""
    if atom == NONE:
        return Shape("none")
    if isinstance(atom, Const | Scalar):
        return Shape("scalar", name=atom.type) if atom.type else UNKNOWN_SHAPE
    if isinstance(atom, External):
        return Shape("atom", atom)
    if not isinstance(atom, Ref):
        return UNKNOWN_SHAPE
    obj = frame.object(atom)
    if obj.kind in {"function", "class"} and atom.id[0] == "G":
        return Shape("atom", atom)
    if obj.kind == "instance" and isinstance(obj.type, Ref) and obj.type.id[0] == "G":
        return Shape("instance", obj.type)
    if obj.kind == "external":
        return Shape("external", name=str(obj.detail).removesuffix("()"))
    if obj.kind in {"list", "set", "dict", "tuple"}:
        return Shape("list" if obj.kind == "tuple" else obj.kind, parts=(ANYTHING,))
    return UNKNOWN_SHAPE
