"""Decorators of the standard library: what they leave callable under the name that they decorate.

@property
def contact(self): return self.phone    user.contact calls it
@lru_cache(maxsize=8)
def push(phone): ...                    push stays the function
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import Handler, first, handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.objects import FUNCTION, RECEIVER, WRAPPED
from flowcheck.flow.values import NOTHING, Content, External, Value, attr


def wrapper_of(detail: str) -> Handler:
    """A decorator that leaves what it decorates callable under a wrapper."""

    def make(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
        return frame.make(at, Obj("wrapper", {WRAPPED: first(arguments)}, detail=detail), detail)

    return make


handles(
    "functools.cached_property",
    "django.utils.functional.cached_property",
    "werkzeug.utils.cached_property",
    "cached_property.cached_property",
)(wrapper_of("cached_property"))
handles("builtins.staticmethod", "abc.abstractstaticmethod")(wrapper_of("staticmethod"))
handles("builtins.classmethod", "abc.abstractclassmethod")(wrapper_of("classmethod"))
handles("functools.singledispatch", "functools.singledispatchmethod")(wrapper_of("singledispatch"))
handles("abc.abstractproperty", "sqlalchemy.ext.hybrid.hybrid_property")(wrapper_of("property"))


@handles("property.expression", "property.comparator", "property.inplace", "property.update_expression")
def call_of_hybrid(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@contact.expression`: says how a database computes it; the property stays what it is."""
    return receiver


@handles("builtins.property")
def call_property(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`property(getter, setter)`"""
    fields: dict[Content, Value] = {}
    for place, (name, content) in enumerate((("fget", WRAPPED), ("fset", attr("setter")), ("fdel", attr("deleter")))):
        value = arguments.get(place, name)
        if value is not None:
            fields[content] = value
    return frame.make(at, Obj("wrapper", fields, detail="property"), "property")


@handles("builtins.property.setter")
def call_setter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.setter`"""
    return property_with(frame, receiver, attr("setter"), first(arguments), at)


@handles("builtins.property.getter")
def call_getter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.getter`"""
    return property_with(frame, receiver, WRAPPED, first(arguments), at)


def property_with(frame: Frame, receiver: Value, content: Content, function: Value, at: Span) -> Value:
    """The property with another setter or getter."""
    fields: dict[Content, Value] = {}
    for _, obj in frame.objects(receiver):
        fields.update(obj.fields)
    tag = "getter" if content == WRAPPED else str(content.name)
    return frame.make(at, Obj("wrapper", {**fields, content: function}, detail="property"), tag)


@handles("builtins.property.deleter")
def call_deleter(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@phone.deleter`"""
    return property_with(frame, receiver, attr("deleter"), first(arguments), at)


@handles(
    "functools.cache", "functools.total_ordering", "functools.update_wrapper", "abc.abstractmethod", "typing.final",
    "typing.override", "typing.overload", "typing.no_type_check", "typing.runtime_checkable",
    "contextlib.contextmanager", "contextlib.asynccontextmanager", "contextlib.nullcontext", "atexit.register",
    "enum.unique", "weakref.proxy",
    "types.MappingProxyType", "flowcheck.identity",
)  # fmt: skip
def identity(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """A decorator that changes nothing for the flow of data."""
    return first(arguments)


@handles("types.MethodType")
def call_method_type(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`MethodType(f, x)` binds f to x."""
    fields = {FUNCTION: first(arguments), RECEIVER: arguments.get(1) or NOTHING}
    return frame.make(at, Obj("method", fields), "method:made")


@handles("functools.lru_cache")
def call_lru_cache(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@lru_cache` and `@lru_cache(maxsize=8)`"""
    for _, obj in frame.objects(first(arguments)):
        if obj.kind in {"function", "method", "wrapper"}:
            return first(arguments)
    return frame.make(at, Obj("external", detail="functools.lru_cache()"), "lru_cache")


@handles("functools.wraps")
def call_wraps(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`@wraps(f)`: the decorator it makes gives back the wrapper itself, which remembers f."""
    return frame.make(at, Obj("wrapper", {WRAPPED: Value((External("flowcheck.identity"),))}, detail="wraps"), "wraps")
