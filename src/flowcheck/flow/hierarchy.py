"""Which classes can really stand where an abstract one is asked for.

class Channel(ABC):                      def notify(channel: Channel, text): channel.send(text)
    @abstractmethod
    def send(self, text): ...            when nobody is seen to call `notify`, `channel` may be any of the
class Sms(Channel): ...                  concrete subclasses that the code base has
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flowcheck.facts import tree
from flowcheck.facts.files import Code
from flowcheck.flow.bindings import all_statements
from flowcheck.flow.calls import is_left_open
from flowcheck.flow.objects import mro
from flowcheck.flow.oracle import last_name
from flowcheck.flow.values import Ref
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.flow.machine import Machine

MOST_SUBCLASSES = 8
"""An abstract class with more subclasses than this stands for itself alone."""

MOST_BELOW = 200
"""Names of subclasses that are followed, for a class that is sought by them."""


class Hierarchy:
    """The classes of a code base as their statements say it, each module's read once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._written: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._below: dict[str, list[str]] = {}
        self._concrete: dict[Ref, tuple[Ref, ...]] = {}

    def class_statements(self, module: str) -> list[tuple[str, tuple[str, ...]]]:
        """The classes of a module with the last names of their bases: see `class_statements`."""
        found = self._written.get(module)
        if found is None:
            found = self._written[module] = class_statements(self.machine.program.facts(module).codes)
        return found

    def names_below(self, name: str) -> list[str]:
        """The names of a class and, as far as they are written down, of its subclasses."""
        found = self._below.get(name)
        if found is None:
            names, pending = {name: None}, [name]
            while pending and len(names) < MOST_BELOW:
                base = pending.pop()
                for module in self.machine.program.modules_extending(base):
                    for derived, written in self.class_statements(module):
                        if base in written and derived not in names:
                            names[derived] = None
                            pending.append(derived)
            found = self._below[name] = list(names)
        return found

    def concrete_subclasses(self, cls: Ref) -> tuple[Ref, ...]:
        """The classes that can stand for an abstract one."""
        found = self._concrete.get(cls)
        if found is None:
            self._concrete[cls] = ()
            found = self._concrete[cls] = concrete_subclasses(self.machine, cls)
        return found


def concrete_subclasses(machine: Machine, cls: Ref) -> tuple[Ref, ...]:
    """The subclasses of an abstract class, sorted by place; none for a class that can be used as it is."""
    module = str(cls.id[1])
    if not machine.program.has_module(module):
        return ()
    detail = machine.scratch_frame(module).object(cls).detail
    if not isinstance(detail, CodeRef) or not is_abstract(machine, detail):
        return ()
    found = list(subclasses(machine, cls, machine.program.code(detail).name))
    return tuple(found) if len(found) <= MOST_SUBCLASSES else ()


def is_abstract(machine: Machine, cls: CodeRef) -> bool:
    """Whether a class leaves a method to its subclasses."""
    methods = [code for code in machine.program.children(cls) if code.kind == "function"]
    return any(is_left_open(code) or is_declared_abstract(machine, CodeRef(cls.module, code.index)) for code in methods)


def is_declared_abstract(machine: Machine, method: CodeRef) -> bool:
    """`@abstractmethod`"""
    return any(last_name(decorator) == "abstractmethod" for decorator in machine.decorators(method))


def class_statements(codes: tuple[Code, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The classes of a module with the last names of their bases.

    class Admin(db.User, Generic[T]): ...    ("Admin", ("User", "Generic"))
    from m import User as Person
    class Admin(Person): ...                 ("Admin", ("Person", "User"))
    class Admin(base_of(Person)): ...        ("Admin", ("",)): whatever it is, it has no name here
    """
    statements = [each for code in codes for each in all_statements(code.body)]
    others = dict[str, list[str]]()
    for statement in statements:
        for name, other in other_names(statement):
            others.setdefault(name, []).append(other)
    return [
        (each.target.id, tuple(name for argument in each.arguments for name in names_of_base(argument, others)))
        for each in statements
        if isinstance(each, tree.DefineClass)
    ]


def other_names(statement: tree.Statement) -> Iterator[tuple[str, str]]:
    """`from m import User as Person`, `Person = m.User`: what a statement calls by another name, and by which."""
    match statement:
        case tree.ImportFrom(name=name, target=target) if name != target.id:
            yield target.id, name
        case tree.Assign(targets=targets, value=tree.Name() | tree.Attribute() | tree.Subscript() as value):
            yield from ((target.id, last_name(value)) for target in targets if isinstance(target, tree.Name))
        case tree.Assign(targets=targets):
            yield from ((target.id, "") for target in targets if isinstance(target, tree.Name))
        case _:
            pass


def names_of_base(argument: tree.Argument, others: dict[str, list[str]]) -> tuple[str, ...]:
    """The names of a base as it is written, and of what the module calls so."""
    if argument.name is not None:
        return ()
    value = argument.value.value if isinstance(argument.value, tree.Subscript) else argument.value
    name = last_name(value)
    return (name, *others.get(name, ())) if isinstance(value, tree.Name) else (name,)


def subclasses(machine: Machine, cls: Ref, name: str) -> Iterator[Ref]:
    """The classes of the code base that derive from a class, found by the names in their class statements."""
    names, pending = {name}, [name]
    modules: dict[str, None] = {}
    while pending and len(names) <= 4 * MOST_SUBCLASSES:
        for module in machine.program.modules_extending(pending.pop()):
            for derived, written in machine.hierarchy.class_statements(module):
                if derived not in names and names.intersection(written):
                    names.add(derived)
                    pending.append(derived)
                    modules[module] = None
    for module in modules:
        frame = machine.scratch_frame(module)
        for id, obj in frame.state.heap.items():
            if obj.kind == "class" and id[1] == module and id != cls.id and cls in mro(frame, Ref(id)):
                yield Ref(id)
