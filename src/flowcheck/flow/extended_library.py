"""How instances of classes that extend a class of the language begin.

class Rows(list): ...           Rows([user.phone])                      beside its fields a list of one element
class Number(str):
    def __new__(cls, text):     return super().__new__(cls, text)       beside its fields that text
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_found, make_instance
from flowcheck.flow.extended import CHANGING, COLLECTIONS, DATA, FROZEN, USER, extended_class
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import first, handles
from flowcheck.flow.inputs import BUILTIN
from flowcheck.flow.objects import lookup
from flowcheck.flow.records import fill_record
from flowcheck.flow.values import NONE_VALUE, NOTHING, Ref, Value, join


def start_builtin(frame: Frame, made: Value, cls: Ref, arguments: Arguments, at: Span) -> None:
    """What `__new__` of the class of the language does: a frozen one takes its content, others begin empty."""
    name = extended_class(frame, cls)
    if name is None or name.rpartition(".")[2] in USER:
        return
    is_frozen = name.removeprefix("builtins.") in FROZEN
    frame.write(made, BUILTIN, of_class(frame, name, arguments if is_frozen else Arguments(), at))


def of_class(frame: Frame, name: str, arguments: Arguments, at: Span) -> Value:
    """What calling the class of the language itself gives."""
    return frame.machine.call_external(frame, name, None, arguments, at)


def begins_with(name: str) -> None:
    """`super().__init__(items)` of a class that extends a container"""

    @handles(f"{name}.__init__")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        frame.write(receiver, BUILTIN, of_class(frame, name, arguments, at))
        return NONE_VALUE


for _name in (*(f"builtins.{each}" for each in CHANGING), *(f"collections.{each}" for each in COLLECTIONS)):
    begins_with(_name)


@handles(*(f"builtins.{name}.__init__" for name in FROZEN))
def init_frozen(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__init__()` of a class whose instances never change as a builtin"""
    return NONE_VALUE


def made_by(name: str) -> None:
    """`super().__new__(cls, text)`, `str.__new__(cls, text)`"""

    @handles(f"{name}.__new__")
    def call(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        result = NOTHING
        for ref, obj in frame.objects(first(arguments)):
            if obj.kind == "class":
                made = make_instance(frame, ref, at)
                start_builtin(frame, made, ref, without_first(arguments), at)
                result = join(result, made)
        return result


for _name in (*(f"builtins.{each}" for each in (*CHANGING, *FROZEN)), *(f"collections.{each}" for each in COLLECTIONS)):
    made_by(_name)


def without_first(arguments: Arguments) -> Arguments:
    """What is passed behind the class."""
    return Arguments(arguments.positional[1:], arguments.keywords, arguments.more, arguments.extra)


@handles("typing.NamedTuple.__new__")
def new_named_tuple(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`super().__new__(cls, to)` of a class that extends a named tuple"""
    result = NOTHING
    for ref, obj in frame.objects(first(arguments)):
        if obj.kind == "class":
            made = make_instance(frame, ref, at)
            fill_record(frame, ref, made, without_first(arguments), at, "namedtuple")
            result = join(result, made)
    return result


@handles("collections.UserDict.__init__")
def init_user_dict(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`UserDict(other, to=x)`: an empty dictionary, then the class's own `update`"""
    frame.write(receiver, DATA, of_class(frame, "builtins.dict", Arguments(), at))
    if list(arguments):
        call_found(frame, lookup(frame, receiver, "update", at), arguments, at)
    return NONE_VALUE


@handles("collections.UserList.__init__")
def init_user_list(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`UserList(items)`"""
    frame.write(receiver, DATA, of_class(frame, "builtins.list", arguments, at))
    return NONE_VALUE


@handles("collections.UserString.__init__")
def init_user_string(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`UserString(x)`"""
    frame.write(receiver, DATA, of_class(frame, "builtins.str", arguments, at))
    return NONE_VALUE
