"""Forms and serializers of web frameworks: what a person sent, field by field, and rows told as mappings.

class Enrol(forms.Form): phone = forms.CharField()          # flowcheck: security-collected
form.cleaned_data["phone"]                                  the field of the form
AccountSerializer(account).data["phone"]                    the field of the account
form.save()                                                 a row of the form's model

A form's class is known by the base outside the code base that it ends in; the library need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flowcheck.facts import tree
from flowcheck.facts.tree import Span
from flowcheck.flow.arguments import Arguments
from flowcheck.flow.calls import call_value
from flowcheck.flow.frames import Frame
from flowcheck.flow.handlers import handles
from flowcheck.flow.heap import Obj
from flowcheck.flow.library_rows import row_of
from flowcheck.flow.mapped import made_instance
from flowcheck.flow.objects import class_lookup, external_base, mro
from flowcheck.flow.oracle import last_name
from flowcheck.flow.query_values import element_of_query, is_query
from flowcheck.flow.values import (
    ELEMENT,
    NONE,
    NOTHING,
    UNKNOWN_VALUE,
    Const,
    Content,
    External,
    Ref,
    Value,
    attr,
    derived,
    join,
    join_all,
    key,
)
from flowcheck.program.program import CodeRef

FORM_BASES = ("Form", "Serializer", "FormSet", "Schema", "SQLAlchemyAutoSchema")
CHECKED_MODELS = ("ninja.", "pydantic.")
"""Libraries whose classes end in such a word and are models instead."""
MAPPINGS = frozenset({"cleaned_data", "validated_data", "data", "initial_data", "initial"})
BOUND = "django.forms.BoundField()"
"""A field of a form together with what it holds."""
ROW = attr("__row__")
"""Where a form keeps the row, or the rows, that it was made with."""
ONLY, EXCLUDE = attr("__only__"), attr("__exclude__")
"""Where a schema keeps the names of the fields that it is limited to, or leaves out."""


def is_form(frame: Frame, cls: object) -> bool:
    """Whether a class of the code base is a form or a serializer."""
    base = external_base(frame, cls) if isinstance(cls, Ref) else None
    return base is not None and base.endswith(FORM_BASES) and not base.startswith(CHECKED_MODELS)


def fill_form(frame: Frame, made: Value, arguments: Arguments) -> None:
    """A form was made: it keeps the row that it is about."""
    for content, name in ((ONLY, "only"), (EXCLUDE, "exclude")):
        if name in arguments.keywords:
            frame.write(made, content, arguments.keywords[name])
    row = arguments.keywords.get("instance")
    if (
        row is None
        and arguments.positional
        and any(is_row_like(obj) for _, obj in frame.objects(arguments.positional[0]))
    ):
        row = arguments.positional[0]
    if row is not None and row.atoms != (NONE,):
        frame.write(made, ROW, row)


def is_row_like(obj: Obj) -> bool:
    """Whether an object is a record or several, and not what a request brought."""
    return obj.kind in {"instance", "list", "tuple"}


def form_attribute(frame: Frame, ref: Ref, obj: Obj, name: str, at: Span) -> Value | None:
    """`form.cleaned_data`, `serializer.data`, `form.instance`; None for any other attribute, and for no form."""
    if (name not in MAPPINGS and name != "instance") or not is_form(frame, obj.type):
        return None
    row = obj.fields.get(ROW)
    if name == "instance":
        return row.present() if row is not None else row_of_model(frame, obj, at)
    if row is None:
        return mapping_of(frame, Value((ref,)), obj, None, at)
    rows = [each for each in rows_in(frame, row) if each.atoms]
    mappings = join_all(mapping_of(frame, Value((ref,)), obj, each, at) for each in rows)
    is_many = is_query(frame, row) or any(o.kind in {"list", "tuple"} for _, o in frame.objects(row))
    return frame.make(at, Obj("list", rest=mappings), "form:many") if is_many else mappings


def form_item(frame: Frame, ref: Ref, obj: Obj, names: Iterable[object], at: Span) -> Value | None:
    """`form["phone"]`: the field with what it holds; None for no form."""
    if not is_form(frame, obj.type):
        return None
    mapping = form_attribute(frame, ref, obj, "data", at) or NOTHING
    value = join_all(frame.content(mapping, key(name)).present() for name in names)
    fields = {attr("data"): value, attr("initial"): value}
    return frame.make(at, Obj("external", fields, detail=BOUND), "form:bound")


@handles("django.forms.BoundField.value", "django.forms.BoundField().value")
def call_value_of_field(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`form["phone"].value()`"""
    return frame.content(receiver, attr("data")).present()


def rows_in(frame: Frame, row: Value) -> Iterator[Value]:
    """The row a form is about, or an element of the rows."""
    if is_query(frame, row):
        yield element_of_query(frame, row)
        return
    for ref, obj in frame.objects(row):
        yield frame.content_of_object(obj, ELEMENT) if obj.kind in {"list", "tuple"} else Value((ref,), row.taints)


def mapping_of(frame: Frame, form: Value, obj: Obj, row: Value | None, at: Span) -> Value:
    """The fields of a form by name: of the row it is about, else as a person fills them."""
    fields: dict[Content, Value] = {}
    model = row if row is not None else row_of_model(frame, obj, at)
    for name in model_fields(frame, obj, model):
        fields[key(name)] = field_of(frame, model, name, at)
    only, excluded = names_held(frame, obj, ONLY), names_held(frame, obj, EXCLUDE)
    for name in declared_fields(frame, obj):
        if (only and name not in only) or name in excluded:
            continue
        value = field_of(frame, form, name, at)
        fields[key(name)] = join(value, field_of(frame, row, name, at)) if row is not None else value
    return frame.make(at, Obj("dict", fields, rest=UNKNOWN_VALUE), f"form:{'row' if row is not None else 'input'}")


def names_held(frame: Frame, obj: Obj, content: Content) -> set[object]:
    """The constant names that a form keeps in a content."""
    held = [each for _, names in frame.objects(obj.get(content).present()) for each in names.elements()]
    return {atom.value for value in held for atom in frame.constants(value) if isinstance(atom, Const)}


def field_of(frame: Frame, owner: Value, name: str, at: Span) -> Value:
    """What a field holds, without the object that declares it."""
    return derived(frame.deep_taints(frame.machine.attribute(frame, owner, name, at)))


def declared_fields(frame: Frame, obj: Obj) -> list[str]:
    """The fields that a form's class and its bases declare, or that rules name of a library's form."""
    names: dict[str, None] = {}
    labels = frame.machine.labels
    for each in reversed(mro(frame, obj.type)):
        if isinstance(each, Ref):
            for content, value in frame.object(each).fields.items():
                if content.kind == "attr" and any(is_field(o) for _, o in frame.objects(value)):
                    names[str(content.name)] = None
        elif isinstance(each, External):
            for word in sorted(labels.source_fields.last_words()):
                if labels.source_fields.matching(f"{each.name}.{word}"):
                    names[word] = None
    return list(names)


def is_field(obj: Obj) -> bool:
    """Whether a class attribute is what a library's field constructor made, or a form inside a form."""
    last = str(obj.detail).removesuffix("()").rpartition(".")[2]
    is_made = last.endswith("Field") or ".fields." in str(obj.detail)
    return (obj.kind == "external" and is_made) or obj.kind == "instance"


# --- the model that a form is made from ------------------------------------------------------------


def meta_of(frame: Frame, obj: Obj, name: str) -> Value:
    """`name` in the form's `class Meta`."""
    found = NOTHING
    held = class_lookup(frame, obj.type, "Meta")
    for ref, inner in frame.objects(held) if held is not None else ():
        if inner.kind == "class":
            found = join(found, class_lookup(frame, ref, name) or NOTHING)
    return frame.look(found)


def row_of_model(frame: Frame, obj: Obj, at: Span) -> Value:
    """A row of the form's model; nothing where it has none."""
    rows = NOTHING
    for atom in meta_of(frame, obj, "model").atoms:
        if isinstance(atom, Ref) and frame.object(atom).kind == "class":
            rows = join(rows, made_instance(frame, atom, at))
        elif isinstance(atom, External):
            rows = join(rows, row_of(frame, atom.name, at))
    return rows


def model_fields(frame: Frame, obj: Obj, model: Value) -> list[str]:
    """The fields that a form takes over from its model: those it lists, else all that are marked."""
    listed = [
        atom.value
        for _, names in frame.objects(meta_of(frame, obj, "fields"))
        for value in names.elements()
        for atom in frame.constants(value)
        if isinstance(atom, Const) and isinstance(atom.value, str)
    ]
    if listed or not model.atoms or not meta_of(frame, obj, "model").atoms:
        return listed
    left_out = {
        atom.value
        for _, names in frame.objects(meta_of(frame, obj, "exclude"))
        for value in names.elements()
        for atom in frame.constants(value)
        if isinstance(atom, Const)
    }
    return [name for name in frame.machine.marked_fields_of(frame, model) if name not in left_out]


# --- saving ----------------------------------------------------------------------------------------


def call_form(frame: Frame, name: str, receiver: Value | None, arguments: Arguments, at: Span) -> Value | None:
    """`form.save()`, `schema.load(data)`, `schema.dump(user)`; None for any other call."""
    call = CALLS.get(name.rpartition(".")[2])
    if receiver is None or call is None:
        return None
    forms = [(ref, obj) for ref, obj in frame.objects(receiver) if is_form(frame, obj.type)]
    results = [call(frame, ref, obj, arguments, at) for ref, obj in forms]
    return join_all(results) if results else None


def loaded_data(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`schema.load(data)`: what a person sent, by field; made into something else by a `post_load` method."""
    data = mapping_of(frame, Value((ref,)), obj, None, at)
    for _, given in frame.objects(arguments.get(0) or NOTHING):
        for content, value in given.fields.items():
            if content.kind == "key":
                frame.write(data, content, join(frame.content(data, content).present(), value.present()))
    for method in methods_decorated(frame, obj, "post_load"):
        data = call_value(frame, method, Arguments([Value((ref,)), data]), at)
    return data


def dumped_rows(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`schema.dump(user)`: the fields of a row by name, or of each of several."""
    row = arguments.get(0, "obj") or NOTHING
    mappings = join_all(mapping_of(frame, Value((ref,)), obj, each, at) for each in rows_in(frame, row) if each.atoms)
    is_many = is_query(frame, row) or any(held.kind in {"list", "tuple"} for _, held in frame.objects(row))
    return frame.make(at, Obj("list", rest=mappings), "schema:many") if is_many else mappings


def dumped_text(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`schema.dumps(user)`: a text of what `dump` gives."""
    rows = dumped_rows(frame, ref, obj, arguments, at)
    return frame.machine.call_external(frame, "json.dumps", None, Arguments([rows]), at)


def methods_decorated(frame: Frame, obj: Obj, decorator: str) -> Iterator[Value]:
    """The methods of a class whose decorator has a name."""
    for each in mro(frame, obj.type):
        for value in frame.object(each).fields.values() if isinstance(each, Ref) else ():
            for _, held in frame.objects(value):
                if isinstance(held.detail, CodeRef) and decorator in map(
                    decorator_name, frame.machine.decorators(held.detail)
                ):
                    yield value


def decorator_name(decorator: tree.Expression) -> str:
    """`post_load` of `@post_load` and of `@post_load(pass_many=True)`"""
    return last_name(decorator.func if isinstance(decorator, tree.Call) else decorator)


def saved_row(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """What saving gives: by the class's own `create` or `update`, else a row of its model."""
    form = Value((ref,))
    row = obj.fields.get(ROW)
    maker = class_lookup(frame, obj.type, "create" if row is None else "update")
    if maker is not None:
        data = mapping_of(frame, form, obj, None, at)
        given = [form, data] if row is None else [form, row.present(), data]
        return call_value(frame, maker, Arguments(given), at)
    made = row.present() if row is not None else row_of_model(frame, obj, at)
    for field, value in arguments.keywords.items():
        if field != "commit":
            frame.write(made, attr(field), value)
    return made


def cleaned_data(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`super().clean()`: what a person filled in."""
    row = obj.fields.get(ROW)
    return mapping_of(frame, Value((ref,)), obj, row.present() if row is not None else None, at)


CALLS = {
    "clean": cleaned_data,
    "save": saved_row,
    "load": loaded_data,
    "loads": loaded_data,
    "dump": dumped_rows,
    "dumps": dumped_text,
}
"""What the methods of forms and schemas give."""
