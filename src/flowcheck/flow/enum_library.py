"""What makes enumerations by a call, and the markers in the body of one.

Channel = Enum("Channel", "SMS MAIL")       a class with two members, numbered from 1
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.enums import AUTOMATIC, ENUMS, MEMBER, NO_MEMBER, VALUE, automatic_value, make_members
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.iteration import iterate
from flowcheck.flow.subscripts import get_item
from flowcheck.flow.values import NOTHING, Content, External, Ref, Value, attr


def marker(detail: str) -> Handler:
    """`auto()`, `member(x)`, `nonmember(x)`: an object that the class statement looks for."""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return frame.make(at, Obj("external", {VALUE: first(arguments)}, detail=detail), detail)

    return make


handles("enum.auto")(marker(AUTOMATIC))
handles("enum.member")(marker(MEMBER))
handles("enum.nonmember")(marker(NO_MEMBER))


def maker_of(base: str) -> Handler:
    """`Enum("Channel", "SMS MAIL")`, `IntEnum("Channel", {"SMS": 1})`"""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        fields = {Content("base", 0): Value((External(base),))}
        mixin = arguments.keywords.get("type")
        if mixin is not None:
            fields = {Content("base", 0): mixin, Content("base", 1): Value((External(base),))}
        made = frame.make(at, Obj("class", fields), "enum")
        (ref,) = made.atoms
        assert isinstance(ref, Ref)
        names = arguments.get(1, "names") or NOTHING
        for name, value in given_members(frame, names, at):
            given = value if value is not None else next_value(frame, ref, name, at)
            frame.state.write(ref.id, attr(name), given, is_strong=True)
        make_members(frame, ref, at)
        return made

    return make


for _name in sorted(ENUMS):
    handles(_name)(maker_of(_name))


def given_members(frame: Frame, names: Value, at: Span) -> list[tuple[str, Value | None]]:
    """The names that a call gives, and the values where it gives them: a text, names, pairs, or a mapping."""
    found: list[tuple[str, Value | None]] = []
    for text in constant_texts(frame, names) or ():
        found.extend((name, None) for name in text.replace(",", " ").split())
    if found:
        return found
    is_mapping = any(obj.kind == "dict" for _, obj in frame.objects(names))
    for item in iterate(frame, names, at).known:
        if is_mapping:
            found.extend((name, get_item(frame, names, item, at)) for name in constant_texts(frame, item) or ())
        elif frame.objects(item):
            pair = iterate(frame, item, at).known
            found.extend((name, pair[1]) for name in constant_texts(frame, pair[0]) or () if len(pair) == 2)
        else:
            found.extend((name, None) for name in constant_texts(frame, item) or ())
    return found


def next_value(frame: Frame, ref: Ref, name: str, at: Span) -> Value:
    """The number, bit or text that a member gets which was given none."""
    members = [value for content, value in frame.object(ref).fields.items() if content.kind == "attr"]
    holders = [frame.make(at, Obj("external", {VALUE: each}), f"before:{place}") for place, each in enumerate(members)]
    return automatic_value(frame, ref, name, holders, at)
