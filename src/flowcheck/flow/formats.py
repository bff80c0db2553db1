"""Templates that are constant: only the fields they name are in the text they make.

"{1} in {place}".format(phone, name, place=city)        the name and the city
"%(place)s" % {"to": phone, "place": city}              the city
Template("call $to").substitute(to=phone)               the phone
"""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter
from typing import TypeAlias

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.models import apply_model
from flowcheck.flow.subscripts import get_item
from flowcheck.flow.texts import has_hole, joined_text, text_of
from flowcheck.flow.values import NOTHING, UNKNOWN_VALUE, Const, Value, attr, const, derived, joined_taints

Choose: TypeAlias = Callable[[str], "Value | None"]
"""The value of a template's field, by its name or number; None when it cannot be told."""


def constant_template(frame: Frame, value: Value) -> str | None:
    """The one constant text that a template is."""
    atoms = frame.constants(value) if value.atoms else ()
    if len(atoms) == 1 and isinstance(atoms[0], Const) and isinstance(atoms[0].value, str) and not has_hole(atoms[0]):
        return atoms[0].value
    return None


# --- str.format --------------------------------------------------------------------------------------


def formatted(frame: Frame, template: str, choose: Choose, at: Span) -> Value | None:
    """A template of braces with its fields put in; None when one of them cannot be told."""
    parts: list[Value] = []
    count = 0
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        return None
    for literal, field, spec, conversion in pieces:
        parts.append(Value((const(literal),)))
        if field is None:
            continue
        if not re.match(r"[^.\[]", field):
            field, count = f"{count}{field}", count + 1  # noqa: PLW2901 - a field without a name takes the next number
        value = field_value(frame, field, choose, at)
        if value is None or "{" in (spec or ""):
            return None
        parts.append(text_of(frame, value, at, conversion or "", Value((const(spec or ""),))))
    return joined_text(frame, parts)


def field_value(frame: Frame, field: str, choose: Choose, at: Span) -> Value | None:
    """`0`, `user.city`, `row[to]`"""
    steps = re.findall(r"^[^.\[]+|\.[^.\[]+|\[[^\]]*\]", field)
    value = choose(steps[0]) if steps else None
    for step in steps[1:]:
        if value is None:
            return None
        if step.startswith("."):
            value = frame.machine.attribute(frame, value, step[1:], at)
        else:
            name = step[1:-1]
            value = get_item(frame, value, Value((const(int(name) if name.isdigit() else name),)), at)
    return value


@handles("builtins.str.format")
def call_format(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`"call {to}".format(to=user.phone)`"""
    given = arguments
    if constant_template(frame, receiver) is None and arguments.positional and any(frame.objects(receiver)):
        receiver = first(arguments)
        given = Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)
    template = constant_template(frame, receiver)

    def choose(name: str) -> Value | None:
        if name.isdigit():
            return given.get(int(name))
        return given.keywords.get(name, given.extra)

    made = formatted(frame, template, choose, at) if template is not None else None
    return made if made is not None else of_everything(frame, "builtins.str.format", receiver, given, at)


@handles("builtins.str.format_map")
def call_format_map(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`"call {to}".format_map(row)`"""
    template = constant_template(frame, receiver)
    mapping = first(arguments)
    made = None
    if template is not None:
        made = formatted(frame, template, lambda name: get_item(frame, mapping, Value((const(name),)), at), at)
    return made if made is not None else of_everything(frame, "builtins.str.format_map", receiver, arguments, at)


def of_everything(frame: Frame, name: str, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """A text made of a template that is not known: all of it, and all it is given."""
    made = apply_model(frame, name, receiver, arguments, at)
    return made if made is not None else UNKNOWN_VALUE


# --- the % operator ----------------------------------------------------------------------------------

DIRECTIVE = re.compile(
    r"%(?:\((?P<name>[^)]*)\))?[#0\- +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+))?[hlL]?(?P<type>.)"
)


def formatted_percent(frame: Frame, left: Value, right: Value, at: Span) -> Value:
    """`"tel:%s" % phone`"""
    template = constant_template(frame, left)
    made = percent_fields(frame, template, right, at) if template is not None else None
    if made is not None:
        return made.tainted(left.taints)
    return derived(joined_taints(left.taints, frame.deep_taints(right)), "str")


def percent_fields(frame: Frame, template: str, right: Value, at: Span) -> Value | None:
    """The text with its directives filled in; None when it cannot be told what fills them."""
    right = frame.look(right)
    given = positional_values(frame, right)
    parts: list[Value] = []
    end = place = 0
    for found in DIRECTIVE.finditer(template):
        parts.append(Value((const(template[end : found.start()]),)))
        end = found.end()
        if found["type"] == "%":
            parts.append(Value((const("%"),)))
            continue
        if "*" in (found["width"], found["precision"]):
            return None
        if found["name"] is not None:
            value = get_item(frame, right, Value((const(found["name"]),)), at)
        elif given is not None and place < len(given):
            value, place = given[place], place + 1
        else:
            return None
        parts.append(text_of(frame, value, at, "s" if found["type"] != "r" else "r"))
    parts.append(Value((const(template[end:]),)))
    return joined_text(frame, parts)


def positional_values(frame: Frame, right: Value) -> list[Value] | None:
    """What fills the directives without a name, in order: the elements of a tuple, else the value itself."""
    objects = frame.objects(right)
    if not any(obj.kind == "tuple" for _, obj in objects):
        is_open = any(obj.kind == "unknown" for _, obj in objects)
        return None if is_open else [right]
    if len(right.atoms) != 1 or not objects[0][1].is_exact:
        return None
    (_, held), *_ = objects
    return [value.tainted(right.taints) for value in held.elements()]


# --- string.Template -----------------------------------------------------------------------------------

TEMPLATE = attr("template")


@handles("string.Template")
def make_template(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`Template("call $to")`"""
    fields = {TEMPLATE: arguments.get(0, "template") or NOTHING}
    return frame.make(at, Obj("external", fields, detail="string.Template"), "template")


PLACEHOLDER = re.compile(r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")


@handles("string.Template.substitute", "string.Template.safe_substitute")
def call_substitute(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`template.substitute(row, to=user.phone)`"""
    whole = frame.content(receiver, TEMPLATE).present()
    template = constant_template(frame, whole)
    if template is None:
        taints = frame.deep_taints(whole)
        for value in arguments:
            taints = joined_taints(taints, frame.deep_taints(value))
        return derived(taints, "str")
    parts: list[Value] = []
    end = 0
    for found in PLACEHOLDER.finditer(template):
        parts.append(Value((const(template[end : found.start()]),)))
        end = found.end()
        name = found["name"] or found["braced"]
        if name is None:
            parts.append(Value((const("$"),)))
        else:
            parts.append(text_of(frame, substituted(frame, arguments, name, at), at, "s"))
    parts.append(Value((const(template[end:]),)))
    return joined_text(frame, parts)


def substituted(frame: Frame, arguments: Arguments, name: str, at: Span) -> Value:
    """The value for a placeholder: a keyword, else an item of the mapping."""
    found = arguments.keywords.get(name)
    if found is not None:
        return found
    if arguments.extra is not None:
        return arguments.extra
    mapping = arguments.get(0)
    return get_item(frame, mapping, Value((const(name),)), at) if mapping is not None else NOTHING
