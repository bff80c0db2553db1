"""The names under which rules know a thing, and the rules that speak of them.

client = Client(); client.upload(rows)      shop.Client().upload; of a subclass also its own name
user.phone                                  accounts.User.phone; of a subclass also accounts.Base.phone
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from flowcheck.facts.files import Code
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.labels import CodeLabels, SinkLabel, SourceLabel
from flowcheck.flow.objects import class_names
from flowcheck.flow.values import Atom, External, ModuleRef, Ref, Value, is_global
from flowcheck.program.program import CodeRef
from flowcheck.rules.index import PatternIndex
from flowcheck.rules.model import ConsentRule, Narrowing, SanitizerRule, SinkRule, SourceRule

CONTAINERS = frozenset({"list", "dict", "set"})

ColumnLabel = TypeVar("ColumnLabel", SourceLabel, SinkLabel)


def rule_name(owner: str, name: str) -> str:
    """A field as reports show it."""
    return f"{owner.removesuffix('()')}.{name}"


def is_named(frame: Frame, value: Value, matches: Callable[[str], bool]) -> str | None:
    """The name under which a pattern speaks of a value; None where it does not."""
    for atom in frame.look(value).atoms:
        if isinstance(atom, External) and matches(atom.name):
            return atom.name
        if isinstance(atom, Ref) and frame.object(atom).kind in {"external", "method"}:
            name = str(frame.object(atom).detail)
            if matches(name):
                return name
        for name in names_of_global(frame, atom):
            if matches(name):
                return name
    return None


def names_of_global(frame: Frame, atom: Atom) -> list[str]:
    """The dotted names of the variables in which a module of the code base keeps an object."""
    if not isinstance(atom, Ref) or not is_global(atom.id) or not frame.machine.program.has_module(str(atom.id[1])):
        return []
    return [f"{atom.id[1]}.{word}" for word in frame.machine.global_words(atom.id)]


def rules_for(
    frame: Frame,
    rules: Sequence[SourceRule | SinkRule | SanitizerRule | ConsentRule],
    index: PatternIndex[int],
    names: Iterable[str],
    ref: CodeRef | None = None,
) -> Iterator[tuple[str, int]]:
    """The rules of an index that speak of any of these names and hold here, each with the name it speaks of.

    `ref` is the function that the names are those of, where it is one of the code base.
    """
    for name in names:
        for place in index.matching(name):
            if is_allowed(frame, rules[place].narrowing, name, ref):
                yield name, place


def rules_here(
    frame: Frame, rules: Sequence[SourceRule | SinkRule | ConsentRule], index: PatternIndex[int], names: Iterable[str]
) -> Iterator[tuple[str, int]]:
    """Likewise for names of what is no function: `decorated` speaks of the functions in which it is read or written."""
    for name in names:
        for place in index.matching(name):
            if is_allowed_here(frame, rules[place].narrowing, name):
                yield name, place


def columns_here(
    frame: Frame, rules: Sequence[SourceRule | SinkRule], labels: Iterable[ColumnLabel]
) -> Iterator[ColumnLabel]:
    """The labels of a column whose rules hold here; marks always do."""
    for label in labels:
        names = (label.name, label.name.rpartition(".")[0])
        if label.rule < 0 or all(is_allowed_here(frame, rules[label.rule].narrowing, name) for name in names):
            yield label


def is_allowed_here(frame: Frame, narrowing: Narrowing, name: str) -> bool:
    """Whether a rule's `unless` and `decorated` let it speak of a name in the function under evaluation."""
    if narrowing.decorated is None:
        return not narrowing.excludes(name)
    return any(is_allowed(frame, narrowing, name, ref) for ref in functions_around(frame))


def functions_around(frame: Frame) -> Iterator[CodeRef]:
    """The function under evaluation and those that it stands in."""
    codes = frame.machine.program.facts(frame.module).codes
    index = frame.ref.index
    while index > 0:
        if codes[index].kind == "function":
            yield CodeRef(frame.module, index)
        index = codes[index].parent


def is_allowed(frame: Frame, narrowing: Narrowing, name: str, ref: CodeRef | None = None) -> bool:
    """Whether a rule's `unless` and `decorated` let it speak of a name."""
    if narrowing.excludes(name):
        return False
    pattern = narrowing.decorated
    if pattern is None:
        return True
    return ref is not None and any(pattern.matches(each) for each in frame.machine.decorator_names(ref))


def function_names(frame: Frame, ref: CodeRef, code: Code, arguments: Arguments) -> list[str]:
    """The dotted names a function goes by: its own, and that of a method in the receiver's class and its bases."""
    names = [f"{ref.module}.{code.qualname}"]
    if frame.machine.is_method(ref) and arguments.positional:
        for atom in frame.look(arguments.positional[0]).atoms:
            if isinstance(atom, Ref):
                obj = frame.object(atom)
                cls = atom if obj.kind == "class" else obj.type
                names.extend(f"{name}.{code.name}" for name in class_names(frame, cls))
                if code.name == "__init__":
                    names.extend(class_names(frame, cls))
    return list(dict.fromkeys(names))


def names_of_method(frame: Frame, ref: CodeRef, code: Code) -> list[str]:
    """The dotted names of a function: its own, and for a method those of the methods of its bases that it overrides."""
    own = f"{ref.module}.{code.qualname}"
    cls = frame.machine.class_around(ref) if "." in code.qualname else None
    if cls is None:
        return [own]
    return list(dict.fromkeys([own, *(f"{name}.{code.name}" for name in class_names(frame, cls))]))


def marks_of(frame: Frame, ref: CodeRef, code: Code) -> Iterator[CodeLabels]:
    """What marks say of a function, on itself or on a method of a base that it overrides."""
    labels = frame.machine.labels
    own = labels.codes.get((ref.module, code.qualname))
    if own is not None:
        yield own
    if code.name not in labels.method_names or "." not in code.qualname:
        return
    for name in names_of_method(frame, ref, code)[1:]:
        inherited = labels.marked_methods.get(name)
        if inherited is not None and inherited is not own:
            yield inherited


def external_names(frame: Frame, name: str, receiver: Value | None) -> list[str]:
    """The names a library call goes by; a method inherited from a library's class also by the subclass's."""
    names = [name]
    method = name.rpartition(".")[2]
    for _, obj in frame.objects(receiver) if receiver is not None else ():
        if obj.kind == "instance" and obj.type is not None:
            names.extend(f"{each}.{method}" for each in class_names(frame, obj.type))
    return list(dict.fromkeys(names))


def plain_name(name: str) -> str:
    """A name as reports show it: `Client.upload` for `Client().upload`."""
    return name.replace("().", ".").removesuffix("()")


def owner_names(frame: Frame, atom: object) -> list[str]:
    """The names under which rules know an object or its class."""
    if isinstance(atom, External | ModuleRef):
        return [atom.name]
    if not isinstance(atom, Ref):
        return []
    obj = frame.object(atom)
    if obj.kind == "class":
        return class_names(frame, atom)
    if obj.kind == "instance":
        return class_names(frame, obj.type)
    if obj.kind in CONTAINERS and frame.machine.labels.has_own_variables:
        return names_of_global(frame, atom)
    return [str(obj.detail)] if obj.kind == "external" else []
