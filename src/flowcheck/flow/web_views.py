"""Views of web frameworks: what their own methods give, by what the class says it is about.

class Detail(DetailView): model = User                      self.get_object() is a row of User
class Users(ModelViewSet): queryset = User.objects.all()    self.get_queryset() is that query
request.user                                                a row of the class of the people who log in
"""

from __future__ import annotations

from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.builtin_attributes import constant_texts
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.mapped import made_instance, user_class
from flowcheck.flow.objects import class_lookup, external_base
from flowcheck.flow.query_values import element_of_query, is_query, mapped_classes, query_of
from flowcheck.flow.values import NOTHING, External, Input, Path, Ref, Value, attr, join, join_all

QUERIES = frozenset({"get_queryset", "filter_queryset", "paginate_queryset"})
METHODS = QUERIES | {"get_object", "get_form", "get_serializer", "get_serializer_class", "get_form_class"}
ATTRIBUTES = frozenset({"object", "object_list"})


def is_view(frame: Frame, cls: object) -> bool:
    """Whether a class of the code base says what its views are about."""
    if not isinstance(cls, Ref) or external_base(frame, cls) is None:
        return False
    names = ("model", "queryset", "serializer_class", "form_class", "get_queryset")
    return any(class_lookup(frame, cls, name) is not None for name in names)


def view_attribute(frame: Frame, obj: Obj, name: str, at: Span) -> Value | None:
    """`self.object`; None for any other attribute, and for no view."""
    if name not in ATTRIBUTES or attr(name) in obj.fields or not is_view(frame, obj.type):
        return None
    rows = rows_of_view(frame, NOTHING, obj, at)
    return element_of_query(frame, rows) if name == "object" else rows


def call_view(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`self.get_object()`, `self.get_serializer(rows, many=True)`; None for any other call."""
    method = name.rpartition(".")[2]
    if receiver is None or method not in METHODS:
        return None
    result = NOTHING
    for ref, obj in frame.objects(receiver):
        if is_view(frame, obj.type):
            result = join(result, given_by(frame, method, Value((ref,)), obj, arguments, at))
    return result if result.atoms or result.taints else None


def given_by(frame: Frame, method: str, view: Value, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """What a method of the framework gives for a view."""
    if method in {"filter_queryset", "paginate_queryset"} and arguments.positional:
        return arguments.positional[0]
    if method in QUERIES:
        return rows_of_view(frame, NOTHING, obj, at)
    if method == "get_object":
        return element_of_query(frame, rows_of_view(frame, view, obj, at))
    word = "serializer_class" if "serializer" in method else "form_class"
    cls = class_lookup(frame, obj.type, word) or NOTHING
    return cls if method.endswith("_class") else call_value(frame, cls, arguments, at)


def rows_of_view(frame: Frame, view: Value, obj: Obj, at: Span) -> Value:
    """The rows a view is about: by its own `get_queryset`, its `queryset`, its `model`."""
    own = class_lookup(frame, obj.type, "get_queryset") if view.atoms else None
    if own is not None:
        return call_value(frame, own, Arguments([view]), at)
    held = frame.look(class_lookup(frame, obj.type, "queryset") or NOTHING)
    if is_query(frame, held):
        return held
    model = class_lookup(frame, obj.type, "model")
    found = NOTHING
    for cls in mapped_classes(frame, model) if model is not None else ():
        found = join(found, query_of(frame, cls, at))
    return found


@handles("django.contrib.auth.get_user_model")
def call_get_user_model(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`get_user_model()`"""
    cls = user_class(frame)
    return Value((cls,)) if cls is not None else Value((External("django.contrib.auth.models.User"),))


# --- the person who logged in ----------------------------------------------------------------------


def user_of_request(frame: Frame, value: Value, name: str, at: Span) -> Value | None:
    """`request.user`, `request.session`; None for any other attribute, and where no class is that of a user."""
    if not any(is_request(frame, atom) for atom in value.atoms):
        return None
    if name == "session":
        return Value((frame.machine.external_object(frame, "request.session"),))
    cls = user_class(frame)
    return made_instance(frame, cls, at) if cls is not None else None


def is_request(frame: Frame, atom: object) -> bool:
    """Whether a thing is a request, by its type or by what everybody calls it."""
    if isinstance(atom, Input):
        return is_called_request(atom.path)
    if not isinstance(atom, Ref):
        return False
    obj = frame.object(atom)
    detail = str(obj.detail).removesuffix("()")
    return detail.endswith((".request", "Request")) or (obj.origin is not None and is_called_request(obj.origin))


def is_called_request(path: Path) -> bool:
    """Whether an input's last name is `request`."""
    return path[-1].name == "request"


@handles(*(f"{shared}.{way}" for shared in ("flask.g", "flask.globals.g", "quart.g") for way in ("get", "pop")))
def call_get_of_g(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`g.get("contact")`: what was put there under that name, else the default."""
    names = constant_texts(frame, arguments.get(0)) or ()
    held = join_all(frame.machine.attribute(frame, Value((External("flask.g"),)), name, at) for name in names)
    return join(held, arguments.get(1, "default") or NOTHING)
