"""Tortoise's pydantic models, made from its classes: which fields of a row they show.

Out = pydantic_model_creator(Player, exclude=("phone",))
await Out.from_tortoise_orm(player)                         all of the row but the phone
await Out.from_queryset(Player.all())                       a list of such
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.columns import names_in
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.query_rows import values_row
from flowcheck.flow.values import NOTHING, Content, Value, attr, join
from flowcheck.flow.web_forms import rows_in

MODEL = "tortoise.contrib.pydantic.PydanticModel"
INCLUDE, EXCLUDE = attr("__include__"), attr("__exclude__")
MAKERS = ("pydantic_model_creator", "pydantic_queryset_creator")
MODULES = ("tortoise.contrib.pydantic", "tortoise.contrib.pydantic.creator")


@handles(*(f"{module}.{maker}" for module in MODULES for maker in MAKERS))
def call_creator(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`pydantic_model_creator(Player, exclude=("phone",))`"""
    named = ((INCLUDE, "include"), (EXCLUDE, "exclude"))
    fields = {content: arguments.keywords[name] for content, name in named if name in arguments.keywords}
    return frame.make(at, Obj("external", fields, detail=MODEL), "tortoise:model")


@handles(f"{MODEL}.from_tortoise_orm", f"{MODEL}.from_queryset_single")
def call_from_row(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`await Out.from_tortoise_orm(player)`"""
    shown: dict[Content, Value] = {}
    for row in rows_in(frame, first(arguments)):
        for _, mapping in frame.objects(values_row(frame, row, Arguments(), at)) if row.atoms else ():
            for content, value in mapping.fields.items():
                if content.kind == "key" and is_shown(frame, receiver, content.name):
                    shown[content] = join(shown.get(content, NOTHING), value)
    fields = {**shown, **{attr(str(content.name)): value for content, value in shown.items()}}
    return frame.make(at, Obj("external", fields, detail=f"{MODEL}()"), "tortoise:shown")


@handles(f"{MODEL}.from_queryset")
def call_from_queryset(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`await Out.from_queryset(Player.all())`"""
    return frame.make(at, Obj("list", rest=call_from_row(frame, receiver, arguments, at)), "tortoise:list")


def is_shown(frame: Frame, model: Value, name: object) -> bool:
    """Whether a model shows a field of the row."""
    included = names_in(frame, frame.content(model, INCLUDE).present())
    return (not included or name in included) and name not in names_in(frame, frame.content(model, EXCLUDE).present())
