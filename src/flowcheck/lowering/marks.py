"""Labels that a file gives to its own definitions, in all the ways it can.

phone = models.CharField()  # flowcheck: security-collected    comment
phone: Annotated[str, "security-collected"]                    annotated
phone: Annotated[str, CollectedFor("security")]                marker
@used_for("advertising")                                       decorator
phone = Column(info={"collected_for": "security"})             metadata
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flowcheck.facts.files import Mark
from flowcheck.facts.tree import (
    Attribute,
    Binary,
    Call,
    Constant,
    DictDisplay,
    DictItem,
    Display,
    Expression,
    Name,
    Span,
    Subscript,
)
from flowcheck.lowering.comments import Comments, Directive
from flowcheck.lowering.declarations import Declarations, Declared
from flowcheck.lowering.suppressions import is_suppression

_SIGNS = ("flowcheck", "Annotated", "collected_for", "used_for", "supplied_for")

_MARKERS = {
    "flowcheck.marks.CollectedFor": "collected-for",
    "flowcheck.marks.UsedFor": "used-for",
    "flowcheck.marks.SuppliedFor": "supplied-for",
}
_DECORATORS = {
    "flowcheck.marks.collected_for": "collected-for",
    "flowcheck.marks.used_for": "used-for",
    "flowcheck.marks.supplied_for": "supplied-for",
}
_KNOWN = frozenset(_MARKERS) | frozenset(_DECORATORS) | {"typing.Annotated", "typing_extensions.Annotated"}
_METADATA_ARGUMENTS = frozenset({"info", "metadata", "json_schema_extra"})
_METADATA_KEYS = {"collected_for": "collected-for", "used_for": "used-for", "supplied_for": "supplied-for"}


def may_hold_marks(text: str) -> bool:
    """Whether anything in a file can be a label or a suppression; most files hold nothing of the kind."""
    return any(sign in text for sign in _SIGNS)


def find_marks(declarations: Declarations, comments: Comments) -> tuple[Mark, ...]:
    """All labels of a file, in source order."""
    on_line = _declared_on(declarations.declared, sorted({each.line for each in comments.directives if each.line}))
    marks = [
        mark
        for directive in comments.directives
        for mark in _from_comment(directive, on_line.get(directive.line or 0, ()))
    ]
    for declared in declarations.declared:
        marks += _from_annotation(declared, declarations)
        marks += _from_decorators(declared, declarations)
        marks += _from_metadata(declared)
    return tuple(sorted(marks, key=_order))


def _order(mark: Mark) -> tuple[Span, str, str]:
    return mark.at, mark.target, mark.label


# Comments.


def _declared_on(declared: Iterable[Declared], lines: Sequence[int]) -> Mapping[int, Sequence[Declared]]:
    """What stands on each of some lines, given in order."""
    found: defaultdict[int, list[Declared]] = defaultdict(list)
    for one in declared:
        for line in lines[bisect_left(lines, one.lines.start) : bisect_left(lines, one.lines.stop)]:
            found[line].append(one)
    return found


def _from_comment(directive: Directive, here: Sequence[Declared]) -> Iterator[Mark]:
    """`# flowcheck: LABEL`; the label ends at a further comment."""
    label = directive.text.partition("#")[0].strip()
    if is_suppression(directive) or not label:
        return
    marked = _marked_by(directive, here)
    if not marked:
        yield Mark(label, "comment", "none", "", directive.at, directive.at)
    for one in marked:
        yield Mark(label, "comment", one.kind, one.target, one.at, directive.at)


def _marked_by(directive: Directive, here: Sequence[Declared]) -> list[Declared]:
    """Of what stands on the line parameters come first, then a definition, then what a statement assigns."""
    parameters = [one for one in here if one.kind == "parameter" and _is_inside_signature(directive, one)]
    definitions = [one for one in here if one.kind in ("function", "class")]
    return parameters or definitions[-1:] or [one for one in here if one.kind in ("field", "variable")]


def _is_inside_signature(directive: Directive, parameter: Declared) -> bool:
    """Whether a comment is about a parameter and not about the function: the signature goes on behind it."""
    end_line, _ = parameter.header_end
    if directive.is_alone:
        return directive.at.line > parameter.def_line
    return directive.at.line < end_line


# Annotations.


def _from_annotation(declared: Declared, declarations: Declarations) -> Iterator[Mark]:
    """`Annotated[T, "LABEL"]`, anywhere in an annotation."""
    for subscript in _annotated(declared.annotation, declarations):
        assert isinstance(subscript.index, Display)
        for metadata in subscript.index.items[1:]:
            for label, origin, at in _labels(metadata, subscript.at, declarations):
                yield Mark(label, origin, declared.kind, declared.target, declared.at, at)


def _annotated(annotation: Expression | None, declarations: Declarations) -> Iterator[Subscript]:
    """Each `Annotated[...]` in an annotation: alone, in `Optional[...]`, in a union."""
    if isinstance(annotation, Subscript):
        if _is_annotated(annotation, declarations):
            yield annotation
        yield from _annotated(annotation.index, declarations)
    elif isinstance(annotation, Display):
        for item in annotation.items:
            yield from _annotated(item, declarations)
    elif isinstance(annotation, Binary):
        yield from _annotated(annotation.left, declarations)
        yield from _annotated(annotation.right, declarations)


def _is_annotated(subscript: Subscript, declarations: Declarations) -> bool:
    name = _dotted(subscript.value, declarations)
    return name.rpartition(".")[2] == "Annotated" and isinstance(subscript.index, Display)


def _labels(metadata: Expression, at: Span, declarations: Declarations) -> Iterator[tuple[str, str, Span]]:
    """Label, origin and place of what stands behind the type in `Annotated[...]`."""
    if isinstance(metadata, Constant) and isinstance(metadata.value, str):
        yield metadata.value, "annotated", at
    elif isinstance(metadata, Call):
        for label in _purposes(metadata, _MARKERS, declarations):
            yield label, "marker", metadata.at
        for label in _metadata_labels(metadata):
            yield label, "metadata", metadata.at


# Decorators and markers.


def _from_decorators(declared: Declared, declarations: Declarations) -> Iterator[Mark]:
    """`@collected_for("security")`."""
    for decorator in declared.decorators:
        if isinstance(decorator, Call):
            for label in _purposes(decorator, _DECORATORS, declarations):
                yield Mark(label, "decorator", declared.kind, declared.target, declared.at, decorator.at)


def _purposes(call: Call, names: dict[str, str], declarations: Declarations) -> Iterator[str]:
    """`collected-for=security` of `CollectedFor("security")`."""
    form = names.get(_dotted(call.func, declarations))
    if form is None:
        return
    for argument in call.arguments:
        if isinstance(argument.value, Constant) and isinstance(argument.value.value, str):
            yield f"{form}={argument.value.value}"


def _dotted(expression: Expression, declarations: Declarations) -> str:
    """The dotted name an expression stands for, by the imports of the file; empty for any other expression."""
    attrs: list[str] = []
    while isinstance(expression, Attribute):
        attrs.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, Name):
        return ""
    return ".".join((declarations.imported(expression.id, _KNOWN), *reversed(attrs)))


# Metadata of fields.


def _from_metadata(declared: Declared) -> Iterator[Mark]:
    """`phone = Column(info={"collected_for": "security"})`."""
    if isinstance(declared.value, Call):
        yield from _from_columns(declared.value)
    if declared.kind == "field" and isinstance(declared.value, Call):
        for label in _metadata_labels(declared.value):
            yield Mark(label, "metadata", declared.kind, declared.target, declared.at, declared.value.at)


def _from_columns(call: Call) -> Iterator[Mark]:
    """`Table("users", metadata, Column("phone", String, info={"collected_for": "security"}))`"""
    table = call.arguments[0].value if call.arguments else None
    if _called(call) != "Table" or not isinstance(table, Constant):
        return
    for argument in call.arguments[1:]:
        column = argument.value
        if isinstance(column, Call) and _called(column) == "Column" and column.arguments:
            name = column.arguments[0].value
            if not isinstance(name, Constant):
                continue
            for label in _metadata_labels(column):
                target = f"{table.value}.{name.value}".lower()
                yield Mark(label, "metadata", "column", target, column.at, column.at)


def _called(call: Call) -> str:
    """`Column` of `sa.Column(...)`"""
    if isinstance(call.func, Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, Name) else ""


def _metadata_labels(call: Call) -> Iterator[str]:
    """`collected-for=security` of `info={"collected_for": "security"}` among the arguments of a call."""
    for argument in call.arguments:
        if argument.name in _METADATA_ARGUMENTS and isinstance(argument.value, DictDisplay):
            for item in argument.value.items:
                yield from _item_labels(item)


def _item_labels(item: DictItem) -> Iterator[str]:
    """`"collected_for": "security"`."""
    if isinstance(item.key, Constant) and isinstance(item.value, Constant):
        form = _METADATA_KEYS.get(str(item.key.value))
        if form is not None and isinstance(item.value.value, str):
            yield f"{form}={item.value.value}"
