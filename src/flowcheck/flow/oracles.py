"""Oracles other than that of a stranger's call: a caller, what imports left, a constructor run for a subclass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowcheck.flow.inputs import ConstantAnswer, KindAnswer, Mirror, Question
from flowcheck.flow.oracle import EntryOracle, Shape
from flowcheck.flow.summaries import CallView
from flowcheck.flow.values import UNKNOWN, Atom, Content, Path, Ref
from flowcheck.program.program import CodeRef

if TYPE_CHECKING:
    from flowcheck.flow.machine import Machine


class ViewOracle:
    """A caller as its callee's oracle."""

    def __init__(self, view: CallView) -> None:
        self.view = view

    def kind(self, path: Path) -> KindAnswer:
        return self.view.answer(Question("kind", path))

    def constants(self, path: Path) -> ConstantAnswer:
        return self.view.answer(Question("constant", path))  # type: ignore[return-value]

    def fields(self, path: Path) -> ConstantAnswer:
        return self.view.answer(Question("fields", path))  # type: ignore[return-value]

    def apart(self, question: Question) -> tuple[Atom, ...]:
        return self.view.answer(question)  # type: ignore[return-value]

    def holds(self, question: Question) -> tuple[Ref, ...]:
        return self.view.answer(question)  # type: ignore[return-value]

    def identities(self, path: Path) -> ConstantAnswer:
        return self.view.answer(Question("identity", path))  # type: ignore[return-value]


class ImportedOracle:
    """The oracle of a frame that only looks at what imports left."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def kind(self, path: Path) -> KindAnswer:
        return self.machine.global_kind(path) if path[0].kind == "obj" else (UNKNOWN,)

    def constants(self, path: Path) -> ConstantAnswer:
        return self.machine.global_constants(path) if path[0].kind == "obj" else (UNKNOWN,)

    def identities(self, path: Path) -> ConstantAnswer:
        return ()

    def fields(self, path: Path) -> ConstantAnswer:
        return (UNKNOWN,)

    def apart(self, question: Question) -> tuple[Atom, ...]:
        return ()

    def holds(self, question: Question) -> tuple[Ref, ...]:
        return ()


class InstanceOracle(EntryOracle):
    """The oracle of a constructor run for a class that may be a subclass of the one that defines it."""

    def __init__(self, machine: Machine, ref: CodeRef, cls: Ref) -> None:
        super().__init__(machine, ref)
        self.cls = cls

    def _root(self, root: Content) -> tuple[Shape, ...]:
        if self.code.parameters and root.name == self.code.parameters[0].name:
            return (Shape("fresh", self.cls),)
        return super()._root(root)

    def answers_for(self, shape: Shape) -> list[Atom | Mirror]:
        if shape.kind == "fresh":
            return [Mirror("instance", shape.cls, None, 0, False, (), False)]
        return super().answers_for(shape)
