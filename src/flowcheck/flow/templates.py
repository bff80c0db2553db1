"""Template strings: the literal texts, and the values with how they were written.

t"to {user.phone}"                  strings ("to ", ""), values (the phone,)
t"to {user.phone}" + t", {city}"    strings ("to ", ", ", ""), values (the phone, the city)
"""

from __future__ import annotations

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.containers import fresh_list
from flowcheck.flow.frames import Frame
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import Items, iterate
from flowcheck.flow.values import Const, Scalar, Value, attr, const, join_all

TEMPLATE = "string.templatelib.Template"


def make_template(frame: Frame, node: tree.Format) -> Value:
    """`t"to {user.phone}"`: the literal texts, and the values with how they were written."""
    texts: list[Value] = []
    values: list[Value] = []
    text = ""
    for part in node.parts:
        if isinstance(part, tree.Constant):
            text += str(part.value)
            continue
        texts.append(Value((const(text),)))
        values.append(frame.evaluate(part.value))
        text = ""
    texts.append(Value((const(text),)))
    return template(frame, texts, values, node.at)


def template(frame: Frame, texts: list[Value], values: list[Value], at: Span) -> Value:
    """A template of literal texts, and of the values between them."""
    parts = [
        frame.make(
            at, Obj("external", {attr("value"): value}, detail="string.templatelib.Interpolation"), f"part:{place}"
        )
        for place, value in enumerate(values)
    ]
    fields = {
        attr("strings"): fresh_list(frame, Items(texts, None), at, "tuple", "strings"),
        attr("values"): fresh_list(frame, Items(values, None), at, "tuple", "values"),
        attr("interpolations"): fresh_list(frame, Items(parts, None), at, "tuple", "interpolations"),
    }
    rest = join_all([Value((Scalar("str"),)), *parts])
    return frame.make(at, Obj("external", fields, detail=TEMPLATE, rest=rest))


def joined_templates(frame: Frame, left: Value, right: Value, at: Span) -> Value | None:
    """`t"a" + t"b"`; None where they are no templates."""
    both = [obj for value in (left, right) for _, obj in frame.objects(value)]
    if len(both) != 2 or any(obj.kind != "external" or obj.detail != TEMPLATE for obj in both):
        return None
    texts, values = ([iterate(frame, obj.get(attr(name)), at).known for obj in both] for name in ("strings", "values"))
    if not texts[0] or not texts[1]:
        return None
    seam = [atom.value for each in (texts[0][-1], texts[1][0]) for atom in each.atoms if isinstance(atom, Const)]
    middle = Value((const("".join(map(str, seam))) if len(seam) == 2 else Scalar("str"),))
    return template(frame, [*texts[0][:-1], middle, *texts[1][1:]], [*values[0], *values[1]], at)
