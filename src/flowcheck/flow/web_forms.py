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
    const,
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
ONLY, EXCLUDE, MANY = attr("__only__"), attr("__exclude__"), attr("__many__")
"""Where a schema keeps the names of the fields that it is limited to, or leaves out, and whether it is of several."""
NESTED, INNER = "marshmallow.fields.Nested()", attr("__schema__")
"""A field that is a schema of its own, and where it keeps that."""


def is_form(frame: Frame, cls: object) -> bool:
    """Whether a class of the code base is a form or a serializer."""
    base = external_base(frame, cls) if isinstance(cls, Ref) else None
    return base is not None and base.endswith(FORM_BASES) and not base.startswith(CHECKED_MODELS)


def fill_form(frame: Frame, made: Value, arguments: Arguments) -> None:
    """A form was made: it keeps the row that it is about."""
    for content, name in ((ONLY, "only"), (EXCLUDE, "exclude"), (MANY, "many")):
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
    has_several = is_query(frame, row) or any(o.kind in {"list", "tuple"} for _, o in frame.objects(row))
    return frame.make(at, Obj("list", rest=mappings), "form:many") if has_several else mappings


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
    row = frame.look(row)
    for ref, obj in frame.objects(row):
        yield frame.content_of_object(obj, ELEMENT) if obj.kind in {"list", "tuple"} else Value((ref,), row.taints)


def mapping_of(frame: Frame, form: Value, obj: Obj, row: Value | None, at: Span) -> Value:
    """The fields of a form by name: of the row it is about, else as a person fills them."""
    fields: dict[Content, Value] = {}
    model = row if row is not None else row_of_model(frame, obj, at)
    for name in model_fields(frame, obj, model):
        fields[key(name)] = field_of(frame, model, name, at)
    only, excluded = names_held(frame, obj, ONLY), names_held(frame, obj, EXCLUDE)
    renamed = renamed_fields(frame, obj)
    for name in declared_fields(frame, obj):
        if (only and name not in only) or name in excluded:
            continue
        nested = nested_mapping(frame, obj, name, row, at)
        if nested is not None:
            fields[key(name)] = nested
            continue
        value = field_of(frame, form, name, at)
        source = renamed.get(name, name)
        if row is None and source != name:
            fields[key(source)] = value
        fields[key(name)] = join(value, field_of(frame, row, source, at)) if row is not None else value
    return frame.make(at, Obj("dict", fields, rest=UNKNOWN_VALUE), f"form:{'row' if row is not None else 'input'}")


@handles("marshmallow.fields.Nested", "flask_marshmallow.Marshmallow().Nested")
def call_nested(frame: Frame, receiver: Value, arguments: Arguments, at: Span) -> Value:
    """`fields.Nested(AddressSchema, many=True)`"""
    fields = {INNER: arguments.get(0, "nested") or NOTHING, MANY: arguments.keywords.get("many", NOTHING)}
    return frame.make(at, Obj("external", fields, detail=NESTED), "form:nested")


def nested_mapping(frame: Frame, obj: Obj, name: str, row: Value | None, at: Span) -> Value | None:
    """What a field that is a schema of its own holds; None for any other field."""
    declared = class_lookup(frame, obj.type, name)
    found: list[Value] = []
    for place, field in frame.objects(declared) if declared is not None else ():
        schemas = schemas_named(frame, obj, field.get(INNER), at) if field.detail == NESTED else iter(())
        if field.kind == "instance" and is_form(frame, field.type):
            schemas = iter((Value((place,)),))
        for ref, held in (each for schema in schemas for each in frame.objects(schema)):
            inner = frame.machine.attribute(frame, row, name, at) if row is not None else None
            mapping = mapping_of_rows(frame, ref, held, inner, at)
            found.append(several(frame, mapping, at) if is_many(frame, field) else mapping)
    return join_all(found) if found else None


def renamed_fields(frame: Frame, obj: Obj) -> dict[str, str]:
    """`number = CharField(source="phone")`: what the fields of a serializer are called in the row, where otherwise."""
    found: dict[str, str] = {}
    for each in mro(frame, obj.type):
        cls = frame.object(each) if isinstance(each, Ref) else None
        for statement in frame.machine.code_of(cls).body if cls is not None and isinstance(cls.detail, CodeRef) else ():
            if isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Call):
                given = [part.value for part in statement.value.arguments if part.name in {"source", "attribute"}]
                target = statement.targets[0]
                if given and isinstance(target, tree.Name) and isinstance(given[0], tree.Constant):
                    found.setdefault(target.id, str(given[0].value))
    return found


def schemas_named(frame: Frame, obj: Obj, given: Value, at: Span) -> Iterator[Value]:
    """The schema of a nested field: an instance, a class, or the name of one beside the class that has the field."""
    for atom in frame.look(given).present().atoms:
        if isinstance(atom, Const) and isinstance(atom.value, str) and isinstance(obj.type, Ref):
            member = frame.machine.module_member(frame, str(obj.type.id[1]), atom.value.rpartition(".")[2])
            yield call_value(frame, member, Arguments(), at) if member.atoms else NOTHING
        elif isinstance(atom, Ref) and frame.object(atom).kind in {"class", "function"}:
            yield call_value(frame, Value((atom,)), Arguments(), at)
        elif isinstance(atom, Ref):
            yield Value((atom,))


def is_many(frame: Frame, obj: Obj) -> bool:
    """Whether a schema or a field was made with `many=True`."""
    return any(isinstance(atom, Const) and atom.value is True for atom in frame.constants(obj.get(MANY).present()))


def several(frame: Frame, mapping: Value, at: Span) -> Value:
    """A list of such mappings."""
    return frame.make(at, Obj("list", rest=mapping), "form:several")


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
    for method, _ in methods_decorated(frame, obj, "post_load"):
        data = call_value(frame, method, Arguments([Value((ref,)), data]), at)
    return several(frame, data, at) if asks_for_many(frame, obj, arguments) else data


def asks_for_many(frame: Frame, obj: Obj, arguments: Arguments) -> bool:
    """Whether a schema, or this call of it, is of several."""
    given = arguments.keywords.get("many")
    said = any(isinstance(atom, Const) and atom.value is True for atom in frame.constants(given)) if given else False
    return said or is_many(frame, obj)


def dumped_rows(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`schema.dump(user)`: the fields of a row by name, or of each of several."""
    row = arguments.get(0, "obj") or NOTHING
    mappings = join_all(mapping_of(frame, Value((ref,)), obj, each, at) for each in rows_in(frame, row) if each.atoms)
    has_several = is_query(frame, row) or any(held.kind in {"list", "tuple"} for _, held in frame.objects(row))
    hooks = list(methods_decorated(frame, obj, "post_dump"))
    for method, of_all in hooks:
        if not of_all:
            mappings = call_value(frame, method, Arguments([Value((ref,)), mappings]), at)
    dumped = frame.make(at, Obj("list", rest=mappings), "schema:many") if has_several else mappings
    for method, of_all in hooks:
        if of_all:
            dumped = call_value(frame, method, Arguments([Value((ref,)), dumped, Value((const(has_several),))]), at)
    return dumped


def shown_row(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`super().to_representation(instance)`: the fields of a row by name."""
    return mapping_of_rows(frame, ref, obj, arguments.get(0, "instance"), at)


def mapping_of_rows(frame: Frame, ref: Ref, obj: Obj, rows: Value | None, at: Span) -> Value:
    """The fields of a form by name, of any of some rows; as a person fills them in where there are none."""
    held = [each for each in rows_in(frame, rows) if each.atoms] if rows is not None else []
    if not held:
        return mapping_of(frame, Value((ref,)), obj, None, at)
    return join_all(mapping_of(frame, Value((ref,)), obj, each, at) for each in held)


def dumped_text(frame: Frame, ref: Ref, obj: Obj, arguments: Arguments, at: Span) -> Value:
    """`schema.dumps(user)`: a text of what `dump` gives."""
    rows = dumped_rows(frame, ref, obj, arguments, at)
    return frame.machine.call_external(frame, "json.dumps", None, Arguments([rows]), at)


def methods_decorated(frame: Frame, obj: Obj, decorator: str) -> Iterator[tuple[Value, bool]]:
    """The methods of a class whose decorator has a name, each with whether it is for all rows at once."""
    for each in mro(frame, obj.type):
        for value in frame.object(each).fields.values() if isinstance(each, Ref) else ():
            for _, held in frame.objects(value):
                for written in frame.machine.decorators(held.detail) if isinstance(held.detail, CodeRef) else ():
                    if decorator_name(written) == decorator:
                        yield value, is_for_all(written)


def is_for_all(decorator: tree.Expression) -> bool:
    """Whether a decorator says `pass_many=True`, or `pass_collection=True`."""
    given = decorator.arguments if isinstance(decorator, tree.Call) else ()
    return any(each.name in {"pass_many", "pass_collection"} for each in given)


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
    "to_representation": shown_row,
    "dumps": dumped_text,
}
"""What the methods of forms and schemas give."""
